"""What a field must look like, said to people instead of as a pattern."""

from collections.abc import Mapping
from typing import Final

BothLanguages = tuple[str, str]

KINDS: Final[Mapping[str, BothLanguages]] = {
    "string_type": ("chuỗi ký tự", "text"),
    "int_type": ("số nguyên", "a whole number"),
    "bool_type": ("true hoặc false", "true or false"),
    "tuple_type": ("danh sách", "a list"),
    "list_type": ("danh sách", "a list"),
    "dict_type": ("một đối tượng", "an object"),
    "model_type": ("một đối tượng", "an object"),
    "model_attributes_type": ("một đối tượng", "an object"),
}
"""Kinds of value, by the name of the fault."""

_NUMBER: Final = (
    "chữ số, chữ in hoa không dấu và . / -, tối đa 20 ký tự",
    "digits, plain capitals and . / -, at most 20 characters",
)

FORMATS: Final[Mapping[str, BothLanguages]] = {
    "source_event_id": (
        "1 đến 100 ký tự ASCII in được, không có dấu cách ở hai đầu",
        "1 to 100 printable ASCII characters, no blank at either end",
    ),
    "authority_code": (
        "mã có 2, 3 hoặc 5 chữ số, hoặc M + mã nước + 2 số của cơ quan đại diện",
        "a code of 2, 3 or 5 digits, or a mission's M, country and 2 digits",
    ),
    "matter": (
        "mã việc hộ tịch, ví dụ birth_foreign_element",
        "a code of a matter, e.g. birth_foreign_element",
    ),
    "event_id": ("mã sự kiện do cổng cấp (UUID)", "the gateway's own event id (a UUID)"),
    "province_code": ("2 chữ số", "2 digits"),
    "district_code": ("3 chữ số", "3 digits"),
    "commune_code": ("5 chữ số", "5 digits"),
    "ethnic_group_code": ("2 chữ số", "2 digits"),
    "personal_id": ("12 chữ số", "12 digits"),
    "country": ("2 chữ in hoa, ví dụ VN", "2 capitals, e.g. VN"),
    "nationality": ("2 chữ in hoa, ví dụ VN", "2 capitals, e.g. VN"),
    "other_nationality": ("2 chữ in hoa, ví dụ VN", "2 capitals, e.g. VN"),
    "volume": _NUMBER,
    "number": _NUMBER,
    "page": _NUMBER,
    "code": (
        "mã hồ sơ từ 3 đến 50 chữ cái không dấu, chữ số và . _ -",
        "a dossier code of 3 to 50 plain letters, digits and . _ -",
    ),
    "linked_code": (
        "mã hồ sơ từ 3 đến 50 chữ cái không dấu, chữ số và . _ -",
        "a dossier code of 3 to 50 plain letters, digits and . _ -",
    ),
    "procedure_code": (
        "mã thủ tục, ví dụ 1.001193 hoặc 1.001193.000.00.00.H60",
        "a procedure code, e.g. 1.001193 or 1.001193.000.00.00.H60",
    ),
    "time": ("giờ và phút, ví dụ 05:40", "hour and minute, e.g. 05:40"),
    "phone": ("8 đến 20 chữ số, có thể bắt đầu bằng +", "8 to 20 digits, perhaps after +"),
    "email": ("một địa chỉ thư điện tử", "an e-mail address"),
    "media_type": ("kiểu nội dung, ví dụ application/pdf", "a media type, e.g. application/pdf"),
}
"""Formats, by the name of the field."""

VALUES_OF_CHANGES: Final[Mapping[str, BothLanguages]] = {
    "date": ("ngày dạng 1988-02-09, 1988-02 hoặc 1988", "a date as 1988-02-09, 1988-02 or 1988"),
    "sex": ("male, female hoặc undetermined", "male, female or undetermined"),
    "ethnic_group": ("mã dân tộc 01 đến 56", "a code of an ethnic group, 01 to 56"),
    "nationality": ("mã quốc gia 2 chữ, ví dụ VN", "a country code of 2 letters, e.g. VN"),
    "personal_id": ("12 chữ số", "12 digits"),
    "time": ("giờ và phút, ví dụ 05:40", "hour and minute, e.g. 05:40"),
}
"""How a value before or after a change is written, by what the field holds."""
