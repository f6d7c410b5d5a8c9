"""Entry links, notices to offices, warnings and book statements in memory."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from gateway.errors import RequestRepeated
from gateway.model.corrections import (
    BookStatement,
    EntryLink,
    NoticeState,
    OfficeNotice,
    OversightChange,
    StatementState,
)
from gateway.model.ids import EventId
from gateway.storage.corrections_ports import Sight
from mappings.canonical.registration import EntryIdentity
from retry_queue.memory.transactions import MemoryTransaction

EntryOwner = Callable[[EntryIdentity], EventId | None]
"""The event whose own entry it is, from the events' store."""


class MemoryEntryLinks:
    """Which events concern which entry."""

    def __init__(self, owner_of: EntryOwner) -> None:
        self._owner_of = owner_of
        self._links: dict[tuple[EntryIdentity, EventId], EntryLink] = {}

    def add(self, transaction: MemoryTransaction, links: Sequence[EntryLink]) -> None:
        """Those that are there already stay."""
        for link in links:
            if (link.entry, link.event_id) not in self._links:
                transaction.put(self._links, (link.entry, link.event_id), link)

    def makers_of(self, transaction: MemoryTransaction, entry: EntryIdentity) -> Sequence[EventId]:
        """At most one."""
        transaction.require_open()
        owner = self._owner_of(entry)
        return [] if owner is None else [owner]

    def amending(self, transaction: MemoryTransaction, entry: EntryIdentity) -> Sequence[EventId]:
        """By the moment of registration."""
        transaction.require_open()
        found = [link for link in self._links.values() if link.entry == entry]
        return [link.event_id for link in sorted(found, key=lambda each: (each.registered_at, each.event_id))]


class MemoryOfficeNotices:
    """Notices to offices of original entries."""

    def __init__(self) -> None:
        self._notices: dict[str, OfficeNotice] = {}
        self._units: dict[str, frozenset[str]] = {}

    def insert(self, transaction: MemoryTransaction, notice: OfficeNotice, units: Collection[str]) -> bool:
        """Once per event and entry."""
        ours = (notice.event_id, notice.entry)
        if any((each.event_id, each.entry) == ours for each in self._notices.values()):
            return False
        transaction.put(self._notices, notice.notice_id, notice)
        transaction.put(self._units, notice.notice_id, frozenset(units))
        return True

    def find(
        self,
        transaction: MemoryTransaction,
        notice_id: str,
        *,
        for_change: bool = False,  # noqa: ARG002 - there is one writer
    ) -> OfficeNotice | None:
        """There is one writer: it is locked already."""
        transaction.require_open()
        return self._notices.get(notice_id)

    def put(self, transaction: MemoryTransaction, notice: OfficeNotice) -> None:
        """Replace."""
        transaction.put(self._notices, notice.notice_id, notice)

    def units_of(self, transaction: MemoryTransaction, notice_id: str) -> frozenset[str]:
        """The units that may see it."""
        transaction.require_open()
        return self._units.get(notice_id, frozenset())

    def list_page(
        self, transaction: MemoryTransaction, sight: Sight, states: Collection[NoticeState]
    ) -> Sequence[OfficeNotice]:
        """Oldest first."""
        transaction.require_open()
        found = [
            each
            for each in self._notices.values()
            if each.notice_id > sight.after
            and each.state in states
            and _is_seen(self._units[each.notice_id], sight)
        ]
        return sorted(found, key=lambda each: each.notice_id)[: sight.limit]

    def of_event(self, transaction: MemoryTransaction, event_id: EventId) -> Sequence[OfficeNotice]:
        """Oldest first."""
        transaction.require_open()
        found = [each for each in self._notices.values() if each.event_id == event_id]
        return sorted(found, key=lambda each: each.notice_id)

    def list_due(self, transaction: MemoryTransaction, now: datetime, limit: int) -> Sequence[OfficeNotice]:
        """Longest waiting first."""
        transaction.require_open()
        due = [
            (each.next_reminder_at, each.notice_id, each)
            for each in self._notices.values()
            if each.next_reminder_at is not None and each.next_reminder_at <= now
        ]
        return [each for _, _, each in sorted(due, key=lambda row: row[:2])][:limit]


class MemoryOversight:
    """Warnings to higher offices."""

    def __init__(self) -> None:
        self._changes: dict[str, OversightChange] = {}

    def insert(self, transaction: MemoryTransaction, change: OversightChange) -> bool:
        """Once per event, kind and source."""
        ours = (change.event_id, change.kind, change.source)
        if any((each.event_id, each.kind, each.source) == ours for each in self._changes.values()):
            return False
        transaction.put(self._changes, change.oversight_id, change)
        return True

    def find(
        self,
        transaction: MemoryTransaction,
        oversight_id: str,
        *,
        for_change: bool = False,  # noqa: ARG002 - there is one writer
    ) -> OversightChange | None:
        """There is one writer: it is locked already."""
        transaction.require_open()
        return self._changes.get(oversight_id)

    def put(self, transaction: MemoryTransaction, change: OversightChange) -> None:
        """Replace."""
        transaction.put(self._changes, change.oversight_id, change)

    def list_page(
        self, transaction: MemoryTransaction, sight: Sight, *, only_unseen: bool
    ) -> Sequence[OversightChange]:
        """Oldest first."""
        transaction.require_open()
        found = [
            each
            for each in self._changes.values()
            if each.oversight_id > sight.after
            and not (only_unseen and each.seen_at is not None)
            and _is_seen(frozenset(each.units), sight)
        ]
        return sorted(found, key=lambda each: each.oversight_id)[: sight.limit]

    def of_event(self, transaction: MemoryTransaction, event_id: EventId) -> Sequence[OversightChange]:
        """Oldest first."""
        transaction.require_open()
        found = [each for each in self._changes.values() if each.event_id == event_id]
        return sorted(found, key=lambda each: each.oversight_id)


class MemoryBookStatements:
    """What people read in paper books."""

    def __init__(self) -> None:
        self._statements: dict[str, BookStatement] = {}

    def insert(self, transaction: MemoryTransaction, statement: BookStatement) -> None:
        """Raises `RequestRepeated`."""
        if self.find_by_request(transaction, statement.stated_by, statement.request_id) is not None:
            raise RequestRepeated(statement_id=statement.statement_id)
        self.put(transaction, statement)

    def put(self, transaction: MemoryTransaction, statement: BookStatement) -> None:
        """Insert or replace."""
        transaction.put(self._statements, statement.statement_id, statement)

    def find(
        self,
        transaction: MemoryTransaction,
        statement_id: str,
        *,
        for_change: bool = False,  # noqa: ARG002 - there is one writer
    ) -> BookStatement | None:
        """There is one writer: it is locked already."""
        transaction.require_open()
        return self._statements.get(statement_id)

    def find_by_request(
        self, transaction: MemoryTransaction, stated_by: str, request_id: str
    ) -> BookStatement | None:
        """By the unique pair."""
        transaction.require_open()
        wanted = (stated_by, request_id)
        found = (each for each in self._statements.values() if (each.stated_by, each.request_id) == wanted)
        return next(found, None)

    def list_by(
        self, transaction: MemoryTransaction, state: StatementState | None, limit: int
    ) -> Sequence[BookStatement]:
        """Newest first."""
        transaction.require_open()
        found = [each for each in self._statements.values() if state in {None, each.state}]
        newest = sorted(found, key=lambda each: (each.stated_at, each.statement_id), reverse=True)
        return newest[:limit]


def _is_seen(units: frozenset[str], sight: Sight) -> bool:
    is_his = sight.units is None or not units.isdisjoint(sight.units)
    return is_his and (sight.of_unit is None or sight.of_unit in units)
