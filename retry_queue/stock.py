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


class Stock(Generic[AttemptT]):
    """Safe to share between the threads of a lane."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pieces: deque[Piece] = deque()
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
        """The first of them, now ours."""
        with self._lock:
            return self._pieces.popleft() if self._pieces else None

    def take_all(self) -> Sequence[Piece]:
        """To give them back."""
        with self._lock:
            pieces = list(self._pieces)
            self._pieces.clear()
        return pieces

    def end(self, ended: Ended[AttemptT]) -> None:
        """An attempt has ended."""
        with self._lock:
            self._ended.append(ended)

    def take_ended(self, now: datetime, gathering: timedelta, most: int) -> Sequence[Ended[AttemptT]]:
        """What is to be recorded now: nothing as long as more is about to come and none has waited long."""
        with self._lock:
            if not self._ended:
                return ()
            has_time = timedelta(0) <= now - self._ended[0].ended_at < gathering
            if self._pieces and has_time and len(self._ended) < most:
                return ()
            ended, self._ended = self._ended, []
        return ended
