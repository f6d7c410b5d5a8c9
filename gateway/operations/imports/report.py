"""What is wrong where: a workbook with the faulty cells marked, or CSV; no text of it is ever a formula."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import xlsxwriter

from gateway.operations.imports.outcome import ImportTally, Remark, RowOutcome, RowResult
from mappings.digitised_books.cells import Cell, CellKind
from mappings.digitised_books.dates import shown_date

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Beginnings that a spreadsheet takes for a formula."""
ROWS_MAX: Final = 1_000_000
"""A sheet ends a little later; what does not fit is counted in the summary all the same."""
_CELL_CHARACTERS_MAX: Final = 32_000
_ROW_COLUMNS: Final = ("#row", "#outcome", "#loi", "#errors")
_DETAIL_COLUMNS: Final = ("#row", "#column", "#level", "#code", "#loi", "#error")
_SHOWN_KINDS: Final = {CellKind.FORMULA: "(công thức / formula)", CellKind.ERROR: "(lỗi / error)"}


class Report(Protocol):
    """Gets every result once."""

    def add(self, result: RowResult) -> None:
        """Rows without a remark leave no trace."""
        ...

    def close(self, tally: ImportTally) -> None:
        """Write the summary and finish the file."""
        ...


class XlsxReport:
    """Faulty rows with all their cells as they stood, the faults one by one, and the summary."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        # Rows go to disk at once, so that a report of any length costs the memory of one row.
        self._book: Any = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        self._header = list(header)
        self._index = {name.casefold(): index for index, name in enumerate(header) if name}
        self._formats = {
            (risky, colour): self._book.add_format(_format(colour, risky=risky))
            for risky in (False, True)
            for colour in (None, "#FFC7CE", "#FFEB9C")
        }
        self._bold = self._book.add_format({"bold": True, "quote_prefix": True})
        self._rows: Any = self._sheet("Dòng lỗi - Rows", [*self._header, *_ROW_COLUMNS])
        self._details: Any = self._sheet("Chi tiết - Details", _DETAIL_COLUMNS)
        self._next_row = self._next_detail = 1

    def add(self, result: RowResult) -> None:
        """Mark what is wrong red, what is remarkable yellow."""
        if not result.remarks:
            return
        if self._next_row < ROWS_MAX:
            self._add_row(result)
            self._next_row += 1
        for remark in result.remarks:
            if self._next_detail < ROWS_MAX:
                self._write_row(self._details, self._next_detail, _detail(result, remark), {})
                self._next_detail += 1

    def close(self, tally: ImportTally) -> None:
        """With the counts on a sheet of their own."""
        summary: Any = self._sheet("Tổng hợp - Summary", ("#what", "#count"))
        lines = [(outcome.value, tally.outcomes[outcome]) for outcome in RowOutcome]
        lines += [*tally.faults.most_common(), *tally.warnings.most_common()]
        for number, (name, count) in enumerate(lines, start=1):
            self._write_row(summary, number, (name, str(count)), {})
        self._book.close()

    def _add_row(self, result: RowResult) -> None:
        texts = [_shown(cell) for cell in result.cells[: len(self._header)]]
        texts += [""] * (len(self._header) - len(texts))
        colours: dict[int, str] = {}
        for remark in sorted(result.remarks, key=lambda each: not each.is_warning):
            index = self._index.get((remark.column or "").casefold())
            if index is not None:
                colours[index] = "#FFEB9C" if remark.is_warning else "#FFC7CE"
        told = [
            str(result.row),
            result.outcome.value,
            _joined(result.remarks, lambda each: each.message_vi),
            _joined(result.remarks, lambda each: each.message_en),
        ]
        self._write_row(self._rows, self._next_row, [*texts, *told], colours)

    def _sheet(self, name: str, header: Sequence[str]) -> object:
        sheet: Any = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for index, title in enumerate(header):
            sheet.write_string(0, index, title, self._bold)
        return sheet

    def _write_row(self, sheet: Any, row: int, texts: Sequence[str], colours: dict[int, str]) -> None:  # noqa: ANN401 - the library has no types
        for index in range(len(texts)):
            text = texts[index][:_CELL_CHARACTERS_MAX]
            style = self._formats[text.startswith(_RISKY), colours.get(index)]
            if text:
                sheet.write_string(row, index, text, style)
            elif index in colours:
                sheet.write_blank(row, index, None, style)


class CsvReport:
    """The faults one by one; begins with a BOM, so that Excel sees that it is UTF-8."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(_DETAIL_COLUMNS)

    def add(self, result: RowResult) -> None:
        """One line for each remark."""
        for remark in result.remarks:
            self._writer.writerow([guarded(text) for text in _detail(result, remark)])

    def close(self, tally: ImportTally) -> None:
        """The counts are on the screen."""
        del tally
        self._file.close()


class NoReport:
    """Nobody wants one."""

    def add(self, result: RowResult) -> None:
        """Nothing."""

    def close(self, tally: ImportTally) -> None:
        """Nothing."""


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it opens the CSV."""
    return f"'{text}" if text.startswith(_RISKY) else text


def _detail(result: RowResult, remark: Remark) -> Sequence[str]:
    level = "warning" if remark.is_warning else "error"
    return (str(result.row), remark.column or "", level, remark.code, remark.message_vi, remark.message_en)


def _joined(remarks: Sequence[Remark], message: Callable[[Remark], str]) -> str:
    return "\n".join(f"{each.column or '–'}: {message(each)}" for each in remarks)


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.kind is CellKind.DATE:
        # With a question mark, so that a date that may be wrong cannot come back as a sure one.
        return f"{shown_date(cell)} ?"
    return _SHOWN_KINDS.get(cell.kind, cell.text)


def _format(colour: str | None, *, risky: bool) -> dict[str, object]:
    # The quote prefix keeps a text a text also when somebody edits the cell.
    found: dict[str, object] = {"num_format": "@", "quote_prefix": risky}
    if colour is not None:
        found |= {"bg_color": colour, "border": 1}
    return found
