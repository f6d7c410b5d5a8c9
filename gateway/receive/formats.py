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
    "authority_code": ("mã có 2, 3 hoặc 5 chữ số", "a code of 2, 3 or 5 digits"),
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
