"""The leases that this process holds, so that a heart-beat can keep them and bulk work can be counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from threading import Lock

from retry_queue.job import Lease, Track


@dataclass(slots=True)
class _Held:
    lease: Lease
    since: datetime
    until: datetime
    seen_at: float = -inf
    """A monotonic instant at which the storage said that it is ours, not counting the claim itself."""


class UnderWay:
    """Shared by the threads of a lane."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[int, _Held] = {}

    def add(self, leases: Iterable[Lease], now: datetime, until: datetime) -> None:
        """Just claimed."""
        with self._lock:
            self._held |= {lease.job.sequence: _Held(lease, now, until) for lease in leases}

    def all(self) -> Sequence[Lease]:
        """Every lease of this process."""
        with self._lock:
            return [held.lease for held in self._held.values()]

    def seen(self, leases: Iterable[Lease], at: float) -> None:
        """The storage said then, by a monotonic clock, that these are ours."""
        with self._lock:
            for held in self._still_held(leases):
                held.seen_at = at

    def was_seen(self, lease: Lease, since: float) -> bool:
        """Whether the storage has said so since then."""
        with self._lock:
            held = self._held.get(lease.job.sequence)
            return held is not None and held.seen_at >= since

    def drop(self, leases: Iterable[Lease]) -> None:
        """Ended, given back, or lost; a later lease of the same job stays."""
        with self._lock:
            for held in self._still_held(leases):
                del self._held[held.lease.job.sequence]

    def extended(self, leases: Iterable[Lease], until: datetime) -> None:
        """The storage knows that these are kept so long."""
        with self._lock:
            for held in self._still_held(leases):
                held.until = until

    def ending(self, before: datetime, begun_after: datetime) -> Sequence[Lease]:
        """Leases that end before an instant, of attempts that are not stuck."""
        with self._lock:
            return [
                held.lease for held in self._held.values() if held.until < before and held.since > begun_after
            ]

    def short_ones(self, leases: Iterable[Lease], now: datetime, least: timedelta) -> Sequence[Lease]:
        """Those with less than that left; a lease that is not known here counts by its own time."""
        with self._lock:
            return [lease for lease in leases if self._is_short(lease, now, least)]

    def is_kept(self, lease: Lease, now: datetime) -> bool:
        """Whether the lease is still ours, as far as this process knows."""
        with self._lock:
            held = self._held.get(lease.job.sequence)
            return held is not None and held.lease.job.fence == lease.job.fence and held.until > now

    def _still_held(self, leases: Iterable[Lease]) -> Iterator[_Held]:
        """Not those of a job that was claimed again."""
        for lease in leases:
            held = self._held.get(lease.job.sequence)
            if held is not None and held.lease.job.fence == lease.job.fence:
                yield held

    def _is_short(self, lease: Lease, now: datetime, least: timedelta) -> bool:
        held = self._held.get(lease.job.sequence)
        until = held.until if held is not None else lease.job.lease_until
        return until is None or until - now < least

    def by_track(self) -> Mapping[Track, int]:
        """How many of each."""
        with self._lock:
            return Counter(held.lease.job.track for held in self._held.values())
