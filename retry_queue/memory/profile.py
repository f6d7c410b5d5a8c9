"""Counts for forecasts, over the jobs in memory."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from retry_queue.job import Lane, Track
from retry_queue.memory.ledger import Ledger
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.profile import BUCKET_SECONDS, DueCount, Enqueued
from retry_queue.rank import microseconds
from retry_queue.states import State


class MemoryProfile:
    """The forecast's part of the port."""

    _ledger: Ledger

    def due_profile(self, transaction: MemoryTransaction) -> Sequence[DueCount]:
        """Unfinished jobs by lane, track, state and minute of their due time."""
        transaction.require_open()
        groups: defaultdict[tuple[Lane, Track, State, int], list[datetime]] = defaultdict(list)
        for job in self._ledger.jobs.values():
            if not job.state.is_final:
                bucket = microseconds(job.due_at) // (BUCKET_SECONDS * 1_000_000)
                groups[job.lane, job.track, job.state, bucket].append(job.due_at)
        return [
            DueCount(lane, track, state, min(dues), len(dues))
            for (lane, track, state, _), dues in sorted(groups.items())
        ]

    def count_enqueued(self, transaction: MemoryTransaction, after: int) -> Enqueued:
        """Jobs with a number after the given one."""
        transaction.require_open()
        jobs = self._ledger.jobs
        new = Counter((job.lane, job.track) for job in jobs.values() if job.sequence > after)
        return Enqueued(max(jobs, default=0), dict(new))
