"""When to ask next about work that a destination has not finished: often at first, then seldom. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def next_fetch_at(schedule_seconds: Sequence[float], changed_at: datetime, now: datetime) -> datetime:
    """The wait whose turn it is after so much time without a change; the last one repeats for ever."""
    silent_seconds = (now - changed_at).total_seconds()
    for wait in schedule_seconds:
        if silent_seconds < wait:
            return now + timedelta(seconds=wait)
        silent_seconds -= wait
    return now + timedelta(seconds=schedule_seconds[-1])
