"""Putting "about to send" on the disk before the first byte leaves, for one job or for many at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from retry_queue.errors import LeaseLost
from retry_queue.handler import Prepared, WorksTogether
from retry_queue.job import Lease
from retry_queue.lane_settings import LaneSettings, Surroundings
from retry_queue.one_go import all_or_each
from retry_queue.stock import Piece
from retry_queue.store import Store
from retry_queue.together import Together
from retry_queue.under_way import UnderWay
from retry_queue.verdict import AskAt, SendAgain, Verdict

TransactionT = TypeVar("TransactionT")

EXTEND_BELOW_SHARE = 0.75
"""A lease with less than this share left is renewed before sending, and by the heart-beat."""
_SEEN_SECONDS = 0.02
"""Whose lease the storage has confirmed so recently may send: to take it over, ask and send takes longer."""


@dataclass(frozen=True, slots=True)
class _Wish(Generic[TransactionT]):
    """A lease whose message is about to leave."""

    lease: Lease
    note: Callable[[TransactionT], None] | None


class Announcing(Generic[TransactionT]):
    """Shared by the threads of a lane."""

    def __init__(
        self,
        store: Store[TransactionT],
        settings: LaneSettings,
        surroundings: Surroundings,
        under_way: UnderWay,
    ) -> None:
        self._store = store
        self._settings = settings
        self._around = surroundings
        self._under_way = under_way
        self._wishes: Together[_Wish[TransactionT], None] = Together(
            self._announce_wishes, surroundings.timing.flag, settings.together_max
        )

    def announce(self, lease: Lease, note: Callable[[TransactionT], None] | None = None) -> None:
        """For one that is about to begin, together with those of other threads. Raises `LeaseLost`."""
        self._wishes(_Wish(lease, note))

    def ready(
        self, handler: WorksTogether[Any, Any, TransactionT], leases: Sequence[Lease]
    ) -> Sequence[Piece]:
        """Prepare and announce; a lease that is lost is told of and left out."""
        prepared = handler.prepare_together(leases)
        sending = [each for each in prepared if each.sends]
        seen_at = self._around.timing.monotonic()
        troubles = dict(
            zip((each.lease.job.sequence for each in sending), self._announced(handler, sending), strict=True)
        )
        self._under_way.seen((each.lease for each in sending), seen_at)
        pieces: list[Piece] = []
        for each in prepared:
            trouble = troubles.get(each.lease.job.sequence)
            if isinstance(trouble, LeaseLost):
                self._under_way.drop((each.lease,))
                self._around.on_error(trouble)
            else:
                pieces.append(Piece(each.lease, each, trouble))
        return pieces

    def proceed(self, piece: Piece) -> None:
        """The last look before the first byte of a job that was announced a while ago. Raises `LeaseLost`.

        Another process whose clock is ahead of ours may have taken over what we think is ours for long.
        """
        if piece.trouble is not None:
            raise piece.trouble
        if not self._under_way.was_seen(piece.lease, self._around.timing.monotonic() - _SEEN_SECONDS):
            self._look()
        if not self._under_way.is_kept(piece.lease, self._around.clock()):
            raise LeaseLost(piece.lease.job.job_id)

    def _look(self) -> None:
        """At all leases at once, so that those who send next need not look."""
        leases, at = self._under_way.all(), self._around.timing.monotonic()
        with self._store.read() as transaction:
            lost = self._store.list_lost(transaction, leases)
        self._under_way.drop(lost)
        self._under_way.seen(leases, at)

    def withdraw(
        self,
        transaction: TransactionT,
        handler: WorksTogether[Any, Any, TransactionT],
        pieces: Sequence[Piece],
    ) -> Sequence[Lease]:
        """Announced and for certain not sent: they may be sent again. Says whose lease is lost."""
        works = [each.prepared.work for each in pieces if each.prepared is not None]
        handler.withdraw_together(transaction, works)
        now = self._around.clock()
        verdicts = [(each.lease, _as_before(each.lease, now)) for each in pieces]
        return self._store.complete_all(transaction, verdicts, now).lost

    def _announced(
        self, handler: WorksTogether[Any, Any, TransactionT], sending: Sequence[Prepared[Any]]
    ) -> Sequence[Exception | None]:
        """What stands in the way of each."""
        if not sending:
            return ()

        def note(
            transaction: TransactionT, some: Sequence[Prepared[Any]], troubles: Sequence[Exception | None]
        ) -> None:
            pairs = zip(some, troubles, strict=True)
            handler.note_together(transaction, [each.work for each, trouble in pairs if trouble is None])

        try:
            return all_or_each(self._store, sending, _lease_of, partial(self._mark_and_note, note=note))
        except Exception as error:  # noqa: BLE001  # the storage is away: each attempt ends with that
            return [error] * len(sending)

    def _mark_and_note(
        self,
        transaction: TransactionT,
        sending: Sequence[Prepared[Any]],
        note: Callable[[TransactionT, Sequence[Prepared[Any]], Sequence[Exception | None]], None],
    ) -> Sequence[Exception | None]:
        troubles = self._mark(transaction, [each.lease for each in sending])
        note(transaction, sending, troubles)
        return troubles

    def _announce_wishes(self, wishes: Sequence[_Wish[TransactionT]]) -> Sequence[Exception | None]:
        return all_or_each(self._store, wishes, _lease_of, self._mark_wishes)

    def _mark_wishes(
        self, transaction: TransactionT, wishes: Sequence[_Wish[TransactionT]]
    ) -> Sequence[Exception | None]:
        troubles = self._mark(transaction, [wish.lease for wish in wishes])
        for wish, trouble in zip(wishes, troubles, strict=True):
            if wish.note is not None and trouble is None:
                wish.note(transaction)
        return troubles

    def _mark(self, transaction: TransactionT, leases: Sequence[Lease]) -> Sequence[Exception | None]:
        """Leases that have become short are renewed by the way; who has lost its lease sends nothing."""
        now, lease_time = self._around.clock(), self._settings.lease_time
        short = self._under_way.short_ones(leases, now, lease_time * EXTEND_BELOW_SHARE)
        lost = {
            each.job.sequence for each in self._store.extend_all(transaction, short, now + lease_time, now)
        }
        lost |= {each.job.sequence for each in self._store.mark_all_maybe_sent(transaction, leases, now)}
        return [LeaseLost(each.job.job_id) if each.job.sequence in lost else None for each in leases]


def _as_before(lease: Lease, now: datetime) -> Verdict:
    """What stood there before: a doubt from an earlier attempt, or none."""
    return AskAt(now, counts=False) if lease.must_ask else SendAgain(now)


def _lease_of(wish: _Wish[TransactionT] | Prepared[Any]) -> Lease:
    return wish.lease
