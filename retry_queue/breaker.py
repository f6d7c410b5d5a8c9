"""The breaker of a lane: pure steps over what is known of the destination.

    CLOSED ──failures in a row──► OPEN ──its time is over──► HALF_OPEN ──the probe answered──► CLOSED
                                   ▲                              │
                                   └───────the probe failed───────┘

A probe is the job nearest its deadline. Shortly before a job's due time a probe also goes before the time is
over (last chance), so that no job misses its deadline because of our own pause; not while the destination has
asked for peace. A lane hold stands above it: nothing goes until a person has released the lane.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import assert_never

from retry_queue.job import Lane
from retry_queue.store import BreakerState, LaneHealth
from retry_queue.verdict import Decision, Health

_GROWTH_STEPS_MAX = 32


class Admission(Enum):
    """How much work the lane lets through at this moment."""

    ALL = auto()
    ONE_PROBE = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """When a lane is given peace, and for how long."""

    failures_to_open: int = 5
    """So many unreachable attempts in a row open the breaker."""
    open_seconds: float = 10.0
    """First time of peace; it doubles with each failed probe."""
    open_seconds_max: float = 120.0
    """Never longer than this between two probes."""
    probe_seconds: float = 120.0
    """A probe that has said nothing for so long counts as vanished; longer than any attempt."""
    peace_seconds_max: float = 3600.0
    """Upper bound of the peace that a destination may ask for."""
    last_chance_seconds: float = 10.0
    """So long before a job's due time it may be a probe although the time of peace is not over."""
    probe_gap_seconds: float = 1.0
    """Last-chance probes keep at least this distance from the probe before."""
    probes_max: int = 4
    """Most last-chance probes under way at once, when none of them comes back."""


def admission(health: LaneHealth, now: datetime) -> Admission:
    """What may be claimed now, last chances aside."""
    if health.hold_reason is not None:
        return Admission.NOTHING
    if health.breaker is BreakerState.CLOSED:
        return Admission.ALL
    # Half-open with its time over means that the probe vanished: another one may go.
    is_over = health.open_until is None or health.open_until <= now
    return Admission.ONE_PROBE if is_over else Admission.NOTHING


def is_asked_for_peace(health: LaneHealth) -> bool:
    """The destination has answered, and named a time before which it wants nothing."""
    return health.breaker is BreakerState.OPEN and health.failures_in_row == 0


def may_probe_early(health: LaneHealth, now: datetime, settings: BreakerSettings) -> bool:
    """Whether a job at its last chance may go as a probe, as far as the breaker is concerned."""
    if health.hold_reason is not None or health.breaker is BreakerState.CLOSED:
        return False
    return not is_asked_for_peace(health) and _probed_at(health, settings) <= now - timedelta(
        seconds=settings.probe_gap_seconds
    )


def is_last_chance(nearest_due_at: datetime | None, now: datetime, settings: BreakerSettings) -> bool:
    """Whether a job due then must go now or miss."""
    return nearest_due_at is not None and nearest_due_at <= now + timedelta(
        seconds=settings.last_chance_seconds
    )


def probing(health: LaneHealth, now: datetime, settings: BreakerSettings) -> LaneHealth:
    """A probe is on its way; nobody else goes before it is back or overdue."""
    until = now + timedelta(seconds=settings.probe_seconds)
    return replace(health, breaker=BreakerState.HALF_OPEN, open_until=until)


def learnt(health: LaneHealth, decision: Decision, now: datetime, settings: BreakerSettings) -> LaneHealth:
    """The lane after an attempt; equal to what it was when nothing was learnt."""
    after = _after_health(health, decision.health, now, settings)
    if decision.not_before is not None and decision.not_before > now:
        after = _at_peace(after, decision.not_before, now, settings)
        if decision.health is not Health.UNREACHABLE:
            after = replace(
                after, failures_in_row=0
            )  # it has answered, so this is its wish and not our pause
    if decision.lane_hold is not None:
        after = replace(after, hold_reason=decision.lane_hold.reason)
    return after


def held(health: LaneHealth, reason: str) -> LaneHealth:
    """A person stops the lane."""
    return replace(health, hold_reason=reason)


def released(lane: Lane) -> LaneHealth:
    """A person has acted: the lane starts afresh."""
    return LaneHealth(lane)


def _after_health(
    health: LaneHealth, learnt_health: Health, now: datetime, settings: BreakerSettings
) -> LaneHealth:
    match learnt_health:
        case Health.ANSWERED:
            return _answered(health)
        case Health.SILENT:
            return _after_silence(health, now)
        case Health.UNREACHABLE:
            return _after_failure(health, now, settings)
        case _:
            assert_never(learnt_health)


def _answered(health: LaneHealth) -> LaneHealth:
    if health.breaker is BreakerState.CLOSED and health.failures_in_row == 0 and health.open_until is None:
        return health  # as almost always
    return replace(health, breaker=BreakerState.CLOSED, failures_in_row=0, open_until=None)


def _after_silence(health: LaneHealth, now: datetime) -> LaneHealth:
    """A probe that sent nothing has probed nothing: the next one may go at once."""
    if health.breaker is BreakerState.HALF_OPEN:
        return replace(health, breaker=BreakerState.OPEN, open_until=now)
    return health


def _after_failure(health: LaneHealth, now: datetime, settings: BreakerSettings) -> LaneHealth:
    if health.breaker is BreakerState.OPEN:
        return health  # begun before it opened; it must not lengthen the peace
    failures = health.failures_in_row + 1
    if failures < settings.failures_to_open and health.breaker is BreakerState.CLOSED:
        return replace(health, failures_in_row=failures)
    return replace(
        health,
        breaker=BreakerState.OPEN,
        failures_in_row=failures,
        open_until=now + _pause(failures, settings),
    )


def _pause(failures: int, settings: BreakerSettings) -> timedelta:
    """How long the breaker stays open after so many failures in a row."""
    doublings = min(max(failures - settings.failures_to_open, 0), _GROWTH_STEPS_MAX)
    return timedelta(seconds=min(settings.open_seconds * 2**doublings, settings.open_seconds_max))


def _probed_at(health: LaneHealth, settings: BreakerSettings) -> datetime:
    """When the last probe went off or came back, told by the end of the pause that it set."""
    if health.open_until is None:
        return datetime.min.replace(tzinfo=UTC)
    if health.breaker is BreakerState.HALF_OPEN:
        return health.open_until - timedelta(seconds=settings.probe_seconds)
    return health.open_until - _pause(health.failures_in_row, settings)


def _at_peace(
    health: LaneHealth, not_before: datetime, now: datetime, settings: BreakerSettings
) -> LaneHealth:
    """The destination wishes peace; that is no failure of it."""
    until = min(not_before, now + timedelta(seconds=settings.peace_seconds_max))
    if health.breaker is BreakerState.OPEN and health.open_until is not None:
        until = max(until, health.open_until)
    return replace(health, breaker=BreakerState.OPEN, open_until=until)
