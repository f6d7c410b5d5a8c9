"""Which units somebody answers for: a code also covers the units below it."""

from collections.abc import Callable
from datetime import date, datetime

from gateway.model.clock import VIETNAM

UnitsAbove = Callable[[str, date], frozenset[str]]
"""A unit code on a day -> itself and every unit above it; empty for an unknown one."""


def is_covered(
    authority_code: str, registered_at: datetime, authorities: frozenset[str], units_above: UnitsAbove
) -> bool:
    """A code means nothing without the day; the day is that of the registration."""
    if authority_code in authorities:
        return True
    day = registered_at.astimezone(VIETNAM).date()
    return not authorities.isdisjoint(units_above(authority_code, day))
