"""Dates of old books: only what can be read in one way. What is not known stays unknown."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from mappings.digitised_books.cells import Cell, CellKind, CellRefused
from mappings.text import fold_spaces, strip_marks

Parts = Mapping[str, int | str]
"""As the canonical partial date wants it."""

UNKNOWN: Final[Parts] = {"certainty": "unknown"}
YEARS: Final = range(1800, 2200)
_SERIALS: Final = range(10_000, 80_000)
_SERIAL_BASE: Final = date(1899, 12, 30)
_SERIAL_LEAP_FAULT: Final = 61
"""Below it serial numbers are off by one, because 1900 is taken for a leap year."""
_MONTHS: Final = 12
_DAY: Final = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTH: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR: Final = re.compile(r"[0-9]{4}")
_AGE: Final = re.compile(r"([0-9]{1,3}) tuoi")
_AGE_ENDINGS: Final = frozenset("iI")
"""Of the word after an age, whatever its marks."""
_UNKNOWN_WORDS: Final = frozenset({"khong ro", "khong biet", "khong xac dinh", "chua ro"})


def read_partial(cell: Cell, *, trusts_dates: bool) -> Parts:
    """A day, a month, a year, or "không rõ". Raises `CellRefused` for everything that could be two things."""
    if cell.kind is CellKind.DATE:
        return _parts(_of_serial(cell, trusts_dates=trusts_dates))
    if cell.kind not in {CellKind.TEXT, CellKind.BARE, CellKind.NUMBER}:
        raise CellRefused("cell_wrong_kind")
    if _YEAR.fullmatch(cell.text):
        return {"year": _year(int(cell.text))}
    if cell.kind is not CellKind.TEXT and cell.text.isdecimal() and int(cell.text) in _SERIALS:
        raise CellRefused("date_is_serial")
    if cell.kind is CellKind.NUMBER:
        raise CellRefused("date_format")
    return _of_text(cell.text)


def read_day(cell: Cell, *, trusts_dates: bool) -> date:
    """A whole day. Raises `CellRefused`."""
    parts = read_partial(cell, trusts_dates=trusts_dates)
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    if not isinstance(year, int) or not isinstance(month, int) or not isinstance(day, int):
        raise CellRefused("day_needed")
    return date(year, month, day)


def read_age(cell: Cell) -> int | None:
    """Years of age, when the book says no more than that ("45 tuổi")."""
    if cell.text[-1:] not in _AGE_ENDINGS:  # most dates
        return None
    found = _AGE.fullmatch(fold_spaces(strip_marks(cell.text)).lower())
    return int(found[1]) if found else None


def shown_date(cell: Cell) -> str:
    """A date of the spreadsheet as it shows it; a time, or nonsense, as its number."""
    try:
        return f"{_of_serial(cell, trusts_dates=True):%d/%m/%Y}"
    except CellRefused:
        return cell.text


def _of_text(text: str) -> Parts:
    if found := _DAY.fullmatch(text):
        return _checked(int(found[4]), int(found[3]), int(found[1]))
    if found := _ISO.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH.fullmatch(text):
        return _checked(int(found[2]), int(found[1]), 0)
    if fold_spaces(strip_marks(text)).lower() in _UNKNOWN_WORDS:
        return UNKNOWN
    raise CellRefused("date_format")


def _checked(year: int, month: int, day: int) -> Parts:
    """Zeros stand for what the book does not say."""
    _year(year)
    if month == 0 and day == 0:
        return {"year": year}
    if not 1 <= month <= _MONTHS:
        raise CellRefused("date_not_in_calendar")
    if day == 0:
        return {"year": year, "month": month}
    if day > monthrange(year, month)[1]:
        raise CellRefused("date_not_in_calendar")
    return {"year": year, "month": month, "day": day}


def _year(year: int) -> int:
    if year not in YEARS:
        raise CellRefused("date_format")
    return year


def _of_serial(cell: Cell, *, trusts_dates: bool) -> date:
    serial = int(float(cell.text))
    if serial < _SERIAL_LEAP_FAULT or serial not in range(2_958_465):
        raise CellRefused("date_ambiguous")
    day = _SERIAL_BASE + timedelta(days=serial)
    # 3 April typed where months come first is stored as 4 March: nobody can see it any more.
    if not trusts_dates and day.day <= _MONTHS and day.day != day.month:
        raise CellRefused("date_ambiguous")
    return day


def _parts(day: date) -> Parts:
    return {"year": _year(day.year), "month": day.month, "day": day.day}
