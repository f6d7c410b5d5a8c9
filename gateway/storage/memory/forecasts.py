"""Counts of the queues and kept forecasts in memory."""

from collections.abc import Sequence
from datetime import datetime

from gateway.model.foresight import KeptForecast
from retry_queue.job import Lane, Track
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.observation import Sample


class MemoryForecasts:
    """The twin of the SQL store."""

    def __init__(self) -> None:
        self._samples: dict[tuple[datetime, Lane, Track], Sample] = {}
        self._kept: dict[tuple[Lane, Track, datetime], KeptForecast] = {}

    def add_samples(self, transaction: MemoryTransaction, samples: Sequence[Sample]) -> None:
        """Those of an instant that is there already are left as they are."""
        for each in samples:
            key = (each.at, each.lane, each.track)
            if key not in self._samples:
                transaction.put(self._samples, key, each)

    def list_samples(self, transaction: MemoryTransaction, since: datetime) -> Sequence[Sample]:
        """Of every lane and track, after that instant, oldest first."""
        transaction.require_open()
        return [self._samples[key] for key in sorted(self._samples) if key[0] > since]

    def delete_samples(self, transaction: MemoryTransaction, before: datetime) -> int:
        """Housekeeping; says how many."""
        old = [key for key in self._samples if key[0] < before]
        for key in old:
            transaction.drop(self._samples, key)
        return len(old)

    def keep(self, transaction: MemoryTransaction, kept: Sequence[KeptForecast]) -> None:
        """Insert; one that is there already stays as it is."""
        for each in kept:
            if _key(each) not in self._kept:
                transaction.put(self._kept, _key(each), each)

    def delete_kept(
        self, transaction: MemoryTransaction, lane: Lane, track: Track, before: datetime, limit: int
    ) -> int:
        """Housekeeping, the oldest first; says how many."""
        own = sorted(key for key in self._kept if key[:2] == (lane, track) and key[2] < before)
        for key in own[:limit]:
            transaction.drop(self._kept, key)
        return len(own[:limit])

    def settle(self, transaction: MemoryTransaction, learnt: Sequence[KeptForecast]) -> None:
        """Replace: something was learnt about them."""
        for each in learnt:
            transaction.put(self._kept, _key(each), each)

    def list_open(self, transaction: MemoryTransaction) -> Sequence[KeptForecast]:
        """Not settled yet, oldest first."""
        transaction.require_open()
        found = (each for each in self._kept.values() if each.settled_at is None)
        return sorted(found, key=lambda each: each.made_at)

    def list_settled(
        self, transaction: MemoryTransaction, lane: Lane, track: Track, limit: int
    ) -> Sequence[KeptForecast]:
        """Newest first."""
        transaction.require_open()
        own = (each for each in self._kept.values() if (each.lane, each.track) == (lane, track))
        settled = [each for each in own if each.settled_at is not None]
        return sorted(settled, key=lambda each: each.made_at, reverse=True)[:limit]


def _key(kept: KeptForecast) -> tuple[Lane, Track, datetime]:
    return kept.lane, kept.track, kept.made_at
