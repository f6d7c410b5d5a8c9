"""Readers of single values: text, numbers, names, dates, codes."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Final

from mappings.added_editions import OFFICIAL
from mappings.codes import find_country, find_ethnic_group
from mappings.editions import list_entries
from mappings.national_registry.papers import MOBILE
from mappings.national_registry.reading.draft import Draft
from mappings.national_registry.reading.spelling import (
    Unreadable,
    find_text,
    read_day,
    read_partial_date,
)
from mappings.national_registry.reading.tables import ReadingRow, find_term, means_nothing
from mappings.national_registry.reading.units import read_unit

Reader = Callable[[Draft, ReadingRow, object], None]
"""Takes what a field says, which is never nothing, and puts it into the event or names a fault."""

_BLANKS: Final = re.compile(r"[\s\u00a0]+")
_CLOCK: Final = re.compile(r"(?P<hour>\d{1,2})\s*(?::|giờ|h)\s*(?P<minute>\d{1,2})?\s*(?:phút|p)?(?::\d{2})?")
_NAME_PARTS: Final[Mapping[str, str]] = {"Ho": "family", "ChuDem": "middle", "Ten": "given"}
_DIGITS_MAX: Final = 15


def text(draft: Draft, row: ReadingRow, value: object) -> None:
    """Text as it stands, blanks folded."""
    draft.put(row.path, find_text(value), row.field)


def text_without_blanks(draft: Draft, row: ReadingRow, value: object) -> None:
    """Numbers that people group with blanks."""
    draft.put(row.path, _BLANKS.sub("", find_text(value) or ""), row.field)


def book_number(draft: Draft, row: ReadingRow, value: object) -> None:
    """A number, volume or page of a book, in capitals as the books have it."""
    draft.put(row.path, _BLANKS.sub("", find_text(value) or "").upper(), row.field)


def number(draft: Draft, row: ReadingRow, value: object) -> None:
    """A whole number, as a number or as text."""
    said = find_text(value) or ""
    if not (said.isascii() and said.isdigit() and len(said) <= _DIGITS_MAX):
        draft.wrong_format(row.field, "một số nguyên", "a whole number")
        return
    draft.put(row.path, int(said), row.field)


def name(draft: Draft, row: ReadingRow, value: object) -> None:
    """A whole name, or its parts."""
    if not isinstance(value, Mapping):
        draft.put(row.path, {"full": find_text(value)}, row.field)
        return
    parts = {ours: find_text(value.get(theirs)) for theirs, ours in _NAME_PARTS.items()}
    if set(value) - set(_NAME_PARTS):
        raise Unreadable
    known = {part: said for part, said in parts.items() if said is not None}
    if known:
        draft.put(row.path, known, row.field)


def partial_date(draft: Draft, row: ReadingRow, value: object) -> None:
    """A date of which only a part may be known."""
    try:
        draft.put(row.path, dict(read_partial_date(value)), row.field)
    except Unreadable:
        draft.wrong_format(
            row.field,
            "dd.MM.yyyy, MM.yyyy hoặc yyyy (không rõ thì bỏ trống)",
            "dd.MM.yyyy, MM.yyyy or yyyy (leave it empty when not known)",
        )


def day(draft: Draft, row: ReadingRow, value: object) -> None:
    """A whole day."""
    try:
        draft.put(row.path, read_day(value).isoformat(), row.field)
    except Unreadable:
        draft.wrong_format(row.field, "dd.MM.yyyy hoặc dd/MM/yyyy", "dd.MM.yyyy or dd/MM/yyyy")


def registered_at(_draft: Draft, _row: ReadingRow, _value: object) -> None:
    """Read beforehand: it says what all codes mean."""


def clock_time(draft: Draft, row: ReadingRow, value: object) -> None:
    """`05:40`, `5 giờ 40 phút`, `5h40`."""
    found = _CLOCK.fullmatch((find_text(value) or "").casefold())
    if found is None or int(found["hour"]) > 23 or int(found["minute"] or 0) > 59:  # noqa: PLR2004 - of a clock
        draft.wrong_format(row.field, "giờ:phút, ví dụ 05:40", "hours:minutes, such as 05:40")
        return
    draft.put(row.path, f"{int(found['hour']):02d}:{int(found['minute'] or 0):02d}", row.field)


def code(draft: Draft, row: ReadingRow, value: object) -> None:
    """A code of the registry, as a number or text, or its word."""
    said = find_text(value) or ""
    term, is_known = find_term(row.argument, said, draft.day)
    if not is_known:
        draft.not_in_list(row.field, row.argument)
    elif term is not None:
        draft.put(row.path, term, row.field)


def yes_no(draft: Draft, row: ReadingRow, value: object) -> None:
    """1 yes, 0 no."""
    said = str(value).casefold() if isinstance(value, bool) else find_text(value)
    answer = {"1": True, "0": False, "true": True, "false": False}.get((said or "").casefold())
    if answer is None:
        draft.not_in_list(row.field, "1, 0")
    else:
        draft.put(row.path, answer, row.field)


def country(draft: Draft, row: ReadingRow, value: object) -> None:
    """Two letters, or the country's Vietnamese name."""
    found = country_code(find_text(value) or "", draft.day)
    if found is None:
        draft.not_in_list(row.field, "ISO 3166-1", " (Việt Nam là VN)", " (Viet Nam is VN)")
    else:
        draft.put(row.path, found, row.field)


def country_code(said: str, on_date: date) -> str | None:
    """The two letters of a country said in letters or by name; None when there is no such country."""
    if find_country(said.upper(), on_date) is not None:
        return said.upper()
    return _countries(on_date).get(said.casefold())


@cache
def _countries(on_date: date) -> Mapping[str, str]:
    return {entry.name.casefold(): entry.code for entry in list_entries("countries", OFFICIAL, on_date)}


def ethnic_group(draft: Draft, row: ReadingRow, value: object) -> None:
    """Two digits, or the name; of the five digits that were seen only those that the table knows."""
    said = find_text(value) or ""
    found = find_term("ethnic_group", said, draft.day)[0] or said
    if found.isascii() and found.isdigit():
        found = found.zfill(2)
    elif find_ethnic_group(found, draft.day) is None:
        found = _ethnic_groups(draft.day).get(said.casefold(), said)
    if find_ethnic_group(found, draft.day) is None:
        other = row.field.replace("DanToc", "DanTocKhac")
        draft.not_in_list(
            row.field,
            "01–56",
            f", hoặc bỏ trống và ghi tên vào {other}",
            f", or leave it empty and write the name into {other}",
        )
        return
    if len(said) > 2 and said.isdigit():  # noqa: PLR2004 - the official list has two digits
        draft.assume(
            row.field,
            "dialect_ethnic_group_guessed",
            f"{row.field}: mã 5 chữ số được hiểu là {found}; danh mục này chưa công bố, hãy gửi mã 2 chữ số.",
            f"{row.field}: the five digits are taken as {found}; their list is not public, send two digits.",
        )
    draft.put(row.path, found, row.field)


@cache
def _ethnic_groups(on_date: date) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for entry in list_entries("ethnic_groups", OFFICIAL, on_date):
        for spelling in (entry.name, *entry.more.get("other_names", "").split(";")):
            if spelling.strip():
                found.setdefault(spelling.strip().casefold(), entry.code)
    return found


def unit(draft: Draft, row: ReadingRow, value: object) -> None:
    """The code of an office; leading zeros that were lost are put back where only one unit can be meant."""
    draft.put(row.path, read_unit(find_text(value) or "", draft.day), row.field)


def book_note(draft: Draft, row: ReadingRow, value: object) -> None:
    """The note in the book; a mobile registration is named there first."""
    said = find_text(value) or ""
    if MOBILE.casefold() in said.casefold():
        draft.put("mobile", True, row.field)  # noqa: FBT003 - a value of the event
    rest = said.removeprefix(MOBILE).lstrip("; ") if said.startswith(MOBILE) else said
    if not means_nothing(rest):
        draft.put("note", rest, row.field)
