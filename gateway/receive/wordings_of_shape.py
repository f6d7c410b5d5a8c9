"""Words for faults of shape: bytes, JSON, kinds and limits of single fields."""

from collections.abc import Mapping
from typing import Final

from mappings.canonical import Wording

OF_SHAPE: Final[Mapping[str, Wording]] = {
    "body_too_large": Wording(
        "Thông điệp dài quá {bytes_max} byte; giảm dung lượng tệp đính kèm rồi gửi lại.",
        "The message exceeds {bytes_max} bytes; make the attachments smaller and send again.",
    ),
    "body_not_utf8": Wording(
        "Thông điệp không phải UTF-8 (sai ở byte {byte}); mã hóa lại bằng UTF-8, không có BOM.",
        "The message is not UTF-8 (wrong at byte {byte}); encode it as UTF-8 without BOM.",
    ),
    "body_not_json": Wording(
        "Thông điệp không phải JSON hợp lệ (dòng {line}, cột {column}); sửa cú pháp.",
        "The message is not valid JSON (line {line}, column {column}); correct the syntax.",
    ),
    "body_not_object": Wording(
        "Thông điệp phải là một đối tượng JSON chứa một sự kiện.",
        "The message must be one JSON object that holds one event.",
    ),
    "json_too_deep": Wording(
        "JSON lồng nhau quá {depth_max} cấp; bỏ các cấp thừa.",
        "The JSON is nested deeper than {depth_max} levels; take out what is not needed.",
    ),
    "line_blank": Wording(
        "Dòng trống trong lô; mỗi dòng phải là một đối tượng JSON chứa một sự kiện. Bỏ dòng này đi.",
        "A blank line in the batch; every line must be one JSON object that holds one event. Take it out.",
    ),
    "key_repeated": Wording(
        "Trường {field} xuất hiện nhiều lần trong cùng một đối tượng; chỉ giữ một.",
        "The field {field} stands more than once in one object; keep one.",
    ),
    "number_not_whole": Wording(
        "Trường {field} phải là số nguyên không quá 15 chữ số, không có phần thập phân hay số mũ.",
        "The field {field} must be a whole number of at most 15 digits, without fraction or exponent.",
    ),
    "text_not_unicode": Wording(
        "Trường {field} chứa nửa ký tự Unicode (surrogate đơn lẻ); gửi lại ký tự đầy đủ.",
        "The field {field} holds half a Unicode character (a lone surrogate); send the whole character.",
    ),
    "too_many_violations": Wording(
        "Còn nhiều lỗi khác, chỉ liệt kê {violations_max} lỗi đầu; sửa rồi gửi lại để xem tiếp.",
        "There are more faults, only the first {violations_max} are listed; correct these and send again.",
    ),
    "idempotency_key_invalid": Wording(
        "Tiêu đề Idempotency-Key phải có từ 1 đến 255 ký tự ASCII in được, không có dấu cách ở hai đầu.",
        "The header Idempotency-Key must hold 1 to 255 printable ASCII characters, no blank at either end.",
    ),
    "event_type_unknown": Wording(
        "event_type phải là một trong: {expected}.",
        "event_type must be one of: {expected}.",
    ),
    "field_missing": Wording(
        "Thiếu trường bắt buộc {field}; hãy bổ sung.",
        "The required field {field} is missing; add it.",
    ),
    "field_unknown": Wording(
        "Trường {field} không có trong mẫu sự kiện; bỏ đi hoặc sửa tên trường.",
        "The event has no field {field}; take it out or correct its name.",
    ),
    "wrong_type": Wording(
        "Trường {field} sai kiểu dữ liệu; cần {expected_vi}.",
        "The field {field} is of the wrong kind; it must be {expected_en}.",
    ),
    "wrong_format": Wording(
        "Trường {field} sai định dạng; cần {hint_vi}.",
        "The field {field} has the wrong format; it must be {hint_en}.",
    ),
    "text_too_short": Wording(
        "Trường {field} phải có ít nhất {characters_min} ký tự; điền giá trị hoặc bỏ trường này.",
        "The field {field} needs at least {characters_min} characters; fill it in or leave it out.",
    ),
    "text_too_long": Wording(
        "Trường {field} dài quá {characters_max} ký tự; rút ngắn lại.",
        "The field {field} exceeds {characters_max} characters; shorten it.",
    ),
    "not_in_list": Wording(
        "Trường {field} chỉ nhận: {expected}.",
        "The field {field} takes only: {expected}.",
    ),
    "book_does_not_fit": Wording(
        "Sổ không phù hợp với loại sự kiện; book_code phải là {expected}.",
        "The book does not fit the matter; book_code must be {expected}.",
    ),
    "number_too_small": Wording(
        "Trường {field} phải từ {minimum} trở lên.",
        "The field {field} must be {minimum} or more.",
    ),
    "number_too_large": Wording(
        "Trường {field} không được quá {maximum}.",
        "The field {field} must be {maximum} or less.",
    ),
    "too_few_items": Wording(
        "Danh sách {field} phải có ít nhất {items_min} mục.",
        "The list {field} needs {items_min} items or more.",
    ),
    "too_many_items": Wording(
        "Danh sách {field} không được quá {items_max} mục.",
        "The list {field} must have {items_max} items or fewer.",
    ),
    "invalid_value": Wording(
        "Giá trị của trường {field} không hợp lệ ({rule}); đối chiếu với JSON Schema của sự kiện.",
        "The value of the field {field} is not valid ({rule}); compare it with the event's JSON Schema.",
    ),
}
