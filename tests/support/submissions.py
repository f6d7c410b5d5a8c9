"""Submissions and accepted events as values; each call invents new numbers unless told which."""

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.model.ids import ClientId, EventId, PersonId
from gateway.model.submission import RawSubmission, Receipt, ValidSubmission
from gateway.receive.parse import canonical_json, content_sha256
from gateway.storage.ports import NewEvent
from mappings.canonical import parse_stored_json
from tests.support.events import a_birth, a_name

RECEIVED_AT = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
PROMISE = timedelta(hours=12)
PROVINCE = "08"

_numbers = itertools.count(1000)


def counted_bytes() -> Callable[[int], bytes]:
    """Chance that repeats itself."""
    counter = itertools.count(1)
    return lambda size: next(counter).to_bytes(size, "big")


def another_birth(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a field may hold any JSON value
    """A birth that shares no number, entry, dossier or parent with another one."""
    number = str(next(_numbers))
    own: dict[str, Any] = {"source_event_id": f"KS-{number}", "registration__number": number}
    more = {
        "dossier": {"dossier__code": f"H60.{number}"},
        "mother": {"mother__personal_id": f"0991970{number:>05}"},
        "father": {"father__personal_id": f"0990940{number:>05}"},
    }
    if not any(change.startswith("child") for change in changes):
        own |= {"child__name": a_name(int(number))}
    for part, numbers in more.items():
        if part not in changes:
            own |= numbers
    return a_birth(**(own | changes))


def a_raw_submission(body: bytes, **changes: Any) -> RawSubmission:  # noqa: ANN401 - any of its values
    """From the provincial one-stop shop."""
    values: dict[str, Any] = {
        "client_id": ClientId("client-1"),
        "authorities": frozenset({PROVINCE}),
        "idempotency_key": None,
        "body": body,
        "received_at": RECEIVED_AT,
    }
    return RawSubmission(**(values | changes))


def a_submission(
    event: Mapping[str, Any] | None = None, client: str = "client-1", key: str | None = None
) -> ValidSubmission:
    """A valid submission of this event, or of a birth of its own."""
    value = dict(another_birth() if event is None else event)
    content = canonical_json(value)
    parsed = parse_stored_json(content)
    return ValidSubmission(
        client_id=ClientId(client),
        idempotency_key=key or parsed.source_event_id,
        event=parsed,
        content=content,
        content_sha256=content_sha256(content),
        received_at=RECEIVED_AT,
    )


def an_accepted(submission: ValidSubmission | None = None, **persons: str) -> NewEvent:
    """As the walk hands it to the store; `child="person-1"` says who a party is."""
    submission = submission or a_submission()
    number = next(_numbers)
    receipt = Receipt(
        event_id=EventId(f"event-{number}"),
        accepted_at=RECEIVED_AT,
        due_at=submission.event.registration.registered_at + PROMISE,
        content_sha256=submission.content_sha256,
    )
    roles = submission.event.parties()
    own = {role: PersonId(persons.get(role, f"person-{number}-{role}")) for role in roles}
    return NewEvent(submission, receipt, own)
