"""Time as an argument: whoever needs the hour is handed a clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Gives the present instant, timezone-aware, in UTC."""

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone of all local dates: +07:00, no summer time."""


def system_clock() -> datetime:
    """The machine's own clock; only the composition root hands it out."""
    return datetime.now(UTC)
