"""What a demonstration is run with; every duration of the gateway's policies is divided by `time_factor`."""

import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

PROMISE_HOURS, NUMBER_WAIT_HOURS = 12.0, 2.0  # production's policies, which the gateway runs divided
HOUR_SECONDS = 3600.0
BURST_EVENTS, BURST_RATE, LASTING_RATE = 300, 9.0, 6.0  # events a second: of the first ones, and of the rest
POSTING_SECONDS_MIN, AFTER_POSTING_SECONDS_MAX = 8.0, 85.0


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """All that can be chosen on the command line."""

    events: int = 300
    seed: int = 1
    gateway_command: tuple[str, ...] = ()
    time_factor: float = 360.0
    connections: int = 6
    is_killed: bool = True
    answers_within_seconds: float = 2.0
    """How long the gateway's sockets wait for a destination; not divided."""

    @property
    def promise_seconds(self) -> float:
        """Twelve hours, divided."""
        return PROMISE_HOURS * HOUR_SECONDS / self.time_factor

    @property
    def number_wait_seconds(self) -> float:
        """How long a birth waits for its number, divided."""
        return NUMBER_WAIT_HOURS * HOUR_SECONDS / self.time_factor

    @property
    def posting_seconds(self) -> float:
        """Over how long the events are registered; a few are not squeezed into a moment, many not at all."""
        burst = min(self.events, BURST_EVENTS)
        return max(POSTING_SECONDS_MIN, burst / BURST_RATE + (self.events - burst) / LASTING_RATE)

    @property
    def limit_seconds(self) -> float:
        """The whole run ends by then, whatever happens."""
        return self.posting_seconds + AFTER_POSTING_SECONDS_MAX


def default_gateway_command() -> tuple[str, ...]:
    """The command installed beside this Python, else the one on the path."""
    beside = Path(sys.executable).with_name("hotich-gateway")
    if beside.exists():
        return (str(beside),)
    return (shutil.which("hotich-gateway") or "hotich-gateway",)


def parse_command(text: str) -> tuple[str, ...]:
    """A command line as words."""
    return tuple(shlex.split(text))
