"""The sandbox's time: real, but a test may push it forward."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Where the simulators get the time from."""

    def now(self) -> datetime:
        """Time now, in UTC."""
        ...

    def wait(self, seconds: float) -> None:
        """Let that many seconds pass, or return at once when the sandbox stops."""
        ...

    def advance(self, seconds: float) -> None:
        """Push the time forward for every simulator, so that late things need no waiting."""
        ...


class SandboxClock:
    """Wall clock with an offset; `stop` ends every wait."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._stopped = threading.Event()

    def now(self) -> datetime:
        """Time now, in UTC, with what `advance` added."""
        return datetime.now(UTC) + self._offset

    def wait(self, seconds: float) -> None:
        """Wait in real time; `advance` does not shorten it, `stop` does."""
        self._stopped.wait(seconds)

    def advance(self, seconds: float) -> None:
        """Add to the offset; time never goes back."""
        self._offset += timedelta(seconds=max(0.0, seconds))

    def stop(self) -> None:
        """End all waits, now and from now on."""
        self._stopped.set()


def vietnam_time(moment: datetime, layout: str) -> str:
    """Render a UTC moment in Vietnam's zone, as the partners write it."""
    return moment.astimezone(VIETNAM).strftime(layout)
