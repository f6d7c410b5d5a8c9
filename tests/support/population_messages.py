"""Messages for the population database about invented people, as the mappings would build them."""

from collections.abc import Mapping
from dataclasses import replace

from adapters.population_db.citizen import LOOK_UP_CODE, VERIFICATION_CODE, CitizenQuery, query_body
from adapters.port import JsonValue, OutboundMessage, RequestId

NUMBER, NOTICE = "capSoDinhDanh", "thongBaoHoTich"
LOOK_UP, VERIFY = "TraCuuThongTinCongDan", "XacThucThongTinCongDan"
PLACE: Mapping[str, JsonValue] = {"quocGia": "VN", "maTinh": "08", "maXa": "00691"}


def birth(name: str = "event-1.pid", given: str = "THỬ", **changes: JsonValue) -> OutboundMessage:
    """Asks for the number of a girl; `changes` replace fields of the body."""
    body: dict[str, JsonValue] = {
        "maYeuCau": name,
        "maDonVi": "00691",
        "maHoSo": "H08.129-261102-0012",
        "hoTen": {"Ho": "PHẠM", "Ten": given},
        "ngaySinh": "20261030",
        "gioiTinh": "2",
        "quocTich": "VN",
        "noiDangKyKhaiSinh": PLACE,
        "me": {"hoTen": {"Ten": "PHẠM THỊ VÍ DỤ"}, "ngaySinh": "1998", "noiCuTru": PLACE},
        "soDangKy": "41",
        "ngayDangKy": "20261102",
    }
    return OutboundMessage(RequestId(name), NUMBER, body | changes)


def twin(order: int) -> OutboundMessage:
    """One of two girls of the same name, told apart by their order."""
    message = birth(f"event-1.pid{order}")
    twins: JsonValue = {"laSinhDoi": True, "thuTu": order, "tongSo": 2}
    return replace(message, body={**message.body, "sinhDoi": twins})


def death(personal_id: str = "099041000004", name: str = "event-2.notice") -> OutboundMessage:
    """Tells of a death."""
    body: dict[str, JsonValue] = {
        "maYeuCau": name,
        "loaiSuKien": "DEATH",
        "soDinhDanh": personal_id,
        "ngaySuKien": "20261101",
        "soDangKy": "7",
        "quyenSo": "01/2026",
        "ngayDangKy": "20261103",
        "maDonVi": "00691",
        "thayDoi": [{"truong": "tinhTrang", "giaTriMoi": "DA_CHET"}],
    }
    return OutboundMessage(RequestId(name), NOTICE, body)


def query(
    personal_id: str = "099226000003", operation: str = LOOK_UP, name: str = "q-1", year: int = 2026
) -> OutboundMessage:
    """Looks up or verifies the girl of `birth`."""
    code = LOOK_UP_CODE if operation == LOOK_UP else VERIFICATION_CODE
    asked = CitizenQuery(name, "1.001193", "099180000009", "PHAMTHU", year, personal_id)
    return OutboundMessage(RequestId(name), operation, query_body(asked, code))
