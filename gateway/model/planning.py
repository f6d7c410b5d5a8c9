"""From a step of a plan to a delivery and its job: pure, shared by receive and deliver."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha1
from uuid import NAMESPACE_OID

from adapters.port import RequestId
from gateway.model.delivery import Delivery, StoredEvent
from gateway.model.ids import DeliveryId, Destination, EventId, PersonId, RandomBytes, new_uuid7
from gateway.model.operating import FIRST_VERSION
from mappings.canonical.registration import EntryIdentity
from retry_queue.job import GateKey, JobId, Lane, NewJob, OrderingKey, Track

REGISTRY_RECORD = "registry_record"
"""The step that brings the record to the registry, whose progress the one-stop shop hears of."""


@dataclass(frozen=True, slots=True)
class Share:
    """Among which work a delivery goes: old books and replays are bulk, whose parties take turns."""

    track: Track
    party: str = ""


LIVE = Share(Track.LIVE)


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One delivery that an event needs, decided but not yet written."""

    name: str
    """Unique within the event, e.g. `registry_record`."""
    destination: Destination
    message: str
    subject: str | None = None
    gate: str | None = None
    """The fact it waits for, with its subject, e.g. `personal_id.child`."""
    gate_opens_after_seconds: float | None = None
    """After so long it goes without the fact; None: only the fact, or a person, opens the gate."""
    facts: Mapping[str, str] = field(default_factory=dict)


def fact_name(fact: str, subject: str) -> str:
    """The name under which a fact about one party is kept, e.g. `personal_id.child`."""
    return f"{fact}.{subject}"


def gate_key(event_id: EventId, name: str) -> GateKey:
    """The gate that opens when this fact of this event becomes known."""
    return GateKey(f"{event_id}:{name}")


def request_id_of(event_id: EventId, step: str, version: int = 1) -> RequestId:
    """35 characters, the same for good: a partner recognises a repeat by it; edited content gets another.

    The digits are those of a UUID of version 5 (RFC 9562 section 5.5), written without making one.
    """
    name = f"{event_id}/{step}" if version == 1 else f"{event_id}/{step}/{version}"
    digits = sha1(NAMESPACE_OID.bytes + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return RequestId(f"GW-{digits[:12]}5{digits[13:16]}{variant}{digits[17:32]}")


def ordering_keys(
    entry: EntryIdentity, persons: Mapping[str, PersonId], others: Iterable[EntryIdentity] = ()
) -> frozenset[OrderingKey]:
    """What keeps deliveries in order: the entry in the book, the other entries it touches, and each party."""
    of_entries = (
        f"entry:{each.authority_code}/{each.book_code}/{each.year}/{each.number}" for each in (entry, *others)
    )
    of_persons = (f"person:{person}" for person in persons.values())
    return frozenset(OrderingKey(key) for key in (*of_entries, *of_persons))


def build_delivery(
    stored: StoredEvent,
    persons: Mapping[str, PersonId],
    step: PlannedStep,
    now: datetime,
    random_bytes: RandomBytes,
    *,
    share: Share = LIVE,
    version: int = FIRST_VERSION,
) -> tuple[Delivery, NewJob]:
    """The delivery and the job that carries it; both get the same id, and the event's own due time."""
    delivery_id = DeliveryId(new_uuid7(now, random_bytes))
    opens_after = step.gate_opens_after_seconds
    delivery = Delivery(
        delivery_id=delivery_id,
        event_id=stored.event_id,
        destination=step.destination,
        step=step.name,
        message=step.message,
        subject=step.subject,
        request_id=request_id_of(stored.event_id, step.name),
        facts=dict(step.facts),
        planned_at=now,
        version=version,
    )
    job = NewJob(
        job_id=JobId(delivery_id),
        lane=Lane(step.destination.value),
        kind=step.message,
        due_at=stored.due_at,
        keys=ordering_keys(stored.event.entry(), persons, stored.event.other_entries()),
        gate=gate_key(stored.event_id, step.gate) if step.gate else None,
        gate_opens_at=None if opens_after is None else now + timedelta(seconds=opens_after),
        track=share.track,
        party=share.party,
    )
    return delivery, job
