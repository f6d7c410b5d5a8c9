"""Two independent entries of one book: what differs keeps its row out and is named, row and column."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from gateway.operations.imports.opening import NamedBook, Wanted, open_source
from gateway.operations.imports.row_source import ReadRow
from gateway.operations.imports.sheet import FileLimits
from tests.support.books import a_birth_row, table, write_with_openpyxl, write_xlsx

LIMITS = FileLimits(64 * 1024 * 1024, 64 * 1024 * 1024, 200, 2000)
Rows = Sequence[Mapping[str, Any]]
SHORT = ("so", "quyenSo", "ngayDangKy", "nksHoTen", "nksGioiTinh", "nksNgaySinh")


def _read(tmp_path: Path, first: Rows, second: Rows, names: Sequence[str] | None = None) -> list[ReadRow]:
    wanted = Wanted(
        path=write_xlsx(tmp_path / "00691.KS.1995.01.xlsx", first),
        named=NamedBook(),
        second=write_xlsx(tmp_path / "second.xlsx", second, names=names),
    )
    with closing(open_source(wanted, LIMITS, 1000)) as source:
        return list(source.rows())


def _codes(row: ReadRow) -> list[tuple[str | None, str]]:
    return [(remark.column, remark.code) for remark in row.remarks]


def test_rows_that_agree_are_taken_in_whatever_order_they_were_keyed(tmp_path: Path) -> None:
    rows = [a_birth_row(number) for number in range(1, 4)]
    found = _read(tmp_path, rows, rows[::-1])
    assert [_codes(row) for row in found] == [[], [], []]
    assert all(row.event for row in found)


def test_the_same_said_in_two_ways_is_no_difference(tmp_path: Path) -> None:
    other = a_birth_row(
        1, so=1, nksNgaySinh="12.3.1995", nksDanToc="01", nksGioiTinh="Nữ", nksHoTen=" LÊ THỬ  1 "
    )
    (row,) = _read(tmp_path, [a_birth_row(1)], [other])
    assert _codes(row) == []


def test_every_cell_that_differs_is_named_and_the_row_stays_out(tmp_path: Path) -> None:
    other = a_birth_row(2, nksHoTen="LÊ THỨ 2", meNgaySinh="1971", chaNoiCuTru="xã Khác")
    first, second = _read(tmp_path, [a_birth_row(1), a_birth_row(2)], [other, a_birth_row(1)])
    assert first.event
    assert second.event is None
    assert _codes(second) == [(name, "entries_differ") for name in ("chaNoiCuTru", "meNgaySinh", "nksHoTen")]
    assert "LÊ THỨ 2" in second.remarks[2].message_vi
    assert "2" in second.remarks[2].message_en


def test_rows_that_only_one_entry_has_are_told(tmp_path: Path) -> None:
    found = _read(tmp_path, [a_birth_row(1), a_birth_row(2)], [a_birth_row(3), a_birth_row(1)])
    assert [_codes(row) for row in found] == [
        [],
        [(None, "entry_missing_in_second")],
        [(None, "entry_missing_in_first")],
    ]
    assert [row.event is None for row in found] == [False, True, True]


def test_a_short_form_is_compared_in_its_own_columns(tmp_path: Path) -> None:
    short = {name: a_birth_row(1)[name] for name in SHORT}
    (row,) = _read(tmp_path, [a_birth_row(1)], [short], SHORT)
    assert _codes(row) == []
    (row,) = _read(tmp_path, [a_birth_row(1)], [short | {"nksGioiTinh": "1"}], SHORT)
    assert _codes(row) == [("nksGioiTinh", "entries_differ")]


def test_what_only_the_full_form_has_comes_from_it(tmp_path: Path) -> None:
    full = a_birth_row(1)
    short = {name: full[name] for name in SHORT}
    wanted = Wanted(
        path=write_xlsx(tmp_path / "00691.KS.1995.01.KSS.xlsx", [short], names=SHORT),
        named=NamedBook(),
        second=write_xlsx(tmp_path / "00691.KS.1995.01.KSF.xlsx", [full]),
    )
    with closing(open_source(wanted, LIMITS, 1000)) as source:
        (row,) = source.rows()
    assert row.event is not None
    assert "LÊ THỊ MẪU" in str(row.event)


def test_two_sheets_of_one_workbook_can_be_the_two_entries(tmp_path: Path) -> None:
    path = tmp_path / "00691.KS.1995.01.xlsx"
    differing = a_birth_row(1, nksHoTen="LÊ THỨ 1")
    write_with_openpyxl(path, {"A": table([a_birth_row(1)]), "B": table([differing])})
    wanted = Wanted(path=path, named=NamedBook(), sheet="A", second_sheet="B")
    with closing(open_source(wanted, LIMITS, 1000)) as source:
        (row,) = source.rows()
    assert _codes(row) == [("nksHoTen", "entries_differ")]


def test_one_number_twice_in_a_file_is_told_with_the_row_where_it_stood(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "00691.KS.1995.01.xlsx", [a_birth_row(7), a_birth_row(8), a_birth_row(7)])
    with closing(open_source(Wanted(path, NamedBook()), LIMITS, 1000)) as source:
        rows = list(source.rows())
    assert [_codes(row) for row in rows] == [[], [], [("so", "number_repeated")]]
    assert " 2" in rows[2].remarks[0].message_en
