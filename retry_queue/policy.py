"""When the next attempt is due: a schedule as data, jitter, and the deadline's claim on both. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

Random = Callable[[], float]
"""Gives numbers from 0 up to, but not including, 1."""


class BadPolicy(ValueError):
    """A retry policy must have positive times, a jitter below 1 and at least one ask."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field}: {self.__doc__}")
        self.field = field


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a lane repeats itself."""

    schedule_seconds: tuple[float, ...] = (5, 15, 60, 180, 600, 1800)
    """Waiting time after each attempt that counted; the last one repeats without end."""
    ask_schedule_seconds: tuple[float, ...] = (2, 5, 15, 60, 300, 900)
    """Waiting time before each question about an unknown outcome; the last one repeats."""
    jitter_fraction: float = 0.2
    """A waiting time is spread by this share to either side, so that failures do not come back as one."""
    attempts_reserved: int = 4
    """So many further attempts must still fit before the deadline."""
    delay_seconds_min: float = 1.0
    """Nearness of the deadline never makes us hammer faster than this."""
    retry_after_seconds_min: float = 1.0
    """A destination that asks for less peace gets this."""
    retry_after_seconds_max: float = 1800.0
    """A destination that asks for more peace gets this."""
    last_ask_seconds: float = 30.0
    """No wait for a question that began before this time before the deadline goes past it."""
    asks_max: int = 40
    """After so many questions without an answer a person must look."""

    def __post_init__(self) -> None:
        """Raises `BadPolicy` naming the field."""
        for field, is_good in (
            ("schedule_seconds", _all_positive(self.schedule_seconds)),
            ("ask_schedule_seconds", _all_positive(self.ask_schedule_seconds)),
            ("jitter_fraction", 0 <= self.jitter_fraction < 1),
            ("attempts_reserved", self.attempts_reserved >= 0),
            ("delay_seconds_min", self.delay_seconds_min > 0),
            ("retry_after_seconds_min", self.retry_after_seconds_min > 0),
            ("retry_after_seconds_max", self.retry_after_seconds_max >= self.retry_after_seconds_min),
            ("last_ask_seconds", self.last_ask_seconds > 0),
            ("asks_max", self.asks_max >= 1),
        ):
            if not is_good:
                raise BadPolicy(field)


def next_attempt_at(
    policy: RetryPolicy, attempts: int, now: datetime, due_at: datetime, random: Random
) -> datetime:
    """When to send again after `attempts` earlier ones that counted.

    Before the deadline the wait shrinks so that the reserved attempts still fit, but not below the floor;
    past the deadline the schedule goes on as it is, because nothing expires.
    """
    wished = _jittered(policy, _step(policy.schedule_seconds, attempts), random)
    return now + timedelta(seconds=max(policy.delay_seconds_min, min(wished, _cap(policy, now, due_at))))


def fault_retry_at(policy: RetryPolicy, fault_seconds: float, now: datetime, due_at: datetime) -> datetime:
    """When to send again after a fault of the destination, which costs nothing.

    It too shrinks near the deadline: a destination that comes back in the last minute must still be tried.
    """
    seconds = max(policy.delay_seconds_min, min(fault_seconds, _cap(policy, now, due_at)))
    return now + timedelta(seconds=seconds)


def retry_after_at(policy: RetryPolicy, asked_seconds: float, now: datetime) -> datetime:
    """A destination's own wish (`Retry-After`), kept within bounds."""
    lower, upper = policy.retry_after_seconds_min, policy.retry_after_seconds_max
    return now + timedelta(seconds=min(max(asked_seconds, lower), upper))


def next_ask_at(
    policy: RetryPolicy, asks: int, now: datetime, due_at: datetime, random: Random
) -> datetime | None:
    """When to ask about an unknown outcome; None when asking has not helped and a person must look.

    The deadline does not shrink the schedule, because questions squeezed into the last minute would only use
    up `asks_max`; but no wait jumps over it: one question is put while there is still time to send again.
    """
    if asks >= policy.asks_max:
        return None
    wished = _jittered(policy, _step(policy.ask_schedule_seconds, asks), random)
    at = now + timedelta(seconds=max(policy.delay_seconds_min, wished))
    last_chance = due_at - timedelta(seconds=policy.last_ask_seconds)
    earliest = now + timedelta(seconds=policy.delay_seconds_min)
    return last_chance if earliest <= last_chance < at else at


def _step(schedule_seconds: tuple[float, ...], count: int) -> float:
    return schedule_seconds[min(max(count, 0), len(schedule_seconds) - 1)]


def _jittered(policy: RetryPolicy, seconds: float, random: Random) -> float:
    return seconds * (1 + policy.jitter_fraction * (2 * random() - 1))


def _cap(policy: RetryPolicy, now: datetime, due_at: datetime) -> float:
    """The longest wait that leaves room for the reserved attempts."""
    left_seconds = (due_at - now).total_seconds()
    return left_seconds / (policy.attempts_reserved + 1) if left_seconds > 0 else float("inf")


def _all_positive(seconds: tuple[float, ...]) -> bool:
    return bool(seconds) and all(each > 0 for each in seconds)
