"""How a destination is paced at one moment: what the settings say, and what was learnt."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from retry_queue import window
from retry_queue.admission import Pacing, look_again_at
from retry_queue.maintenance import closed_until, closures
from retry_queue.store import BreakerState, LaneHealth

MAINTENANCE_AHEAD = timedelta(days=7)
"""So far ahead the windows of maintenance are told."""


@dataclass(frozen=True, slots=True)
class Closure:
    """A time in which nothing is sent."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """One destination."""

    destination: str
    breaker: BreakerState
    failures_in_row: int
    open_until: datetime | None
    hold_reason: str | None
    concurrency: int
    """Attempts at once that are allowed now."""
    concurrency_max: int
    """And when nothing speaks against them."""
    is_shared: bool
    """Of all processes together; otherwise of each of them until it is cut."""
    is_cut: bool
    live_reserve: int
    rate_per_second: float | None
    next_start_at: datetime | None
    """The rate limit's own instant."""
    closed_until: datetime | None
    """The end of the maintenance under way."""
    maintenance: tuple[Closure, ...]
    """Of the next seven days."""
    look_again_at: datetime | None
    """When time alone may let the next delivery through; none when nothing stops it, or only a person can."""


def pace_of(health: LaneHealth, pacing: Pacing, now: datetime) -> Pace:
    """Pure: what the settings say, and what was learnt."""
    ahead = closures(pacing.maintenance, now, now + MAINTENANCE_AHEAD)
    return Pace(
        destination=health.lane,
        breaker=health.breaker,
        failures_in_row=health.failures_in_row,
        open_until=health.open_until,
        hold_reason=health.hold_reason,
        concurrency=window.limit(health, pacing.window),
        concurrency_max=pacing.window.ceiling,
        is_shared=pacing.is_shared,
        is_cut=health.window is not None,
        live_reserve=pacing.live_reserve,
        rate_per_second=None if pacing.rate is None else pacing.rate.per_second,
        next_start_at=health.next_start_at,
        closed_until=closed_until(pacing.maintenance, now),
        maintenance=tuple(Closure(begin, end) for begin, end in ahead),
        look_again_at=look_again_at(health, pacing, now),
    )
