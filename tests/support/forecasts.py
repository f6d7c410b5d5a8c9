"""Standings and conditions for tests of the forecast, and the slow way to find out the same."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from retry_queue.forecast import Assumption, Conditions
from retry_queue.job import Lane, Track
from retry_queue.profile import DueCount
from retry_queue.states import State

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEDGER = Lane("ledger")
PROMISE = timedelta(hours=12)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def due(seconds: float, jobs: int = 1, *, track: Track = Track.LIVE, state: State = State.QUEUED) -> DueCount:
    return DueCount(LEDGER, track, state, later(seconds), jobs)


def conditions(
    drain: float = 0.0,
    *,
    basis: Assumption = Assumption.DRAIN_OBSERVED,
    arrivals: Mapping[Track, float] | None = None,
    closed: Iterable[tuple[float, float]] = (),
    horizon: timedelta = timedelta(hours=24),
    promise: timedelta = PROMISE,
) -> Conditions:
    return Conditions(
        now=NOW,
        horizon=horizon,
        promise=promise,
        drain_per_second=drain,
        drain_basis=basis,
        arrivals_per_second=arrivals or {},
        closed=tuple((later(begin), later(end)) for begin, end in closed),
    )


class Played(NamedTuple):
    """What one job after the other comes to."""

    misses: int
    first_breach: float | None
    done: float | None


def play_one_by_one(dues: Iterable[int], seconds_a_job: int, horizon: int) -> Played:
    """Every so many seconds one job is finished: the earliest due that makes it, else an overdue one."""
    ahead, late = sorted(dues), [due for due in dues if due < 0]
    ahead = [due for due in ahead if due >= 0]
    misses, first_breach = 0, None
    for finish in range(seconds_a_job, horizon + 1, seconds_a_job):
        while ahead and ahead[0] < finish:
            missed = ahead.pop(0)
            misses, first_breach = misses + 1, missed if first_breach is None else first_breach
            late.append(missed)
        if ahead:
            ahead.pop(0)
        elif late:
            late.pop()
        if not ahead and not late:
            return Played(misses, first_breach, float(finish))
    return Played(misses, first_breach, None)
