"""What a workbook hides is seen: formulas, dates it has made, merged and hidden rows, other sheets, bombs."""

import datetime as dt
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from gateway.operations.imports.opening import NamedBook, Wanted, open_source
from gateway.operations.imports.shared_strings import BLOCK, BLOCKS_IN_MEMORY
from gateway.operations.imports.sheet import FileLimits, ImportRefused, SheetRow
from gateway.operations.imports.workbook import Workbook
from gateway.operations.imports.xlsx_sheet import XlsxSheet
from mappings.digitised_books.cells import Cell, CellKind
from mappings.digitised_books.columns import BOOK_TYPES
from tests.support.books import a_birth_row, a_row, table, write_with_openpyxl, write_xlsx

LIMITS = FileLimits(64 * 1024 * 1024, 64 * 1024 * 1024, 200, 2000)
KNOWN = frozenset(name.casefold() for name in BOOK_TYPES["KS"].columns)


def _rows(path: Path, sheet: int = 0) -> list[SheetRow]:
    with closing(Workbook(str(path), LIMITS)) as workbook:
        reader = XlsxSheet(workbook, workbook.sheets[sheet], KNOWN)
        with closing(reader):
            return list(reader.rows())


def _cells(path: Path, row: int = 0) -> dict[str, Cell | None]:
    return dict(zip(BOOK_TYPES["KS"].columns, _rows(path)[row].cells, strict=False))


def _open(path: Path, **more: object) -> None:
    wanted = Wanted(path=path, named=NamedBook("00691", "KS"), **more)  # type: ignore[arg-type]  # fields of `Wanted`
    open_source(wanted, LIMITS, 1000).close()


def _problem(act: Callable[[], object]) -> str:
    with pytest.raises(ImportRefused) as refused:
        act()
    assert refused.value.details["problems"]
    return str(refused.value.details["problem"])


@pytest.mark.parametrize("hand", ["xlsxwriter", "openpyxl"])
def test_cells_are_read_as_they_were_typed_whoever_wrote_the_workbook(tmp_path: Path, hand: str) -> None:
    path, row = tmp_path / "book.xlsx", a_row(so=41, meSoGiayToTuyThan="  099 1234 ")
    if hand == "xlsxwriter":
        write_xlsx(path, [row])
    else:
        write_with_openpyxl(path, {"KSF": table([row])})
    cells = _cells(path)
    assert cells["so"] == Cell(CellKind.NUMBER, "41")
    assert cells["quyenSo"] == Cell(CellKind.TEXT, "01/1995")
    assert cells["meSoGiayToTuyThan"] == Cell(CellKind.TEXT, "099 1234")
    assert cells["chaNoiCuTru"] is None


def test_a_date_that_the_spreadsheet_made_is_told_from_a_number(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    row = a_row(nksNgaySinh=dt.date(1995, 3, 12), ngayDangKy=dt.datetime(1995, 3, 20, 8, 30), trangSo=1.5)  # noqa: DTZ001 - a cell has no zone
    write_with_openpyxl(path, {"KSF": table([row])})
    cells = _cells(path)
    assert cells["nksNgaySinh"] == Cell(CellKind.DATE, "34770.0")
    registered = cells["ngayDangKy"]
    assert registered is not None
    assert registered.kind is CellKind.DATE
    assert cells["trangSo"] == Cell(CellKind.NUMBER, "1.5")


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("dd/mm/yyyy", True),
        ("[$-1010000]d/m/yyyy;@", True),
        ('0" năm"', False),
        ("[Red]0.00", False),
        ("@", False),
    ],
)
def test_formats_of_ones_own_are_dates_only_if_they_show_one(
    tmp_path: Path, code: str, *, is_date: bool
) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(BOOK_TYPES["KS"].columns))
        sheet.write_number(1, 0, 34770, book.add_format({"num_format": code}))
    assert _rows(path)[0].cells[0] == Cell(
        *((CellKind.DATE, "34770.0") if is_date else (CellKind.NUMBER, "34770"))
    )


def test_dates_counted_from_1904_are_the_same_days(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(BOOK_TYPES["KS"].columns))
        sheet.write_datetime(1, 3, dt.datetime(1995, 3, 12), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001 - a cell has no zone
    assert _rows(path)[0].cells[3] == Cell(CellKind.DATE, "34770.0")


def test_a_formula_is_seen_and_its_cached_value_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(BOOK_TYPES["KS"].columns))
        sheet.write_formula(1, 0, "=A1+1", value="41")
        sheet.write_formula(1, 1, '="01/1995"', value="01/1995")
    assert [cell and cell.kind for cell in _rows(path)[0].cells[:2]] == [CellKind.FORMULA] * 2


def test_errors_and_booleans_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = write_with_openpyxl(path, {"KSF": table([a_row()])})
    book["KSF"]["A2"], book["KSF"]["B2"] = "#N/A", True
    book.save(path)
    assert [cell and cell.kind for cell in _rows(path)[0].cells[:2]] == [CellKind.ERROR, CellKind.BOOLEAN]


def test_rows_know_their_numbers_and_blank_rows_are_none(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    rows = [["Sổ đăng ký khai sinh", "", "năm 1995"], [], *table([a_row()]), [], ["  "], [None, "02/1995"]]
    write_with_openpyxl(path, {"KSF": rows})
    assert [row.number for row in _rows(path)] == [4, 7]


def test_hidden_rows_and_merged_cells_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = write_with_openpyxl(path, {"KSF": table([a_birth_row(n) for n in range(4)])})
    book["KSF"].row_dimensions[3].hidden = True
    book["KSF"].merge_cells("K4:L5")
    book.save(path)
    marks = [(row.number, row.is_hidden, row.is_merged) for row in _rows(path)]
    assert marks == [(2, False, False), (3, True, False), (4, False, True), (5, False, True)]


def test_a_merged_title_is_no_harm_but_a_merged_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = write_with_openpyxl(path, {"KSF": [["Sổ đăng ký khai sinh"], *table([a_row()])]})
    book["KSF"].merge_cells("A1:F1")
    book.save(path)
    assert len(_rows(path)) == 1
    book["KSF"].merge_cells("BI2:BJ2")
    book.save(path)
    assert _problem(lambda: _open(path)) == "header_merged"


def test_of_several_sheets_one_must_be_named(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = write_with_openpyxl(path, {"KSS": table([a_row()]), "KSF": table([a_row()])})
    assert _problem(lambda: _open(path)) == "several_sheets"
    assert _problem(lambda: _open(path, sheet="KSX")) == "sheet_missing"
    _open(path, sheet="KSF")
    book["KSS"].sheet_state = "hidden"
    book.save(path)
    _open(path)


def test_a_sheet_without_the_columns_of_the_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_with_openpyxl(path, {"KSF": [["Họ tên", "Ngày sinh"], ["A", "1995"]]})
    assert _problem(lambda: _open(path)) == "header_missing"
    write_with_openpyxl(path, {"KSF": [["so", "quyenSo", "trangSo", "ngayDangKy", "hoTenCon"]]})
    assert _problem(lambda: _open(path)) == "columns_wrong"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("book.xlsx", b"PK no zip", "not_a_workbook"),
        ("book.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old or encrypted", "not_a_workbook"),
        ("book.xls", b"\xd0\xcf\x11\xe0", "file_kind_unknown"),
        ("book.pdf", b"%PDF", "file_kind_unknown"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_remedy(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert _problem(lambda: _open(path)) == problem


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    assert _problem(lambda: _open(tmp_path / "none.xlsx")) == "file_missing"
    path = write_xlsx(tmp_path / "book.xlsx", [a_row()])
    small = FileLimits(100, 1_000_000, 200, 2000)
    assert (
        _problem(lambda: open_source(Wanted(path, NamedBook("00691", "KS")), small, 10)) == "file_too_large"
    )


def _rewritten(path: Path, part: str, content: bytes) -> Path:
    """The same workbook with one part replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, old in parts.items():
            archive.writestr(name, content if name == part else old)
    return path


def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", [a_row()])
    _rewritten(path, "xl/sharedStrings.xml", b" " * 20_000_000)
    assert _problem(lambda: _open(path)) == "unpacks_to_too_much"


def test_a_bomb_that_lies_about_its_size_does_not_go_off_either(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", [a_row()])
    _rewritten(path, "xl/sharedStrings.xml", b" " * 20_000_000)
    content = path.read_bytes()
    size = (20_000_000).to_bytes(4, "little")
    assert content.count(size) == 2
    path.write_bytes(content.replace(size, (1_000).to_bytes(4, "little")))
    assert _problem(lambda: _open(path)) in {"unpacks_to_too_much", "file_damaged"}


def test_entities_and_document_types_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", [a_row()])
    secret = tmp_path / "secret"
    secret.write_text("not for you", encoding="utf-8")
    declared = (
        f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY x SYSTEM "file://{secret}">]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&x;</t></si></sst>'
    )
    _rewritten(path, "xl/sharedStrings.xml", declared.encode())
    assert _problem(lambda: _open(path)) == "file_damaged"


def test_a_workbook_cut_short_is_refused_and_never_half_read_in_silence(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", [a_birth_row(number) for number in range(50)])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    _rewritten(path, "xl/worksheets/sheet1.xml", sheet[: len(sheet) // 2])
    assert _problem(lambda: _rows(path)) == "file_damaged"


def test_more_shared_texts_than_are_kept_in_memory_are_all_found(tmp_path: Path) -> None:
    texts_in_memory, columns = BLOCK * BLOCKS_IN_MEMORY, list(BOOK_TYPES["KS"].columns)
    names = [f"LÊ THỬ {number}" for number in range(texts_in_memory + 2 * BLOCK)]
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, columns)
        for number, name in enumerate(names, start=1):
            sheet.write_string(number, 0, "Kinh")
            sheet.write_string(number, 1, name)
    workbook = Workbook(str(path), LIMITS)
    kinh = len(columns)
    try:
        # There, and back to what has been let go meanwhile.
        for number in (*range(0, len(names), BLOCK), len(names) - 1, len(names) // 2, 1):
            assert workbook.strings[kinh + 1 + number] == names[number]
        assert workbook.strings[kinh] == "Kinh"
        with pytest.raises(ImportRefused):
            workbook.strings[10_000_000]
    finally:
        workbook.close()
    texts = [row.cells[1] for row in _rows(path)]
    assert texts == [Cell(CellKind.TEXT, name) for name in names]


def test_openpyxl_reads_the_same(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", [a_birth_row(number) for number in range(20)])
    other = openpyxl.load_workbook(path, read_only=True)
    theirs = [[cell.value for cell in row] for row in other.worksheets[0].iter_rows(min_row=2)]
    other.close()
    ours = [[cell and cell.text for cell in row.cells] for row in _rows(path)]
    width = len(BOOK_TYPES["KS"].columns)
    assert [[*row, *[None] * (width - len(row))] for row in ours] == [
        [*row, *[None] * (width - len(row))] for row in theirs
    ]
