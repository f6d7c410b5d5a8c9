"""How much a worker may take from a lane now: hold, breaker, window, rate, maintenance, live reserve. Pure.

Everything that several processes must agree on stands in `LaneHealth`; nothing here remembers anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from retry_queue import breaker, rate, window
from retry_queue.breaker import Admission, BreakerSettings
from retry_queue.job import Track
from retry_queue.maintenance import MaintenanceWindow, closed_until
from retry_queue.policy import BadPolicy
from retry_queue.rate import RateLimit
from retry_queue.store import Appetite, BreakerState, LaneHealth
from retry_queue.verdict import Decision, Strain, usual_strain
from retry_queue.window import WindowSettings

NOTHING = Appetite(0, 0)


@dataclass(frozen=True, slots=True)
class Pacing:
    """What a destination bears, as far as it is known beforehand."""

    window: WindowSettings
    is_shared: bool = False
    """The ceiling holds for all processes together; otherwise for each of them until the window is cut."""
    live_reserve: int = 1
    """So many of the attempts at once are never taken by bulk work, as long as there are more than that."""
    rate: RateLimit | None = None
    maintenance: tuple[MaintenanceWindow, ...] = ()
    breaker: BreakerSettings = BreakerSettings()  # noqa: RUF009 - a frozen value

    def __post_init__(self) -> None:
        """Raises `BadPolicy` naming the field."""
        if self.live_reserve < 0:
            raise BadPolicy("live_reserve")


class Look(Enum):
    """What must be known before anything can be claimed."""

    NOTHING = auto()
    """Nothing goes; claiming would be in vain."""
    FREE = auto()
    """No limit is in force but that of the process itself."""
    LIMITED = auto()
    """A limit that processes share: lock the lane and count what is leased."""
    PROBE = auto()
    """The breaker is not closed: besides, the nearest due time decides."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known when a worker asks for work."""

    health: LaneHealth
    leased: Mapping[Track, int]
    """What is under way already."""
    nearest_due_at: datetime | None = None
    """Of a live job that could go; needed only while the breaker is not closed."""


def look(health: LaneHealth, pacing: Pacing, now: datetime) -> Look:
    """The cheap question that comes first."""
    if health.hold_reason is not None or closed_until(pacing.maintenance, now) is not None:
        return Look.NOTHING
    if pacing.rate is not None and rate.startable(pacing.rate, health.next_start_at, now) == 0:
        return Look.NOTHING
    if health.breaker is not BreakerState.CLOSED:
        return _look_at_breaker(health, pacing, now)
    is_limited = pacing.is_shared or health.window is not None or pacing.rate is not None
    return Look.LIMITED if is_limited else Look.FREE


def appetite(scene: Scene, wanted: int, pacing: Pacing, now: datetime, each: int = 1) -> Appetite:
    """At most `wanted` jobs, with the lane locked where `look` said that a limit is shared.

    `each` is how many jobs an attempt's thread takes at once, to be worked off one after another; where a
    limit is shared, what lies in reserve counts as under way.
    """
    health = scene.health
    seen = look(health, pacing, now)
    if seen is Look.NOTHING:
        return NOTHING
    if seen is Look.PROBE:
        return _probe(scene, pacing.breaker, now)
    jobs = wanted
    if pacing.rate is not None:
        jobs = min(jobs, rate.startable(pacing.rate, health.next_start_at, now))
    most = window.limit(health, pacing.window)
    bulk_most = max(1, (most - pacing.live_reserve) * (1 if seen is Look.LIMITED else each))
    if seen is Look.LIMITED:
        jobs = min(jobs, most - sum(scene.leased.values()))
    if jobs <= 0:
        return NOTHING
    return Appetite(jobs, max(0, min(jobs, bulk_most - scene.leased.get(Track.BULK, 0))))


def surplus(health: LaneHealth, under_way: int, pacing: Pacing, now: datetime) -> int:
    """How many of what was claimed before this was known may not go any more, as far as not begun.

    What has begun under a rate limit has been paid for; a window that was cut keeps what fits into it.
    """
    if health.hold_reason is not None or closed_until(pacing.maintenance, now) is not None:
        return under_way
    if health.breaker is not BreakerState.CLOSED:
        return under_way
    return 0 if health.window is None else max(0, under_way - window.limit(health, pacing.window))


def claimed(health: LaneHealth, jobs: int, pacing: Pacing, now: datetime) -> LaneHealth:
    """After so many were leased; equal to what it was when there is nothing to remember."""
    if jobs == 0:
        return health
    after = health
    if pacing.rate is not None:
        after = replace(after, next_start_at=rate.started(pacing.rate, health.next_start_at, now, jobs))
    if health.breaker is not BreakerState.CLOSED:
        after = breaker.probing(after, now, pacing.breaker)
    return after


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one attempt teaches about the lane."""

    decision: Decision
    started_at: datetime
    now: datetime


def learnt(health: LaneHealth, lesson: Lesson, pacing: Pacing) -> LaneHealth:
    """After an attempt; equal to what it was when nothing was learnt."""
    after = breaker.learnt(health, lesson.decision, lesson.now, pacing.breaker)
    if after.breaker is BreakerState.OPEN and after.failures_in_row > 0:
        return window.shut(after, lesson.now, pacing.window)
    return window.learnt(after, _strain(lesson, pacing.window), lesson.started_at, lesson.now, pacing.window)


def look_again_at(health: LaneHealth, pacing: Pacing, now: datetime) -> datetime | None:
    """From when on it is worth while to ask again, if only time is missing; None if that is not known."""
    if health.hold_reason is not None:
        return None
    closed = closed_until(pacing.maintenance, now)
    if closed is not None:
        return closed
    if pacing.rate is not None and rate.startable(pacing.rate, health.next_start_at, now) == 0:
        return rate.next_free_at(pacing.rate, health.next_start_at, now)
    return health.open_until if health.breaker is not BreakerState.CLOSED else None


def _look_at_breaker(health: LaneHealth, pacing: Pacing, now: datetime) -> Look:
    if breaker.admission(health, now) is Admission.ONE_PROBE:
        return Look.PROBE
    return Look.PROBE if breaker.may_probe_early(health, now, pacing.breaker) else Look.NOTHING


def _probe(scene: Scene, settings: BreakerSettings, now: datetime) -> Appetite:
    """One job at most: the nearest its deadline, of whatever track if there is no live one."""
    if breaker.admission(scene.health, now) is Admission.ONE_PROBE:
        return Appetite(1, 1)
    is_chance = breaker.is_last_chance(scene.nearest_due_at, now, settings)
    has_room = sum(scene.leased.values()) < settings.probes_max
    return Appetite(1, 0) if is_chance and has_room else NOTHING


def _strain(lesson: Lesson, settings: WindowSettings) -> Strain:
    """An attempt that was answered slowly, or not in time, speaks against more of them."""
    decision = lesson.decision
    told = (
        decision.strain if decision.strain is not None else usual_strain(decision.health, decision.not_before)
    )
    is_slow = lesson.now - lesson.started_at > timedelta(seconds=settings.slow_seconds)
    return Strain.OVERLOADED if told is not Strain.NONE and is_slow else told
