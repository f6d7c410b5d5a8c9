"""How many may begin now under a rate limit (GCRA): one instant per lane is all that is remembered. Pure.

The generic cell rate algorithm: `next_start_at` runs ahead of the clock by the time that what was begun has
used up; when it is a whole burst ahead, nothing more may begin.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from retry_queue.policy import BadPolicy


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many attempts a second, and so many at once after a pause."""

    per_second: float
    burst: int = 1

    def __post_init__(self) -> None:
        """Raises `BadPolicy` naming the field."""
        if self.per_second <= 0:
            raise BadPolicy("per_second")
        if self.burst < 1:
            raise BadPolicy("burst")

    @property
    def interval(self) -> timedelta:
        """The time that one attempt uses up."""
        return timedelta(seconds=1 / self.per_second)


def startable(limit: RateLimit, next_start_at: datetime | None, now: datetime) -> int:
    """How many may begin at this moment."""
    ahead = _from(next_start_at, now, limit) - now
    return max(0, int((limit.interval * limit.burst - ahead) / limit.interval + _ROUNDING))


def started(limit: RateLimit, next_start_at: datetime | None, now: datetime, count: int) -> datetime:
    """What to remember after so many have begun."""
    return _from(next_start_at, now, limit) + limit.interval * count


def next_free_at(limit: RateLimit, next_start_at: datetime | None, now: datetime) -> datetime:
    """When at least one may begin; `now` if one may already."""
    return max(now, _from(next_start_at, now, limit) - limit.interval * (limit.burst - 1))


_ROUNDING = 1e-6
"""Instants are whole microseconds: an interval that is no whole number of them must not cost a turn."""


def _from(next_start_at: datetime | None, now: datetime, limit: RateLimit) -> datetime:
    """Unused time is not saved up; a clock that was set back does not stop the lane for long."""
    if next_start_at is None or next_start_at < now:
        return now
    return min(next_start_at, now + limit.interval * limit.burst)
