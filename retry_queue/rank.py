"""Who goes first: the one number that every index is sorted by. Pure.

A live job's rank is the instant, in microseconds, of the most urgent deadline that depends on it: its own, or
that of a live job that waits behind it. A bulk job's rank is its turn in the fair share of its lane.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

LEVELS_MAX = 64
"""So many changes of key does an urgency travel along a chain of waiting jobs in one act."""


class NaiveTime(ValueError):
    """A stored time must carry its zone."""


def microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970. Raises `NaiveTime`."""
    if instant.tzinfo is None:
        raise NaiveTime(NaiveTime.__doc__)
    return (instant - _EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """The time that is stored so."""
    return _EPOCH + timedelta(0, 0, value)


def goes_before(rank: int, other: int, now_rank: int) -> bool:
    """Of two live ranks: what can still be in time goes before what is late, then the earlier one."""
    return (rank <= now_rank, rank) < (other <= now_rank, other)


def most_urgent(ranks: Iterable[int], now_rank: int) -> int:
    """The one that all others let go first."""
    return min(ranks, key=lambda rank: (rank <= now_rank, rank))
