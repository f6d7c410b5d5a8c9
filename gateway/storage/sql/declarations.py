"""Declarations on SQL."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from adapters.port import FACT_REGISTRATION_DATE
from gateway.model.declaring import DeclarationCourse, DeclarationState
from gateway.model.ids import EventId
from gateway.model.submission import Violation
from gateway.storage.sql.declaration_tables import declarations
from gateway.storage.sql.statements import in_parts
from gateway.storage.sql.tables import facts
from gateway.storage.stored_forms import to_text

_TOLD = (
    select(declarations.c.event_id)
    .join(facts, and_(facts.c.event_id == declarations.c.event_id, facts.c.name == FACT_REGISTRATION_DATE))
    .where(declarations.c.state == DeclarationState.OPEN.value, facts.c.replaced_at.is_(None))
    .order_by(declarations.c.event_id)
)


def begin_declarations(transaction: Connection, event_ids: Iterable[EventId], now: datetime) -> None:
    """Open courses, written together with their events."""
    rows = [
        {
            "event_id": event_id,
            "state": DeclarationState.OPEN.value,
            "registered_event_id": None,
            "problems": to_text([]),
            "updated_at": now,
        }
        for event_id in event_ids
    ]
    if rows:
        transaction.execute(insert(declarations), rows)


class SqlDeclarations:
    """One row a declaration."""

    def list_told(self, transaction: Connection, limit: int) -> Sequence[EventId]:
        """Those that are ready to become events."""
        return [EventId(found) for found in transaction.scalars(_TOLD.limit(limit))]

    def find_all(
        self, transaction: Connection, event_ids: Iterable[EventId]
    ) -> Mapping[EventId, DeclarationCourse]:
        """By primary key."""
        return {
            EventId(row.event_id): _course(row)
            for part in in_parts(list(event_ids))
            for row in transaction.execute(select(declarations).where(declarations.c.event_id.in_(part)))
        }

    def find_of_event(
        self, transaction: Connection, registered_event_id: EventId
    ) -> DeclarationCourse | None:
        """A problem may name the event that stands in the way: that one was not declared by it."""
        query = select(declarations).where(
            declarations.c.registered_event_id == registered_event_id,
            declarations.c.state == DeclarationState.REGISTERED.value,
        )
        row = transaction.execute(query.order_by(declarations.c.event_id).limit(1)).one_or_none()
        return None if row is None else _course(row)

    def list_in(
        self, transaction: Connection, state: DeclarationState, limit: int
    ) -> Sequence[DeclarationCourse]:
        """By the partial index of unfinished ones."""
        query = select(declarations).where(declarations.c.state == state.value)
        return [
            _course(row) for row in transaction.execute(query.order_by(declarations.c.event_id).limit(limit))
        ]

    def put(self, transaction: Connection, course: DeclarationCourse) -> bool:
        """What is registered stays so: two processes may come to the same end."""
        done = transaction.execute(
            update(declarations)
            .where(
                declarations.c.event_id == course.event_id,
                declarations.c.state != DeclarationState.REGISTERED.value,
            )
            .values(
                state=course.state.value,
                registered_event_id=course.registered_event_id,
                problems=to_text([asdict(problem) for problem in course.problems]),
                updated_at=course.updated_at,
            )
        )
        return bool(done.rowcount)


def _course(row: Row[*tuple[Any, ...]]) -> DeclarationCourse:
    registered = row.registered_event_id
    return DeclarationCourse(
        event_id=EventId(row.event_id),
        state=DeclarationState(row.state),
        registered_event_id=None if registered is None else EventId(registered),
        problems=tuple(Violation(**problem) for problem in json.loads(row.problems)),
        updated_at=row.updated_at,
    )
