"""When the backlog of a lane will be done, how many jobs will miss, and from what instant on. Pure.

The future is played through: jobs that wait and jobs that are expected are served in the order of the
claims (live and in time, earliest due first; live and overdue; bulk), as fast as the lane is seen to drain.
With a drain of nothing the first breach is the due time of the earliest unfinished job.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import floor

from retry_queue.job import Lane, Track
from retry_queue.maintenance import Closure
from retry_queue.profile import DueCount
from retry_queue.states import State

STEPS = 1_440
"""Into how many steps the horizon is cut: minutes, for a horizon of a day."""
_ROUNDING = 1e-6
"""A tenth of a job a second, ten seconds long, is one job, whatever binary fractions make of it."""


class Assumption(StrEnum):
    """What a forecast rests on."""

    STAYS_DOWN = "stays_down"
    """The destination is down or stopped and is not expected back."""
    NOTHING_DRAINS = "nothing_drains"
    """There is work and none of it was finished lately."""
    DRAIN_OBSERVED = "drain_observed"
    """As fast as lately, when there was more work than could be done at once."""
    DRAIN_AT_LEAST = "drain_at_least"
    """Nothing has piled up lately, so its speed was never tried: its best minute, or the set capacity."""
    CLOSED_FOR_MAINTENANCE = "closed_for_maintenance"
    """Nothing is done in the announced windows."""
    ARRIVALS_OBSERVED = "arrivals_observed"
    """As many new jobs as lately, each due one promise after its arrival."""
    HELD_WAIT = "held_wait"
    """Held jobs stay where they are until a person acts; they are counted apart."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the future is expected to be like."""

    now: datetime
    horizon: timedelta
    promise: timedelta
    """A job that arrives later is due so long after its arrival."""
    drain_per_second: float
    """Jobs of both tracks together; 0 while the destination is down."""
    drain_basis: Assumption
    arrivals_per_second: Mapping[Track, float] = field(default_factory=dict)
    closed: tuple[Closure, ...] = ()
    """In order and apart from each other, as `maintenance.closures` gives them."""

    @property
    def until(self) -> datetime:
        """Nothing is said about what comes later."""
        return self.now + self.horizon


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected of one track of a lane, if the assumptions hold."""

    lane: Lane
    track: Track
    at: datetime
    until: datetime
    waiting: int
    """Unfinished jobs that are not held, overdue ones too."""
    breached: int
    """Of them overdue already."""
    misses: int
    """Of them still in time now, but not finished when they are due."""
    misses_to_come: int
    """Jobs expected to arrive that will miss."""
    first_breach_at: datetime | None
    """The due time of the first job that will miss; None when none will."""
    done_at: datetime | None
    """When nothing is left to do, new arrivals included; None when not before `until`."""
    held: int
    """They wait for a person; not part of the other counts."""
    held_first_due_at: datetime | None
    """The earliest due time among them that is still ahead."""
    drain_per_second: float
    arrivals_per_second: float
    assumptions: tuple[Assumption, ...]


def forecast_lane(lane: Lane, standing: Iterable[DueCount], conditions: Conditions) -> tuple[Forecast, ...]:
    """One forecast a track, live first; both are played through together, because bulk gives way."""
    counts = [each for each in standing if each.lane == lane]
    lines = {track: _Line(_moving(counts, track), conditions) for track in Track}
    _play(list(lines.values()), conditions)
    return tuple(_told(lane, track, line, counts, conditions) for track, line in lines.items())


def _moving(counts: Sequence[DueCount], track: Track) -> list[DueCount]:
    return [each for each in counts if each.track is track and each.state is not State.HELD]


class _Capacity:
    """How many jobs can have been finished by an instant."""

    def __init__(self, conditions: Conditions) -> None:
        self._rate = conditions.drain_per_second
        bounds = (_within(each, conditions) for each in conditions.closed)
        self._closed = [each for each in bounds if each[0] < each[1]]

    def by(self, second: float) -> int:
        """Whole jobs, from now on."""
        shut = sum(min(end, second) - begin for begin, end in self._closed if begin < second)
        return floor((second - shut) * self._rate + _ROUNDING)

    def when(self, jobs: int) -> float:
        """The second in which so many are finished."""
        if jobs == 0:
            return 0.0
        second = jobs / self._rate
        for begin, end in self._closed:
            if begin < second - _ROUNDING:
                second += end - begin
        return second


class _Line:
    """The jobs of one track: those in time by due second, those overdue by their number."""

    def __init__(self, moving: Sequence[DueCount], conditions: Conditions) -> None:
        now = conditions.now
        self._ahead = [
            ((each.due_at - now).total_seconds(), False, each.jobs) for each in moving if each.due_at >= now
        ]
        heapq.heapify(self._ahead)
        self.breached = sum(each.jobs for each in moving if each.due_at < now)
        self.waiting = sum(each.jobs for each in moving)
        self._late = self.breached
        self.missed = {False: 0, True: 0}
        """By whether the job is still to come."""
        self.first_breach: float | None = None
        self.done: float | None = None

    @property
    def dues(self) -> set[float]:
        """The seconds at which something becomes overdue."""
        return {due for due, _, _ in self._ahead}

    @property
    def is_empty(self) -> bool:
        """Nothing is left to do."""
        return not self._ahead and not self._late

    def serve(self, slots: int) -> int:
        """Finish so many jobs at most; says how many were not needed."""
        while slots and self._ahead:
            due, to_come, jobs = self._ahead[0]
            if jobs > slots:
                heapq.heapreplace(self._ahead, (due, to_come, jobs - slots))
                return 0
            heapq.heappop(self._ahead)
            slots -= jobs
        served = min(slots, self._late)
        self._late -= served
        return slots - served

    def expire(self, second: float) -> None:
        """What was due by then and is not finished has missed, and goes behind the others."""
        while self._ahead and self._ahead[0][0] <= second:
            due, to_come, jobs = heapq.heappop(self._ahead)
            self.missed[to_come] += jobs
            self._late += jobs
            if self.first_breach is None:
                self.first_breach = due

    def arrive(self, jobs: int, due: float) -> None:
        """New jobs."""
        if jobs:
            heapq.heappush(self._ahead, (due, True, jobs))


def _play(lines: Sequence[_Line], conditions: Conditions) -> None:
    """Step from instant to instant; between two of them nothing arrives and nothing becomes overdue."""
    capacity, promise = _Capacity(conditions), conditions.promise.total_seconds()
    rates = [conditions.arrivals_per_second.get(track, 0.0) for track in Track]
    arrived = [0] * len(lines)
    for line in lines:
        line.expire(0.0)
        if line.is_empty:
            line.done = 0.0
    for begin, end in pairwise(_instants(lines, conditions)):
        finished = capacity.by(begin)
        slots = capacity.by(end) - finished
        for line in lines:
            left = line.serve(slots)
            finished, slots = finished + slots - left, left
            line.expire(end)
            if line.is_empty and line.done is None:
                line.done = capacity.when(finished)
        for place, (line, rate) in enumerate(zip(lines, rates, strict=True)):
            so_far = floor(end * rate + _ROUNDING)
            line.arrive(so_far - arrived[place], end + promise)
            arrived[place] = so_far


def _instants(lines: Sequence[_Line], conditions: Conditions) -> list[float]:
    """Each step of the horizon, each due time, and the due times of what arrives at a step."""
    horizon, promise = conditions.horizon.total_seconds(), conditions.promise.total_seconds()
    steps = [horizon * number / STEPS for number in range(STEPS + 1)]
    dues = set[float]().union(*(line.dues for line in lines))
    if any(conditions.arrivals_per_second.values()):
        dues |= {step + promise for step in steps}
    return sorted({*steps, *(due for due in dues if 0 <= due <= horizon)})


def _told(
    lane: Lane, track: Track, line: _Line, counts: Sequence[DueCount], conditions: Conditions
) -> Forecast:
    held = [each for each in counts if each.track is track and each.state is State.HELD]
    ahead = [each.due_at for each in held if each.due_at >= conditions.now]
    arrivals = conditions.arrivals_per_second.get(track, 0.0)
    return Forecast(
        lane=lane,
        track=track,
        at=conditions.now,
        until=conditions.until,
        waiting=line.waiting,
        breached=line.breached,
        misses=line.missed[False],
        misses_to_come=line.missed[True],
        first_breach_at=_instant(conditions, line.first_breach),
        done_at=_instant(conditions, line.done),
        held=sum(each.jobs for each in held),
        held_first_due_at=min(ahead, default=None),
        drain_per_second=conditions.drain_per_second,
        arrivals_per_second=arrivals,
        assumptions=_assumptions(conditions, has_held=bool(held), has_arrivals=arrivals > 0),
    )


def _assumptions(conditions: Conditions, *, has_held: bool, has_arrivals: bool) -> tuple[Assumption, ...]:
    further = {
        Assumption.CLOSED_FOR_MAINTENANCE: bool(conditions.closed),
        Assumption.ARRIVALS_OBSERVED: has_arrivals,
        Assumption.HELD_WAIT: has_held,
    }
    return (conditions.drain_basis, *(each for each, applies in further.items() if applies))


def _instant(conditions: Conditions, second: float | None) -> datetime | None:
    return None if second is None else conditions.now + timedelta(seconds=second)


def _within(closed: Closure, conditions: Conditions) -> tuple[float, float]:
    """In seconds from now, cut to what lies ahead."""
    begin, end = ((instant - conditions.now).total_seconds() for instant in closed)
    return max(0.0, begin), max(0.0, end)
