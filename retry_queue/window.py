"""How many attempts a destination bears at once, found out from its answers. Pure.

As TCP does it, counted in attempts: each round trip that went well adds one (doubles while far below what was
once borne: slow start), each that went badly halves. A change is judged only by attempts that began after it;
so there is one change per round trip, however many attempts tell the same.

`window is None` means that nothing is known against the ceiling; it is the state of health.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from retry_queue.policy import BadPolicy
from retry_queue.store import LaneHealth
from retry_queue.verdict import Strain


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

    def __post_init__(self) -> None:
        """Raises `BadPolicy` naming the field."""
        for field, is_good in (
            ("ceiling", self.ceiling >= 1),
            ("added", self.added > 0),
            ("factor", 0 < self.factor < 1),
            ("slow_seconds", self.slow_seconds > 0),
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
    if health.window_changed_at is not None and started_at < health.window_changed_at <= now:
        return health
    match strain:
        case Strain.NONE:
            return health
        case Strain.WELL:
            return _wider(health, now, settings)
        case Strain.STRAINED:
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
    return replace(health, window=FLOOR, window_goal=goal, window_changed_at=now)


def _wider(health: LaneHealth, now: datetime, settings: WindowSettings) -> LaneHealth:
    if health.window is None:
        return health
    goal = health.window_goal
    if goal is not None and health.window < goal:
        wider = min(health.window * _GROWTH, goal)
    else:
        wider = health.window + settings.added
    if wider >= settings.ceiling:
        return replace(health, window=None, window_goal=None, window_changed_at=None)
    return replace(health, window=wider, window_changed_at=now)


def _narrower(health: LaneHealth, now: datetime, settings: WindowSettings) -> LaneHealth:
    borne = _borne(health, settings)
    narrower = max(FLOOR, borne * settings.factor)
    if narrower >= settings.ceiling or (health.window, health.window_goal) == (narrower, narrower):
        return health
    return replace(health, window=narrower, window_goal=narrower, window_changed_at=now)


def _borne(health: LaneHealth, settings: WindowSettings) -> float:
    return min(float(settings.ceiling), health.window or float(settings.ceiling))
