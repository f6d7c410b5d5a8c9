"""The inbox of an office whose entry another office changed: fetched, acknowledged, reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from gateway.model.clock import Clock
from gateway.model.correction_making import higher_units, newest_step
from gateway.model.corrections import (
    NoticeState,
    OfficeNotice,
    OversightChange,
    OversightKind,
    Route,
)
from gateway.model.entry_history import Step, tell_history
from gateway.model.ids import EventId, RandomBytes, new_uuid7
from gateway.observability.logging import get_log
from gateway.operations.refusals import ActRefused
from gateway.operations.sentences import Sentence, clock_time
from gateway.storage.corrections_ports import OfficeNotices, Oversight, Sight
from gateway.storage.entry_reading import EntryReader
from gateway.storage.ports import Database, Feed, FeedEntry
from mappings.canonical.registration import EntryIdentity

TransactionT = TypeVar("TransactionT")

REMINDERS_A_TURN: Final = 200
ALL_STATES: Final = frozenset(NoticeState)
UNACKNOWLEDGED: Final = frozenset({NoticeState.OPEN, NoticeState.FETCHED})

log = get_log("operations.office_notices")


@dataclass(frozen=True, slots=True)
class NoticeStory:
    """A notice as the office and the journey show it."""

    notice_id: str
    event_id: EventId
    entry: EntryIdentity
    original_event_id: EventId | None
    made_by: str
    addressees: tuple[str, ...]
    route: str
    state: str
    why: Sentence
    made_at: datetime
    due_at: datetime
    is_overdue: bool
    acknowledged_late: bool
    legal_basis: str
    reminders: int
    fetched_at: datetime | None
    fetched_by: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledged_note: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """A client that reads an inbox."""

    name: str
    offices: frozenset[str] | None
    """Only these read through him; None: all whose notices he sees, because he speaks for them."""

    def takes(self, notice: OfficeNotice) -> bool:
        """Whether the office has the notice once he has read it."""
        is_theirs = self.offices is None or not self.offices.isdisjoint(notice.addressees)
        return notice.state is NoticeState.OPEN and is_theirs


@dataclass(frozen=True, slots=True)
class NoticeStores(Generic[TransactionT]):
    """Where notices are read and written."""

    database: Database[TransactionT]
    notices: OfficeNotices[TransactionT]
    oversight: Oversight[TransactionT]
    reader: EntryReader[TransactionT]
    feed: Feed[TransactionT]


@dataclass(frozen=True, slots=True)
class NoticeDesk(Generic[TransactionT]):
    """Reads, acknowledges, reminds."""

    stores: NoticeStores[TransactionT]
    clock: Clock
    random_bytes: RandomBytes
    remind_every: timedelta

    def fetch(
        self, sight: Sight, states: frozenset[NoticeState], reader: Reader | None
    ) -> tuple[Sequence[tuple[OfficeNotice, Step | None]], str | None]:
        """A page with what each change did; that a client of the office has read it is kept as proof."""
        now, stores = self.clock(), self.stores
        with stores.database.read() as transaction:
            found = stores.notices.list_page(transaction, replace(sight, limit=sight.limit + 1), states)
            page = found[: sight.limit]
            steps = [self._step(transaction, each) for each in page]
        unread = [] if reader is None else [each.notice_id for each in page if reader.takes(each)]
        if reader is not None and unread:
            page = self._mark_fetched(page, unread, reader.name, now)
        return list(zip(page, steps, strict=True)), page[-1].notice_id if len(found) > len(page) else None

    def get(self, notice_id: str, sight: Sight) -> tuple[OfficeNotice, Step | None]:
        """Raises `ActRefused` when there is none that the asker may see."""
        with self.stores.database.read() as transaction:
            notice = self._visible(transaction, notice_id, sight)
            return notice, self._step(transaction, notice)

    def acknowledge(self, notice_id: str, sight: Sight, who: str, note: str) -> OfficeNotice:
        """The office says that it has noted the change in its book; the first who says so stays.

        Raises:
            ActRefused: none that the asker may see, or acknowledged by somebody else.

        """
        now, stores = self.clock(), self.stores
        with stores.database.write() as transaction:
            self._visible(transaction, notice_id, sight)
            notice = stores.notices.find(transaction, notice_id, for_change=True)
            if notice is None:
                raise ActRefused("not_found")
            if notice.state is NoticeState.ACKNOWLEDGED:
                return _same(notice, who)
            done = replace(
                notice,
                state=NoticeState.ACKNOWLEDGED,
                fetched_at=notice.fetched_at or now,
                fetched_by=notice.fetched_by or who,
                acknowledged_at=now,
                acknowledged_by=who,
                acknowledged_note=note,
                next_reminder_at=None,
            )
            stores.notices.put(transaction, done)
            stores.feed.append(transaction, _entries(done, "office_notice.acknowledged", now))
        log.info("office_notice.acknowledged", notice_id=notice_id, client_id=who)
        return done

    def remind(self) -> int:
        """Tell again what nobody has acknowledged; past its time the higher office is told once."""
        now, stores = self.clock(), self.stores
        with stores.database.read() as transaction:
            due = stores.notices.list_due(transaction, now, REMINDERS_A_TURN)
        if not due:
            return 0
        with stores.database.write() as transaction:
            told = [self._remind(transaction, each.notice_id, now) for each in due]
            made = [each for each in told if each is not None]
            entries = [entry for each in made for entry in _entries(each, "office_notice.reminded", now)]
            stores.feed.append(transaction, entries)
        for each in made:
            log.warning("office_notice.reminded", notice_id=each.notice_id, count=each.reminders)
        return len(made)

    def _remind(self, transaction: TransactionT, notice_id: str, now: datetime) -> OfficeNotice | None:
        stores = self.stores
        notice = stores.notices.find(transaction, notice_id, for_change=True)
        if notice is None or notice.next_reminder_at is None or notice.next_reminder_at > now:
            return None  # another process was faster
        reminded = replace(notice, reminders=notice.reminders + 1, next_reminder_at=self._next(notice, now))
        stores.notices.put(transaction, reminded)
        if now >= notice.due_at:
            stores.oversight.insert(transaction, self._overdue(transaction, notice, now))
        return reminded

    def _next(self, notice: OfficeNotice, now: datetime) -> datetime:
        """Never past the due time without a word at it."""
        after = now + self.remind_every
        return min(after, notice.due_at) if now < notice.due_at else after

    def _overdue(self, transaction: TransactionT, notice: OfficeNotice, now: datetime) -> OversightChange:
        step = self._step(transaction, notice)
        units = [unit for code in notice.addressees for unit in higher_units(code, now, now)]
        return OversightChange(
            oversight_id=new_uuid7(now, self.random_bytes),
            kind=OversightKind.NOTICE_OVERDUE,
            event_id=notice.event_id,
            source=notice.notice_id,
            entry=notice.entry,
            authority_code=notice.addressees[0],
            units=tuple(dict.fromkeys(units)),
            made_at=now,
            made_by="gateway",
            reason=None,
            legal_basis=notice.legal_basis,
            changes=() if step is None else step.changes,
            detail={"notice_id": notice.notice_id, "due_at": notice.due_at.isoformat()},
        )

    def _mark_fetched(
        self, page: Sequence[OfficeNotice], unread: Sequence[str], reader: str, now: datetime
    ) -> list[OfficeNotice]:
        stores = self.stores
        fetched: dict[str, OfficeNotice] = {}
        with stores.database.write() as transaction:
            for notice_id in unread:
                notice = stores.notices.find(transaction, notice_id, for_change=True)
                if notice is not None and notice.state is NoticeState.OPEN:
                    notice = replace(notice, state=NoticeState.FETCHED, fetched_at=now, fetched_by=reader)
                    stores.notices.put(transaction, notice)
                if notice is not None:
                    fetched[notice_id] = notice
        return [fetched.get(each.notice_id, each) for each in page]

    def _visible(self, transaction: TransactionT, notice_id: str, sight: Sight) -> OfficeNotice:
        notice = self.stores.notices.find(transaction, notice_id)
        if notice is None:
            raise ActRefused("not_found")
        if sight.units is not None:
            units = self.stores.notices.units_of(transaction, notice_id)
            if units.isdisjoint(sight.units):
                raise ActRefused("not_found")
        return notice

    def _step(self, transaction: TransactionT, notice: OfficeNotice) -> Step | None:
        events = self.stores.reader.of_entry(transaction, notice.entry)
        return newest_step(tell_history(notice.entry, events), notice.event_id)


def tell_notice(notice: OfficeNotice, now: datetime) -> NoticeStory:
    """With a sentence why it waits."""
    return NoticeStory(
        notice_id=notice.notice_id,
        event_id=notice.event_id,
        entry=notice.entry,
        original_event_id=notice.original_event_id,
        made_by=notice.made_by,
        addressees=notice.addressees,
        route=notice.route.value,
        state=notice.state.value,
        why=_why(notice, now),
        made_at=notice.made_at,
        due_at=notice.due_at,
        is_overdue=notice.is_overdue(now),
        acknowledged_late=notice.acknowledged_at is not None and notice.acknowledged_at > notice.due_at,
        legal_basis=notice.legal_basis,
        reminders=notice.reminders,
        fetched_at=notice.fetched_at,
        fetched_by=notice.fetched_by,
        acknowledged_at=notice.acknowledged_at,
        acknowledged_by=notice.acknowledged_by,
        acknowledged_note=notice.acknowledged_note,
    )


def _why(notice: OfficeNotice, now: datetime) -> Sentence:
    offices = ", ".join(notice.addressees)
    if notice.state is NoticeState.ACKNOWLEDGED and notice.acknowledged_at is not None:
        at = clock_time(notice.acknowledged_at)
        return Sentence(
            f"Cơ quan {offices} đã xác nhận ghi vào sổ lúc {at}.",
            f"The office {offices} acknowledged at {at} that it noted the change.",
        )
    if notice.fetched_at is not None:
        at = clock_time(notice.fetched_at)
        found = Sentence(
            f"Cơ quan {offices} đã nhận lúc {at}, chưa xác nhận ghi vào sổ.",
            f"The office {offices} fetched it at {at} and has not acknowledged it yet.",
        )
    else:
        found = Sentence(
            f"Đang chờ cơ quan {offices} nhận thông báo.", f"Waits for the office {offices} to fetch it."
        )
    if notice.route is Route.FOREIGN_MINISTRY:
        found += Sentence("Chuyển qua Bộ Ngoại giao.", "It goes by way of the Ministry of Foreign Affairs.")
    if notice.is_overdue(now):
        found += Sentence(
            f"Quá hạn từ {clock_time(notice.due_at)}; đã nhắc {notice.reminders} lần.",
            f"Overdue since {clock_time(notice.due_at)}; reminded {notice.reminders} times.",
        )
    return found


def _same(notice: OfficeNotice, who: str) -> OfficeNotice:
    """The same office again is told that it has done so; another one, who was faster."""
    if notice.acknowledged_by != who:
        at = notice.acknowledged_at.isoformat() if notice.acknowledged_at else ""
        raise ActRefused("notice_acknowledged", by=notice.acknowledged_by, at=at)
    return notice


def _entries(notice: OfficeNotice, change: str, now: datetime) -> list[FeedEntry]:
    detail = {"authority_code": notice.made_by, "notice_id": notice.notice_id, "state": notice.state.value}
    known = dict.fromkeys((notice.original_event_id, notice.event_id))
    return [FeedEntry(each, change, None, detail, now) for each in known if each is not None]
