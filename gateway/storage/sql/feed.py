"""The change feed on SQL: one counter row, raised last in a transaction, makes positions follow commits."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from gateway.model.ids import DeliveryId, EventId
from gateway.storage.ports import FeedEntry, PositionedEntry
from gateway.storage.sql.tables import feed_entries, feed_head
from gateway.storage.stored_forms import mapping_from_text, mapping_to_text
from retry_queue.rank import microseconds
from retry_queue.sql.inserts import Inserts, Values

_RAISE = (
    update(feed_head)
    .where(feed_head.c.id == 1)
    .values(position=feed_head.c.position + bindparam("entries"))
    .returning(feed_head.c.position)
)
_APPEND = Inserts(feed_entries)


class SqlFeed:
    """Appends and lists."""

    def append(self, transaction: Connection, entries: Sequence[FeedEntry]) -> None:
        """The counter row stays locked until the commit: a later position can never become visible first."""
        if not entries:
            return
        last: int = transaction.execute(_RAISE, {"entries": len(entries)}).scalar_one()
        first = last - len(entries) + 1
        _APPEND.write(transaction, [_row(first + offset, entry) for offset, entry in enumerate(entries)])

    def list_after(self, transaction: Connection, position: int, limit: int) -> Sequence[PositionedEntry]:
        """In position order."""
        query = select(feed_entries).where(feed_entries.c.position > position)
        rows = transaction.execute(query.order_by(feed_entries.c.position).limit(limit))
        return [PositionedEntry(row.position, _entry(row)) for row in rows]

    def last_position(self, transaction: Connection) -> int:
        """0 when empty."""
        last = transaction.scalar(select(func.max(feed_entries.c.position)))
        return 0 if last is None else int(last)


def _row(position: int, entry: FeedEntry) -> Values:
    """In the order of the table's columns."""
    return (
        position,
        entry.event_id,
        entry.change,
        entry.delivery_id,
        _detail_to_text(tuple(entry.detail.items())),
        microseconds(entry.happened_at),
    )


@lru_cache(maxsize=512)
def _detail_to_text(detail: tuple[tuple[str, str], ...]) -> str:
    """Codes only, which come again and again."""
    return mapping_to_text(dict(detail))


def _entry(row: Row[Any]) -> FeedEntry:
    return FeedEntry(
        event_id=EventId(row.event_id),
        change=row.change,
        delivery_id=None if row.delivery_id is None else DeliveryId(row.delivery_id),
        detail=mapping_from_text(row.detail),
        happened_at=row.happened_at,
    )
