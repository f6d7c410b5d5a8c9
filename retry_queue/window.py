"""How many attempts a destination bears at once, found out from its answers. Pure.

As TCP does it, counted in attempts: each round trip that went well adds one (doubles while far below what was
once borne: slow start), each that went badly halves. A widening is judged only by attempts that began after
the change before it, a cut only by attempts that began after the cut before it; so there is one change per
round trip, however many attempts tell the same.

Badly went a round trip with one sign of overload (busy, asked to wait, slow, timed out), or one in which so
many of the last answers failed that chance does not explain it: five of twenty. A destination at which one
attempt in twenty fails is cut about once in fifteen hundred answers, one at which one in a hundred fails
hardly ever, one at which half of them fail after ten; five failures in a row open the breaker.

`window is None` means that nothing is known against the ceiling; it is the state of health. While none of
the last answers failed, nothing is counted and so nothing is written.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from retry_queue.policy import BadPolicy
from retry_queue.store import LaneHealth
from retry_queue.verdict import Strain

_BITS_MAX = 31
"""The last answers are the bits of a number that fits into a column of four bytes."""


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """How quickly the window opens and closes."""

    ceiling: int = 8
    """Most attempts at once."""
    added: float = 1.0
    """Attempts more after each round trip that went well."""
    factor: float = 0.5
    """What is left of the window after one that went badly."""
    slow_seconds: float = 10.0
    """An answer that took longer counts as a round trip that went badly."""
    judged_answers: int = 20
    """Failures are counted over so many of the last answers."""
    failures_to_cut: int = 5
    """So many of them cut the window; 1: each does."""

    def __post_init__(self) -> None:
        """Raises `BadPolicy` naming the field."""
        for field, is_good in (
            ("ceiling", self.ceiling >= 1),
            ("added", self.added > 0),
            ("factor", 0 < self.factor < 1),
            ("slow_seconds", self.slow_seconds > 0),
            ("judged_answers", 1 <= self.judged_answers <= _BITS_MAX),
            ("failures_to_cut", 1 <= self.failures_to_cut <= self.judged_answers),
        ):
            if not is_good:
                raise BadPolicy(field)


FLOOR = 1.0
"""One attempt at a time always goes, or nothing would ever be learnt."""
_GROWTH = 2.0
"""Slow start: the window doubles with each round trip."""


def limit(health: LaneHealth, settings: WindowSettings) -> int:
    """Most attempts at once at this moment."""
    if health.window is None:
        return settings.ceiling
    return max(int(FLOOR), min(int(health.window), settings.ceiling))


def learnt(
    health: LaneHealth, strain: Strain, started_at: datetime, now: datetime, settings: WindowSettings
) -> LaneHealth:
    """After an attempt; equal to what it was when nothing changes."""
    if _began_before(health.window_cut_at, started_at, now):
        return health
    match strain:
        case Strain.NONE:
            return health
        case Strain.WELL:
            counted = _counted(health, settings, failed=False)
            is_told = _began_before(health.window_changed_at, started_at, now)
            return counted if is_told else _wider(counted, now, settings)
        case Strain.STRAINED:
            counted = _counted(health, settings, failed=True)
            is_enough = counted.recent_failures.bit_count() >= settings.failures_to_cut
            return _narrower(counted, now, settings) if is_enough else counted
        case Strain.OVERLOADED:
            return _narrower(health, now, settings)
        case _:
            assert_never(strain)


def shut(health: LaneHealth, now: datetime, settings: WindowSettings) -> LaneHealth:
    """The breaker has opened: begin again with one, double up to half the ceiling.

    What was borne before says little about what is borne after hours of silence.
    """
    goal = max(FLOOR, settings.ceiling * settings.factor)
    if settings.ceiling == FLOOR or (health.window, health.window_goal) == (FLOOR, goal):
        return health
    return _cut(health, FLOOR, goal, now)


def _began_before(change: datetime | None, started_at: datetime, now: datetime) -> bool:
    """A change later than now was made by a clock that was set back meanwhile; it hides nothing."""
    return change is not None and started_at < change <= now


def _counted(health: LaneHealth, settings: WindowSettings, *, failed: bool) -> LaneHealth:
    """The newest answer pushes out the oldest."""
    kept = (1 << settings.judged_answers) - 1
    recent = (health.recent_failures << 1 | failed) & kept
    return health if recent == health.recent_failures else replace(health, recent_failures=recent)


def _cut(health: LaneHealth, narrower: float, goal: float, now: datetime) -> LaneHealth:
    """What was counted against the wider window says nothing of this one."""
    return replace(
        health,
        window=narrower,
        window_goal=goal,
        window_changed_at=now,
        window_cut_at=now,
        recent_failures=0,
    )


def _wider(health: LaneHealth, now: datetime, settings: WindowSettings) -> LaneHealth:
    if health.window is None:
        return health
    goal = health.window_goal
    if goal is not None and health.window < goal:
        wider = min(health.window * _GROWTH, goal)
    else:
        wider = health.window + settings.added
    if wider >= settings.ceiling:
        return replace(health, window=None, window_goal=None, window_changed_at=None, window_cut_at=None)
    return replace(health, window=wider, window_changed_at=now)


def _narrower(health: LaneHealth, now: datetime, settings: WindowSettings) -> LaneHealth:
    borne = _borne(health, settings)
    narrower = max(FLOOR, borne * settings.factor)
    if narrower >= settings.ceiling or (health.window, health.window_goal) == (narrower, narrower):
        return health if health.recent_failures == 0 else replace(health, recent_failures=0)
    return _cut(health, narrower, narrower, now)


def _borne(health: LaneHealth, settings: WindowSettings) -> float:
    return min(float(settings.ceiling), health.window or float(settings.ceiling))
