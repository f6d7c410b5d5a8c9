"""One round of a worker: claim, attempt, record. No thread and no clock of its own in here.

    claim ──► announce: "about to send" is on disk ──► attempt: the destination ──► record

What several threads want at the same time (a claim, an announcement, an outcome) is done in one transaction;
when one of them spoils it, each is done alone. A handler that `WorksTogether` has what was claimed in one go
prepared and announced in one go, too; it then lies in stock for whichever thread is free, and what has ended
gathers until the stock is empty or for a moment at most.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Generic, TypeVar

from retry_queue import tempo
from retry_queue.announcing import EXTEND_BELOW_SHARE, Announcing
from retry_queue.errors import LeaseLost
from retry_queue.handler import Handler, WorksTogether
from retry_queue.job import Lease
from retry_queue.lane_door import Hands, LaneDoor
from retry_queue.lane_settings import LaneSettings, Surroundings
from retry_queue.recording import Recording
from retry_queue.stock import Ended, Patience, Piece, Stock
from retry_queue.store import Store
from retry_queue.tempo import HAND_SECONDS, Tempo
from retry_queue.together import Together
from retry_queue.under_way import UnderWay

__all__ = ["LaneSettings", "Surroundings", "WorkRound"]

AttemptT = TypeVar("AttemptT")
TransactionT = TypeVar("TransactionT")

_A_MOMENT = 0.001
"""Instants are whole microseconds, waits are not: rather wake a little late than in vain."""
_GATHERING = timedelta(seconds=HAND_SECONDS)
"""An outcome waits no longer for others, unless every thread is busy with something slow."""
_AT_ONCE = timedelta(0)


class WorkRound(Generic[AttemptT, TransactionT]):
    """The story of a claim, for one lane."""

    def __init__(
        self,
        store: Store[TransactionT],
        handler: Handler[AttemptT, TransactionT],
        settings: LaneSettings,
        surroundings: Surroundings,
        is_stopping: Callable[[], bool],
        pause: Callable[[float], object],
    ) -> None:
        self._store = store
        self._handler = handler
        self._batches = handler if isinstance(handler, WorksTogether) else None
        self._settings = settings
        self._around = surroundings
        self._is_stopping = is_stopping
        self._pause = pause
        self._tempo = Tempo()
        self._stock: Stock[AttemptT] = Stock()
        self._put_off: set[str] = set()
        self._ready: dict[int, Piece] = {}
        self._under_way = UnderWay()
        self._door = LaneDoor(store, settings, self._under_way)
        self._announcing = Announcing(store, settings, surroundings, self._under_way)
        self._recording = Recording(store, handler, settings, surroundings, self._door, self._under_way)
        self._claims: Together[str, Sequence[Lease]] = Together(
            self._claim_all, surroundings.timing.flag, settings.together_max
        )

    def claim(self, worker: str) -> Sequence[Lease]:
        """As much as the lane lets through, most urgent first; a half-open lane gives one probe.

        Nothing while there is stock; under a limit nothing while outcomes gather, either: these make room,
        and what takes their place is claimed together.
        """
        self._put_off.discard(worker)
        return () if self._has_work_in_hand((worker,)) else self._claims(worker)

    def should_look_again(self, worker: str) -> bool:
        """It claimed nothing because there was stock, and others have taken all of that since."""
        return worker in self._put_off and not self._stock.has_pieces

    def work_off(self, leases: Sequence[Lease]) -> bool:
        """These and what else is in stock; says whether there was anything to do.

        What the lane no longer lets through, or a stop leaves over, is given back.
        """
        self._stock.put(self._pieces(leases))
        has_worked = self._record_ended()
        while (piece := self._stock.take()) is not None:
            has_worked = True
            if self._is_stopping():
                self._stock.vanish()
                self._give_back([piece, *self._stock.take_all()])
                break
            self._attempt(piece)
            self._record_ended()
        return self._record_ended() or has_worked

    def beat(self) -> None:
        """Keep the leases of the attempts under way; a stuck one is left to run out, then asked about."""
        now, settings = self._around.clock(), self._settings
        leases = self._under_way.ending(
            before=now + settings.lease_time * EXTEND_BELOW_SHARE,
            begun_after=now
            - settings.lease_time * max(1.0, settings.attempt_seconds_max / settings.lease_seconds),
        )
        if not leases:
            return
        until = now + settings.lease_time
        with self._store.write() as transaction:
            lost = self._store.extend_all(transaction, leases, until, now)
        self._under_way.extended(leases, until)
        self._under_way.drop(lost)
        for lease in lost:
            self._around.on_error(LeaseLost(lease.job.job_id))

    @property
    def is_limited(self) -> bool:
        """Whether an attempt that has ended makes room for another thread's."""
        return self._door.is_limited

    @property
    def portion(self) -> int:
        """How many jobs a thread takes at once."""
        if self._batches is None:
            return self._settings.claim_limit  # nobody else can take what this thread has in reserve
        return tempo.portion(self._tempo.attempt_seconds, self._settings.claim_limit)

    @property
    def crew(self) -> int:
        """How many threads are of use; all of them, where each may take one job only."""
        threads = self._settings.threads
        if self._batches is None or self._settings.claim_limit == 1:
            return threads
        return tempo.crew(self._tempo.attempt_seconds, threads)

    def helpers(self, leases: Sequence[Lease]) -> int:
        """How many other threads are of use for what was claimed just now, or for what it left behind."""
        if not leases:
            return 0
        if self._batches is None:
            return int(self.is_limited or len(leases) >= self.portion)
        hands = math.ceil(len(leases) / self.portion)
        return hands if self.is_limited or len(leases) >= self.portion else hands - 1

    def idle_seconds(self) -> float:
        """How long a thread that found nothing sleeps: until time alone may bring something, or a poll."""
        # Spread over half to one and a half, so that idle threads and processes do not look in step.
        poll = self._settings.idle_poll_seconds * (0.5 + self._around.random())
        if self._stock.has_ended:
            return min(poll, tempo.lingering(self._tempo.attempt_seconds) + _A_MOMENT)
        now = self._around.clock()
        again_at = self._door.look_again_at(now)
        if again_at is None or again_at <= now:
            return poll  # time has opened the door already, and still nothing was found
        return min(poll, (again_at - now).total_seconds() + _A_MOMENT)

    def _claim_all(self, workers: Sequence[str]) -> Sequence[Sequence[Lease]]:
        """The most urgent are dealt out, one to each, before anybody gets a second."""
        if self._has_work_in_hand(workers):
            return [()] * len(workers)
        now = self._around.clock()
        until = now + self._settings.lease_time
        with self._store.write() as transaction:
            leases = self._door.claim(transaction, workers[0], self._hands(len(workers)), now, until)
        self._under_way.add(leases, now, until)
        if self._batches is not None and leases:
            pieces = self._announcing.ready(self._batches, leases)
            self._ready.update((piece.lease.job.sequence, piece) for piece in pieces)
        return [leases[index :: len(workers)] for index in range(len(workers))]

    def _hands(self, workers: int) -> Hands:
        """A portion for each of them and for those that sleep, and what the busy ones begin meanwhile.

        But in stock never more than one may take.
        """
        portion = self.portion
        if self._batches is None:
            return Hands(
                workers * portion, workers, portion
            )  # nobody else begins what a thread has in reserve
        seconds, busy = self._tempo.attempt_seconds, self._stock.begun
        most = max(self._settings.claim_limit, workers)
        begun_now = max(workers, tempo.helping(seconds, self._settings.threads, busy)) * portion
        soon = tempo.following(seconds, busy)
        return Hands(min(begun_now + soon, most), min(begun_now, most), portion)

    def _has_work_in_hand(self, workers: Sequence[str]) -> bool:
        if self._stock.has_pieces:
            self._put_off.update(workers)
            return True
        return self.is_limited and self._stock.gathers(self._around.clock(), self._patience())

    def _patience(self) -> Patience:
        if self._batches is None:
            return Patience(_AT_ONCE, _AT_ONCE, self._settings.together_max)
        lingering = timedelta(seconds=tempo.lingering(self._tempo.attempt_seconds))
        return Patience(_GATHERING, lingering, self._settings.together_max)

    def _pieces(self, leases: Sequence[Lease]) -> Iterator[Piece]:
        """As made ready when they were claimed; who lost its lease meanwhile is left out."""
        for lease in leases:
            piece = Piece(lease) if self._batches is None else self._ready.pop(lease.job.sequence, None)
            if piece is not None:
                yield piece

    def _attempt(self, piece: Piece) -> None:
        """One attempt; what came of it joins what has ended."""
        lease, started_at = piece.lease, self._around.clock()
        try:
            attempt = self._attempted(piece)
        except LeaseLost as error:
            self._drop(lease)
            self._around.on_error(error)
        except Exception as error:  # noqa: BLE001  # a handler's slip must not end the thread; the lease runs out
            self._drop(lease)
            self._around.on_error(error)
            self._pause(self._settings.error_pause_seconds)
        except BaseException:
            self._drop(lease)
            raise
        else:
            ended_at = self._around.clock()
            self._tempo.heard((ended_at - started_at).total_seconds())
            self._stock.end(Ended(lease, attempt, started_at, ended_at))

    def _drop(self, lease: Lease) -> None:
        self._stock.vanish()
        self._under_way.drop((lease,))

    def _attempted(self, piece: Piece) -> AttemptT:
        if self._batches is None or piece.prepared is None:
            return self._handler.attempt(piece.lease, partial(self._announcing.announce, piece.lease))
        attempt: AttemptT = self._batches.attempt_prepared(
            piece.prepared, partial(self._announcing.proceed, piece)
        )
        return attempt

    def _record_ended(self) -> bool:
        """What has ended and need not wait for more; the rest goes back if the lane lets no more through."""
        ended = self._stock.take_ended(self._around.clock(), self._patience())
        if not ended:
            return False
        health = self._recording.record(ended, self._is_stopping, self._pause)
        if health is not None and self._stock.has_pieces:
            self._give_back(self._stock.take_last(self._door.surplus(health, self._around.clock())))
        return True

    def _give_back(self, pieces: Sequence[Piece]) -> None:
        """What was announced goes back as certainly not sent."""
        if not pieces:
            return
        self._under_way.drop([piece.lease for piece in pieces])
        announced = [piece for piece in pieces if piece.is_announced]
        others = [piece.lease for piece in pieces if not piece.is_announced]
        with self._store.write() as transaction:
            lost = [*self._store.give_back_all(transaction, others, self._around.clock()).lost]
            if announced and self._batches is not None:
                lost += self._announcing.withdraw(transaction, self._batches, announced)
        for lease in lost:
            self._around.on_error(LeaseLost(lease.job.job_id))
