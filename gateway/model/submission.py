"""What a sender hands in and what he gets back."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.model.ids import ClientId, DeliveryId, Destination, EventId
from mappings.canonical.declaration import AnyStored
from retry_queue.job import Track


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault of a message, or one warning: where, which rule, and the remedy in both languages."""

    pointer: str
    """JSON Pointer (RFC 6901) into the message as sent; empty for the whole of it."""
    code: str
    message_vi: str
    message_en: str


@dataclass(frozen=True, slots=True)
class RawSubmission:
    """A message as it came in, with who sent it."""

    client_id: ClientId
    authorities: frozenset[str]
    """The registration authorities this sender may speak for; a code also covers the units below it."""
    idempotency_key: str | None
    body: bytes
    received_at: datetime
    sees_units: bool = False
    """Whether he may see the events of his authorities whoever sent them (operator, consumer)."""
    track: Track = Track.LIVE
    """Bulk: entries of old paper books, which take what live work leaves over."""
    may_declare: bool = False
    """Whether it may be the declaration of an event: only the façade of the dialects hands those in."""
    was_declared: bool = False
    """It is what became of a declaration: registry and one-stop shop have heard of it by that."""


@dataclass(frozen=True, slots=True)
class ValidSubmission:
    """A message that breaks no rule, ready to be stored."""

    client_id: ClientId
    idempotency_key: str
    event: AnyStored
    content: bytes
    """The message in canonical JSON: keys sorted, no blanks, text in NFC; with the entry of an earlier event
    that the message names by number only."""
    content_sha256: str
    """Of the canonical message as the sender wrote it: by it a repeat is known."""
    received_at: datetime
    warnings: tuple[Violation, ...] = ()
    """What should be looked at, although the event is accepted (cảnh báo)."""
    track: Track = Track.LIVE
    was_declared: bool = False
    """Its declaration went before it: registry and one-stop shop have heard of it by that."""


@dataclass(frozen=True, slots=True)
class ReceiptDelivery:
    """One delivery that the receipt promises."""

    delivery_id: DeliveryId
    destination: Destination
    message: str


@dataclass(frozen=True, slots=True)
class ReceiptQuestion:
    """The deliveries wait until a person has answered this; the due time runs on."""

    question_id: str
    kind: str
    message_vi: str
    message_en: str


@dataclass(frozen=True, slots=True)
class ReceiptSignature:
    """Proves to anybody with the public key that the receipt is ours and unchanged."""

    key_id: str
    algorithm: str
    """`Ed25519` (RFC 8032)."""
    value: str
    """64 bytes in base64."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The promise: what is named here is on disk and will be delivered."""

    event_id: EventId
    accepted_at: datetime
    due_at: datetime
    content_sha256: str
    deliveries: tuple[ReceiptDelivery, ...] = field(default=())
    warnings: tuple[Violation, ...] = field(default=())
    """Kept with the event: what should be looked at (cảnh báo)."""
    questions: tuple[ReceiptQuestion, ...] = field(default=())
    """Asked when the event was accepted; most events raise none."""
    signature: ReceiptSignature | None = None
    """None where no key was set when it was given."""


class ConflictKind(StrEnum):
    """Which of the identities is already taken by something else."""

    IDEMPOTENCY_KEY = "idempotency_key_reused"
    SOURCE_EVENT = "source_event_reused"
    ENTRY = "entry_already_registered"
    DOSSIER = "dossier_already_used"
    SAME_EVENT = "event_already_registered"
    """Under another entry: the same birth, death or marriage."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """New; committed with its deliveries and jobs."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same content again: the first receipt, unchanged."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Conflict:
    """An identity is taken by other content."""

    kind: ConflictKind
    first_event_id: EventId | None
    """Named only if the asker sent it himself."""
    first_registered_at: datetime | None = None
    first_authority_code: str | None = None


IntakeResult = Accepted | Repeated | Conflict
