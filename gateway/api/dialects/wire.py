"""What the registry's clients say and expect: paths, operations, numbers and fixed sentences."""

from typing import Final

FIRST_PATHS: Final = ("/apiHoTichTuPhap",)
"""Where the operations of generation 1 lie [S]."""
SECOND_PATHS: Final = ("/apiLienThongKSKT/1.0", "/lgsp/Lienthonghotich/1.0")
"""Until and after 1 July 2025 [S]."""
TOKEN_PATHS: Final = ("/token", "/lgsp/token")
"""The bus's own token, and the second one that is wanted since 1 July 2025 [S; path I]."""

PUSH_FIRST: Final = "dangKyHoTich"
CODE_LISTS: Final = "danhMuc"
STATUS: Final = "traTrangThaiHoSo"
RESULT: Final = "ketQuaDangKyHS"
CHANGED: Final = "dsHoSoDangKy"
RECORD: Final = "traHoSo"
RECORDS: Final = "traDanhSachHoSo"
PUSH_SECOND: Final = "nhanHoSoDKHT"
POLL: Final = "layKetQuaHoSoDKHT"
"""Known only by the name of a setting [S]; the path is ours [I]."""
PUSHES: Final = frozenset({PUSH_FIRST, PUSH_SECOND})

AUTHEN_ERROR: Final = 100
IP_DISALLOWED: Final = 101
AGENCY_INCORRECT: Final = 106
PROVINCE_INCORRECT: Final = 108
RECORD_UNCOMPLETE: Final = 200
RECORD_NOT_FOUND: Final = 201
DATA_TYPE_INVALID: Final = 302
DATA_INCORRECT: Final = 500
LATER: Final = 503
"""No number of the registry's: nothing was stored, send the same again."""
RECEIVED_ALREADY: Final = 99
"""The sentence decides [S], the number is ours [I]."""

NAMES: Final = {
    AUTHEN_ERROR: "AUTHEN_ERROR",
    IP_DISALLOWED: "IP_DISALLOWED",
    AGENCY_INCORRECT: "AGENCY_ID_INCORRECT",
    PROVINCE_INCORRECT: "PROVINCE_ID_INCORRECT",
    RECORD_UNCOMPLETE: "RECORD_UNCOMPLETE",
    RECORD_NOT_FOUND: "RECORD_NOT_FOUND",
    DATA_TYPE_INVALID: "DATA_TYPE_INVALID",
    DATA_INCORRECT: "DATA_INCORRECT",
}

DONE: Final = "Thành công"
RECEIVED_ALREADY_TEXT: Final = "Hồ sơ đã được tiếp nhận"
"""Clients look for these words; they stand in no other answer, so that nothing else looks like success."""
CODES_PER_POLL_MAX: Final = 50
"""Real clients ask for 3 at a time [S]."""
RECORDS_PER_CALL_MAX: Final = 100
RECORD_FIELDS_MAX: Final = 400
"""The longest record of the contract has some 60."""
