"""Reports: faulty cells marked, both languages, and no text that a spreadsheet would run."""

import csv
from pathlib import Path

import openpyxl
import pytest

from gateway.operations.imports.outcome import ImportTally, Remark, RowOutcome, RowResult
from gateway.operations.imports.report import CsvReport, Report, XlsxReport, guarded
from mappings.digitised_books.cells import Cell, CellKind

HEADER = ["so", "nksHoTen", "nksNgaySinh"]
RED, YELLOW = "FFFFC7CE", "FFFFEB9C"


def _remark(column: str | None, *, is_warning: bool = False) -> Remark:
    return Remark(column, "some_code", f"Ô {column} sai.", f"Cell {column} is wrong.", is_warning=is_warning)


RESULTS = (
    RowResult(2, RowOutcome.ACCEPTED, (), [Cell(CellKind.TEXT, "1")]),
    RowResult(
        3,
        RowOutcome.FAULTY,
        (_remark("nksHoTen"), _remark("so", is_warning=True), _remark("nksNgaySinh"), _remark(None)),
        [Cell(CellKind.TEXT, "2"), Cell(CellKind.TEXT, "=HYPERLINK(1)"), None],
    ),
    RowResult(4, RowOutcome.FAULTY, (_remark("nksNgaySinh"),), [None, None, Cell(CellKind.DATE, "34770.0")]),
)


def _written(report: Report) -> None:
    tally = ImportTally()
    for result in RESULTS:
        tally.add(result)
        report.add(result)
    report.close(tally)


def test_the_workbook_opens_with_the_faulty_cells_marked(tmp_path: Path) -> None:
    path = tmp_path / "loi.xlsx"
    _written(XlsxReport(path, HEADER))
    book = openpyxl.load_workbook(path)
    rows, details, summary = book.worksheets
    assert [cell.value for cell in rows[1]] == [*HEADER, "#row", "#outcome", "#loi", "#errors"]
    assert rows.max_row == 3, "rows without a remark are not shown"
    assert [rows.cell(2, column).fill.fgColor.rgb for column in (1, 2, 3)] == [YELLOW, RED, RED]
    assert rows.cell(2, 4).value == "3"
    assert "Ô nksHoTen sai." in rows.cell(2, 6).value
    assert "Cell nksHoTen is wrong." in rows.cell(2, 7).value
    assert [cell.value for cell in details[2]][:4] == ["3", "nksHoTen", "error", "some_code"]
    assert details.max_row == 6
    assert {summary.cell(row, 1).value: summary.cell(row, 2).value for row in range(2, 6)}["faulty"] == "2"


def test_no_text_of_the_workbook_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "loi.xlsx"
    _written(XlsxReport(path, HEADER))
    cell = openpyxl.load_workbook(path).worksheets[0].cell(2, 2)
    assert (cell.data_type, cell.value) == ("s", "=HYPERLINK(1)")
    assert cell.quotePrefix, "it stays a text when somebody edits it"


def test_a_doubtful_date_does_not_come_back_as_a_sure_one(tmp_path: Path) -> None:
    path = tmp_path / "loi.xlsx"
    _written(XlsxReport(path, HEADER))
    assert openpyxl.load_workbook(path).worksheets[0].cell(3, 3).value == "12/03/1995 ?"


def test_the_csv_says_the_same_and_excel_sees_that_it_is_utf8(tmp_path: Path) -> None:
    path = tmp_path / "loi.csv"
    _written(CsvReport(path))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == ["#row", "#column", "#level", "#code", "#loi", "#error"]
    assert [row[:3] for row in rows] == [
        ["3", "nksHoTen", "error"],
        ["3", "so", "warning"],
        ["3", "nksNgaySinh", "error"],
        ["3", "", "error"],
        ["4", "nksNgaySinh", "error"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_texts_that_a_spreadsheet_would_run_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_other_texts_are_left_alone() -> None:
    assert guarded("LÊ THỬ = 1") == "LÊ THỬ = 1"
