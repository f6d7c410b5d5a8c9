"""Delivering anew what a destination has lost: it is asked first, item by item, with no transaction open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from gateway.model.clock import Clock
from gateway.model.ids import DeliveryId
from gateway.model.replaying import ItemState, Presence, Replay, ReplayId, ReplayItem, ReplayState, Tally
from gateway.operations.replays.judge import would
from gateway.operations.replays.perform import Performer, party_of, skipped
from gateway.operations.replays.ramp import Act, next_move
from gateway.storage.ports import Database
from gateway.storage.replay_ports import Replays
from retry_queue.job import JobId

TransactionT = TypeVar("TransactionT")
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

ASKED_AT_ONCE = 10
DRIVEN_FOR = timedelta(seconds=60)
"""A driver that was not heard of for so long is replaced."""


class Resends(Protocol[TransactionT_contra]):
    """Who knows the messages; deliver provides it, bootstrap hands it over."""

    def ask(self, delivery_id: DeliveryId, now: datetime) -> Presence:
        """Under its old number; applies nothing a second time."""
        ...

    def plan(
        self, transaction: TransactionT_contra, delivery_id: DeliveryId, party: str, now: datetime
    ) -> DeliveryId:
        """A new delivery of the same message, as bulk work; the same one when it is called again."""
        ...


_SETTLED = {
    Presence.THERE: ItemState.SKIPPED,
    Presence.CANNOT_ASK: ItemState.SKIPPED,
    Presence.APPLIED: ItemState.SUCCEEDED,
    Presence.NO_ANSWER: ItemState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Resending(Generic[TransactionT]):
    """The driver's hand for this one act."""

    database: Database[TransactionT]
    replays: Replays[TransactionT]
    performer: Performer[TransactionT]
    resends: Resends[TransactionT] | None
    """None in a process that does not deliver: it leaves such replays to others."""

    def take(self, name: ReplayId, fence: int, clock: Clock) -> int | None:
        """Ask about some; None when nothing can be asked now."""
        items = self._pending(name)
        if self.resends is None or not items:
            return None
        for item in items:
            presence = self.resends.ask(item.delivery_id, clock())
            is_over = presence is Presence.NOT_NOW
            if is_over or not self._settle(self.resends, item, presence, fence, clock()):
                return None
        return len(items)

    def _pending(self, name: ReplayId) -> Sequence[ReplayItem]:
        with self.database.read() as transaction:
            replay = self.replays.find(transaction, name)
            if replay is None:
                return ()
            tally = Tally(tuple(self.replays.count_items(transaction, name)))
            move = next_move(replay.limits, replay.step, replay.rung, tally)
            if not isinstance(move, Act):
                return ()
            limit = min(move.items, ASKED_AT_ONCE)
            return self.replays.items_after(transaction, name, 0, limit, ItemState.PENDING)

    def _settle(
        self,
        resends: Resends[TransactionT],
        item: ReplayItem,
        presence: Presence,
        fence: int,
        now: datetime,
    ) -> bool:
        """False for one who has been replaced, or whose replay was stopped while he asked."""
        with self.database.write() as transaction:
            replay = self.replays.find(transaction, item.replay_id, for_change=True)
            if replay is None or replay.fence != fence or replay.state is not ReplayState.RUNNING:
                return False
            after = self._after(transaction, resends, replay, item, presence, now)
            self.replays.put_items(transaction, [after])
            self.replays.put(transaction, replace(replay, driven_until=now + DRIVEN_FOR))
        return True

    def _after(
        self,
        transaction: TransactionT,
        resends: Resends[TransactionT],
        replay: Replay,
        item: ReplayItem,
        presence: Presence,
        now: datetime,
    ) -> ReplayItem:
        job = self.performer.queue.find_jobs(transaction, [JobId(item.delivery_id)])[JobId(item.delivery_id)]
        answer = would(replay.act, replay.selection, replay.limits, job, now)
        if not answer.allowed:
            return skipped(item, replay, answer.code, now)
        begun = replace(item, step=replay.step, acted_at=now)
        if presence is not Presence.ABSENT:
            settled = replace(begun, state=_SETTLED[presence], result=presence.value, settled_at=now)
            if presence is Presence.APPLIED:
                self.performer.record(transaction, replay, [(job, settled, job)], now)
            return settled
        carrier = resends.plan(transaction, item.delivery_id, party_of(replay), now)
        sent = self.performer.queue.find_jobs(transaction, [JobId(carrier)])[JobId(carrier)]
        under_way = replace(begun, state=ItemState.UNDER_WAY, carrier_id=carrier, track=sent.track.value)
        self.performer.record(transaction, replay, [(job, under_way, sent)], now)
        return under_way
