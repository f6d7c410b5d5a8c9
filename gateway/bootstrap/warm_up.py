"""What the first event of a process would wait for: the table of units, and the reader of stored events.

Both are made when they are first needed. Commands that end at once seldom need them; a gateway always does.
"""

from gateway.storage.stored_forms import to_text
from mappings.canonical import dump_stored, parse_event, parse_stored_json, sample_event
from mappings.units import find_unit


def warm_up() -> None:
    """Takes a fifth of a second; call it before memory is settled, so that these are left alone, too."""
    event = parse_event(sample_event("birth"))
    parse_stored_json(to_text(dump_stored(event)).encode())
    find_unit(event.registration.authority_code, event.registration.registered_at.date())
