"""What an edit shows before and after it is made. Personal data: for operators of the event's units only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from gateway.model.operating import EditProposal, OperatorAct, Scope
from gateway.operations.json_change import FieldChange


class EditStatus(StrEnum):
    """How far an edit has come."""

    PREVIEW = "preview"
    """Nothing was changed."""
    APPLIED = "applied"
    PROPOSED = "proposed"
    """Waits for a second person."""
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class MessageChange:
    """What the edit makes of one destination's own message."""

    delivery_id: str
    destination: str
    step: str
    request_id_before: str
    request_id_after: str
    will: str
    """`send`: goes again at once; `stay_held`: has the new content, a person must release it."""
    changes: tuple[FieldChange, ...]
    before: Mapping[str, Any] | None
    """None: it could not be said in the destination's words."""
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Untouched:
    """A delivery of the event that keeps its content, and why."""

    delivery_id: str
    destination: str
    step: str
    why: str
    """`finished`, `under_way`, `maybe_sent`, `in_courier_bundle`, `not_meant`."""


@dataclass(frozen=True, slots=True)
class EditView:
    """The whole edit."""

    status: EditStatus
    event_id: str
    delivery_id: str
    scope: Scope
    based_on_version: int
    version: int | None
    """The new one; None before it is made."""
    content_sha256: str
    """Of the canonical JSON after the edit: what a second person approves."""
    changes: tuple[FieldChange, ...]
    messages: tuple[MessageChange, ...]
    untouched: tuple[Untouched, ...]
    due_at: datetime
    """Stays where it was."""
    proposal: EditProposal | None = None
    act: OperatorAct | None = None
    is_repeat: bool = False
