"""What a correction sets off: a notice to the office that holds the book, a warning to the higher office."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.model.entry_history import Applied
from gateway.model.ids import EventId
from mappings.canonical.registration import EntryIdentity


@dataclass(frozen=True, slots=True)
class EntryLink:
    """An event concerns an earlier entry."""

    entry: EntryIdentity
    event_id: EventId
    registered_at: datetime


class NoticeState(StrEnum):
    """How far the office of the original entry has come."""

    OPEN = "open"
    """Waits in its inbox; nobody has fetched it."""
    FETCHED = "fetched"
    """A client of the office has read it."""
    ACKNOWLEDGED = "acknowledged"
    """The office says that it has noted it in its book."""


class Route(StrEnum):
    """How the office is reached."""

    DIRECT = "direct"
    FOREIGN_MINISTRY = "foreign_ministry"
    """A mission, by way of the Ministry of Foreign Affairs (Law on civil status, art. 53)."""


@dataclass(frozen=True, slots=True)
class OfficeNotice:
    """A delivery to the office of the original entry; it never expires, and it is made once per event."""

    notice_id: str
    event_id: EventId
    entry: EntryIdentity
    original_event_id: EventId | None
    """None when the original entry never came through the gateway."""
    made_by: str
    """The office that registered the change."""
    addressees: tuple[str, ...]
    """Offices that may hold the book today; several where the old unit was divided."""
    route: Route
    made_at: datetime
    due_at: datetime
    legal_basis: str
    state: NoticeState = NoticeState.OPEN
    fetched_at: datetime | None = None
    fetched_by: str | None = None
    reminders: int = 0
    next_reminder_at: datetime | None = None
    """None once it is acknowledged."""
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_note: str | None = None

    def is_overdue(self, now: datetime) -> bool:
        """The time is over and nobody has acknowledged it."""
        return self.state is not NoticeState.ACKNOWLEDGED and now > self.due_at


class OversightKind(StrEnum):
    """What the higher office is warned of."""

    CHANGE = "change"
    """A change, correction or supplement was registered."""
    REMARK = "remark"
    """A decision, an act abroad, a recognition, an adoption or an end was noted."""
    REVOCATION = "revocation"
    BOOK_WINS = "book_wins"
    """Electronic data are brought into line with the paper book."""
    EDIT = "edit"
    """An operator edited the content of a registered event."""
    CANCELLATION = "cancellation"
    """An operator withdrew a delivery of a registered event."""
    NOTICE_OVERDUE = "notice_overdue"
    """The office of the original entry has not acknowledged in time."""


@dataclass(frozen=True, slots=True)
class OversightChange:
    """A warning to the higher office, with before and after."""

    oversight_id: str
    kind: OversightKind
    event_id: EventId
    source: str
    """What set it off within the event, so that it is told once: `accepted`, `version 2`, an act's id."""
    entry: EntryIdentity
    authority_code: str
    """Whose registration it is."""
    units: tuple[str, ...]
    """The offices above it, nearest first."""
    made_at: datetime
    made_by: str
    """Client, or the operator."""
    reason: str | None
    legal_basis: str | None
    changes: tuple[Applied, ...]
    detail: Mapping[str, str] = field(default_factory=dict)
    seen_at: datetime | None = None
    seen_by: str | None = None
    seen_note: str | None = None


class StatementState(StrEnum):
    """How far a statement of what the book says has come."""

    PROPOSED = "proposed"
    """Waits for a second person."""
    APPLIED = "applied"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class BookStatement:
    """What somebody read in the paper book, and what became of it."""

    statement_id: str
    request_id: str
    entry: EntryIdentity
    values: Mapping[str, str | None]
    """Field as a change names it -> what the book says; None: the book is blank there."""
    page_reference: str
    reason: str
    stated_by: str
    stated_at: datetime
    asked_sha256: str
    plan_sha256: str
    """Of the differences as they were shown: a second person approves exactly these."""
    state: StatementState
    authority_code: str
    """Who holds the book."""
    event_id: EventId | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
