"""Between which days a partial date lies: what is unknown must not make a rule cry wolf."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from mappings.canonical import PartialDate

_JANUARY = 1
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Bounds:
    """The earliest and the latest day it can be."""

    earliest: date
    latest: date


def find_bounds(partial: PartialDate) -> Bounds | None:
    """None when not even the year is known; a day fixed by rule stands for its whole month or year."""
    if partial.year is None:
        return None
    by_rule = partial.certainty == "by_rule"
    if partial.month is None or (by_rule and partial.month == _JANUARY):
        return Bounds(date(partial.year, _JANUARY, 1), date(partial.year, _DECEMBER, 31))
    if partial.day is None or by_rule:
        last_day = monthrange(partial.year, partial.month)[1]
        return Bounds(date(partial.year, partial.month, 1), date(partial.year, partial.month, last_day))
    day = date(partial.year, partial.month, partial.day)
    return Bounds(day, day)


def birthday(born: date, years: int) -> date:
    """The day on which someone completes so many years; of 29 February it may be 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)
