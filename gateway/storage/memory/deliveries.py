"""Deliveries, attempts, facts and watches in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.port import RequestId
from gateway.errors import DeliveryNotFound
from gateway.model.delivery import AttemptRow, Delivery, Fact, Watch
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.model.operating import FIRST_VERSION, EarlierRequest
from retry_queue.memory.transactions import MemoryTransaction


class MemoryDeliveries:
    """Everything that belongs to a delivery except its job."""

    def __init__(self) -> None:
        self._deliveries: dict[DeliveryId, Delivery] = {}
        self._steps: dict[tuple[EventId, str], DeliveryId] = {}
        self._attempts: dict[tuple[DeliveryId, int], AttemptRow] = {}
        self._facts: dict[tuple[EventId, str], Fact] = {}
        self._watches: dict[DeliveryId, Watch] = {}
        self._earlier: dict[RequestId, EarlierRequest] = {}

    def insert(self, transaction: MemoryTransaction, new: Sequence[Delivery]) -> Sequence[DeliveryId]:
        """Those whose step is new."""
        written: list[DeliveryId] = []
        for delivery in new:
            step = (delivery.event_id, delivery.step)
            if step in self._steps:
                continue
            transaction.put(self._steps, step, delivery.delivery_id)
            transaction.put(self._deliveries, delivery.delivery_id, delivery)
            written.append(delivery.delivery_id)
        return written

    def get(self, transaction: MemoryTransaction, delivery_id: DeliveryId) -> Delivery:
        """Raises `DeliveryNotFound`."""
        transaction.require_open()
        if delivery_id not in self._deliveries:
            raise DeliveryNotFound(delivery_id=delivery_id)
        return self._deliveries[delivery_id]

    def list_of_event(self, transaction: MemoryTransaction, event_id: EventId) -> Sequence[Delivery]:
        """In the order they were planned."""
        transaction.require_open()
        of_event = [delivery for delivery in self._deliveries.values() if delivery.event_id == event_id]
        return sorted(of_event, key=lambda delivery: delivery.planned_at)

    def newest_version(self, transaction: MemoryTransaction, event_id: EventId) -> int:
        """Over all deliveries of the event."""
        versions = [each.version for each in self.list_of_event(transaction, event_id)]
        return max(versions, default=FIRST_VERSION)

    def use_version(
        self,
        transaction: MemoryTransaction,
        delivery_id: DeliveryId,
        version: int,
        request_id: RequestId,
        now: datetime,
    ) -> None:
        """The earlier number is kept."""
        delivery = self.get(transaction, delivery_id)
        earlier = EarlierRequest(delivery_id, delivery.request_id, delivery.version, now)
        transaction.put(self._earlier, delivery.request_id, earlier)
        after = replace(delivery, version=version, request_id=request_id)
        transaction.put(self._deliveries, delivery_id, after)

    def earlier_requests(
        self, transaction: MemoryTransaction, delivery_id: DeliveryId
    ) -> Sequence[EarlierRequest]:
        """Oldest first."""
        transaction.require_open()
        ours = [each for each in self._earlier.values() if each.delivery_id == delivery_id]
        return sorted(ours, key=lambda each: each.version)

    def begin_attempt(self, transaction: MemoryTransaction, attempt: AttemptRow) -> None:
        """A number that was begun already is a mistake of the caller and raises."""
        key = (attempt.delivery_id, attempt.number)
        if key in self._attempts:
            raise KeyError(key)
        transaction.put(self._attempts, key, attempt)

    def finish_attempt(self, transaction: MemoryTransaction, attempt: AttemptRow) -> None:
        """Insert or replace."""
        transaction.put(self._attempts, (attempt.delivery_id, attempt.number), attempt)

    def list_attempts(self, transaction: MemoryTransaction, delivery_id: DeliveryId) -> Sequence[AttemptRow]:
        """By number."""
        transaction.require_open()
        return [self._attempts[key] for key in sorted(self._attempts) if key[0] == delivery_id]

    def add_fact(self, transaction: MemoryTransaction, fact: Fact) -> bool:
        """A new value replaces the earlier one."""
        key = (fact.event_id, fact.name)
        known = self._facts.get(key)
        if known is not None and known.value == fact.value:
            return False
        transaction.put(self._facts, key, fact)
        return True

    def facts_of(self, transaction: MemoryTransaction, event_id: EventId) -> Mapping[str, Fact]:
        """By name."""
        transaction.require_open()
        return {name: self._facts[event, name] for event, name in sorted(self._facts) if event == event_id}

    def put_watch(self, transaction: MemoryTransaction, watch: Watch) -> None:
        """Insert or replace."""
        transaction.put(self._watches, watch.delivery_id, watch)

    def watches_of(self, transaction: MemoryTransaction, event_id: EventId) -> Sequence[Watch]:
        """All watches of an event, ended ones too."""
        transaction.require_open()
        return [
            self._watches[key] for key in sorted(self._watches) if self._watches[key].event_id == event_id
        ]

    def list_due_watches(
        self, transaction: MemoryTransaction, destination: Destination, now: datetime, limit: int
    ) -> Sequence[Watch]:
        """Those to be fetched now, longest waiting first."""
        transaction.require_open()
        due = [
            (watch.next_fetch_at, watch.delivery_id, watch)
            for watch in self._watches.values()
            if watch.destination is destination and watch.next_fetch_at and watch.next_fetch_at <= now
        ]
        return [watch for _, _, watch in sorted(due, key=lambda row: row[:2])[:limit]]

    def get_all(
        self, transaction: MemoryTransaction, delivery_ids: Collection[DeliveryId]
    ) -> Mapping[DeliveryId, Delivery]:
        """Those that exist."""
        transaction.require_open()
        return {each: self._deliveries[each] for each in delivery_ids if each in self._deliveries}

    def newest_versions(
        self, transaction: MemoryTransaction, event_ids: Collection[EventId]
    ) -> Mapping[EventId, int]:
        """Over all deliveries of each event."""
        return {each: self.newest_version(transaction, each) for each in event_ids}

    def begin_attempts(self, transaction: MemoryTransaction, new: Sequence[AttemptRow]) -> None:
        """One after another."""
        for each in new:
            self.begin_attempt(transaction, each)

    def finish_attempts(self, transaction: MemoryTransaction, finished: Sequence[AttemptRow]) -> None:
        """One after another."""
        for each in finished:
            self.finish_attempt(transaction, each)

    def facts_of_all(
        self, transaction: MemoryTransaction, event_ids: Collection[EventId]
    ) -> Mapping[EventId, Mapping[str, Fact]]:
        """By name."""
        return {each: self.facts_of(transaction, each) for each in event_ids}

    def put_watches(self, transaction: MemoryTransaction, new: Sequence[Watch]) -> None:
        """One after another."""
        for each in new:
            self.put_watch(transaction, each)
