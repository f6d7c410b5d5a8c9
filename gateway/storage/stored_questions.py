"""How the suspicions of a question are written into a text column."""

import json

from gateway.model.ids import EventId
from gateway.model.questioning import QuestionKind, Suspicion
from gateway.storage.stored_forms import to_text


def suspicions_to_text(suspicions: tuple[Suspicion, ...]) -> str:
    """Event, kind and ground of each: codes only."""
    return to_text([[each.event_id, each.kind.value, each.ground] for each in suspicions])


def suspicions_from_text(text: str) -> tuple[Suspicion, ...]:
    """As `suspicions_to_text` wrote it."""
    return tuple(
        Suspicion(EventId(event_id), QuestionKind(kind), ground)
        for event_id, kind, ground in json.loads(text)
    )
