"""Warnings to higher offices, and what people read in paper books, on SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, exc, insert, select, update

from gateway.errors import RequestRepeated
from gateway.model.corrections import BookStatement, OversightChange, OversightKind, StatementState
from gateway.model.ids import EventId
from gateway.storage.corrections_ports import Sight
from gateway.storage.sql.corrections import entry_columns, entry_of, narrowing
from gateway.storage.sql.corrections_tables import book_statements, oversight_changes, oversight_units
from gateway.storage.sql.statements import insert_missing, upsert
from gateway.storage.stored_corrections import (
    changes_from_text,
    changes_to_text,
    values_from_text,
    values_to_text,
)
from gateway.storage.stored_forms import (
    mapping_from_text,
    mapping_to_text,
    texts_from_text,
    texts_to_text,
)


class SqlOversight:
    """Warnings to higher offices."""

    def insert(self, transaction: Connection, change: OversightChange) -> bool:
        """Once per event, kind and source."""
        row = _change_row(change)
        if not insert_missing(transaction, oversight_changes, [row], (), oversight_changes.c.oversight_id):
            return False
        if change.units:
            transaction.execute(
                insert(oversight_units),
                [
                    {"unit_code": code, "oversight_id": change.oversight_id}
                    for code in sorted(set(change.units))
                ],
            )
        return True

    def find(
        self, transaction: Connection, oversight_id: str, *, for_change: bool = False
    ) -> OversightChange | None:
        """On SQLite there is one writer anyway."""
        query = select(oversight_changes).where(oversight_changes.c.oversight_id == oversight_id)
        row = transaction.execute(query.with_for_update() if for_change else query).one_or_none()
        return None if row is None else _change(row)

    def put(self, transaction: Connection, change: OversightChange) -> None:
        """Only who has seen it moves."""
        seen = {"seen_at": change.seen_at, "seen_by": change.seen_by, "seen_note": change.seen_note}
        ours = oversight_changes.c.oversight_id == change.oversight_id
        transaction.execute(update(oversight_changes).where(ours).values(seen))

    def list_page(
        self, transaction: Connection, sight: Sight, *, only_unseen: bool
    ) -> Sequence[OversightChange]:
        """Oldest first: ids grow with time."""
        table = oversight_changes.c
        query = select(oversight_changes).where(table.oversight_id > sight.after)
        if only_unseen:
            query = query.where(table.seen_at.is_(None))
        for units in narrowing(sight):
            above = oversight_units.c
            visible = select(above.oversight_id).where(above.unit_code.in_(units))
            query = query.where(table.oversight_id.in_(visible))
        return [
            _change(row) for row in transaction.execute(query.order_by(table.oversight_id).limit(sight.limit))
        ]

    def of_event(self, transaction: Connection, event_id: EventId) -> Sequence[OversightChange]:
        """Oldest first."""
        table = oversight_changes.c
        query = select(oversight_changes).where(table.event_id == event_id).order_by(table.oversight_id)
        return [_change(row) for row in transaction.execute(query)]


class SqlBookStatements:
    """What people read in paper books."""

    def insert(self, transaction: Connection, statement: BookStatement) -> None:
        """Raises `RequestRepeated`; the transaction must then be rolled back."""
        try:
            transaction.execute(insert(book_statements).values(_statement_row(statement)))
        except exc.IntegrityError as error:
            raise RequestRepeated(statement_id=statement.statement_id) from error

    def put(self, transaction: Connection, statement: BookStatement) -> None:
        """Replace."""
        upsert(transaction, book_statements, _statement_row(statement))

    def find(
        self, transaction: Connection, statement_id: str, *, for_change: bool = False
    ) -> BookStatement | None:
        """On SQLite there is one writer anyway."""
        query = select(book_statements).where(book_statements.c.statement_id == statement_id)
        row = transaction.execute(query.with_for_update() if for_change else query).one_or_none()
        return None if row is None else _statement(row)

    def find_by_request(
        self, transaction: Connection, stated_by: str, request_id: str
    ) -> BookStatement | None:
        """By the unique pair."""
        table = book_statements.c
        query = select(book_statements).where(table.stated_by == stated_by, table.request_id == request_id)
        row = transaction.execute(query).one_or_none()
        return None if row is None else _statement(row)

    def list_by(
        self, transaction: Connection, state: StatementState | None, limit: int
    ) -> Sequence[BookStatement]:
        """Newest first."""
        table = book_statements.c
        query = select(book_statements)
        if state is not None:
            query = query.where(table.state == state.value)
        newest = query.order_by(table.stated_at.desc(), table.statement_id.desc()).limit(limit)
        return [_statement(row) for row in transaction.execute(newest)]


def _change_row(change: OversightChange) -> dict[str, object]:
    return {
        "oversight_id": change.oversight_id,
        "kind": change.kind.value,
        "event_id": change.event_id,
        "source": change.source,
        **entry_columns(change.entry),
        "authority_code": change.authority_code,
        "made_at": change.made_at,
        "made_by": change.made_by,
        "reason": change.reason,
        "legal_basis": change.legal_basis,
        "units": texts_to_text(change.units),
        "changes": changes_to_text(change.changes),
        "detail": mapping_to_text(change.detail),
        "seen_at": change.seen_at,
        "seen_by": change.seen_by,
        "seen_note": change.seen_note,
    }


def _change(row: Row[Any]) -> OversightChange:
    return OversightChange(
        oversight_id=row.oversight_id,
        kind=OversightKind(row.kind),
        event_id=EventId(row.event_id),
        source=row.source,
        entry=entry_of(row),
        authority_code=row.authority_code,
        units=texts_from_text(row.units),
        made_at=row.made_at,
        made_by=row.made_by,
        reason=row.reason,
        legal_basis=row.legal_basis,
        changes=changes_from_text(row.changes),
        detail=mapping_from_text(row.detail),
        seen_at=row.seen_at,
        seen_by=row.seen_by,
        seen_note=row.seen_note,
    )


def _statement_row(statement: BookStatement) -> dict[str, object]:
    return {
        "statement_id": statement.statement_id,
        "request_id": statement.request_id,
        **entry_columns(statement.entry),
        "authority_code": statement.authority_code,
        "stated": values_to_text(statement.values),
        "page_reference": statement.page_reference,
        "reason": statement.reason,
        "stated_by": statement.stated_by,
        "stated_at": statement.stated_at,
        "asked_sha256": statement.asked_sha256,
        "plan_sha256": statement.plan_sha256,
        "state": statement.state.value,
        "event_id": statement.event_id,
        "decided_by": statement.decided_by,
        "decided_at": statement.decided_at,
        "decision_reason": statement.decision_reason,
    }


def _statement(row: Row[Any]) -> BookStatement:
    return BookStatement(
        statement_id=row.statement_id,
        request_id=row.request_id,
        entry=entry_of(row),
        authority_code=row.authority_code,
        values=values_from_text(row.stated),
        page_reference=row.page_reference,
        reason=row.reason,
        stated_by=row.stated_by,
        stated_at=row.stated_at,
        asked_sha256=row.asked_sha256,
        plan_sha256=row.plan_sha256,
        state=StatementState(row.state),
        event_id=None if row.event_id is None else EventId(row.event_id),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
    )
