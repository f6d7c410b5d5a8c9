"""The commune's clerk who works on a dossier after it has come in: status and result by the time gone by."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from simulators.clock import vietnam_time
from simulators.journal import Entry

WAITING, SUPPLEMENT, PROCESSING, ISSUED, REFUSED = "1", "2", "3", "4", "6"
PDF_BASE64 = "JVBERi0xLjQKJSVFT0YK"
_WORK_DONE = {
    WAITING: "Chờ tiếp nhận",
    SUPPLEMENT: "Yêu cầu bổ sung hồ sơ",
    PROCESSING: "Đang xử lý",
    ISSUED: "Đã đăng ký",
    REFUSED: "Từ chối hồ sơ",
}
_COPIED = {
    "KS": (
        *("nksHoTen", "nksNgaySinhBangChu", "nksDanToc", "nksQuocTich", "nksQueQuan", "nksNoiSinh"),
        *("meHoTen", "meDanToc", "meQuocTich", "meNoiCuTru", "chaHoTen", "chaDanToc", "chaQuocTich"),
        *("chaNoiCuTru", "nycHoTen", "nycQuanHe"),
    ),
    "KT": ("nktHoTen", "nycHoTen", "nycQuanHe"),
    "KH": ("chongHoTen", "chongSoDDCN", "voHoTen", "voSoDDCN"),
    "TDCC": ("soDangKyHSGoc", "quyenDangKyHSGoc", "thayDoi"),
}
_RENAMED = {
    "KS": {"nksSoDDCN": "soDinhDanh", "so": "soDangKy", "quyenSo": "quyenSo", "trangSo": "trangSo"}
    | {f"{who}SoGiayToTuyThan": f"{who}SoGiayTo" for who in ("me", "cha", "nyc")},
    "KT": {"so": "soDangKy", "quyenSo": "quyenSo", "trangSo": "trangSo"}
    | {"gbtLoai": "giayBaoTuLoai", "gbtSo": "giayBaoTuSo", "nycSoGiayToTuyThan": "nycSoGiayTo"},
    "KH": {"so": "soDangKy", "quyenSo": "quyenSo", "trangSo": "trangSo"},
    "TDCC": {},
}
_DATES = {
    "KS": ("ngayDangKy", "nksNgaySinh", "meNgaySinh", "chaNgaySinh"),
    "KT": ("ngayDangKy", "nktNgaySinh", "nktNgayChet"),
    "KH": ("ngayDangKy",),
    "TDCC": ("ngayDangKy",),
}
_NUMBERS = {"KS": ("nksGioiTinh", "meLoaiCuTru", "chaLoaiCuTru"), "KT": ("nktGioiTinh",)}
_PAPERS = {"KS": "giayKhaiSinh", "KT": "giayKhaiTu", "KH": "giayChungNhanKetHon"}


def status_of(entry: Entry, now: datetime, clerk_seconds: float) -> str:
    """Waiting, then processing, then what the clerk decides; each step takes `clerk_seconds`."""
    step = timedelta(seconds=clerk_seconds)
    if now < entry.received_at + step:
        return WAITING
    if now < entry.received_at + 2 * step:
        return PROCESSING
    return str(entry.facts.get("decision", ISSUED))


def poll_item(entry: Entry, now: datetime, clerk_seconds: float, province: str) -> dict[str, Any]:
    """One element of a poll answer's `value`."""
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
        item["ketQuaXuLy"] = result_of(sent["module"], sent["data"], now)
    return item


def result_of(module: str, record: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What was registered, echoing what was sent, in the spelling of results."""
    result: dict[str, Any] = {name: record[name] for name in _COPIED.get(module, ()) if record.get(name)}
    for sent, shown in _RENAMED.get(module, {}).items():
        if record.get(sent):
            result[shown] = record[sent]
    for name in _DATES.get(module, ("ngayDangKy",)):
        if record.get(name):
            result[name] = record[name].replace(".", "/")
    for name in _NUMBERS.get(module, ()):
        if record.get(name):
            result[name] = int(record[name])
    result.setdefault("ngayDangKy", vietnam_time(now, "%d/%m/%Y"))
    if module == "KS":
        result["ndkksMaXa"] = record["noiDangKy"]
    if module in _PAPERS:
        result[_PAPERS[module]] = PDF_BASE64
    return result
