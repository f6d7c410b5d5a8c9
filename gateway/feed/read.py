"""Reading the change feed page by page: whoever keeps the cursor misses nothing."""

from dataclasses import dataclass
from typing import TypeVar

from gateway.errors import CursorInvalid
from gateway.feed.cursor import cursor_of, position_of
from gateway.storage.ports import Feed, PositionedEntry

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some entries, and where to go on."""

    entries: tuple[PositionedEntry, ...]
    next_cursor: str
    """Stays valid for ever; with no entries it is the one that was asked with."""
    has_more: bool


def read_page(transaction: TransactionT, feed: Feed[TransactionT], after: str | None, limit: int) -> FeedPage:
    """The entries behind a cursor, from the beginning without one.

    Raises:
        CursorInvalid: not a cursor of ours, or of another database, that has come further.

    """
    position = 0 if after is None else position_of(after)
    found = feed.list_after(transaction, position, limit + 1)
    if not found and position > feed.last_position(transaction):
        raise CursorInvalid(reason="ahead_of_feed")
    entries = tuple(found[:limit])
    last = entries[-1].position if entries else position
    return FeedPage(entries, cursor_of(last), has_more=len(found) > limit)
