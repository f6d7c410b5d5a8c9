"""A CSV file, row by row: UTF-8 with or without BOM; commas, semicolons or tabs."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.operations.imports.sheet import HEADER_ROWS_MAX, FileLimits, SheetRow, is_header, refused
from mappings.digitised_books.cells import Cell, CellKind

_PIECE_BYTES: Final = 1024 * 1024
_SEPARATORS: Final = ",;\t"
_FORMULA_STARTS: Final = ("=", "+", "-", "@")
_GUARD: Final = "'"
"""What our report puts before a text that a spreadsheet would take for a formula."""
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class CsvSheet:
    """Reads the file once; memory holds one row."""

    def __init__(self, path: Path, limits: FileLimits, known: frozenset[str]) -> None:
        self.rows_total = _survey(path)
        self._limits = limits
        csv.field_size_limit(max(limits.cell_characters_max * 4, 131_072))
        self._file = path.open(encoding="utf-8-sig", newline="")
        try:
            self._rows = self._all_rows(_separator(path))
            self.header = self._find_header(path.name, known)
        except BaseException:
            self._file.close()
            raise

    def rows(self) -> Iterator[SheetRow]:
        """Below the header."""
        return self._rows

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _find_header(self, name: str, known: frozenset[str]) -> list[str]:
        for row in self._rows:
            texts = ["" if cell is None else cell.text for cell in row.cells]
            if is_header(texts, known):
                return texts
            if row.number > HEADER_ROWS_MAX:
                break
        raise refused("header_missing", sheet=name, rows=HEADER_ROWS_MAX)

    def _all_rows(self, separator: str) -> Iterator[SheetRow]:
        reader = csv.reader(self._file, delimiter=separator, strict=True)
        try:
            for texts in reader:
                cells = [_cell(text) for text in texts]
                if any(cell is not None for cell in cells):
                    yield SheetRow(reader.line_num, cells)
        except csv.Error as error:
            raise refused("csv_syntax", line=reader.line_num) from error


def _cell(text: str) -> Cell | None:
    text = " ".join(text.split())
    if not text:
        return None
    if text.startswith(_FORMULA_STARTS[0]):
        return Cell(CellKind.FORMULA, "")
    if text[0] == _GUARD and text[1:].startswith(_FORMULA_STARTS):
        return Cell(CellKind.TEXT, text[1:])
    return Cell(CellKind.BARE, text)


def _survey(path: Path) -> int:
    """About how many rows; raises `ImportRefused` when the file is not UTF-8 from beginning to end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = position = 0
    with path.open("rb") as file:
        if file.read(2) in _UTF_16:
            raise refused("csv_is_utf16")
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                raise _not_utf8(position + error.start) from error
            lines += piece.count(b"\n")
            position += len(piece)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _not_utf8(position) from error
    return lines


def _not_utf8(byte: int) -> Exception:
    return refused("csv_not_utf8", byte=byte + 1)


def _separator(path: Path) -> str:
    """The one that the line with the most of them has: the header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [file.readline(_PIECE_BYTES) for _ in range(HEADER_ROWS_MAX)]
    counts = {separator: max(line.count(separator) for line in lines) for separator in _SEPARATORS}
    return max(counts, key=lambda separator: counts[separator])
