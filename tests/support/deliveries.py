"""Stored events, deliveries and attempts as values."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.port import RequestId
from gateway.model.delivery import AttemptRow, Delivery, OutcomeCode, StoredEvent, Verb, Watch
from gateway.model.ids import DeliveryId, Destination, EventId
from mappings.canonical import parse_event

ACCEPTED_AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
EVENT_ID = EventId("0198a6f0-0000-7000-8000-000000000001")


def a_stored_event(event: Mapping[str, Any], event_id: EventId = EVENT_ID) -> StoredEvent:
    """An accepted event that is due twelve hours after its acceptance."""
    return StoredEvent(
        event_id=event_id,
        client_id="client-1",
        event=parse_event(event),
        content_sha256="0" * 64,
        accepted_at=ACCEPTED_AT,
        due_at=ACCEPTED_AT + timedelta(hours=12),
    )


def a_delivery(**changes: Any) -> Delivery:  # noqa: ANN401 - a field may hold any of a delivery's values
    """The registry record of that event."""
    values: dict[str, Any] = {
        "delivery_id": DeliveryId("delivery-1"),
        "event_id": EVENT_ID,
        "destination": Destination.NATIONAL_REGISTRY,
        "step": "registry_record",
        "message": "record",
        "subject": None,
        "request_id": RequestId("GW-1"),
        "facts": {},
        "planned_at": ACCEPTED_AT,
    }
    return Delivery(**(values | changes))


def an_attempt(
    number: int,
    *,
    verb: Verb = Verb.SEND,
    outcome: OutcomeCode | None = OutcomeCode.ACCEPTED,
    facts_used: tuple[str, ...] = (),
    **changes: Any,  # noqa: ANN401 - a field may hold any of an attempt's values
) -> AttemptRow:
    """One attempt at that delivery."""
    values: dict[str, Any] = {
        "delivery_id": DeliveryId("delivery-1"),
        "number": number,
        "verb": verb,
        "started_at": ACCEPTED_AT,
        "finished_at": None if outcome is None else ACCEPTED_AT,
        "outcome": outcome,
        "facts_used": facts_used,
        "operation": "nhanHoSoDKHT",
        "http_status": 200,
        "partner_code": "1",
        "partner_text": None,
        "partner_reference": None,
        "request_sha256": None,
        "response_sha256": None,
        "faults": (),
    }
    return AttemptRow(**(values | changes))


def a_watch(**changes: Any) -> Watch:  # noqa: ANN401 - a field may hold any of a watch's values
    """The registry has taken that record and a clerk is to work on it."""
    values: dict[str, Any] = {
        "delivery_id": DeliveryId("delivery-1"),
        "event_id": EVENT_ID,
        "destination": Destination.NATIONAL_REGISTRY,
        "stage": "received",
        "text": None,
        "partner_code": "1",
        "next_fetch_at": ACCEPTED_AT,
        "updated_at": ACCEPTED_AT,
    }
    return Watch(**(values | changes))
