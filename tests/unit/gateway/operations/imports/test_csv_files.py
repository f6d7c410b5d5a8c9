"""CSV: UTF-8 or refused with the remedy; any usual separator; nothing in it is a formula."""

from contextlib import closing
from pathlib import Path

import pytest

from gateway.operations.imports.csv_sheet import CsvSheet
from gateway.operations.imports.sheet import FileLimits, ImportRefused
from mappings.digitised_books.cells import Cell, CellKind
from mappings.digitised_books.columns import BOOK_TYPES
from tests.support.books import a_row, write_csv

LIMITS = FileLimits(1_000_000, 1_000_000, 200, 2000)
KNOWN = frozenset(name.casefold() for name in BOOK_TYPES["KS"].columns)


def _first(path: Path) -> dict[str, Cell | None]:
    sheet = CsvSheet(path, LIMITS, KNOWN)
    try:
        return dict(zip(sheet.header, next(iter(sheet.rows())).cells, strict=False))
    finally:
        sheet.close()


def _problem(path: Path) -> object:
    with pytest.raises(ImportRefused) as refused, closing(CsvSheet(path, LIMITS, KNOWN)) as sheet:
        list(sheet.rows())
    return refused.value.details["problem"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators_and_boms_do_not_matter(tmp_path: Path, separator: str, encoding: str) -> None:
    cells = _first(
        write_csv(tmp_path / "b.csv", [a_row(nksQueQuan=" xã Thử; thôn 1, ")], separator, encoding)
    )
    assert cells["so"] == Cell(CellKind.BARE, "41")
    assert cells["nksQueQuan"] == Cell(CellKind.BARE, "xã Thử; thôn 1,")
    assert cells["chaNoiCuTru"] is None


@pytest.mark.parametrize(
    ("encoding", "problem"),
    [("cp1258", "csv_not_utf8"), ("latin-1", "csv_not_utf8"), ("utf-16", "csv_is_utf16")],
)
def test_another_encoding_is_refused_before_the_first_row(
    tmp_path: Path, encoding: str, problem: str
) -> None:
    row = a_row(nksHoTen="LÊ Thùy") if encoding != "latin-1" else a_row(nksHoTen="Ng\xb5")
    plain = {name: text for name, text in row.items() if text.isascii()}
    path = tmp_path / "b.csv"
    write_csv(
        path, [plain | {"nksHoTen": "Lê \xe2" if encoding == "cp1258" else "\xb5\xe2"}], encoding=encoding
    )
    assert _problem(path) == problem


def test_a_broken_byte_far_down_is_found_before_anything_is_imported(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "b.csv", [a_row(so=str(number)) for number in range(50)])
    path.write_bytes(path.read_bytes() + b"\xff\xfe broken")
    assert _problem(path) == "csv_not_utf8"
    path.write_bytes(path.read_bytes()[:-20] + "ệ".encode()[:-1])
    assert _problem(path) == "csv_not_utf8"


def test_a_formula_is_a_formula_and_a_guarded_text_is_its_text(tmp_path: Path) -> None:
    cells = _first(write_csv(tmp_path / "b.csv", [a_row(so="=0041", nksHoTen="'=LÊ", meHoTen="'LÊ")]))
    assert cells["so"] == Cell(CellKind.FORMULA, "")
    assert cells["nksHoTen"] == Cell(CellKind.TEXT, "=LÊ")
    assert cells["meHoTen"] == Cell(CellKind.BARE, "'LÊ")


def test_broken_quotes_and_blank_rows(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "b.csv", [a_row()])
    text = path.read_text(encoding="utf-8")
    path.write_text(text + ",,,\n\n" + text.splitlines()[1] + "\n", encoding="utf-8")
    sheet = CsvSheet(path, LIMITS, KNOWN)
    assert [row.number for row in sheet.rows()] == [2, 5]
    sheet.close()
    path.write_text(text + '"41,\n', encoding="utf-8")
    assert _problem(path) == "csv_syntax"


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    assert _problem(path) == "header_missing"
