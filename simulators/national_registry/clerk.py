"""The commune's clerk who works on a dossier after it has come in: status and result by the time gone by."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from simulators.clock import vietnam_time
from simulators.contract import Field, contract_of
from simulators.journal import Entry
from simulators.national_registry.records import message_of

WAITING, SUPPLEMENT, PROCESSING, ISSUED, REFUSED = "1", "2", "3", "4", "6"
PDF_BASE64: Final = "JVBERi0xLjQKJSVFT0YK"
_WORK_DONE: Final = {
    WAITING: "Chờ tiếp nhận",
    SUPPLEMENT: "Yêu cầu bổ sung hồ sơ",
    PROCESSING: "Đang xử lý",
    ISSUED: "Đã đăng ký",
    REFUSED: "Từ chối hồ sơ",
}
_SENT_AS: Final = {
    "soDangKy": "so",
    "soDinhDanh": "nksSoDDCN",
    "giayBaoTuLoai": "gbtLoai",
    "giayBaoTuSo": "gbtSo",
    "ndkksMaXa": "noiDangKy",
    **{f"{who}SoGiayTo": f"{who}SoGiayToTuyThan" for who in ("me", "cha", "nyc")},
}
"""Fields of a result that have another name in the record."""
_COMMUNE_DIGITS: Final = 5


def status_of(entry: Entry, now: datetime, clerk_seconds: float) -> str:
    """Waiting, then processing, then what the clerk decides; each step takes `clerk_seconds`."""
    step = timedelta(seconds=clerk_seconds)
    if now < entry.received_at + step:
        return WAITING
    if now < entry.received_at + 2 * step:
        return PROCESSING
    return str(entry.facts.get("decision", ISSUED))


def find_registration_time(entry: Entry, clerk_seconds: float) -> datetime | None:
    """Moment at which the dossier is registered; None if the clerk decides otherwise."""
    if entry.facts.get("decision", ISSUED) != ISSUED:
        return None
    return entry.received_at + 2 * timedelta(seconds=clerk_seconds)


def poll_item(
    entry: Entry, record: Mapping[str, Any], now: datetime, clerk_seconds: float, province: str
) -> dict[str, Any]:
    """One element of a poll answer's `value`; the record as it stands in the book by now."""
    status = status_of(entry, now, clerk_seconds)
    sent = entry.body
    item: dict[str, Any] = {
        "maDonVi": str(sent["maDonVi"]),
        "maTinh": province,
        "module": sent["module"],
        "maHoSoLT": sent.get("maHoSoLT", sent.get("maHoSo")),
        "maHoSoMCDT": sent.get("maHoSoMCDT", sent.get("maHoSo")),
        "errors": "Thông tin chưa đủ căn cứ" if status == REFUSED else None,
        "ghiChu": None,
        "noiDungXuLy": _WORK_DONE[status],
        "trangThai": status,
        "thoiGianThucHien": vietnam_time(now, "%d/%m/%Y %H:%M:%S"),
        "nguoiXuLy": "Trần Văn Mẫu",
        "chucDanh": "Công chức tư pháp - hộ tịch",
        "phongBanXuLy": "UBND xã",
        "hanBoSungHoSo": vietnam_time(now + timedelta(days=7), "%d/%m/%Y") if status == SUPPLEMENT else None,
    }
    if status == ISSUED:
        item["ketQuaXuLy"] = result_of(sent["module"], record)
    return item


def result_of(module: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """What was registered, echoing what was sent, in the fields and spelling of the module's result file."""
    fields = contract_of("national_registry").message(f"result_{message_of(module, record)}")
    shown = ((field.path, _shown(field, record)) for field in fields if not field.parent)
    return {name: value for name, value in shown if value is not None}


def _shown(field: Field, record: Mapping[str, Any]) -> object:
    if field.format == "base64":
        return PDF_BASE64
    value = record.get(_SENT_AS.get(field.path, field.path)) or None
    if value is None:
        return None
    if field.path == "ndkksMaXa":
        return value if len(value) == _COMMUNE_DIGITS else None
    match field.kind:
        case "date":
            return str(value).replace(".", "/")
        case "number":
            return int(value)
        case _:
            return value
