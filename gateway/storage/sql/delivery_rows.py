"""Deliveries, attempts, facts and watches as rows, and back."""

import json
from typing import Any

from sqlalchemy import Row

from adapters.port import RequestId
from gateway.model.delivery import AttemptRow, Delivery, Fact, OutcomeCode, Verb, Watch
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.storage.stored_forms import (
    mapping_from_text,
    mapping_to_text,
    texts_from_text,
    texts_to_text,
    to_text,
)


def delivery_row(delivery: Delivery, ordinal: int) -> dict[str, object]:
    """As it is written; `ordinal` keeps what was planned together in its order."""
    return {
        "delivery_id": delivery.delivery_id,
        "event_id": delivery.event_id,
        "destination": delivery.destination.value,
        "step": delivery.step,
        "message": delivery.message,
        "subject": delivery.subject,
        "request_id": delivery.request_id,
        "facts": mapping_to_text(delivery.facts),
        "planned_at": delivery.planned_at,
        "version": delivery.version,
        "ordinal": ordinal,
    }


def delivery_of(row: Row[Any]) -> Delivery:
    """As it was written."""
    return Delivery(
        delivery_id=DeliveryId(row.delivery_id),
        event_id=EventId(row.event_id),
        destination=Destination(row.destination),
        step=row.step,
        message=row.message,
        subject=row.subject,
        request_id=RequestId(row.request_id),
        facts=mapping_from_text(row.facts),
        planned_at=row.planned_at,
        version=row.version,
    )


def attempt_row(attempt: AttemptRow) -> dict[str, object]:
    """As it is written."""
    return {
        "delivery_id": attempt.delivery_id,
        "number": attempt.number,
        "verb": attempt.verb.value,
        "started_at": attempt.started_at,
        "finished_at": attempt.finished_at,
        "outcome": None if attempt.outcome is None else attempt.outcome.value,
        "facts_used": texts_to_text(attempt.facts_used),
        "operation": attempt.operation,
        "http_status": attempt.http_status,
        "partner_code": attempt.partner_code,
        "partner_text": attempt.partner_text,
        "partner_reference": attempt.partner_reference,
        "request_sha256": attempt.request_sha256,
        "response_sha256": attempt.response_sha256,
        "faults": to_text([dict(fault) for fault in attempt.faults]),
    }


def attempt_of(row: Row[Any]) -> AttemptRow:
    """As it was written."""
    return AttemptRow(
        delivery_id=DeliveryId(row.delivery_id),
        number=row.number,
        verb=Verb(row.verb),
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcome=None if row.outcome is None else OutcomeCode(row.outcome),
        facts_used=texts_from_text(row.facts_used),
        operation=row.operation,
        http_status=row.http_status,
        partner_code=row.partner_code,
        partner_text=row.partner_text,
        partner_reference=row.partner_reference,
        request_sha256=row.request_sha256,
        response_sha256=row.response_sha256,
        faults=tuple(json.loads(row.faults)),
    )


def fact_of(row: Row[Any]) -> Fact:
    """As it was written."""
    return Fact(EventId(row.event_id), row.name, row.value, Destination(row.source), row.recorded_at)


def watch_row(watch: Watch) -> dict[str, object]:
    """As it is written."""
    return {
        "delivery_id": watch.delivery_id,
        "event_id": watch.event_id,
        "destination": watch.destination.value,
        "stage": watch.stage,
        "text": watch.text,
        "partner_code": watch.partner_code,
        "next_fetch_at": watch.next_fetch_at,
        "updated_at": watch.updated_at,
    }


def watch_of(row: Row[Any]) -> Watch:
    """As it was written."""
    return Watch(
        delivery_id=DeliveryId(row.delivery_id),
        event_id=EventId(row.event_id),
        destination=Destination(row.destination),
        stage=row.stage,
        text=row.text,
        partner_code=row.partner_code,
        next_fetch_at=row.next_fetch_at,
        updated_at=row.updated_at,
    )
