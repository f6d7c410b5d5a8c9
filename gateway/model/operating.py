"""What operators do and leave behind: acts, versions of an event's content, proposals, courier bundles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from adapters.port import RequestId
from gateway.model.ids import DeliveryId, Destination, EventId

FIRST_VERSION = 1
"""The content as the sender handed it in; it stays for ever."""


class Act(StrEnum):
    """What an operator may do; the name under which it is recorded."""

    RETRY = "retry"
    RELEASE = "release"
    HOLD = "hold"
    CANCEL = "cancel"
    CONFIRM_DELIVERED = "confirm-delivered"
    CONFIRM_ABSENT = "confirm-absent"
    EDIT = "edit"
    PROPOSE_EDIT = "propose-edit"
    REJECT_EDIT = "reject-edit"
    RESEND = "resend"
    BUNDLE_EXPORT = "bundle-export"
    BUNDLE_ACCEPTED = "bundle-accepted"
    BUNDLE_REFUSED = "bundle-refused"
    BUNDLE_RETURNED = "bundle-returned"
    ANSWER = "answer"


MOVES = (
    Act.RETRY,
    Act.RELEASE,
    Act.HOLD,
    Act.CANCEL,
    Act.CONFIRM_DELIVERED,
    Act.CONFIRM_ABSENT,
)
"""The acts that move one delivery and need nothing but a reason (and evidence, to confirm)."""


ANSWERS = frozenset({*MOVES, Act.EDIT} - {Act.HOLD})
"""The acts that answer what is to be done with a held delivery, or whether one has arrived."""
QUESTIONED = frozenset({"held", "unknown"})
"""The states of a delivery about which something may be asked."""


@dataclass(frozen=True, slots=True)
class OperatorAct:
    """One act on one delivery, as kept for good."""

    act_id: str
    request_id: str
    """Made by the caller, so that a repeated call is one act; unique per actor and delivery."""
    actor: str
    act: Act
    delivery_id: DeliveryId
    event_id: EventId
    reason: str
    asked_sha256: str
    """Of everything that was asked for: the same request id with other wishes is a mistake."""
    before_state: str
    after_state: str
    before_fence: int
    happened_at: datetime
    detail: Mapping[str, str] = field(default_factory=dict)
    """For example the evidence of a confirmation, or the bundle."""


@dataclass(frozen=True, slots=True)
class EventVersion:
    """The content of an event after an edit; version 1 stands with the event itself."""

    event_id: EventId
    version: int
    content: bytes
    """Canonical JSON."""
    content_sha256: str
    based_on_version: int
    proposed_by: str
    approved_by: str | None
    """None when no second person was needed."""
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class EarlierRequest:
    """A request number that a delivery had before its content was edited."""

    delivery_id: DeliveryId
    request_id: RequestId
    version: int
    replaced_at: datetime


class Scope(StrEnum):
    """What an edit is for."""

    DELIVERY = "delivery"
    """The one delivery."""
    EVENT = "event"
    """Every delivery of the event that was certainly not sent yet."""


class ProposalState(StrEnum):
    """What became of a proposed edit."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class EditProposal:
    """An edit that waits for a second person, who approves exactly these bytes."""

    proposal_id: str
    event_id: EventId
    delivery_id: DeliveryId
    scope: Scope
    based_on_version: int
    content: bytes
    content_sha256: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: ProposalState = ProposalState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None


class BundleState(StrEnum):
    """Whether results are still expected."""

    OPEN = "open"
    CLOSED = "closed"


class ItemResult(StrEnum):
    """What became of one message that a courier took along."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Messages of one destination that go by courier."""

    bundle_id: str
    destination: Destination
    created_at: datetime
    created_by: str
    request_id: str
    asked_sha256: str
    reason: str
    file_sha256: str
    state: BundleState = BundleState.OPEN
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BundleItem:
    """One message in a bundle."""

    bundle_id: str
    ordinal: int
    delivery_id: DeliveryId
    event_id: EventId
    request_id: RequestId
    due_at: datetime
    file_name: str
    sha256: str
    facts_used: tuple[str, ...]
    """Names of the facts that the message carries, as an attempt notes them."""
    result: ItemResult | None = None
    reference: str | None = None
    """The destination's own number for it."""
    refusal: str | None = None
    brought_by: str | None = None
    settled_at: datetime | None = None
