"""Rows of invented old books, and workbooks that hold them; numbers of papers begin with 099."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl
import xlsxwriter

from gateway.model.ids import ClientId
from mappings.digitised_books.cells import Cell, CellKind
from mappings.digitised_books.columns import BOOK_TYPES
from mappings.digitised_books.reading import RowReader, RowReading
from mappings.digitised_books.scene import Book

UNIT: Final = "00691"
OLD_PROVINCE: Final = "02"
CLIENT: Final = ClientId("digitisers")
CHARACTERS_MAX: Final = 2000

_COMMON: Final = {
    "so": "41",
    "quyenSo": "01/1995",
    "trangSo": "21",
    "ngayDangKy": "20/03/1995",
    "loaiDangKy": "1",
    "nguoiKy": "Trần Văn Mẫu",
    "chucVuNguoiKy": "Chủ tịch",
    "nguoiThucHien": "Lê Thị Ví Dụ",
}
ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    "KS": {
        **_COMMON,
        "nksHoTen": "LÊ THỬ NGHIỆM",
        "nksGioiTinh": "2",
        "nksNgaySinh": "12/03/1995",
        "nksNgaySinhBangChu": "Ngày mười hai, tháng ba, năm một nghìn chín trăm chín mươi lăm",
        "nksNoiSinh": "Trạm xá",
        "nksNoiSinhDVHC": "xã Thử, huyện Mẫu",
        "nksQueQuan": "xã Thử, huyện Mẫu",
        "nksDanToc": "Kinh",
        "nksQuocTich": "Việt Nam",
        "nksLoaiKhaiSinh": "1",
        "meHoTen": "LÊ THỊ MẪU",
        "meNgaySinh": "1970",
        "meDanToc": "Tày",
        "meQuocTich": "Việt Nam",
        "meLoaiCuTru": "1",
        "meNoiCuTru": "xã Thử, huyện Mẫu",
        "meLoaiGiayToTuyThan": "1",
        "meSoGiayToTuyThan": "099123456",
        "chaHoTen": "TRẦN VĂN THỬ",
        "chaNgaySinh": "5/1968",
        "chaDanToc": "Kinh",
        "chaQuocTich": "Việt Nam",
        "nycHoTen": "LÊ THỊ MẪU",
        "nycQuanHe": "Mẹ",
    },
    "KT": {
        **_COMMON,
        "nktHoTen": "HOÀNG VĂN GIẢ ĐỊNH",
        "nktGioiTinh": "Nam",
        "nktNgaySinh": "1931",
        "nktDanToc": "Kinh",
        "nktQuocTich": "Việt Nam",
        "nktNgayChet": "18/03/1995",
        "nktGioPhutChet": "5 giờ 40 phút",
        "nktNoiChet": "Tại nhà",
        "nktNguyenNhanChet": "Tuổi già",
        "gbtLoai": "1",
        "gbtSo": "07",
        "gbtNgay": "18/03/1995",
        "gbtCoQuanCap": "Trạm y tế xã",
    },
    "KH": {
        **_COMMON,
        "chongHoTen": "ĐỖ VĂN MẪU",
        "chongNgaySinh": "12/04/1970",
        "chongDanToc": "Kinh",
        "chongQuocTich": "Việt Nam",
        "voHoTen": "VŨ THỊ THÍ DỤ",
        "voNgaySinh": "03/09/1973",
        "voDanToc": "Kinh",
        "voQuocTich": "Việt Nam",
    },
    "HN": {
        **{name: text for name, text in _COMMON.items() if name != "loaiDangKy"},
        "nxnHoTen": "BÙI THỊ VÍ DỤ",
        "nxnGioiTinh": "2",
        "nxnNgaySinh": "09/02/1970",
        "nxnQuocTich": "Việt Nam",
        "nxnTinhTrangHonNhan": "Chưa đăng ký kết hôn với ai",
        "nxnLoaiMucDichSuDung": "5",
        "nxnMucDichSuDung": "Vay vốn",
    },
    "CMC": {
        **_COMMON,
        "quyetDinhSo": "12/QĐ-UBND",
        "loaiXacNhan": "1",
        "cmHoTen": "LÝ VĂN THỬ",
        "cmGioiTinh": "1",
        "cmNgaySinh": "1960",
        "cmNoiCuTru": "xã Thử",
        "ncHoTen": "LÝ GIẢ",
        "ncGioiTinh": "1",
        "ncNgaySinh": "02/06/1990",
        "nycHoTen": "LÝ VĂN THỬ",
        "nycQHNguoiNhan": "Bản thân",
        "nycQHNguoiDuocNhan": "Cha",
    },
}


def a_row(book_type: str = "KS", /, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a cell may hold anything
    """A row without fault; `a_row(so=7, nksDanToc=None)` changes and empties cells."""
    row: dict[str, Any] = {**ROWS[book_type], **changes}
    return {name: value for name, value in row.items() if value is not None}


def a_birth_row(number: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a cell may hold anything
    """One of many, with people of its own."""
    own = {"so": str(number), "nksHoTen": f"LÊ THỬ {number}", "meSoGiayToTuyThan": f"099{number:06d}"}
    return a_row(**(own | changes))


def read_row(row: Mapping[str, Any], book_type: str = "KS", **book: Any) -> RowReading:  # noqa: ANN401 - fields of `Book`
    """As the reader of a workbook would hand the cells on; a `Cell` goes as it is."""
    names = tuple(BOOK_TYPES[book_type].columns)
    reader = RowReader(BOOK_TYPES[book_type], Book(book_type, UNIT, **book), names, CHARACTERS_MAX)
    return reader.read([_cell(row.get(name)) for name in names])


def fault_codes(reading: RowReading) -> list[tuple[str | None, str]]:
    """Column and code."""
    return [(fault.column, fault.code) for fault in reading.faults]


def write_xlsx(
    path: Path, rows: Sequence[Mapping[str, Any]], book_type: str = "KS", names: Sequence[str] | None = None
) -> Path:
    """A workbook as a careful office would export it."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("KSF")
        columns = list(names or BOOK_TYPES[book_type].columns)
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            for index, name in enumerate(columns):
                value = row.get(name)
                if isinstance(value, str):
                    sheet.write_string(number, index, value)
                elif value is not None:
                    sheet.write(number, index, value)
    return path


def write_with_openpyxl(path: Path, sheets: Mapping[str, Iterable[Sequence[Any]]]) -> openpyxl.Workbook:
    """A workbook from another hand; saved, and given back for what the test wants to do to it."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return book


def table(rows: Sequence[Mapping[str, Any]], book_type: str = "KS") -> list[list[Any]]:
    """Header and rows, as lists of cells."""
    names = list(BOOK_TYPES[book_type].columns)
    return [names, *([row.get(name) for name in names] for row in rows)]


def write_csv(
    path: Path, rows: Sequence[Mapping[str, Any]], separator: str = ",", encoding: str = "utf-8"
) -> Path:
    """A CSV file with quotes where they are needed."""
    lines = [separator.join(_quoted(cell, separator) for cell in row) for row in table(rows)]
    path.write_text("\n".join(lines) + "\n", encoding=encoding, newline="")
    return path


def _quoted(value: Any, separator: str) -> str:  # noqa: ANN401 - a cell may hold anything
    text = "" if value is None else str(value)
    return f'"{text}"' if separator in text else text


def _cell(value: Any) -> Cell | None:  # noqa: ANN401 - a cell may hold anything
    if value is None or isinstance(value, Cell):
        return value
    return Cell(CellKind.NUMBER if isinstance(value, int) else CellKind.TEXT, str(value))
