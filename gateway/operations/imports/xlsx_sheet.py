"""A sheet of a workbook (.xlsx), row by row; what Excel may have changed is told from what was typed."""

import re
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import lru_cache
from typing import Final

from lxml import etree

from gateway.operations.imports.sheet import HEADER_ROWS_MAX, SheetRow, is_header, refused
from gateway.operations.imports.workbook import SheetName, Workbook
from gateway.operations.imports.xml_parts import MAIN, elements
from gateway.operations.imports.zip_part import PIECE_BYTES, ZipPart
from mappings.digitised_books.cells import Cell, CellKind

_ROW: Final = f"{{{MAIN}}}row"
_VALUE: Final = f"{{{MAIN}}}v"
_FORMULA: Final = f"{{{MAIN}}}f"
_TEXT: Final = f"{{{MAIN}}}t"
_ROW_BYTES: Final = re.compile(rb"<(?:\w+:)?row[\s>]")
_MERGED_BYTES: Final = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_COLUMNS_MAX: Final = 1_000
_MERGED_MAX: Final = 10_000
_FIGURES: Final = "0123456789"
_DAYS_1904: Final = 1_462
_DIGITS_MAX: Final = 15
"""A spreadsheet keeps no more digits of a number."""


class XlsxSheet:
    """Reads one sheet once; memory holds one row."""

    def __init__(self, workbook: Workbook, sheet: SheetName, known: frozenset[str]) -> None:
        self._book, self._sheet = workbook, sheet
        self._merged, self.rows_total = self._survey()
        self._rows = self._all_rows()
        try:
            self.header = self._find_header(known)
        except BaseException:
            self._rows.close()
            raise

    def rows(self) -> Iterator[SheetRow]:
        """Below the header."""
        return self._rows

    def close(self) -> None:
        """Let go of the workbook."""
        self._rows.close()
        self._book.close()

    def _find_header(self, known: frozenset[str]) -> list[str]:
        for row in self._rows:
            texts = ["" if cell is None else cell.text for cell in row.cells]
            if is_header(texts, known):
                if row.is_merged:
                    raise refused("header_merged", sheet=self._sheet.name)
                return texts
            if row.number > HEADER_ROWS_MAX:
                break
        raise refused("header_missing", sheet=self._sheet.name, rows=HEADER_ROWS_MAX)

    def _survey(self) -> tuple[frozenset[int], int]:
        """Rows with merged cells, told only behind the last row, and about how many rows there are."""
        merged: set[int] = set()
        count, tail = 0, b""
        with closing(ZipPart(self._book.archive, self._sheet.part, self._book.limits)) as part:
            while piece := part.read(PIECE_BYTES):
                window = tail + piece
                keep = window.rfind(b"<")
                whole, tail = window[:keep], window[keep:]
                count += len(_ROW_BYTES.findall(whole))
                for found in _MERGED_BYTES.finditer(whole):
                    merged.update(range(int(found[2]), min(int(found[4]), int(found[2]) + _MERGED_MAX) + 1))
                if len(merged) > _MERGED_MAX:
                    raise refused("too_many_merged", sheet=self._sheet.name)
        return frozenset(merged), max(count - 1, 0)

    def _all_rows(self) -> Generator[SheetRow, None, None]:
        number = 0
        for element in elements(self._book.archive, self._sheet.part, self._book.limits, _ROW):
            told = element.get("r")
            number = int(told) if told is not None and told.isdecimal() else number + 1
            cells = self._cells(element)
            if any(cell is not None for cell in cells):
                hidden = element.get("hidden") in {"1", "true"}
                yield SheetRow(number, cells, is_hidden=hidden, is_merged=number in self._merged)

    def _cells(self, row: etree._Element) -> list[Cell | None]:
        cells: list[Cell | None] = []
        for element in row:
            index = _column_of(element.get("r"), len(cells))
            if index >= _COLUMNS_MAX:
                break
            while len(cells) < index:
                cells.append(None)
            cells.append(self._cell(element))
        return cells

    def _cell(self, element: etree._Element) -> Cell | None:
        kind, value, inline = element.get("t"), None, None
        for part in element:
            if part.tag == _VALUE:
                value = part.text
            elif part.tag == _FORMULA:
                return Cell(CellKind.FORMULA, "")
            else:
                inline = part
        if kind == "s":
            text = "" if value is None else self._book.strings[int(value)]
        elif kind == "inlineStr":
            text = "" if inline is None else "".join(each.text or "" for each in inline.iter(_TEXT))
        elif kind in {"str", "d"}:
            text = value or ""
        else:
            return self._number(element, kind, value)
        text = " ".join(text.split())
        return Cell(CellKind.TEXT, text) if text else None

    def _number(self, element: etree._Element, kind: str | None, value: str | None) -> Cell | None:
        if value is None:
            return None
        if kind in {"b", "e"}:
            return Cell(CellKind.BOOLEAN if kind == "b" else CellKind.ERROR, value)
        if int(element.get("s", "0")) in self._book.date_styles:
            serial = float(value) + (_DAYS_1904 if self._book.counts_from_1904 and float(value) >= 1 else 0)
            return Cell(CellKind.DATE, repr(serial))
        return Cell(CellKind.NUMBER, _digits(value))


def _digits(value: str) -> str:
    """A whole number as its digits; anything else as it stands, to be refused."""
    if value.isdecimal() and len(value) <= _DIGITS_MAX:
        return value
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 10**_DIGITS_MAX else value


def _column_of(reference: str | None, following: int) -> int:
    """0 for A; a cell that does not say where it stands follows the one before it."""
    return following if reference is None else _index_of(reference.rstrip(_FIGURES))


@lru_cache(maxsize=_COLUMNS_MAX)
def _index_of(letters: str) -> int:
    index = 0
    for character in letters:
        if not "A" <= character <= "Z":
            break
        index = index * 26 + ord(character) - 64
    return index - 1
