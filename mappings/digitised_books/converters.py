"""Named converters of cells; the column tables call them by name.

Each takes the scene of the row and a cell that is not blank, and gives a JSON value for the column's target,
or None when nothing goes there. What it cannot take it refuses (`CellRefused`).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Final, TypeAlias

from mappings.digitised_books import dates, names
from mappings.digitised_books.cells import Cell, CellKind, CellRefused
from mappings.digitised_books.scene import RowScene
from mappings.text import date_in_words, fold_spaces, nfc, strip_marks

Value: TypeAlias = "str | int | Mapping[str, Value] | None"
Converter: TypeAlias = Callable[[RowScene, Cell], Value]

_BOOK_NUMBER: Final = re.compile(r"[0-9A-Z][0-9A-Z./-]{0,19}")
_CLOCK: Final = re.compile(r"([0-9]{1,2})\s*(?::|h|giờ|g)\s*([0-9]{1,2})?\s*(?:phút|p)?")
_TCVN3: Final = frozenset("¨©ª«¬®¯µ¶·¸¹º»¼½¾¦§¡¢£¤¥")
"""Signs that Vietnamese never has, and that letters typed with .Vn fonts are stored as."""
_DAY_SECONDS: Final = 86_400
_WORD_FORMS: Final = {"linh": "le", "ngan": "nghin", "bon": "tu", "mong": "", "mung": "", "lam": "nam"}
"""Ways to say a number that mean the same."""
_OFFSET: Final = "T00:00:00+07:00"


def text(_scene: RowScene, cell: Cell) -> str:
    """Text as it stands; a number without fraction as its digits."""
    return _plain(cell)


def book_number(_scene: RowScene, cell: Cell) -> str:
    """Number of an entry or page, without leading zeros: `007` and `7` are one entry."""
    found = _plain(cell).upper().replace(" ", "")
    if found.isdecimal():
        found = found.lstrip("0") or "0"
    if not _BOOK_NUMBER.fullmatch(found):
        raise CellRefused("book_number_format")
    return found


def volume(scene: RowScene, cell: Cell) -> str:
    """Number of the volume, zeros kept; that of the file name must agree."""
    found = _plain(cell).upper().replace(" ", "")
    if not _BOOK_NUMBER.fullmatch(found):
        raise CellRefused("book_number_format")
    wanted = scene.book.volume
    if wanted is not None and _same_volume(found) != _same_volume(wanted):
        raise CellRefused("other_volume", volume=wanted)
    return found


def registered_at(scene: RowScene, cell: Cell) -> str:
    """The day of registration, as the first moment of that day in Viet Nam [I]: the book has no hour."""
    try:
        day = dates.read_day(cell, trusts_dates=scene.book.trusts_dates)
    except CellRefused as refused:
        if refused.code == "day_needed":
            raise CellRefused("registration_day_needed") from refused
        raise
    scene.registered_on = day
    if scene.book.year is not None and day.year != scene.book.year:
        raise CellRefused("other_year", year=scene.book.year)
    return f"{day.isoformat()}{_OFFSET}"


def partial_date(scene: RowScene, cell: Cell) -> Value:
    """A date of which parts may be unknown; an age gives the year."""
    age = dates.read_age(cell)
    if age is not None and scene.registered_on is not None:
        scene.warn("year_from_age")
        return {"year": scene.registered_on.year - age}
    found = dates.read_partial(cell, trusts_dates=scene.book.trusts_dates)
    scene.scratch[scene.column] = ",".join(str(found.get(part, 0)) for part in ("year", "month", "day"))
    return dict(found)


def day(scene: RowScene, cell: Cell) -> str:
    """A whole day."""
    return dates.read_day(cell, trusts_dates=scene.book.trusts_dates).isoformat()


def date_words(scene: RowScene, cell: Cell) -> None:
    """The date in words goes nowhere; it is compared with the one in figures."""
    figures = next((each for column, each in scene.scratch.items() if scene.column.startswith(column)), None)
    if figures is None:
        return
    year, month, day_of_month = (int(part) or None for part in figures.split(","))
    if _words(date_in_words(year, month, day_of_month)) != _words(_plain(cell)):
        scene.warn("words_differ")


def registering_unit(scene: RowScene, cell: Cell) -> None:
    """Code or name of the office; it goes nowhere, but must be that of the book."""
    found, unit = _plain(cell), scene.book.unit_code
    if found.isdecimal():
        if found.zfill(len(unit)) != unit:
            raise CellRefused("other_unit", unit=unit)
        if found != unit:
            scene.warn("zeros_restored", digits=len(unit))
        return
    key = names.folded(found)
    if scene.book.unit_names and not any(name in key for name in scene.book.unit_names):
        scene.warn("unit_name_differs", unit=unit)


def term(list_name: str, scene: RowScene, cell: Cell) -> str | None:
    """A code of a list, or its name."""
    del scene
    return names.find_term(list_name, _plain(cell))


def kept_term(list_name: str, scene: RowScene, cell: Cell) -> None:
    """The same, kept for the whole row."""
    found = names.find_term(list_name, _plain(cell))
    if found is not None:
        scene.scratch[scene.column] = found


def kept_text(scene: RowScene, cell: Cell) -> None:
    """Text kept for the whole row."""
    scene.scratch[scene.column] = _plain(cell)


def ethnic_group(scene: RowScene, cell: Cell) -> str:
    """Name or two digits."""
    found = _plain(cell)
    if found.isdecimal():
        found = found.zfill(2)
    return names.find_ethnic_group(found, scene.day)


def country(scene: RowScene, cell: Cell) -> str:
    """Name or two letters."""
    return names.find_country(_plain(cell), scene.day)


def place(scene: RowScene, cell: Cell) -> Value:
    """An address of old as free text, never codes; abroad when it ends with another country's name."""
    detail = _plain(cell)
    last = detail.rpartition(",")[2].strip()
    found = names.find_country_or_none(last, scene.day) if last else None
    return {"detail": detail} if found in {None, "VN"} else {"country": str(found), "detail": detail}


def paper_number(_scene: RowScene, cell: Cell) -> str:
    """Number of a paper; blanks inside are nothing. Lost zeros are put back when its kind is known."""
    found = _plain(cell).upper().replace(" ", "")
    if not _BOOK_NUMBER.fullmatch(found):
        raise CellRefused("book_number_format")
    return found if cell.kind is CellKind.TEXT else f"{_BARE}{found}"


def clock_time(_scene: RowScene, cell: Cell) -> str:
    """`05:40`, `5 giờ 40 phút`, or a time of the spreadsheet."""
    if cell.kind is CellKind.DATE and 0 <= float(cell.text) < 1:
        minutes = round(float(cell.text) * _DAY_SECONDS / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    found = _CLOCK.fullmatch(_plain(cell).lower())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:  # noqa: PLR2004 - hours and minutes of a day
        raise CellRefused("time_format")
    return f"{int(found[1]):02d}:{int(found[2] or 0):02d}"


def remark(scene: RowScene, cell: Cell) -> None:
    """A later mark in the entry: kept in the note, because it is an event of its own."""
    shown = _shown(scene, cell)
    scene.remarks.append(f"{scene.column}: {shown}")
    scene.warn("kept_in_note")


def note(scene: RowScene, cell: Cell) -> None:
    """What the book notes, before everything else in the note."""
    scene.remarks.insert(0, _plain(cell))


_BARE: Final = "\x00"
"""Marks a number of which nobody knows whether it lost zeros; `finishing` takes it away."""


def is_bare(number: str) -> bool:
    """Whether the spreadsheet may have taken zeros away."""
    return number.startswith(_BARE)


def bare(number: str) -> str:
    """The number itself."""
    return number.removeprefix(_BARE)


def _shown(scene: RowScene, cell: Cell) -> str:
    if cell.kind is not CellKind.DATE:
        return _plain(cell)
    found: date = dates.read_day(cell, trusts_dates=scene.book.trusts_dates)
    return f"{found:%d/%m/%Y}"


def _plain(cell: Cell) -> str:
    """The characters of a cell that holds text or a whole number."""
    match cell.kind:
        case CellKind.TEXT | CellKind.BARE:
            if not cell.text.isascii() and not _TCVN3.isdisjoint(cell.text):
                raise CellRefused("text_is_tcvn3")
            return cell.text if cell.text.isascii() else nfc(cell.text)
        case CellKind.NUMBER:
            if not cell.text.isdecimal():
                raise CellRefused("number_not_whole")
            return cell.text
        case CellKind.DATE:
            raise CellRefused("cell_is_date")
        case _:
            raise CellRefused("cell_wrong_kind")


def _same_volume(number: str) -> str:
    """`01/1995`, `1.1995` and `01` of a book of that year are one volume."""
    first, *rest = re.split(r"[./-]", number)
    return "/".join([first.lstrip("0"), *(part for part in rest if not re.fullmatch(r"[0-9]{4}", part))])


def _words(sentence: str) -> list[str]:
    spoken = re.findall(r"[a-z]+", strip_marks(fold_spaces(sentence)).lower())
    return [form for word in spoken if (form := _WORD_FORMS.get(word, word))]


_TERMS: Final = (
    "sex",
    "residence",
    "identity_document",
    "registration_kind",
    "registration_kind_marriage",
    "registration_kind_parent_child",
    "death_notice",
    "parent_child_kind",
    "certificate_purpose",
)
CONVERTERS: Final[Mapping[str, Converter]] = {
    **{
        function.__name__: function
        for function in (
            book_number,
            clock_time,
            country,
            date_words,
            day,
            ethnic_group,
            kept_text,
            note,
            paper_number,
            partial_date,
            place,
            registered_at,
            registering_unit,
            remark,
            text,
            volume,
        )
    },
    **{name: partial(term, name) for name in _TERMS},
    "birth_kind": partial(kept_term, "birth_kind"),
}
