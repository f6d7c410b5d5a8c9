"""The columns of each type of digitised book, read from their tables and checked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from mappings.csv_files import read_rows
from mappings.digitised_books.converters import CONVERTERS, Converter
from mappings.digitised_books.names import FOLDER

_BROKEN: Final = "unknown converter, no mark S or I, or a column that stands twice"
_COLUMNS: Final = ("column", "target", "converter", "needed", "mark", "name_vi")


@dataclass(frozen=True, slots=True)
class BookColumn:
    """One column of a sheet: its name in the layout, and where its cells go."""

    name: str
    target: tuple[str, ...]
    """Path into the event; empty when the cell goes nowhere by itself."""
    converter_name: str
    convert: Converter
    is_needed: bool
    mark: str
    name_vi: str


@dataclass(frozen=True, slots=True)
class BookType:
    """A type of book, and the event that each of its entries is."""

    code: str
    event_type: str
    name_vi: str
    name_en: str
    roles: tuple[str, ...]

    @property
    def columns(self) -> Mapping[str, BookColumn]:
        """By name, in the order of the layout."""
        return _columns(self.code)


BOOK_TYPES: Final[Mapping[str, BookType]] = {
    each.code: each
    for each in (
        BookType("KS", "birth", "Sổ đăng ký khai sinh", "births", ("child", "mother", "father")),
        BookType("KT", "death", "Sổ đăng ký khai tử", "deaths", ("deceased",)),
        BookType("KH", "marriage", "Sổ đăng ký kết hôn", "marriages", ("husband", "wife")),
        BookType(
            "HN",
            "marital_status_certificate",
            "Sổ cấp Giấy xác nhận tình trạng hôn nhân",
            "marital-status certificates",
            ("subject",),
        ),
        BookType(
            "CMC",
            "parent_child_recognition",
            "Sổ đăng ký nhận cha, mẹ, con",
            "recognitions of father, mother or child",
            ("parent", "child"),
        ),
    )
}


@cache
def _columns(code: str) -> Mapping[str, BookColumn]:
    found: dict[str, BookColumn] = {}
    for row in read_rows(FOLDER / f"{code}.csv", _COLUMNS):
        converter, mark = row["converter"], row["mark"]
        if converter not in CONVERTERS or mark not in {"S", "I"} or row["column"] in found:
            raise row.broken(_BROKEN)
        target = tuple(row["target"].split(".")) if row["target"] else ()
        found[row["column"]] = BookColumn(
            row["column"],
            target,
            converter,
            CONVERTERS[converter],
            is_needed=row["needed"] == "yes",
            mark=mark,
            name_vi=row["name_vi"],
        )
    return found


def column_of_pointer(book_type: BookType, pointer: str) -> str | None:
    """Which column a fault of the event is about: the one that goes there, into it, or around it."""
    path = tuple(pointer.split("/")[1:])
    best: tuple[int, str] | None = None
    for column in book_type.columns.values():
        shared = min(len(column.target), len(path))
        if shared and column.target[:shared] == path[:shared] and (best is None or shared > best[0]):
            best = (shared, column.name)
    return None if best is None else best[1]
