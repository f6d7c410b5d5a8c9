"""The change feed in memory."""

from collections.abc import Sequence

from gateway.storage.ports import FeedEntry, PositionedEntry
from retry_queue.memory.transactions import MemoryTransaction


class MemoryFeed:
    """Appends and lists; there is one writer, so commit order is call order."""

    def __init__(self) -> None:
        self._entries: dict[int, FeedEntry] = {}

    def append(self, transaction: MemoryTransaction, entries: Sequence[FeedEntry]) -> None:
        """Positions follow without gaps."""
        for entry in entries:
            transaction.put(self._entries, len(self._entries) + 1, entry)

    def list_after(
        self, transaction: MemoryTransaction, position: int, limit: int
    ) -> Sequence[PositionedEntry]:
        """In position order."""
        transaction.require_open()
        last = min(len(self._entries), position + limit)
        return [PositionedEntry(place, self._entries[place]) for place in range(position + 1, last + 1)]

    def last_position(self, transaction: MemoryTransaction) -> int:
        """0 when empty."""
        transaction.require_open()
        return len(self._entries)
