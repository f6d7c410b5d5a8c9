"""A delivery: one message of one event to one destination, and what came of each attempt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapters.port import RequestId
from gateway.model.ids import DeliveryId, Destination, EventId
from mappings.canonical.declaration import AnyStored, Declaration


@dataclass(frozen=True, slots=True)
class Delivery:
    """The unmoving part of a delivery; its state is the state of the job of the same id."""

    delivery_id: DeliveryId
    event_id: EventId
    destination: Destination
    step: str
    """Its name in the plan, unique within the event, e.g. `one_stop_progress.completed`."""
    message: str
    """Which mapping builds it, e.g. `record`."""
    subject: str | None
    """The party it is about, where the message is about one person."""
    request_id: RequestId
    facts: Mapping[str, str]
    """Facts fixed when the delivery was planned, e.g. the stage a progress step reports."""
    planned_at: datetime
    version: int = 1
    """Which version of the event's content it carries; 1 is as the sender handed it in."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An accepted event, or the declaration of one; `due_at` never moves."""

    event_id: EventId
    client_id: str
    event: AnyStored
    content_sha256: str
    accepted_at: datetime
    due_at: datetime

    @property
    def counts_from(self) -> datetime:
        """Since when the promised time runs: registration; of what is not registered yet, acceptance."""
        return (
            self.accepted_at if isinstance(self.event, Declaration) else self.event.registration.registered_at
        )


class Verb(StrEnum):
    """What an attempt did."""

    TRANSLATE = "translate"
    SEND = "send"
    ASK = "ask"
    COURIER = "courier"
    """It went on a data carrier, and its receipt came back."""
    CHECK = "check"
    """A person looked at the destination."""


class OutcomeCode(StrEnum):
    """What came of an attempt, in the words of design and documentation."""

    ACCEPTED = "accepted"
    ALREADY_THERE = "already_there"
    ABSENT = "absent"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    BUSY = "busy"
    UNKNOWN = "unknown"
    NOT_ASKABLE = "not_askable"
    CONTRACT_BROKEN = "contract_broken"
    NOT_AUTHORIZED = "not_authorized"
    NOT_MAPPED = "not_mapped"
    INTERNAL_ERROR = "internal_error"
    ACCEPTED_BY_COURIER = "accepted_by_courier"
    CONFIRMED_BY_PERSON = "confirmed_by_person"


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt as kept for proof. Texts of partners may name people: stored, never logged."""

    delivery_id: DeliveryId
    number: int
    verb: Verb
    started_at: datetime
    finished_at: datetime | None
    outcome: OutcomeCode | None
    """None while under way, or when the process died before it knew."""
    facts_used: tuple[str, ...]
    """Names of the event's facts that the message carried, e.g. `personal_id`."""
    operation: str | None
    http_status: int | None
    partner_code: str | None
    partner_text: str | None
    partner_reference: str | None
    request_sha256: str | None
    response_sha256: str | None
    faults: tuple[Mapping[str, str], ...]
    """Each fault the partner or our mapping named: field, text or code, message_vi, message_en."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something learnt about an event from a destination, e.g. the child's personal ID."""

    event_id: EventId
    name: str
    """`<fact>.<subject>`, e.g. `personal_id.child`."""
    value: str
    source: Destination
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """An accepted delivery whose partner still works on it; `fetch` asks until a final stage."""

    delivery_id: DeliveryId
    event_id: EventId
    destination: Destination
    stage: str
    text: str | None
    partner_code: str | None
    next_fetch_at: datetime | None
    """None: nothing more will be asked."""
    updated_at: datetime
