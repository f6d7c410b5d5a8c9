"""Reading page by page from one's cursor misses nothing and repeats nothing."""

import pytest

from gateway.errors import CursorInvalid
from gateway.feed.cursor import cursor_of
from gateway.feed.read import FeedPage, read_page
from gateway.model.ids import EventId
from gateway.storage.memory.feed import MemoryFeed
from gateway.storage.ports import FeedEntry
from retry_queue.memory.transactions import MemoryTransactions
from tests.support.submissions import RECEIVED_AT


class Reader:
    """A feed with some entries, and one who reads it."""

    def __init__(self, entries: int) -> None:
        self.database, self.feed = MemoryTransactions(), MemoryFeed()
        self.append(*(f"e{number}" for number in range(entries)))

    def append(self, *names: str) -> None:
        entries = [FeedEntry(EventId(name), "event.accepted", None, {}, RECEIVED_AT) for name in names]
        with self.database.write() as transaction:
            self.feed.append(transaction, entries)

    def read(self, after: str | None, limit: int) -> FeedPage:
        with self.database.read() as transaction:
            return read_page(transaction, self.feed, after, limit)


def _names(page: FeedPage) -> list[str]:
    return [each.entry.event_id for each in page.entries]


def test_pages_follow_each_other_to_the_end() -> None:
    reader = Reader(5)
    first = reader.read(None, 2)
    second = reader.read(first.next_cursor, 2)
    third = reader.read(second.next_cursor, 2)
    assert [_names(page) for page in (first, second, third)] == [["e0", "e1"], ["e2", "e3"], ["e4"]]
    assert [page.has_more for page in (first, second, third)] == [True, True, False]


def test_at_the_end_the_cursor_stays_and_later_entries_come_behind_it() -> None:
    reader = Reader(2)
    end = reader.read(None, 2)
    assert not end.has_more
    nothing = reader.read(end.next_cursor, 2)
    assert (_names(nothing), nothing.next_cursor) == ([], end.next_cursor)
    reader.append("new")
    assert _names(reader.read(nothing.next_cursor, 2)) == ["new"]


def test_an_empty_feed_gives_a_cursor_to_come_back_with() -> None:
    reader = Reader(0)
    start = reader.read(None, 2)
    reader.append("first")
    assert _names(reader.read(start.next_cursor, 2)) == ["first"]


def test_a_cursor_of_a_database_that_has_come_further_is_refused() -> None:
    with pytest.raises(CursorInvalid):
        Reader(2).read(cursor_of(3), 2)
