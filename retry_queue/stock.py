"""What a lane's threads share inside one process: jobs that may be begun, and attempts that have ended.

Jobs are taken in the order in which they were claimed. What has ended gathers until it is recorded together.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Generic, TypeVar

from retry_queue.handler import Prepared
from retry_queue.job import Lease

AttemptT = TypeVar("AttemptT")


@dataclass(frozen=True, slots=True)
class Piece:
    """A leased job that waits for a thread."""

    lease: Lease
    prepared: Prepared[Any] | None = None
    """What its handler has made ready; announced already if it will send something."""
    trouble: Exception | None = None
    """Why it could not be announced; its attempt meets this instead of the destination."""

    @property
    def is_announced(self) -> bool:
        """The disk knows that it is about to be sent, and nothing was sent yet."""
        return self.prepared is not None and self.prepared.sends and self.trouble is None


@dataclass(frozen=True, slots=True)
class Ended(Generic[AttemptT]):
    """A lease whose attempt has ended."""

    lease: Lease
    attempt: AttemptT
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what has ended may wait for more, so that it is recorded together."""

    in_stock: timedelta
    """While there is stock: its attempts follow."""
    under_way: timedelta
    """While there is none, and others are under way."""
    most: int
    """So many do not wait."""


_ENDED_PER_BEGUN = 2
"""Without stock a third of what was under way waits at most: more would leave the destination idle."""


class Stock(Generic[AttemptT]):
    """Safe to share between the threads of a lane."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pieces: deque[Piece] = deque()
        self._begun = 0
        self._ended: list[Ended[AttemptT]] = []

    @property
    def has_pieces(self) -> bool:
        """Something is ready to be begun."""
        return bool(self._pieces)

    def put(self, pieces: Iterable[Piece]) -> None:
        """Behind what is there."""
        with self._lock:
            self._pieces.extend(pieces)

    def take(self) -> Piece | None:
        """The first of them, now ours: begun, until it ends or vanishes."""
        with self._lock:
            if not self._pieces:
                return None
            self._begun += 1
            return self._pieces.popleft()

    def take_all(self) -> Sequence[Piece]:
        """To give them back."""
        return self.take_last(len(self._pieces))

    def take_last(self, most: int) -> Sequence[Piece]:
        """To give them back: those whose turn would come last, in their order."""
        with self._lock:
            last = [self._pieces.pop() for _ in range(min(most, len(self._pieces)))]
        return last[::-1]

    def end(self, ended: Ended[AttemptT]) -> None:
        """An attempt has ended."""
        with self._lock:
            self._begun -= 1
            self._ended.append(ended)

    def vanish(self) -> None:
        """What was begun came to nothing that could be recorded."""
        with self._lock:
            self._begun -= 1

    @property
    def begun(self) -> int:
        """How many attempts are under way."""
        return self._begun

    @property
    def has_ended(self) -> bool:
        """Something waits to be recorded."""
        return bool(self._ended)

    def gathers(self, now: datetime, patience: Patience) -> bool:
        """More is about to end, and none that has ended has waited for long."""
        with self._lock:
            return bool(self._ended) and self._may_wait(now, patience)

    def take_ended(self, now: datetime, patience: Patience) -> Sequence[Ended[AttemptT]]:
        """What is to be recorded now: nothing as long as more is about to come and none has waited long."""
        with self._lock:
            if not self._ended or self._may_wait(now, patience):
                return ()
            ended, self._ended = self._ended, []
        return ended

    def _may_wait(self, now: datetime, patience: Patience) -> bool:
        if len(self._ended) >= patience.most:
            return False
        waited = now - self._ended[0].ended_at
        if self._pieces:
            return timedelta(0) <= waited < patience.in_stock
        is_more_to_come = len(self._ended) * _ENDED_PER_BEGUN < self._begun
        return is_more_to_come and timedelta(0) <= waited < patience.under_way
