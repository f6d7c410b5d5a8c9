"""Every fault and warning of a row in words: rule and remedy, in Vietnamese and English."""

from collections.abc import Mapping
from typing import Final

from mappings.canonical import Wording

FAULTS: Final[Mapping[str, Wording]] = {
    "cell_blank": Wording(
        "Ô {column} bắt buộc phải có giá trị; ghi theo sổ giấy.",
        "The cell {column} must not be blank; fill it in from the book.",
    ),
    "cell_is_formula": Wording(
        "Ô {column} là công thức; chép giá trị (Paste Special → Values) rồi kiểm tra lại với sổ.",
        "The cell {column} holds a formula; paste it as a value and compare it with the book.",
    ),
    "cell_is_error": Wording(
        "Ô {column} báo lỗi của bảng tính; ghi lại theo sổ.",
        "The cell {column} shows an error of the spreadsheet; write it again from the book.",
    ),
    "cell_is_date": Wording(
        "Bảng tính đã đổi ô {column} thành ngày; định dạng ô là Text rồi ghi lại đúng như sổ.",
        "The spreadsheet has turned the cell {column} into a date; format it as text and write it as "
        "in the book.",
    ),
    "cell_wrong_kind": Wording(
        "Ô {column} không phải chữ hay số thông thường; ghi lại theo sổ.",
        "The cell {column} is neither plain text nor a plain number; write it again from the book.",
    ),
    "cell_too_long": Wording(
        "Ô {column} dài quá {characters_max} ký tự; rút ngắn lại.",
        "The cell {column} exceeds {characters_max} characters; shorten it.",
    ),
    "cell_merged": Wording(
        "Dòng này có ô bị gộp; bỏ gộp ô (Unmerge) và ghi đủ từng ô.",
        "This row has merged cells; take the merge apart and fill in every cell.",
    ),
    "row_hidden": Wording(
        "Dòng này đang bị ẩn; bỏ ẩn nếu muốn nhập, hoặc xóa dòng.",
        "This row is hidden; show it if it is to be imported, or delete it.",
    ),
    "text_is_tcvn3": Wording(
        "Ô {column} có vẻ gõ bằng bảng mã TCVN3 (phông .VnTime); chuyển sang Unicode rồi ghi lại.",
        "The cell {column} seems to be typed in TCVN3 (a .Vn font); convert it to Unicode.",
    ),
    "number_not_whole": Wording(
        "Ô {column} phải là số nguyên viết đủ chữ số; định dạng ô là Text rồi ghi lại.",
        "The cell {column} must be a whole number with all its digits; format it as text and write it again.",
    ),
    "book_number_format": Wording(
        "Ô {column} chỉ gồm chữ số, chữ cái in hoa và các dấu . / -, không quá 20 ký tự.",
        "The cell {column} takes digits, capital letters and . / - only, at most 20 of them.",
    ),
    "date_ambiguous": Wording(
        "Ô {column} là ngày của bảng tính, không rõ ngày và tháng có bị đảo hay không; định dạng ô "
        "là Text và "
        "ghi dd/MM/yyyy (hoặc nhập với --trust-excel-dates nếu chắc chắn).",
        "The cell {column} is a date of the spreadsheet, and day and month may have been swapped; "
        "format it as text "
        "and write dd/MM/yyyy (or import with --trust-excel-dates if you are sure).",
    ),
    "date_is_serial": Wording(
        "Ô {column} là số thứ tự ngày của bảng tính; định dạng ô là Text và ghi dd/MM/yyyy.",
        "The cell {column} is the serial number of a date; format it as text and write dd/MM/yyyy.",
    ),
    "date_format": Wording(
        "Ô {column} phải là dd/MM/yyyy, dd.MM.yyyy, MM/yyyy hoặc yyyy; năm đủ 4 chữ số, ngày trước tháng.",
        "The cell {column} must be dd/MM/yyyy, dd.MM.yyyy, MM/yyyy or yyyy: four digits of the year, "
        "day first.",
    ),
    "date_not_in_calendar": Wording(
        "Ô {column} là ngày không có trong lịch, hoặc đảo ngày và tháng; ghi lại dd/MM/yyyy theo sổ.",
        "The cell {column} is a day that does not exist, or day and month are swapped; write "
        "dd/MM/yyyy as in the book.",
    ),
    "day_needed": Wording(
        "Ô {column} phải có đủ ngày, tháng, năm; nếu sổ không ghi đủ thì để trống và ghi vào ghiChu.",
        "The cell {column} needs day, month and year; if the book does not say them, leave it blank "
        "and use ghiChu.",
    ),
    "registration_day_needed": Wording(
        "Ô {column} phải có đủ ngày, tháng, năm đăng ký: thiếu ngày đăng ký thì không xác định được "
        "việc đăng ký.",
        "The cell {column} needs day, month and year of the registration: without them the entry "
        "cannot be placed.",
    ),
    "time_format": Wording(
        "Ô {column} phải là giờ và phút, ví dụ 05:40.",
        "The cell {column} must be hour and minute, for example 05:40.",
    ),
    "not_in_code_list": Wording(
        "Ô {column} chỉ nhận: {expected}.",
        "The cell {column} takes only: {expected}.",
    ),
    "ethnic_group_not_found": Wording(
        "Tên dân tộc ở ô {column} không có trong danh mục; ghi theo danh mục hoặc mã 2 chữ số.",
        "The ethnic group in the cell {column} is not in the list; write a name of the list or its "
        "two digits.",
    ),
    "ethnic_group_open": Wording(
        "Tên dân tộc ở ô {column} là tên khác của nhiều dân tộc ({codes}); ghi mã 2 chữ số.",
        "The name in the cell {column} is another name of several groups ({codes}); write the two digits.",
    ),
    "country_not_found": Wording(
        "Tên quốc gia ở ô {column} không có trong danh mục; ghi tên tiếng Việt hoặc mã 2 chữ cái "
        "(ISO 3166-1).",
        "The country in the cell {column} is not in the list; write its Vietnamese name or its two "
        "letters (ISO 3166-1).",
    ),
    "other_unit": Wording(
        "Ô {column} ghi cơ quan khác với cơ quan của sổ ({unit}); kiểm tra lại.",
        "The cell {column} names another office than that of the book ({unit}); check it.",
    ),
    "other_year": Wording(
        "Năm đăng ký khác với năm của sổ ({year}); kiểm tra ô {column}, hoặc nhập với --year đúng.",
        "The year of registration is not that of the book ({year}); check the cell {column}, or "
        "import with the right --year.",
    ),
    "other_volume": Wording(
        "Ô {column} ghi quyển khác với quyển của tệp ({volume}); kiểm tra lại, hoặc nhập với --book đúng.",
        "The cell {column} names another volume than that of the file ({volume}); check it, or "
        "import with the right --book.",
    ),
    "parents_disagree": Wording(
        "Ô {column} không khớp với tên cha, mẹ đã ghi; kiểm tra lại với sổ.",
        "The cell {column} disagrees with the parents that are named; compare them with the book.",
    ),
    "number_repeated": Wording(
        "Số đăng ký này đã có ở dòng {row}; kiểm tra lại với sổ.",
        "This register number stands already in row {row}; compare both with the book.",
    ),
    "entries_differ": Wording(
        "Hai bản nhập khác nhau ở ô {column}: bản thứ hai (dòng {row}) ghi “{other}”; đối chiếu với "
        "sổ rồi sửa.",
        "The two entries differ in the cell {column}: the second (row {row}) has “{other}”; compare "
        "with the book.",
    ),
    "entry_missing_in_second": Wording(
        "Bản nhập thứ hai không có số đăng ký này; bổ sung rồi nhập lại.",
        "The second entry does not have this register number; add it there.",
    ),
    "entry_missing_in_first": Wording(
        "Bản nhập thứ nhất không có số đăng ký ở dòng {row} của bản thứ hai; bổ sung rồi nhập lại.",
        "The first entry does not have the register number of row {row} of the second; add it there.",
    ),
    "already_registered": Wording(
        "Mục này đã được nhập trước đó với nội dung khác, hoặc trùng với mục khác ({reason}); kiểm "
        "tra, không nhập lại.",
        "This entry was taken in before with other content, or collides with another ({reason}); "
        "check, do not force it.",
    ),
    "row_not_json": Wording(
        "Dòng này không phải một đối tượng JSON; sửa lại.",
        "This line is not a JSON object; correct it.",
    ),
}
WARNINGS: Final[Mapping[str, Wording]] = {
    "zeros_restored": Wording(
        "Ô {column} mất số 0 ở đầu, đã thêm lại cho đủ {digits} chữ số; đối chiếu với sổ.",
        "The cell {column} had lost leading zeros, which were put back up to {digits} digits; "
        "compare with the book.",
    ),
    "year_from_age": Wording(
        "Ô {column} chỉ ghi tuổi; năm sinh được tính từ năm đăng ký (Thông tư 04/2020/TT-BTP, Điều 23).",
        "The cell {column} holds an age; the birth year was counted from the year of registration.",
    ),
    "kind_assumed": Wording(
        "Ô {column} để trống; được hiểu là đăng ký thông thường.",
        "The cell {column} is blank; an ordinary registration was assumed.",
    ),
    "kept_in_note": Wording(
        "Ô {column} được giữ trong ghi chú; việc này phải gửi thành một sự kiện riêng nếu cần cập nhật.",
        "The cell {column} is kept in the note; send it as an event of its own if it is to take effect.",
    ),
    "words_differ": Wording(
        "Ngày ghi bằng chữ ở ô {column} không khớp với ngày ghi bằng số; đối chiếu với sổ.",
        "The date in words in the cell {column} does not match the date in figures; compare with the book.",
    ),
    "unit_name_differs": Wording(
        "Ô {column} không nhắc đến tên cơ quan của sổ ({unit}); kiểm tra lại.",
        "The cell {column} does not name the office of the book ({unit}); check it.",
    ),
}
