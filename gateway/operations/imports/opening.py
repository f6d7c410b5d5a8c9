"""Which book a file holds, and how it is read."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.operations.imports.csv_sheet import CsvSheet
from gateway.operations.imports.row_source import BookRows, EventLines, RowSource
from gateway.operations.imports.sheet import FileLimits, Sheet, refused
from gateway.operations.imports.workbook import SheetName, Workbook
from gateway.operations.imports.xlsx_sheet import XlsxSheet
from mappings.digitised_books.columns import BOOK_TYPES, BookType
from mappings.digitised_books.scene import Book

_NAME: Final = re.compile(
    r"(?P<unit>[0-9]{2}|[0-9]{3}|[0-9]{5}|M[A-Z]{2}[0-9]{2})\.(?P<type>KS|KT|KH|HN|CMC)"
    r"\.(?P<year>[0-9]{4})\.(?P<book>[0-9A-Za-z-]{1,10})(\.(?P<form>[A-Za-z0-9_-]{1,20}))?",
    re.IGNORECASE,
)
WORKBOOK_SUFFIXES: Final = frozenset({".xlsx", ".xlsm"})
CSV_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})
LINES_SUFFIXES: Final = frozenset({".ndjson", ".jsonl"})


@dataclass(frozen=True, slots=True)
class NamedBook:
    """What a file name says, or the options instead of it."""

    unit_code: str | None = None
    book_type: str | None = None
    year: int | None = None
    volume: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read, and how."""

    path: Path
    named: NamedBook
    """Options; they come before the name of the file."""
    sheet: str | None = None
    second: Path | None = None
    second_sheet: str | None = None
    trusts_dates: bool = False
    unit_names: frozenset[str] = frozenset()


def book_named_by(path: Path) -> NamedBook:
    """`<unit>.<type>.<year>.<book>.xlsx`, as books are exported [S]; a form such as `KSF` may follow [I]."""
    found = _NAME.fullmatch(path.stem)
    if found is None:
        return NamedBook()
    return NamedBook(found["unit"].upper(), found["type"].upper(), int(found["year"]), found["book"].upper())


def named_book(path: Path, options: NamedBook) -> NamedBook:
    """Options first, then what the name of the file says."""
    said = book_named_by(path)
    return NamedBook(
        options.unit_code or said.unit_code,
        options.book_type or said.book_type,
        options.year or said.year,
        options.volume or said.volume,
    )


def open_source(wanted: Wanted, limits: FileLimits, line_bytes_max: int) -> RowSource:
    """Raises `ImportRefused` in words that say what to do."""
    _check_size(wanted.path, limits)
    suffix = wanted.path.suffix.lower()
    if suffix in LINES_SUFFIXES:
        if wanted.second is not None or wanted.second_sheet is not None:
            raise refused("second_not_for_lines")
        return EventLines(wanted.path, line_bytes_max)
    named = named_book(wanted.path, wanted.named)
    book_type = BOOK_TYPES.get(named.book_type or "")
    if named.unit_code is None or book_type is None:
        raise refused("book_not_named")
    book = Book(
        book_type.code,
        named.unit_code,
        named.year,
        named.volume,
        wanted.unit_names,
        trusts_dates=wanted.trusts_dates,
    )
    sheet = _open_sheet(wanted.path, wanted.sheet, book_type, limits)
    try:
        second = _open_second(wanted, book_type, limits)
        return BookRows(book_type, book, sheet, second, limits.cell_characters_max)
    except BaseException:
        sheet.close()
        raise


def _open_second(wanted: Wanted, book_type: BookType, limits: FileLimits) -> Sheet | None:
    if wanted.second is not None:
        _check_size(wanted.second, limits)
        return _open_sheet(wanted.second, wanted.second_sheet, book_type, limits)
    if wanted.second_sheet is not None:
        return _open_sheet(wanted.path, wanted.second_sheet, book_type, limits)
    return None


def _open_sheet(path: Path, name: str | None, book_type: BookType, limits: FileLimits) -> Sheet:
    known = frozenset(column.casefold() for column in book_type.columns)
    suffix = path.suffix.lower()
    if suffix in CSV_SUFFIXES:
        return CsvSheet(path, limits, known)
    if suffix not in WORKBOOK_SUFFIXES:
        raise refused("file_kind_unknown")
    workbook = Workbook(str(path), limits)
    try:
        return XlsxSheet(workbook, _choose(workbook, name), known)
    except BaseException:
        workbook.close()
        raise


def _choose(workbook: Workbook, name: str | None) -> SheetName:
    """The one that is named, or the only one that is not hidden."""
    names = ", ".join(sheet.name for sheet in workbook.sheets)
    if name is not None:
        found = [sheet for sheet in workbook.sheets if sheet.name == name]
        if not found:
            raise refused("sheet_missing", sheet=name, sheets=names)
        return found[0]
    visible = [sheet for sheet in workbook.sheets if not sheet.is_hidden]
    if len(visible) != 1:
        raise refused("several_sheets", sheets=names)
    return visible[0]


def _check_size(path: Path, limits: FileLimits) -> None:
    if not path.is_file():
        raise refused("file_missing")
    if path.stat().st_size > limits.file_bytes_max:
        raise refused("file_too_large", bytes_max=limits.file_bytes_max)
