"""Writes sample workbooks of old books with invented people: `python make_books.py FOLDER`.

`--rows 100000` makes large ones; `--faults` plants one of each fault that a spreadsheet invites.
"""

import argparse
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from mappings.digitised_books.columns import BOOK_TYPES

UNIT: Final = "00691"
YEAR: Final = 1995
FAMILY: Final = ("NGUYỄN", "TRẦN", "LÊ", "PHẠM", "HOÀNG", "LÝ", "ĐỖ", "BÙI", "VŨ", "MA")
GIVEN: Final = ("THỬ", "MẪU", "GIẢ", "VÍ DỤ", "NGHIỆM", "ĐỊNH", "BẢN", "TẠM")
GROUPS: Final = ("Kinh", "Tày", "Mông (Hmông)", "Dao", "Nùng", "Sán Chay")
Row = dict[str, Any]


def main() -> None:
    """One workbook a type of book."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=20)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--types", nargs="*", default=list(BOOK_TYPES), choices=list(BOOK_TYPES))
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for book_type in wanted.types:
        path = wanted.folder / f"{UNIT}.{book_type}.{YEAR}.01.xlsx"
        write_book(path, book_type, wanted.rows, has_faults=wanted.faults)
        print(path)


def write_book(path: Path, book_type: str, rows: int, *, has_faults: bool = False) -> None:
    """Rows go to disk at once."""
    columns = list(BOOK_TYPES[book_type].columns)
    with xlsxwriter.Workbook(str(path), {"constant_memory": rows > 10_000}) as book:
        sheet = book.add_worksheet(f"{book_type}F")
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(_rows(book_type, rows), start=1):
            for index, name in enumerate(columns):
                if name in row:
                    sheet.write_string(number, index, row[name])
        if has_faults:
            _plant_faults(book, sheet, columns, rows)


def _rows(book_type: str, rows: int) -> Iterator[Row]:
    chance = random.Random(f"{book_type}-{rows}")  # noqa: S311 - invented people, the same ones each time
    for number in range(1, rows + 1):
        day = date(YEAR, 1, 2) + timedelta(days=(number * 360) // (rows + 1))
        yield {**_entry(book_type, number, day, chance), **_MAKERS[book_type](number, day, chance)}


def _entry(book_type: str, number: int, day: date, chance: random.Random) -> Row:
    row = {
        "so": str(number),
        "quyenSo": f"01/{YEAR}",
        "trangSo": str((number + 1) // 2),
        "ngayDangKy": f"{day:%d/%m/%Y}",
        "nguoiKy": _name(chance).title(),
        "chucVuNguoiKy": "Chủ tịch",
    }
    return row if book_type == "HN" else row | {"loaiDangKy": "1"}


def _birth(number: int, day: date, chance: random.Random) -> Row:
    born = day - timedelta(days=chance.randrange(1, 50))
    return {
        "nksHoTen": _name(chance),
        "nksGioiTinh": str(chance.randrange(1, 3)),
        "nksNgaySinh": f"{born:%d/%m/%Y}",
        "nksNoiSinh": "Trạm xá xã Mẫu",
        "nksQueQuan": "xã Mẫu, huyện Thử",
        "nksLoaiKhaiSinh": "1",
        **_nation("nks", chance),
        "meHoTen": _name(chance),
        "meNgaySinh": str(chance.randrange(1955, 1976)),
        **_nation("me", chance),
        "meLoaiCuTru": "1",
        "meNoiCuTru": f"Thôn {number % 12 + 1}, xã Mẫu, huyện Thử",
        "meLoaiGiayToTuyThan": "1",
        "meSoGiayToTuyThan": f"099{number:06d}",
        "chaHoTen": _name(chance),
        "chaNgaySinh": f"{chance.randrange(1, 13):02d}/{chance.randrange(1950, 1975)}",
        **_nation("cha", chance),
        "nycHoTen": _name(chance),
        "nycQuanHe": chance.choice(("Cha", "Mẹ", "Ông", "Bà")),
    }


def _death(_number: int, day: date, chance: random.Random) -> Row:
    return {
        "nktHoTen": _name(chance),
        "nktGioiTinh": str(chance.randrange(1, 3)),
        "nktNgaySinh": f"{chance.randrange(40, 95)} tuổi",
        **_nation("nkt", chance),
        "nktNgayChet": f"{day - timedelta(days=2):%d/%m/%Y}",
        "nktGioPhutChet": f"{chance.randrange(24)} giờ {chance.randrange(60)} phút",
        "nktNoiChet": "Tại nhà",
        "nktNguyenNhanChet": "Tuổi già",
    }


def _marriage(_number: int, _day: date, chance: random.Random) -> Row:
    return {
        "chongHoTen": _name(chance),
        "chongNgaySinh": str(chance.randrange(1955, 1974)),
        **_nation("chong", chance),
        "voHoTen": _name(chance),
        "voNgaySinh": str(chance.randrange(1955, 1976)),
        **_nation("vo", chance),
    }


def _certificate(_number: int, _day: date, chance: random.Random) -> Row:
    return {
        "nxnHoTen": _name(chance),
        "nxnGioiTinh": str(chance.randrange(1, 3)),
        "nxnNgaySinh": str(chance.randrange(1955, 1975)),
        **_nation("nxn", chance),
        "nxnTinhTrangHonNhan": "Chưa đăng ký kết hôn với ai",
        "nxnLoaiMucDichSuDung": "5",
        "nxnMucDichSuDung": "Vay vốn",
    }


def _recognition(_number: int, _day: date, chance: random.Random) -> Row:
    return {
        "loaiXacNhan": "1",
        "cmHoTen": _name(chance),
        "cmGioiTinh": "1",
        "cmNgaySinh": str(chance.randrange(1940, 1965)),
        **_nation("cm", chance),
        "ncHoTen": _name(chance),
        "ncGioiTinh": str(chance.randrange(1, 3)),
        "ncNgaySinh": str(chance.randrange(1985, 1994)),
        **_nation("nc", chance),
    }


_MAKERS: Final = {
    "KS": _birth,
    "KT": _death,
    "KH": _marriage,
    "HN": _certificate,
    "CMC": _recognition,
}


def _name(chance: random.Random) -> str:
    return f"{chance.choice(FAMILY)} {chance.choice(GIVEN)} {chance.choice(GIVEN)}"


def _nation(prefix: str, chance: random.Random) -> Row:
    return {f"{prefix}DanToc": chance.choice(GROUPS), f"{prefix}QuocTich": "Việt Nam"}


def _plant_faults(book: Any, sheet: Any, columns: list[str], rows: int) -> None:  # noqa: ANN401 - the library has no types
    """Below the good rows: a formula, a date cell, a serial number, an unknown name, a row without number."""
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_formula(rows + 1, columns.index("so"), "=A2+1")
    sheet.write_datetime(rows + 2, columns.index("ngayDangKy"), date(YEAR, 3, 4), day)
    sheet.write_number(rows + 3, columns.index("ngayDangKy"), 34_700)
    group = next(name for name in columns if name.endswith("DanToc"))
    sheet.write_string(rows + 4, columns.index(group), "Không có dân tộc này")
    sheet.write_string(rows + 5, columns.index("quyenSo"), f"01/{YEAR}")


if __name__ == "__main__":
    main()
