"""Faults of an event told in the dialect's own words: its fields, its sentences, its numbers. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from gateway.api.dialects import wire
from gateway.api.dialects.answers import DialectFault
from gateway.model.submission import Conflict, ConflictKind, Violation
from mappings.national_registry.reading.dossier import Reading
from mappings.national_registry.reading.draft import ReadingFault

_ENVELOPE: Final = frozenset(
    {"maDonVi", "module", "maHoSo", "maHoSoLT", "maHoSoMCDT", "ngayTiepNhan", "data", "fileDinhKem"}
)
_MISSING: Final = frozenset({"field_missing", "neither_filled_nor_unknown", "dialect_field_missing"})
_OF_THE_OFFICE: Final = frozenset({"authority_unknown", "authority_not_yours"})
_TOO_LONG: Final = frozenset({"text_too_long", "number_too_large"})
_NOT_IN_LIST: Final = re.compile(r"not_in_list|code_unknown|_unknown$|not_in_code_list")
_STEPS: Final = re.compile(r"[^.\[\]]+")
_SENTENCES_MAX: Final = 20
_OURS_ALONE: Final = frozenset({"event_type", "source_event_id"})


def faults_of(reading: Reading, violations: Iterable[Violation]) -> list[DialectFault]:
    """Every fault once: what could not be read, then what the rules have against the rest."""
    found = [fault_of(fault) for fault in reading.faults]
    told = {fault.field for fault in found}
    for violation in violations:
        fault = _of_violation(reading, violation)
        if fault is not None and fault.field not in told:
            found.append(fault)
    return list(dict.fromkeys(found))


def fault_of(fault: ReadingFault) -> DialectFault:
    """A fault of reading."""
    return DialectFault(fault.field, pointer_of(fault.field), fault.code, fault.message_vi, fault.message_en)


def warnings_of(reading: Reading, warnings: Sequence[Violation]) -> list[DialectFault]:
    """What was read by a rule, and what the rules want looked at."""
    found = [fault_of(each) for each in reading.assumed]
    found += [fault for each in warnings if (fault := _of_violation(reading, each)) is not None]
    return found


def pointer_of(field: str) -> str:
    """`nksNoiSinh.maXa` is `/data/nksNoiSinh/maXa`; the envelope's own fields stand outside of `data`."""
    steps = _STEPS.findall(field)
    inside = [] if not steps or steps[0] in _ENVELOPE else ["data"]
    return "".join(f"/{step}" for step in (*inside, *steps))


def sentences_of(faults: Sequence[DialectFault]) -> str:
    """As the registry words it, one sentence a field, so that old consoles still find the fields [S]."""
    told = [f"{fault.field or 'data'} {_complaint(fault)}." for fault in faults[:_SENTENCES_MAX]]
    return " ".join(dict.fromkeys(told))


def number_of(faults: Sequence[DialectFault]) -> int:
    """106 when nothing but the office is wrong, else 500."""
    is_office = all(fault.code in _OF_THE_OFFICE for fault in faults)
    return wire.AGENCY_INCORRECT if is_office else wire.DATA_INCORRECT


def conflict_of(conflict: Conflict, code_field: str) -> DialectFault:
    """Why a dossier with other content is not taken; never the words that mean "received already"."""
    field, message_vi, message_en = {
        ConflictKind.ENTRY: (
            "so",
            "so trùng với một mục đã đăng ký của cùng cơ quan, sổ, năm; kiểm tra so, quyenSo, ngayDangKy.",
            "so is taken by another entry of the same office, book and year; check so, quyenSo, ngayDangKy.",
        ),
        ConflictKind.DOSSIER: (
            code_field,
            f"{code_field} đã dùng cho một sự kiện khác cùng loại; hãy kiểm tra mã hồ sơ.",
            f"{code_field} is used by another event of this kind; check the dossier code.",
        ),
    }.get(
        conflict.kind,
        (
            code_field,
            f"{code_field} đã gửi với nội dung khác; hãy gửi việc cải chính hoặc liên hệ quản trị cổng.",
            f"{code_field} was sent with other content; send a correction, or ask the gateway's operator.",
        ),
    )
    return DialectFault(field, pointer_of(field), conflict.kind.value, message_vi, message_en)


def _of_violation(reading: Reading, violation: Violation) -> DialectFault | None:
    path = violation.pointer.removeprefix("/declared").removeprefix("/").replace("/", ".")
    field = reading.field_of(path) or ""
    if not field and path in _OURS_ALONE:
        return None
    vietnamese, english = violation.message_vi, violation.message_en
    if violation.code in _MISSING and field:
        vietnamese = f"Thiếu {field}, trường mà sự kiện đã đăng ký bắt buộc phải có; hãy bổ sung {field}."
        english = f"{field} is missing, which a registered event must have; fill in {field}."
    return DialectFault(field, pointer_of(field or "data"), violation.code, vietnamese, english)


def _complaint(fault: DialectFault) -> str:
    if fault.code in _MISSING or fault.code.endswith("_missing"):
        return "không được để trống"
    if fault.code in _TOO_LONG:
        return "có độ dài vượt quá số lượng cho phép"
    if fault.code in {kind.value for kind in ConflictKind}:
        return "đã được dùng với nội dung khác"
    return "không tồn tại trong danh mục" if _NOT_IN_LIST.search(fault.code) else "có định dạng không đúng"
