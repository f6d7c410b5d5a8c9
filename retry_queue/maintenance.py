"""When a destination is closed for maintenance: windows as data, and the two questions asked of them. Pure.

A window is weekly (Sunday 22:00, 6 hours, in the destination's own zone) or once (from instant to instant).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from retry_queue.policy import BadPolicy

_WEEK = timedelta(days=7)
_JOINED_MAX = 1000


@dataclass(frozen=True, slots=True)
class Once:
    """Closed from an instant until another."""

    begins_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Raises `BadPolicy` naming the field."""
        if self.begins_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise BadPolicy("begins_at")
        if self.ends_at <= self.begins_at:
            raise BadPolicy("ends_at")


@dataclass(frozen=True, slots=True)
class Weekly:
    """Closed every week on these days; a window may run past midnight."""

    weekdays: frozenset[int]
    """0 is Monday, as `datetime.weekday` has it."""
    begins: time
    """By the clock on the wall of `zone`."""
    duration: timedelta
    zone: tzinfo

    def __post_init__(self) -> None:
        """Raises `BadPolicy` naming the field."""
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise BadPolicy("weekdays")
        if not timedelta() < self.duration < _WEEK:
            raise BadPolicy("duration")


MaintenanceWindow = Once | Weekly
Closure = tuple[datetime, datetime]
"""From an instant until another, in UTC."""


def closed_until(windows: Sequence[MaintenanceWindow], now: datetime) -> datetime | None:
    """The end of the closure that `now` lies in, windows that touch counting as one; None when it is open."""
    if not windows:
        return None
    until = now
    for _ in range(_JOINED_MAX):
        ends = [end for begin, end in _around(windows, until) if begin <= until < end]
        if not ends:
            break
        until = max(ends)
    return until if until > now else None


def closures(windows: Sequence[MaintenanceWindow], begin: datetime, end: datetime) -> Sequence[Closure]:
    """Every closure that overlaps the time from `begin` to `end`, joined and cut to it, in order."""
    found = sorted(each for window in windows for each in _overlapping(window, begin, end))
    joined: list[Closure] = []
    for since, until in found:
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((since, until))
    return [(max(since, begin), min(until, end)) for since, until in joined]


def _around(windows: Iterable[MaintenanceWindow], instant: datetime) -> Iterator[Closure]:
    for window in windows:
        yield from _overlapping(window, instant, instant + timedelta(microseconds=1))


def _overlapping(window: MaintenanceWindow, begin: datetime, end: datetime) -> Iterator[Closure]:
    if isinstance(window, Once):
        occurrences: Iterable[Closure] = [(window.begins_at.astimezone(UTC), window.ends_at.astimezone(UTC))]
    else:
        occurrences = _weeks(window, begin, end)
    return (each for each in occurrences if each[0] < end and each[1] > begin)


def _weeks(window: Weekly, begin: datetime, end: datetime) -> Iterator[Closure]:
    """From a week before, because a long window may have begun then."""
    day = (begin - _WEEK).astimezone(window.zone).date()
    last = end.astimezone(window.zone).date()
    while day <= last:
        if day.weekday() in window.weekdays:
            since = datetime.combine(day, window.begins, window.zone).astimezone(UTC)
            yield since, since + window.duration
        day += timedelta(days=1)
