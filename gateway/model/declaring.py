"""What becomes of a declaration: a dossier that was handed in before its registration (hồ sơ chờ đăng ký)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.model.ids import EventId
from gateway.model.submission import Violation


class DeclarationState(StrEnum):
    """How far it is."""

    OPEN = "open"
    """The registry has not told of an entry."""
    REGISTERED = "registered"
    """The entry came back, and the event was accepted."""
    NOT_ENTERED = "not_entered"
    """The entry came back, and something speaks against the event: a person must look."""


@dataclass(frozen=True, slots=True)
class DeclarationCourse:
    """What became of one declaration."""

    event_id: EventId
    """The declaration's own."""
    state: DeclarationState
    registered_event_id: EventId | None
    """The event that it became; or the one that stands in its way, if its sender may know it."""
    problems: tuple[Violation, ...]
    """What speaks against the event; names fields and rules, never values."""
    updated_at: datetime
