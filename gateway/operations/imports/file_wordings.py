"""Why a whole file cannot be imported, in words with the remedy, in Vietnamese and English."""

from collections.abc import Mapping
from typing import Final

from mappings.canonical import Wording

FILE_PROBLEMS: Final[Mapping[str, Wording]] = {
    "not_a_workbook": Wording(
        "Tệp không phải sổ tính .xlsx; mở bằng Excel và lưu lại dạng “Excel Workbook (.xlsx)”, không đặt mật "
        "khẩu.",
        "The file is no .xlsx workbook; open it in Excel and save it as “Excel Workbook (.xlsx)”, without "
        "password.",
    ),
    "unpacks_to_too_much": Wording(
        "Tệp giải nén ra quá lớn (HOTICH_IMPORTS__UNPACKED_BYTES_MAX, HOTICH_IMPORTS__UNPACKED_RATIO_MAX); "
        "chia thành nhiều tệp.",
        "The file unpacks to too much (HOTICH_IMPORTS__UNPACKED_BYTES_MAX, "
        "HOTICH_IMPORTS__UNPACKED_RATIO_MAX); divide it.",
    ),
    "file_too_large": Wording(
        "Tệp lớn hơn {bytes_max} byte (HOTICH_IMPORTS__FILE_BYTES_MAX); chia thành nhiều tệp.",
        "The file exceeds {bytes_max} bytes (HOTICH_IMPORTS__FILE_BYTES_MAX); divide it.",
    ),
    "file_missing": Wording("Không có tệp này.", "There is no such file."),
    "file_damaged": Wording(
        "Tệp bị hỏng, không đọc được; mở bằng Excel và lưu lại.",
        "The file is damaged; open it in Excel and save it again.",
    ),
    "file_kind_unknown": Wording(
        "Chỉ nhập được tệp .xlsx, .csv hoặc .ndjson; lưu lại dạng .xlsx nếu là .xls cũ.",
        "Only .xlsx, .csv and .ndjson can be imported; save an old .xls as .xlsx.",
    ),
    "header_merged": Wording(
        "Trang “{sheet}”: dòng tiêu đề có ô bị gộp; bỏ gộp ô (Unmerge).",
        "Sheet “{sheet}”: the header has merged cells; take the merge apart.",
    ),
    "header_missing": Wording(
        "“{sheet}”: không tìm thấy dòng tiêu đề có tên cột theo mẫu số hóa trong {rows} "
        "dòng đầu; xem docs/reference/digitised-books.md.",
        "“{sheet}”: no header with the column names of the layout in the first {rows} "
        "rows; see docs/reference/digitised-books.md.",
    ),
    "columns_wrong": Wording(
        "“{sheet}”: cột không có trong mẫu: {unknown}; cột lặp lại: {repeated}; cột bắt buộc còn thiếu: "
        "{missing}. Sửa dòng tiêu đề.",
        "“{sheet}”: columns that the layout lacks: {unknown}; that stand twice: {repeated}; that are needed "
        "and missing: {missing}. Correct the header.",
    ),
    "too_many_merged": Wording(
        "Trang “{sheet}” có quá nhiều ô bị gộp; bỏ gộp ô (Unmerge).",
        "Sheet “{sheet}” has too many merged cells; take the merges apart.",
    ),
    "several_sheets": Wording(
        "Tệp có nhiều trang ({sheets}); chọn một trang bằng --sheet.",
        "The workbook has several sheets ({sheets}); choose one with --sheet.",
    ),
    "sheet_missing": Wording(
        "Tệp không có trang “{sheet}”; các trang: {sheets}.",
        "The workbook has no sheet “{sheet}”; it has {sheets}.",
    ),
    "csv_syntax": Wording(
        "Dòng {line}: sai cú pháp CSV (thiếu dấu nháy kép, ô quá dài hoặc ký tự NUL).",
        "Line {line}: no valid CSV (a quote is missing, a cell is too long, or there is a NUL).",
    ),
    "csv_is_utf16": Wording(
        "Tệp được lưu dạng UTF-16 (“Unicode Text”); lưu lại dạng “CSV UTF-8”.",
        "The file is UTF-16 (“Unicode Text”); save it as “CSV UTF-8”.",
    ),
    "csv_not_utf8": Wording(
        "Tệp không phải UTF-8 (gần byte {byte}), có thể là Windows-1258 hoặc TCVN3 (phông .VnTime): mở bằng "
        "Excel, nếu là TCVN3 thì chuyển sang Unicode (ví dụ bằng Unikey Toolkit), rồi lưu dạng “CSV UTF-8”.",
        "The file is not UTF-8 (near byte {byte}), perhaps Windows-1258 or TCVN3 (.Vn fonts): open it in "
        "Excel, convert TCVN3 to Unicode (for example with the Unikey toolkit), and save it as “CSV UTF-8”.",
    ),
    "book_not_named": Wording(
        "Tên tệp không theo quy ước <đơn vị>.<loại>.<năm>.<quyển>.xlsx; thêm --unit và --type (KS, KT, KH, "
        "HN, CMC).",
        "The file name does not follow <unit>.<type>.<year>.<book>.xlsx; add --unit and --type (KS, KT, KH, "
        "HN, CMC).",
    ),
    "client_unknown": Wording(
        "Không có khách hàng “{client}” còn hiệu lực; xem `hotich-gateway client list`.",
        "There is no active client “{client}”; see `hotich-gateway client list`.",
    ),
    "client_not_sender": Wording(
        "Khách hàng “{client}” không có vai trò sender.",
        "The client “{client}” does not have the role sender.",
    ),
    "second_not_for_lines": Wording(
        "Chỉ so sánh hai bản nhập của tệp .xlsx hoặc .csv.",
        "Two entries are compared for .xlsx and .csv only.",
    ),
}
