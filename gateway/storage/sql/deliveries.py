"""Deliveries, attempts, facts and watches on SQL."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from adapters.port import RequestId
from gateway.errors import DeliveryNotFound
from gateway.model.delivery import AttemptRow, Delivery, Fact, OutcomeCode, Verb, Watch
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.model.operating import FIRST_VERSION, EarlierRequest
from gateway.storage.sql.operating_tables import earlier_requests
from gateway.storage.sql.statements import insert_missing, upsert
from gateway.storage.sql.tables import attempts, deliveries, facts, watches
from gateway.storage.stored_forms import (
    mapping_from_text,
    mapping_to_text,
    texts_from_text,
    texts_to_text,
    to_text,
)


class SqlDeliveries:
    """Everything that belongs to a delivery except its job."""

    def insert(self, transaction: Connection, new: Sequence[Delivery]) -> Sequence[DeliveryId]:
        """One statement; the unique (event, step) decides."""
        rows = [_delivery_row(delivery, ordinal) for ordinal, delivery in enumerate(new)]
        column = deliveries.c.delivery_id
        written = insert_missing(transaction, deliveries, rows, ("event_id", "step"), column)
        return [delivery.delivery_id for delivery in new if delivery.delivery_id in written]

    def get(self, transaction: Connection, delivery_id: DeliveryId) -> Delivery:
        """Raises `DeliveryNotFound`."""
        query = select(deliveries).where(deliveries.c.delivery_id == delivery_id)
        row = transaction.execute(query).one_or_none()
        if row is None:
            raise DeliveryNotFound(delivery_id=delivery_id)
        return _delivery(row)

    def list_of_event(self, transaction: Connection, event_id: EventId) -> Sequence[Delivery]:
        """In the order they were planned."""
        table = deliveries.c
        query = select(deliveries).where(table.event_id == event_id)
        rows = transaction.execute(query.order_by(table.planned_at, table.ordinal, table.delivery_id))
        return [_delivery(row) for row in rows]

    def newest_version(self, transaction: Connection, event_id: EventId) -> int:
        """Over all deliveries of the event."""
        query = select(func.max(deliveries.c.version)).where(deliveries.c.event_id == event_id)
        return transaction.scalar(query) or FIRST_VERSION

    def use_version(
        self,
        transaction: Connection,
        delivery_id: DeliveryId,
        version: int,
        request_id: RequestId,
        now: datetime,
    ) -> None:
        """The earlier number is kept."""
        before = self.get(transaction, delivery_id)
        row = {
            "request_id": before.request_id,
            "delivery_id": delivery_id,
            "version": before.version,
            "replaced_at": now,
        }
        transaction.execute(insert(earlier_requests).values(row))
        transaction.execute(
            update(deliveries)
            .where(deliveries.c.delivery_id == delivery_id)
            .values(version=version, request_id=request_id)
        )

    def earlier_requests(self, transaction: Connection, delivery_id: DeliveryId) -> Sequence[EarlierRequest]:
        """Oldest first."""
        ours = earlier_requests.c.delivery_id == delivery_id
        query = select(earlier_requests).where(ours).order_by(earlier_requests.c.version)
        return [
            EarlierRequest(
                DeliveryId(row.delivery_id), RequestId(row.request_id), row.version, row.replaced_at
            )
            for row in transaction.execute(query)
        ]

    def begin_attempt(self, transaction: Connection, attempt: AttemptRow) -> None:
        """A number that was begun already is a mistake of the caller and raises."""
        transaction.execute(insert(attempts).values(_attempt_row(attempt)))

    def finish_attempt(self, transaction: Connection, attempt: AttemptRow) -> None:
        """Insert or replace."""
        upsert(transaction, attempts, _attempt_row(attempt))

    def list_attempts(self, transaction: Connection, delivery_id: DeliveryId) -> Sequence[AttemptRow]:
        """By number."""
        query = select(attempts).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.number)
        return [_attempt(row) for row in transaction.execute(query)]

    def add_fact(self, transaction: Connection, fact: Fact) -> bool:
        """A new value replaces the earlier one, which stays as history; the caller holds the event's lock."""
        known = self.facts_of(transaction, fact.event_id).get(fact.name)
        if known is not None and known.value == fact.value:
            return False
        same_name = (facts.c.event_id == fact.event_id) & (facts.c.name == fact.name)
        transaction.execute(
            update(facts).where(same_name, facts.c.replaced_at.is_(None)).values(replaced_at=fact.recorded_at)
        )
        upsert(transaction, facts, {**asdict(fact), "source": fact.source.value, "replaced_at": None})
        return True

    def facts_of(self, transaction: Connection, event_id: EventId) -> Mapping[str, Fact]:
        """The values that hold now, by name."""
        query = select(facts).where(facts.c.event_id == event_id, facts.c.replaced_at.is_(None))
        return {row.name: _fact(row) for row in transaction.execute(query.order_by(facts.c.name))}

    def put_watch(self, transaction: Connection, watch: Watch) -> None:
        """Insert or replace."""
        upsert(transaction, watches, {**asdict(watch), "destination": watch.destination.value})

    def watches_of(self, transaction: Connection, event_id: EventId) -> Sequence[Watch]:
        """All watches of an event, ended ones too."""
        query = select(watches).where(watches.c.event_id == event_id).order_by(watches.c.delivery_id)
        return [_watch(row) for row in transaction.execute(query)]

    def list_due_watches(
        self, transaction: Connection, destination: Destination, now: datetime, limit: int
    ) -> Sequence[Watch]:
        """Those to be fetched now, longest waiting first."""
        query = (
            select(watches)
            .where(watches.c.destination == destination.value, watches.c.next_fetch_at <= now)
            .order_by(watches.c.next_fetch_at, watches.c.delivery_id)
            .limit(limit)
        )
        return [_watch(row) for row in transaction.execute(query)]


def _delivery_row(delivery: Delivery, ordinal: int) -> dict[str, object]:
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


def _delivery(row: Row[Any]) -> Delivery:
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


def _attempt_row(attempt: AttemptRow) -> dict[str, object]:
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


def _attempt(row: Row[Any]) -> AttemptRow:
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


def _fact(row: Row[Any]) -> Fact:
    return Fact(EventId(row.event_id), row.name, row.value, Destination(row.source), row.recorded_at)


def _watch(row: Row[Any]) -> Watch:
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
