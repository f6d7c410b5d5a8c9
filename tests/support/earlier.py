"""Earlier events that a sender may name by number, without a store."""

from gateway.model.delivery import StoredEvent
from gateway.model.ids import EventId
from gateway.model.submission import RawSubmission
from tests.support.deliveries import a_stored_event
from tests.support.events import a_birth_with_recognition, a_decision, a_guardianship_start

GUARDIANSHIP = "00000000-0000-7000-8000-000000000001"
BIRTH_WITH_RECOGNITION = "00000000-0000-7000-8000-000000000002"
REMARK_OF_NOTHING_KNOWN = "00000000-0000-7000-8000-000000000003"
REMARK = "00000000-0000-7000-8000-000000000004"

EARLIER_EVENTS = {
    each.event_id: each
    for each in (
        a_stored_event(a_guardianship_start(), EventId(GUARDIANSHIP)),
        a_stored_event(a_birth_with_recognition(), EventId(BIRTH_WITH_RECOGNITION)),
        a_stored_event(a_decision(amends={"source_event_id": "KS-1"}), EventId(REMARK_OF_NOTHING_KNOWN)),
        a_stored_event(a_decision(), EventId(REMARK)),
    )
}


def find_earlier(_raw: RawSubmission, name: str, number: str) -> StoredEvent | None:
    """By our number, or by the sender's."""
    if name == "event_id":
        return EARLIER_EVENTS.get(EventId(number))
    return next((each for each in EARLIER_EVENTS.values() if each.event.source_event_id == number), None)
