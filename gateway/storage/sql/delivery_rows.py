"""Deliveries, attempts, facts and watches as rows, in the order of their tables' columns, and back."""

import json
from typing import Any, Final

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
from retry_queue.rank import microseconds
from retry_queue.sql.inserts import Values

_NONE: Final = texts_to_text(())


def delivery_row(delivery: Delivery, ordinal: int) -> Values:
    """As it is written; `ordinal` keeps what was planned together in its order."""
    return (
        delivery.delivery_id,
        delivery.event_id,
        delivery.destination.value,
        delivery.step,
        delivery.message,
        delivery.subject,
        delivery.request_id,
        mapping_to_text(delivery.facts),
        microseconds(delivery.planned_at),
        ordinal,
        delivery.version,
    )


def delivery_of(row: Row[*tuple[Any, ...]]) -> Delivery:
    """As it was written; the row has every column."""
    (
        delivery_id,
        event_id,
        destination,
        step,
        message,
        subject,
        request_id,
        facts,
        planned_at,
        _ordinal,
        version,
    ) = row
    return Delivery(
        delivery_id=DeliveryId(delivery_id),
        event_id=EventId(event_id),
        destination=Destination(destination),
        step=step,
        message=message,
        subject=subject,
        request_id=RequestId(request_id),
        facts=mapping_from_text(facts),
        planned_at=planned_at,
        version=version,
    )


def attempt_row(attempt: AttemptRow) -> Values:
    """As it is written."""
    return (
        attempt.delivery_id,
        attempt.number,
        attempt.verb.value,
        microseconds(attempt.started_at),
        None if attempt.finished_at is None else microseconds(attempt.finished_at),
        None if attempt.outcome is None else attempt.outcome.value,
        texts_to_text(attempt.facts_used) if attempt.facts_used else _NONE,
        attempt.operation,
        attempt.http_status,
        attempt.partner_code,
        attempt.partner_text,
        attempt.partner_reference,
        attempt.request_sha256,
        attempt.response_sha256,
        to_text([dict(fault) for fault in attempt.faults]) if attempt.faults else _NONE,
    )


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


def watch_row(watch: Watch) -> Values:
    """As it is written."""
    return (
        watch.delivery_id,
        watch.event_id,
        watch.destination.value,
        watch.stage,
        watch.text,
        watch.partner_code,
        None if watch.next_fetch_at is None else microseconds(watch.next_fetch_at),
        microseconds(watch.updated_at),
    )


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
