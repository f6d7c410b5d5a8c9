"""The delivering half of the house: real walk, real queue, real stores or their twins, scripted partners."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from adapters.port import OutboundMessage
from gateway.deliver.assignment import Shelves
from gateway.deliver.attempted import Attempted
from gateway.deliver.decide import DeliveryPolicies
from gateway.deliver.news import NewsDesk
from gateway.deliver.record import Recorder
from gateway.deliver.walk import DeliveryHandler
from gateway.model.delivery import AttemptRow, Delivery, StoredEvent, Watch
from gateway.model.ids import ClientId, Destination, EventId, PersonId
from gateway.model.outcome import Outcome
from gateway.model.planning import PlannedStep, build_delivery
from gateway.model.submission import Receipt, ValidSubmission
from gateway.storage.memory.deliveries import MemoryDeliveries
from gateway.storage.memory.events import MemoryEvents
from gateway.storage.memory.feed import MemoryFeed
from gateway.storage.ports import Database, Deliveries, Events, Feed, NewEvent
from mappings.canonical import dump_stored
from mappings.canonical.declaration import AnyStored, parse_stored_json
from mappings.catalog import MappingViolation, TranslatedMessage, TranslationContext
from retry_queue.job import Job, JobId, Lane, Lease
from retry_queue.memory.transactions import MemoryTransaction, MemoryTransactions
from retry_queue.memory_store import MemoryStore
from retry_queue.policy import RetryPolicy
from retry_queue.states import State
from retry_queue.store import Appetite, Store
from retry_queue.verdict import Decision
from tests.support.partner import ScriptedPartner

TransactionT = TypeVar("TransactionT")

START = datetime.fromisoformat("2026-11-16T02:00:00+00:00")
WATCH_SCHEDULE_SECONDS = (30.0, 60.0, 300.0)
RECORD = PlannedStep("registry_record", Destination.NATIONAL_REGISTRY, "record")
NUMBER_REQUEST = PlannedStep("personal_id", Destination.POPULATION_DB, "personal_id_request", subject="child")
DOSSIER = PlannedStep("one_stop_dossier", Destination.ONE_STOP, "dossier")


class StandInCatalog:
    """Says what it was asked to say and carries the facts it was given; or names faults."""

    def __init__(self) -> None:
        self.violations: tuple[MappingViolation, ...] = ()
        self.crash: Exception | None = None

    def translate(
        self, event: AnyStored, destination: str, message: str, context: TranslationContext
    ) -> TranslatedMessage | tuple[MappingViolation, ...]:
        if self.crash is not None:
            raise self.crash
        if self.violations:
            return self.violations
        body = {"source": event.source_event_id, **context.facts}
        return TranslatedMessage(operation=f"{destination}/{message}", body=body, routing={})


def _noise() -> Any:  # noqa: ANN401 - a callable that counts
    counter = itertools.count(1)
    return lambda size: next(counter).to_bytes(size, "big")


@dataclass(frozen=True)
class HouseStores(Generic[TransactionT]):
    """What a house keeps things in."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    deliveries: Deliveries[TransactionT]
    feed: Feed[TransactionT]
    queue: Store[TransactionT]


class AnyHouse(Generic[TransactionT]):
    """Everything a delivery needs; `now` moves only when the test moves it."""

    def __init__(self, stores: HouseStores[TransactionT]) -> None:
        self.now = START
        self.partners = {each: ScriptedPartner() for each in Destination}
        self.catalog = StandInCatalog()
        self.database, self.queue = stores.database, stores.queue
        self.events, self.deliveries, self.feed = stores.events, stores.deliveries, stores.feed
        self.shelves = Shelves(self.events, self.deliveries, self.feed, self.queue)
        self.random_bytes = _noise()
        self.recorder = Recorder(self.shelves, self.random_bytes, first_fetch_after_seconds=30)
        self.handler: DeliveryHandler[TransactionT] = DeliveryHandler(
            database=self.database,
            shelves=self.shelves,
            recorder=self.recorder,
            catalog=self.catalog,
            adapters=self.partners,
            policies=DeliveryPolicies(retry=RetryPolicy(jitter_fraction=0)),
            clock=lambda: self.now,
            random=lambda: 0.5,
            new_error_id=lambda: "error-1",
        )
        self.news_desk = NewsDesk(
            self.database, self.shelves, self.recorder, self.catalog, WATCH_SCHEDULE_SECONDS
        )

    def accept(self, event: Mapping[str, Any], *steps: PlannedStep) -> StoredEvent:
        """Store an event with these steps of a plan."""
        stored = self._stored(event)
        persons = self._persons(stored)
        built = [build_delivery(stored, persons, step, self.now, self.random_bytes) for step in steps]
        with self.database.write() as transaction:
            self.events.insert(transaction, [_new_event(stored, persons)])
            self.deliveries.insert(transaction, [delivery for delivery, _ in built])
            self.queue.enqueue(transaction, [job for _, job in built], self.now)
        return stored

    def claim(self, destination: Destination) -> Lease:
        """The next job of a destination; promotes what has become due."""
        with self.database.write() as transaction:
            self.queue.promote_due(transaction, self.now, 100)
            until = self.now + timedelta(seconds=60)
            lane, one = Lane(destination.value), Appetite(1, 1)
            (lease,) = self.queue.claim(transaction, lane, "w", one, self.now, until)
        return lease

    def attempt(self, lease: Lease) -> Attempted:
        """As a worker does it, with its announcement."""
        return self.handler.attempt(lease, lambda note=None: self._announce(lease, note))

    def finish(self, lease: Lease, attempted: Attempted) -> Decision:
        """Record and complete in one transaction."""
        with self.database.write() as transaction:
            decision = self.handler.record(transaction, lease, attempted)
            self.queue.complete(transaction, lease, decision.verdict, self.now)
        return decision

    def deliver(self, destination: Destination) -> Outcome:
        """Claim, attempt, record."""
        lease = self.claim(destination)
        attempted = self.attempt(lease)
        self.finish(lease, attempted)
        return attempted.outcome

    def pass_time(self, seconds: float) -> None:
        """Move the clock."""
        self.now += timedelta(seconds=seconds)

    def sent(self, destination: Destination) -> list[OutboundMessage]:
        """What a partner was sent."""
        return self.partners[destination].sent

    def steps(self, event_id: EventId) -> list[str]:
        """The deliveries planned so far."""
        with self.database.read() as transaction:
            return [each.step for each in self.deliveries.list_of_event(transaction, event_id)]

    def delivery(self, event_id: EventId, step: str) -> Delivery:
        """One of them."""
        with self.database.read() as transaction:
            found = self.deliveries.list_of_event(transaction, event_id)
        return next(each for each in found if each.step == step)

    def job(self, event_id: EventId, step: str) -> Job:
        """Its job."""
        delivery_id = self.delivery(event_id, step).delivery_id
        with self.database.read() as transaction:
            job = self.queue.find_job(transaction, JobId(delivery_id))
        assert job is not None
        return job

    def state(self, event_id: EventId, step: str) -> State:
        """Its state."""
        return self.job(event_id, step).state

    def attempts(self, event_id: EventId, step: str) -> Sequence[AttemptRow]:
        """Its attempts."""
        delivery_id = self.delivery(event_id, step).delivery_id
        with self.database.read() as transaction:
            return self.deliveries.list_attempts(transaction, delivery_id)

    def watches(self, event_id: EventId) -> Sequence[Watch]:
        """What is watched."""
        with self.database.read() as transaction:
            return self.deliveries.watches_of(transaction, event_id)

    def facts(self, event_id: EventId) -> dict[str, str]:
        """What was learnt."""
        with self.database.read() as transaction:
            return {
                name: fact.value for name, fact in self.deliveries.facts_of(transaction, event_id).items()
            }

    def changes(self) -> list[str]:
        """The feed, as names of changes."""
        with self.database.read() as transaction:
            return [each.entry.change for each in self.feed.list_after(transaction, 0, 1000)]

    def _announce(self, lease: Lease, note: Any) -> None:  # noqa: ANN401 - a note or nothing
        with self.database.write() as transaction:
            self.queue.mark_maybe_sent(transaction, lease, self.now)
            if note is not None:
                note(transaction)

    def _persons(self, stored: StoredEvent) -> dict[str, PersonId]:
        """Whoever has a known number is known; everybody else is new."""
        parties = stored.event.parties()
        numbers = [person.personal_id for person in parties.values() if person.personal_id]
        with self.database.read() as transaction:
            known = self.events.find_persons(transaction, numbers)
        return {
            role: known.get(person.personal_id or "", PersonId(f"{stored.event_id}/{role}"))
            for role, person in parties.items()
        }

    def _stored(self, event: Mapping[str, Any]) -> StoredEvent:
        return StoredEvent(
            event_id=EventId(f"0198a6f0-0000-7000-8000-{next(_EVENT_NUMBERS):012d}"),
            client_id=ClientId("client-1"),
            event=parse_stored_json(json.dumps(event).encode()),
            content_sha256="0" * 64,
            accepted_at=self.now,
            due_at=self.now + timedelta(hours=12),
        )


class House(AnyHouse[MemoryTransaction]):
    """The house in memory."""

    def __init__(self) -> None:
        database = MemoryTransactions()
        self.memory_events = MemoryEvents()
        super().__init__(
            HouseStores(database, self.memory_events, MemoryDeliveries(), MemoryFeed(), MemoryStore(database))
        )


_EVENT_NUMBERS = itertools.count(1)


def _new_event(stored: StoredEvent, persons: Mapping[str, PersonId]) -> NewEvent:
    submission = ValidSubmission(
        client_id=ClientId(stored.client_id),
        idempotency_key=stored.event.source_event_id,
        event=stored.event,
        content=json.dumps(dump_stored(stored.event)).encode(),
        content_sha256=stored.content_sha256,
        received_at=stored.accepted_at,
    )
    receipt = Receipt(stored.event_id, stored.accepted_at, stored.due_at, stored.content_sha256)
    return NewEvent(submission, receipt, persons)
