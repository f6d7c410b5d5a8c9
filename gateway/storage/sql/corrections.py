"""Entry links and notices to offices on SQL."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from gateway.model.corrections import EntryLink, NoticeState, OfficeNotice, Route
from gateway.model.ids import EventId
from gateway.storage.corrections_ports import Sight
from gateway.storage.identity_keys import IdentityKind, entry_key
from gateway.storage.sql.corrections_tables import entry_links, office_notice_units, office_notices
from gateway.storage.sql.statements import insert_missing
from gateway.storage.sql.tables import event_identities
from gateway.storage.stored_forms import texts_from_text, texts_to_text
from mappings.canonical.registration import EntryIdentity

_ENTRY = ("entry_authority", "entry_book", "entry_year", "entry_number")


class SqlEntryLinks:
    """Which events concern which entry."""

    def add(self, transaction: Connection, links: Sequence[EntryLink]) -> None:
        """Those that are there already stay."""
        rows = [
            {
                **entry_columns(link.entry),
                "event_id": link.event_id,
                "registered_at": link.registered_at,
            }
            for link in links
        ]
        insert_missing(transaction, entry_links, rows, (), entry_links.c.event_id)

    def makers_of(self, transaction: Connection, entry: EntryIdentity) -> Sequence[EventId]:
        """By the identity that no two events share."""
        table = event_identities.c
        query = select(table.event_id).where(
            table.kind == IdentityKind.ENTRY.value, table.key == entry_key(entry)
        )
        return [EventId(found) for found in transaction.scalars(query)]

    def amending(self, transaction: Connection, entry: EntryIdentity) -> Sequence[EventId]:
        """By the moment of registration."""
        table = entry_links.c
        query = select(table.event_id)
        for name, value in entry_columns(entry).items():
            query = query.where(table[name] == value)
        ordered = query.order_by(table.registered_at, table.event_id)
        return [EventId(found) for found in transaction.scalars(ordered)]


class SqlOfficeNotices:
    """Notices to offices of original entries."""

    def insert(self, transaction: Connection, notice: OfficeNotice, units: Collection[str]) -> bool:
        """Once per event and entry."""
        row = _notice_row(notice)
        if not insert_missing(transaction, office_notices, [row], (), office_notices.c.notice_id):
            return False
        transaction.execute(
            insert(office_notice_units),
            [{"unit_code": code, "notice_id": notice.notice_id} for code in sorted(set(units))],
        )
        return True

    def find(
        self, transaction: Connection, notice_id: str, *, for_change: bool = False
    ) -> OfficeNotice | None:
        """On SQLite there is one writer anyway."""
        query = select(office_notices).where(office_notices.c.notice_id == notice_id)
        row = transaction.execute(query.with_for_update() if for_change else query).one_or_none()
        return None if row is None else _notice(row)

    def put(self, transaction: Connection, notice: OfficeNotice) -> None:
        """Only what moves."""
        row = _notice_row(notice)
        moving = {name: row[name] for name in _MOVING}
        transaction.execute(
            update(office_notices).where(office_notices.c.notice_id == notice.notice_id).values(moving)
        )

    def units_of(self, transaction: Connection, notice_id: str) -> frozenset[str]:
        """The units that may see it."""
        table = office_notice_units.c
        return frozenset(transaction.scalars(select(table.unit_code).where(table.notice_id == notice_id)))

    def list_page(
        self, transaction: Connection, sight: Sight, states: Collection[NoticeState]
    ) -> Sequence[OfficeNotice]:
        """Oldest first: ids grow with time."""
        table = office_notices.c
        query = select(office_notices).where(
            table.notice_id > sight.after, table.state.in_(sorted(state.value for state in states))
        )
        for units in narrowing(sight):
            seen = office_notice_units.c
            visible = select(seen.notice_id).where(seen.unit_code.in_(units))
            query = query.where(table.notice_id.in_(visible))
        return self._read(transaction, query.order_by(table.notice_id).limit(sight.limit))

    def of_event(self, transaction: Connection, event_id: EventId) -> Sequence[OfficeNotice]:
        """Oldest first."""
        table = office_notices.c
        query = select(office_notices).where(table.event_id == event_id).order_by(table.notice_id)
        return self._read(transaction, query)

    def list_due(self, transaction: Connection, now: datetime, limit: int) -> Sequence[OfficeNotice]:
        """By their partial index."""
        table = office_notices.c
        query = select(office_notices).where(
            table.next_reminder_at.is_not(None), table.next_reminder_at <= now
        )
        ordered = query.order_by(table.next_reminder_at, table.notice_id).limit(limit)
        return self._read(transaction, ordered)

    @staticmethod
    def _read(transaction: Connection, query: Select[Any]) -> list[OfficeNotice]:
        return [_notice(row) for row in transaction.execute(query)]


_MOVING = (
    "state",
    "fetched_at",
    "fetched_by",
    "reminders",
    "next_reminder_at",
    "acknowledged_at",
    "acknowledged_by",
    "acknowledged_note",
)


def narrowing(sight: Sight) -> Iterator[list[str]]:
    """Sets of units; a row that is seen concerns one of each."""
    if sight.units is not None:
        yield sorted(sight.units)
    if sight.of_unit is not None:
        yield [sight.of_unit]


def entry_columns(entry: EntryIdentity) -> dict[str, object]:
    """The four columns that name an entry."""
    values = (entry.authority_code, entry.book_code, entry.year, entry.number)
    return dict(zip(_ENTRY, values, strict=True))


def entry_of(row: Row[Any]) -> EntryIdentity:
    """The entry that the four columns name."""
    return EntryIdentity(row.entry_authority, row.entry_book, row.entry_year, row.entry_number)


def _notice_row(notice: OfficeNotice) -> dict[str, object]:
    return {
        "notice_id": notice.notice_id,
        "event_id": notice.event_id,
        **entry_columns(notice.entry),
        "original_event_id": notice.original_event_id,
        "made_by": notice.made_by,
        "addressees": texts_to_text(notice.addressees),
        "route": notice.route.value,
        "made_at": notice.made_at,
        "due_at": notice.due_at,
        "legal_basis": notice.legal_basis,
        "state": notice.state.value,
        "fetched_at": notice.fetched_at,
        "fetched_by": notice.fetched_by,
        "reminders": notice.reminders,
        "next_reminder_at": notice.next_reminder_at,
        "acknowledged_at": notice.acknowledged_at,
        "acknowledged_by": notice.acknowledged_by,
        "acknowledged_note": notice.acknowledged_note,
    }


def _notice(row: Row[Any]) -> OfficeNotice:
    return OfficeNotice(
        notice_id=row.notice_id,
        event_id=EventId(row.event_id),
        entry=entry_of(row),
        original_event_id=None if row.original_event_id is None else EventId(row.original_event_id),
        made_by=row.made_by,
        addressees=texts_from_text(row.addressees),
        route=Route(row.route),
        made_at=row.made_at,
        due_at=row.due_at,
        legal_basis=row.legal_basis,
        state=NoticeState(row.state),
        fetched_at=row.fetched_at,
        fetched_by=row.fetched_by,
        reminders=row.reminders,
        next_reminder_at=row.next_reminder_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        acknowledged_note=row.acknowledged_note,
    )
