"""How fast a lane drains and how much arrives, read from samples of its counts. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from retry_queue.forecast import Assumption
from retry_queue.job import Lane, Track


@dataclass(frozen=True, slots=True)
class Sample:
    """What one track of a lane held at an instant, and what had happened since the sample before."""

    lane: Lane
    track: Track
    at: datetime
    seconds: float
    """Since the sample before; 0 for the first."""
    up_to_sequence: int
    """The last number that had been given to a job."""
    ready: int
    """Jobs that a worker could have taken."""
    unfinished: int
    enqueued: int
    finished: int


@dataclass(frozen=True, slots=True)
class Windows:
    """How far back one looks, and what is believed of a lane that was never tried."""

    short_seconds: float
    long_seconds: float
    capacity_per_second: float


@dataclass(frozen=True, slots=True)
class Rates:
    """What was observed."""

    drain_per_second: float
    basis: Assumption
    arrivals_per_second: Mapping[Track, float]


@dataclass(frozen=True, slots=True)
class _Interval:
    """Both tracks together, from one sample to the next."""

    seconds: float
    finished: int
    was_busy: bool
    """Work was ready at both ends: what was finished is what could be finished."""


def next_sample(before: Sample | None, now: Sample) -> Sample:
    """What was finished follows from what was there, what came, and what is left."""
    if before is None:
        return now
    finished = max(0, before.unfinished + now.enqueued - now.unfinished)
    return Sample(
        lane=now.lane,
        track=now.track,
        at=now.at,
        seconds=(now.at - before.at).total_seconds(),
        up_to_sequence=now.up_to_sequence,
        ready=now.ready,
        unfinished=now.unfinished,
        enqueued=now.enqueued,
        finished=finished,
    )


def observe(
    samples: Iterable[Sample], now: datetime, windows: Windows, *, is_down: bool, is_failing: bool
) -> Rates:
    """Of one lane. `is_down`: breaker not closed, or stopped; `is_failing`: its last attempts failed."""
    long_ago = now - timedelta(seconds=windows.long_seconds)
    recent = sorted((each for each in samples if each.at > long_ago), key=lambda each: each.at)
    drain, basis = _drain(recent, now, windows, is_down=is_down, is_failing=is_failing)
    return Rates(drain, basis, {track: _arrivals(recent, track) for track in Track})


def _drain(
    recent: Sequence[Sample], now: datetime, windows: Windows, *, is_down: bool, is_failing: bool
) -> tuple[float, Assumption]:
    if is_down:
        return 0.0, Assumption.STAYS_DOWN
    intervals = _intervals(recent)
    lately = now - timedelta(seconds=windows.short_seconds)
    busy = [each for at, each in intervals if each.was_busy and at > lately]
    if is_failing and intervals and intervals[-1][1].finished == 0:
        return 0.0, Assumption.NOTHING_DRAINS
    if busy:
        drain = sum(each.finished for each in busy) / sum(each.seconds for each in busy)
        return drain, Assumption.DRAIN_OBSERVED if drain else Assumption.NOTHING_DRAINS
    best = max((each.finished / each.seconds for _, each in intervals), default=0.0)
    return max(best, windows.capacity_per_second), Assumption.DRAIN_AT_LEAST


def _intervals(recent: Sequence[Sample]) -> list[tuple[datetime, _Interval]]:
    found: list[tuple[datetime, _Interval]] = []
    ready_before: int | None = None
    for at, group in groupby(recent, key=lambda each: each.at):
        both = list(group)
        seconds, ready = both[0].seconds, sum(each.ready for each in both)
        if seconds > 0:
            was_busy = bool(ready_before) and ready > 0
            found.append((at, _Interval(seconds, sum(each.finished for each in both), was_busy)))
        ready_before = ready
    return found


def _arrivals(recent: Sequence[Sample], track: Track) -> float:
    own = [each for each in recent if each.track is track and each.seconds > 0]
    seconds = sum(each.seconds for each in own)
    return sum(each.enqueued for each in own) / seconds if seconds else 0.0
