"""Jobs and instants for tests of the queue: invoices, because the queue must not know what it carries."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from retry_queue.job import GateKey, JobId, Lane, NewJob, OrderingKey, Track

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LANE = Lane("ledger")
OTHER_LANE = Lane("archive")
LEASE_SECONDS = 60


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def bulk_job(name: str, party: str = "", *, keys: Iterable[str] = (), due_seconds: float = 3600) -> NewJob:
    return new_job(name, keys=keys, due_seconds=due_seconds, track=Track.BULK, party=party)


def new_job(
    name: str,
    *,
    keys: Iterable[str] = (),
    due_seconds: float = 3600,
    lane: Lane = LANE,
    gate: str | None = None,
    gate_opens_at: datetime | None = None,
    track: Track = Track.LIVE,
    party: str = "",
) -> NewJob:
    return NewJob(
        job_id=JobId(name),
        lane=lane,
        kind="invoice",
        due_at=after(due_seconds),
        keys=frozenset(OrderingKey(key) for key in keys),
        gate=None if gate is None else GateKey(gate),
        gate_opens_at=gate_opens_at,
        track=track,
        party=party,
    )
