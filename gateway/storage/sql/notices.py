"""Steps up the ladder, notices and their sendings on SQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    union_all,
    update,
)

from gateway.model.foresight import (
    Channel,
    Crossing,
    Mark,
    Notice,
    NoticeId,
    Sending,
    SendingState,
    ToldNotice,
    Untold,
)
from gateway.model.ids import DeliveryId
from gateway.storage.sql.foresight_tables import escalation_marks, notice_sendings, notices
from gateway.storage.sql.statements import insert_missing
from retry_queue.job import Track
from retry_queue.sql.profile import UNFINISHED
from retry_queue.sql.rows import batches
from retry_queue.states import FINAL
from retry_queue.tables import queue_jobs

_LOCK_NUMBER: Final = 4_807_260_129
"""Names the ladder among the advisory locks of a PostgreSQL database."""
_IS_FINAL = queue_jobs.c.state.in_(sorted(state.value for state in FINAL))


class SqlNotices:
    """The ladder is compared with the queue in the database: what is recorded is never read again."""

    def lock(self, transaction: Connection) -> None:
        """SQLite has one writer anyway."""
        if transaction.dialect.name == "postgresql":
            transaction.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})

    def list_crossings(
        self, transaction: Connection, due_until: Mapping[int, datetime], planned_until: datetime, limit: int
    ) -> Sequence[Crossing]:
        """Unfinished live deliveries that stand past a rung that is not recorded for them."""
        unfinished = (_crossing(condition, due_until, planned_until) for condition in UNFINISHED)
        rows = list(transaction.execute(union_all(*unfinished).limit(limit)))
        reached: dict[str, set[int]] = {}
        for mark in self.marks_of(transaction, [DeliveryId(row.job_id) for row in rows]):
            reached.setdefault(mark.delivery_id, set()).add(mark.percent)
        return [
            Crossing(DeliveryId(row.job_id), row.lane, row.due_at, frozenset(reached.get(row.job_id, ())))
            for row in rows
        ]

    def add_marks(self, transaction: Connection, marks: Sequence[Mark]) -> Sequence[Mark]:
        """Write those that are new; say which were written."""
        written: list[Mark] = []
        for some in _by_percent(marks):
            column = escalation_marks.c.delivery_id
            rows = [asdict(mark) for mark in some]
            new = insert_missing(transaction, escalation_marks, rows, ("delivery_id", "percent"), column)
            written += [mark for mark in some if mark.delivery_id in new]
        return written

    def marks_of(self, transaction: Connection, delivery_ids: Iterable[DeliveryId]) -> Sequence[Mark]:
        """In the order of the rungs."""
        table = escalation_marks.c
        return [
            _mark(row)
            for some in batches(delivery_ids)
            for row in transaction.execute(
                select(escalation_marks)
                .where(table.delivery_id.in_(some))
                .order_by(table.delivery_id, table.percent)
            )
        ]

    def list_untold(self, transaction: Connection) -> Sequence[Untold]:
        """By destination and rung."""
        table, unfinished = escalation_marks.c, case((_IS_FINAL, None), else_=escalation_marks.c.delivery_id)
        query = (
            select(
                table.destination,
                table.told_as,
                func.count(table.delivery_id.distinct()).label("deliveries"),
                func.count(unfinished.distinct()).label("unfinished"),
            )
            .join(queue_jobs, queue_jobs.c.job_id == table.delivery_id)
            .where(table.notice_id.is_(None))
            .group_by(table.destination, table.told_as)
            .order_by(table.destination, table.told_as)
        )
        return [self._untold(transaction, row) for row in transaction.execute(query).all()]

    def list_untold_ids(
        self, transaction: Connection, destination: str, percent: int
    ) -> Sequence[DeliveryId]:
        """Of this destination, to be told as this rung."""
        column = escalation_marks.c.delivery_id
        query = select(column).distinct().where(*_untold_of(destination, percent)).order_by(column)
        return [DeliveryId(each) for each in transaction.execute(query).scalars()]

    def tell_with(self, transaction: Connection, notice: Notice, delivery_ids: Iterable[DeliveryId]) -> None:
        """What is untold of these deliveries at the notice's destination and rung belongs to it."""
        untold = _untold_of(notice.destination, notice.percent)
        for some in batches(delivery_ids):
            told = update(escalation_marks).where(escalation_marks.c.delivery_id.in_(some), *untold)
            transaction.execute(told.values(notice_id=notice.notice_id))

    def last_made(self, transaction: Connection) -> Mapping[tuple[str, int], datetime]:
        """By destination and rung: when the newest notice was made."""
        table = notices.c
        newest = select(table.destination, table.percent, func.max(table.made_at).label("made_at"))
        rows = transaction.execute(newest.group_by(table.destination, table.percent))
        return {(row.destination, row.percent): row.made_at for row in rows}

    def insert(self, transaction: Connection, notice: Notice, sendings: Sequence[Sending]) -> None:
        """A notice with everybody it goes to."""
        transaction.execute(insert(notices).values(asdict(notice)))
        if sendings:
            transaction.execute(insert(notice_sendings), [_sending_row(each) for each in sendings])

    def claim_due(
        self, transaction: Connection, now: datetime, again_at: datetime, limit: int
    ) -> Sequence[tuple[Notice, Sending]]:
        """Sendings whose turn has come; nobody else gets them before `again_at`."""
        table = notice_sendings.c
        due = (
            select(notice_sendings)
            .where(text("notice_sendings.state = 'pending'"), table.next_attempt_at <= now)
            .order_by(table.next_attempt_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claimed = [
            replace(_sending(row), attempts=row.attempts + 1, next_attempt_at=again_at, last_attempt_at=now)
            for row in transaction.execute(due)
        ]
        for sending in claimed:
            self.finish(transaction, sending)
        told = self.find_all(transaction, {each.notice_id for each in claimed})
        return [(told[each.notice_id].notice, each) for each in claimed]

    def finish(self, transaction: Connection, sending: Sending) -> None:
        """What came of an attempt."""
        table = notice_sendings.c
        same = (table.notice_id == sending.notice_id, table.number == sending.number)
        transaction.execute(update(notice_sendings).where(*same).values(_sending_row(sending)))

    def list_after(self, transaction: Connection, position: int, limit: int) -> Sequence[ToldNotice]:
        """In the order they were made."""
        page = select(notices).where(notices.c.position > position).order_by(notices.c.position).limit(limit)
        return self._told(transaction, transaction.execute(page).all())

    def find_all(
        self, transaction: Connection, notice_ids: Iterable[NoticeId]
    ) -> Mapping[NoticeId, ToldNotice]:
        """Those that exist."""
        rows = [
            row
            for some in batches(notice_ids)
            for row in transaction.execute(select(notices).where(notices.c.notice_id.in_(some)))
        ]
        return {each.notice.notice_id: each for each in self._told(transaction, rows)}

    def _untold(self, transaction: Connection, row: Row[Any]) -> Untold:
        worst = (
            select(queue_jobs.c.job_id, queue_jobs.c.due_at)
            .join(escalation_marks, escalation_marks.c.delivery_id == queue_jobs.c.job_id)
            .where(*_untold_of(row.destination, row.told_as), ~_IS_FINAL)
            .order_by(queue_jobs.c.due_at, queue_jobs.c.sequence)
            .limit(1)
        )
        found = transaction.execute(worst).one_or_none()
        return Untold(
            destination=row.destination,
            percent=row.told_as,
            deliveries=row.deliveries,
            unfinished=row.unfinished,
            worst_delivery_id=None if found is None else DeliveryId(found.job_id),
            worst_due_at=None if found is None else found.due_at,
        )

    def _told(self, transaction: Connection, rows: Sequence[Row[Any]]) -> Sequence[ToldNotice]:
        table = notice_sendings.c
        sendings: dict[str, list[Sending]] = {row.notice_id: [] for row in rows}
        for some in batches(sendings):
            query = select(notice_sendings).where(table.notice_id.in_(some))
            for each in transaction.execute(query.order_by(table.notice_id, table.number)):
                sendings[each.notice_id].append(_sending(each))
        return [ToldNotice(row.position, _notice(row), tuple(sendings[row.notice_id])) for row in rows]


def _crossing(
    unfinished: ColumnElement[bool], due_until: Mapping[int, datetime], planned_until: datetime
) -> Select[*tuple[Any, ...]]:
    jobs = queue_jobs.c
    past = (and_(jobs.due_at <= instant, ~_marked(percent)) for percent, instant in due_until.items())
    return select(jobs.job_id, jobs.lane, jobs.due_at).where(
        unfinished, jobs.track == Track.LIVE.value, jobs.enqueued_at <= planned_until, or_(*past)
    )


def _marked(percent: int) -> ColumnElement[bool]:
    table = escalation_marks.c
    return exists().where(table.delivery_id == queue_jobs.c.job_id, table.percent == percent)


def _untold_of(destination: str, percent: int) -> tuple[ColumnElement[bool], ...]:
    table = escalation_marks.c
    return tuple_(table.destination, table.told_as) == (destination, percent), table.notice_id.is_(None)


def _by_percent(marks: Sequence[Mark]) -> Iterable[Sequence[Mark]]:
    """So that a delivery stands in one statement once."""
    for percent in sorted({mark.percent for mark in marks}):
        yield from batches(mark for mark in marks if mark.percent == percent)


def _mark(row: Row[Any]) -> Mark:
    return Mark(
        delivery_id=DeliveryId(row.delivery_id),
        destination=row.destination,
        percent=row.percent,
        told_as=row.told_as,
        crossed_at=row.crossed_at,
        recorded_at=row.recorded_at,
        notice_id=None if row.notice_id is None else NoticeId(row.notice_id),
    )


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        notice_id=NoticeId(row.notice_id),
        destination=row.destination,
        percent=row.percent,
        made_at=row.made_at,
        deliveries=row.deliveries,
        worst_delivery_id=DeliveryId(row.worst_delivery_id),
        worst_due_at=row.worst_due_at,
        first_breach_at=row.first_breach_at,
        text_vi=row.text_vi,
        text_en=row.text_en,
    )


def _sending_row(sending: Sending) -> dict[str, object]:
    return {**asdict(sending), "channel": sending.channel.value, "state": sending.state.value}


def _sending(row: Row[Any]) -> Sending:
    return Sending(
        notice_id=NoticeId(row.notice_id),
        number=row.number,
        role=row.role,
        channel=Channel(row.channel),
        address=row.address,
        state=SendingState(row.state),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        last_attempt_at=row.last_attempt_at,
        accepted_at=row.accepted_at,
        answer=row.answer,
    )
