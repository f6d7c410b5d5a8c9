"""Replays, their ledgers and histories in memory."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from gateway.errors import RequestRepeated
from gateway.model.ids import DeliveryId, EventId
from gateway.model.replaying import (
    OPEN,
    Candidate,
    ItemCount,
    ItemState,
    Replay,
    ReplayChange,
    ReplayId,
    ReplayItem,
    Selection,
)
from gateway.storage.ports import Deliveries, Events
from retry_queue.job import Job
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.states import State
from retry_queue.store import Inspection

EVERYTHING = 10**9


class MemoryReplays:
    """The twin of the SQL store; it selects among what these stores hold."""

    def __init__(
        self,
        queue: Inspection[MemoryTransaction],
        deliveries: Deliveries[MemoryTransaction],
        events: Events[MemoryTransaction],
    ) -> None:
        self._queue, self._deliveries, self._events = queue, deliveries, events
        self._replays: dict[ReplayId, Replay] = {}
        self._items: dict[tuple[ReplayId, int], ReplayItem] = {}
        self._changes: dict[tuple[ReplayId, int], ReplayChange] = {}

    def select(
        self,
        transaction: MemoryTransaction,
        selection: Selection,
        states: Collection[State],
        after: int,
        limit: int,
    ) -> Sequence[Candidate]:
        """One page, by the queue's number."""
        jobs = self._queue.list_jobs(transaction, None, None, after, EVERYTHING)
        fitting = (job for job in jobs if job.state in states and self._fits(transaction, selection, job))
        return [self._candidate(transaction, job) for job in fitting][:limit]

    def _fits(self, transaction: MemoryTransaction, selection: Selection, job: Job) -> bool:
        delivery = self._deliveries.get(transaction, DeliveryId(job.job_id))
        event = self._events.get(transaction, delivery.event_id).event
        attempts = self._deliveries.list_attempts(transaction, delivery.delivery_id)
        last = attempts[-1] if attempts else None
        pairs = (
            (selection.destination, delivery.destination),
            (selection.held_reason, job.held_reason),
            (selection.step, delivery.step),
            (selection.message, delivery.message),
            (selection.event_type, event.event_type),
            (selection.outcome, last.outcome if last else None),
            (selection.partner_code, last.partner_code if last else None),
        )
        spans = (
            (selection.due_from, job.due_at, selection.due_until),
            (selection.registered_from, event.registration.registered_at, selection.registered_until),
        )
        return all(wanted in {None, found} for wanted, found in pairs) and all(
            (start is None or start <= moment) and (end is None or moment < end)
            for start, moment, end in spans
        )

    def _candidate(self, transaction: MemoryTransaction, job: Job) -> Candidate:
        event_id: EventId = self._deliveries.get(transaction, DeliveryId(job.job_id)).event_id
        registration = self._events.get(transaction, event_id).event.registration
        return Candidate(
            job.sequence,
            DeliveryId(job.job_id),
            event_id,
            registration.authority_code,
            registration.registered_at,
        )

    def insert(self, transaction: MemoryTransaction, replay: Replay) -> None:
        """Raises `RequestRepeated`."""
        if self.find_by_request(transaction, replay.created_by, replay.request_id) is not None:
            raise RequestRepeated(replay_id=replay.replay_id)
        transaction.put(self._replays, replay.replay_id, replay)

    def find(
        self,
        transaction: MemoryTransaction,
        replay_id: ReplayId,
        *,
        for_change: bool = False,  # noqa: ARG002 - there is one writer
    ) -> Replay | None:
        """There is one writer: it is locked already."""
        transaction.require_open()
        return self._replays.get(replay_id)

    def find_by_request(
        self, transaction: MemoryTransaction, created_by: str, request_id: str
    ) -> Replay | None:
        """By the unique pair."""
        transaction.require_open()
        wanted = (created_by, request_id)
        found = (each for each in self._replays.values() if (each.created_by, each.request_id) == wanted)
        return next(found, None)

    def put(self, transaction: MemoryTransaction, replay: Replay) -> None:
        """Replace."""
        transaction.put(self._replays, replay.replay_id, replay)

    def list_all(self, transaction: MemoryTransaction, limit: int) -> Sequence[Replay]:
        """Newest first."""
        transaction.require_open()
        return sorted(self._replays.values(), key=_age, reverse=True)[:limit]

    def list_driven(self, transaction: MemoryTransaction) -> Sequence[Replay]:
        """Oldest first."""
        transaction.require_open()
        return sorted((each for each in self._replays.values() if each.is_driven), key=_age)

    def list_open(self, transaction: MemoryTransaction) -> Sequence[Replay]:
        """Oldest first."""
        transaction.require_open()
        return sorted((each for each in self._replays.values() if each.state in OPEN), key=_age)

    def add_items(self, transaction: MemoryTransaction, items: Sequence[ReplayItem]) -> None:
        """A batch."""
        self.put_items(transaction, items)

    def put_items(self, transaction: MemoryTransaction, items: Sequence[ReplayItem]) -> None:
        """Insert or replace."""
        for item in items:
            transaction.put(self._items, (item.replay_id, item.ordinal), item)

    def items_after(
        self,
        transaction: MemoryTransaction,
        replay_id: ReplayId,
        after: int,
        limit: int,
        state: ItemState | None = None,
    ) -> Sequence[ReplayItem]:
        """By ordinal."""
        found = (item for item in self._of(transaction, replay_id) if item.ordinal > after)
        return [item for item in found if state in {None, item.state}][:limit]

    def items_of_deliveries(
        self, transaction: MemoryTransaction, delivery_ids: Collection[DeliveryId]
    ) -> Sequence[tuple[Replay, ReplayItem]]:
        """Oldest replay first."""
        transaction.require_open()
        wanted = set(delivery_ids)
        found = (
            (self._replays[item.replay_id], item)
            for item in self._items.values()
            if item.delivery_id in wanted or item.carrier_id in wanted
        )
        return sorted(found, key=lambda pair: (pair[0].created_at, pair[1].ordinal))

    def count_items(self, transaction: MemoryTransaction, replay_id: ReplayId) -> Sequence[ItemCount]:
        """By step, state and result."""
        items = self._of(transaction, replay_id)
        counts = Counter((item.step, item.state, item.result) for item in items)
        ordered = sorted(counts, key=lambda each: (each[0] is None, each[0] or 0, each[1], each[2] or ""))
        return [ItemCount(*each, counts[each]) for each in ordered]

    def drop_pending(self, transaction: MemoryTransaction, replay_id: ReplayId) -> int:
        """Says how many."""
        pending = [item for item in self._of(transaction, replay_id) if item.state is ItemState.PENDING]
        self.put_items(transaction, [replace(item, state=ItemState.DROPPED) for item in pending])
        return len(pending)

    def add_change(self, transaction: MemoryTransaction, change: ReplayChange) -> None:
        """One line of the history."""
        transaction.put(self._changes, (change.replay_id, change.number), change)

    def changes_of(self, transaction: MemoryTransaction, replay_id: ReplayId) -> Sequence[ReplayChange]:
        """Oldest first."""
        transaction.require_open()
        return [self._changes[key] for key in sorted(self._changes) if key[0] == replay_id]

    def _of(self, transaction: MemoryTransaction, replay_id: ReplayId) -> Sequence[ReplayItem]:
        transaction.require_open()
        return [self._items[key] for key in sorted(self._items) if key[0] == replay_id]


def _age(replay: Replay) -> tuple[object, str]:
    return replay.created_at, replay.replay_id
