"""What a field of the registry's dialect says, whatever way it is spelled: nothing, text, dates."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from mappings.canonical import VIETNAM_TIME
from mappings.national_registry.reading.tables import means_nothing
from mappings.text import fold_spaces, nfc

_YEAR_FIRST: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_DAY_FIRST: Final = re.compile(r"(?:(?:(?P<day>\d{1,2})[./-])?(?P<month>\d{1,2})[./-])?(?P<year>\d{4})")
_COMPACT: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})?")
_CLOCK: Final = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?")
_OFFSET: Final = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$")
_PARTS: Final = ("namSinh", "thangSinh", "ngaySinh")


class Unreadable(ValueError):
    """A value that is none of the known spellings."""


def find_text(value: object) -> str | None:
    """Text in NFC with single blanks; None for nothing: empty, `null`, "Không có thông tin" [S].

    Raises:
        Unreadable: an object or a list.

    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable
    text = fold_spaces(nfc(str(value)))
    return None if means_nothing(text) else text


def read_partial_date(value: object) -> Mapping[str, int | str]:
    """Any of the six spellings, or an object of parts; parts that are 0 or missing are not known.

    A day written as 1 January stays that day: only a missing part means that it is not known.

    Raises:
        Unreadable: none of the spellings.

    """
    parts = _object_parts(value) if isinstance(value, Mapping) else _text_parts(value)
    year, month, day = parts
    if not year:
        raise Unreadable
    known: dict[str, int | str] = {"year": year}
    if month:
        known["month"] = month
        if day:
            known["day"] = day
    try:
        date(year, month or 1, day or 1)
    except ValueError as outside:
        raise Unreadable from outside
    return {**known, "certainty": "exact"}


def read_day(value: object) -> date:
    """A whole day in any of the spellings.

    Raises:
        Unreadable: none of the spellings, or a part is missing.

    """
    parts = read_partial_date(value)
    if "day" not in parts:
        raise Unreadable
    return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))


def read_moment(value: object) -> tuple[date, time | None]:
    """A day, with the time by Vietnamese clocks where one is written; the offset of `Z` is minded.

    Raises:
        Unreadable: none of the spellings.

    """
    text = find_text(value) or ""
    clock = _CLOCK.search(text)
    if clock is None:
        return read_day(value), None
    try:
        said = time(int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0))
    except ValueError as outside:
        raise Unreadable from outside
    day = read_day(text[: clock.start()].rstrip(" T,"))
    offset = _OFFSET.search(text)
    if offset is None:
        return day, said
    try:
        moment = datetime.fromisoformat(f"{day.isoformat()}T{said.isoformat()}{offset.group()}")
        local = moment.astimezone(VIETNAM_TIME)
    except (ValueError, OverflowError) as outside:
        raise Unreadable from outside
    return local.date(), local.time()


def _text_parts(value: object) -> tuple[int, int, int]:
    text = find_text(value)
    if text is None or not text.isascii():
        raise Unreadable
    head, clock = re.split(r"[ T]", text, maxsplit=1)[0], _CLOCK.search(text)
    if head != text and clock is None:
        raise Unreadable
    for pattern in (_YEAR_FIRST, _DAY_FIRST, _COMPACT):
        found = pattern.fullmatch(head)
        if found is not None:
            return int(found["year"]), int(found["month"] or 0), int(found["day"] or 0)
    raise Unreadable


def _object_parts(value: Mapping[object, object]) -> tuple[int, int, int]:
    if set(value) - set(_PARTS):
        raise Unreadable
    texts = [find_text(value.get(name)) or "0" for name in _PARTS]
    if not all(text.isascii() and text.isdigit() for text in texts):
        raise Unreadable
    year, month, day = (int(text) for text in texts)
    return year, month, day
