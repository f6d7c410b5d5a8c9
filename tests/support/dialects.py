"""Old clients of the registry: their messages as the contract shows them, invented people only."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI

from gateway.model.delivery import Fact, Watch
from gateway.model.ids import DeliveryId, Destination, EventId
from mappings.national_registry.reading.dossier import Dossier, Reading, read_dossier
from retry_queue.tables import queue_jobs
from tests.support.edge_desk import Badge, EdgeDesk
from tests.support.waiting import wait_for

ROOT: Final = Path(__file__).parents[2]
FIRST, SECOND = "/apiHoTichTuPhap", "/apiLienThongKSKT/1.0"
SECOND_SINCE_JULY: Final = "/lgsp/Lienthonghotich/1.0"
ARRIVED_AT: Final = datetime.fromisoformat("2025-07-08T09:30:00+07:00")
"""The day after the registrations of the contract's examples."""
GOLDEN: Final[Mapping[str, Path]] = {
    "1": ROOT / "tests" / "golden" / "national_registry_generation_1",
    "2": ROOT / "tests" / "golden" / "national_registry",
}

BOOK: Final = {
    "so": "41",
    "quyenSo": "01/2025",
    "trangSo": "41",
    "ngayDangKy": "07.07.2025",
    "loaiDangKy": "1",
}
"""What a dossier that is registered says besides; the contract's examples are pushed before that."""

LINKED_BIRTH: Final[dict[str, Any]] = {
    "maGCS": "52001.GCS.00042.25",
    "ngayCapGCS": "04.07.2025",
    "loaiDangKy": "1",
    "noiDangKy": "23941",
    "soLuongBanSao": "2",
    "nksHoTen": "PHẠM THỬ",
    "nksGioiTinh": "1",
    "nksNgaySinh": "03.07.2025",
    "nksNoiSinh": {"quocGia": "VN", "maTinh": "52", "maXa": "23941", "dcChiTiet": "Trung tâm y tế"},
    "meHoTen": "PHẠM THỊ VÍ DỤ",
    "meSoDDCN": "099198000002",
    "meLoaiCuTru": "1",
}
LINKED_DEATH: Final[dict[str, Any]] = {
    "maGBT": "52001.GBT.00007.25",
    "ngayCapGBT": "01.08.2025",
    "loaiDangKy": "1",
    "noiDangKy": "23941",
    "soLuongBanSao": "3",
    "nktHoTen": "HOÀNG VĂN GIẢ ĐỊNH",
    "nktGioiTinh": "1",
    "nktNgaySinh": "1941",
    "nktDanToc": "01",
    "nktQuocTich": "VN",
    "nktLoaiCuTru": "1",
    "nktNoiCuTru": {"quocGia": "VN", "maTinh": "52", "maXa": "23941", "dcChiTiet": "Thôn 5"},
    "nktLoaiGiayToTuyThan": "4",
    "nktSoGiayToTuyThan": "099041000004",
    "nktNgayChet": "31.07.2025",
    "nktGioPhutChet": "05:40",
    "nktNoiChet": {"quocGia": "VN", "maTinh": "52", "maXa": "23941", "dcChiTiet": "Tại nhà"},
    "nktNguyenNhanChet": "Bệnh già",
    "gbtLoai": "1",
    "gbtSo": "07/2025",
    "gbtNgay": "01.08.2025",
    "gbtCoQuanCap": "Trạm y tế xã",
    "nycHoTen": "HOÀNG THỊ THỬ",
    "nycQuanHe": "Con",
    "nycLoaiGiayToTuyThan": "4",
    "nycSoGiayToTuyThan": "099170000005",
}
ELECTRONIC_MARRIAGE: Final[dict[str, Any]] = {
    "loaiDangKy": "1",
    "noiDangKy": "23941",
    "soBanSao": 2,
    "soLuongBanSao": "2",
    "ngayXacLapQuanHeHonNhan": "",
    "ghiChu": "",
    "chongHoTen": "ĐỖ VĂN MẪU",
    "chongNgaySinh": "12.04.1995",
    "chongDanToc": "01",
    "chongQuocTich": "VN",
    "chongLoaiCuTru": "1",
    "chongNoiCuTru": {"quocGia": "VN", "maTinh": "52", "maXa": "23941", "dcChiTiet": "Thôn 1"},
    "chongLoaiGiayToTuyThan": "4",
    "chongSoGiayToTuyThan": "099095000006",
    "chongSoDDCN": "099095000006",
    "chongSoLanKH": 1,
    "chongLoaiTinhTrangHonNhan": "1",
    "chongYeuCauXNTTHN": "0",
    "voHoTen": "VŨ THỊ THÍ DỤ",
    "voNgaySinh": "03.09.1996",
    "voDanToc": "01",
    "voQuocTich": "VN",
    "voLoaiCuTru": "1",
    "voNoiCuTru": {"quocGia": "VN", "maTinh": "51", "maXa": "21025", "dcChiTiet": "Tổ 2"},
    "voLoaiGiayToTuyThan": "4",
    "voSoGiayToTuyThan": "099196000007",
    "voSoDDCN": "099196000007",
    "voSoLanKH": 2,
    "voLoaiTinhTrangHonNhan": "3",
    "voTinhTrangHonNhan": "Đã ly hôn",
    "voYeuCauXNTTHN": "1",
    "voNoiXNTTHN": "21025",
}
CORRECTION: Final[dict[str, Any]] = {
    "nycQuanHe": "Bản thân",
    "ntdHoTen": "BÙI THỊ VÍ DỤ",
    "ntdNgaySinh": "09/02/1988",
    "ntdGioiTinh": "2",
    "ntdSoDDCN": "099188000008",
    "viecDangKy": "Cải chính",
    "nghiepVuDK": "KS",
    "soDangKyHSGoc": "112",
    "quyenDangKyHSGoc": "01/1988",
    "ngayDangKyHSGoc": "20/02/1988",
    "noiDangKyHSGoc": "23941",
    "noiDungDK": "Năm sinh của mẹ từ 1960 thành 1961",
    "lyDoDK": "Sai sót khi đăng ký",
    "thayDoi": [{"truong": "meNgaySinh", "giaTriCu": "1960", "giaTriMoi": "1961"}],
}
GUARDIANSHIP: Final[dict[str, Any]] = {
    "loaiGiamHo": "1",
    "nghHoTen": "LÝ VĂN THỬ",
    "nghSoDDCN": "099075000009",
    "ndghHoTen": "LÝ GIẢ",
    "ndghNgaySinh": "2016",
    "ndghSoDDCN": "099216000010",
    "lyDo": "Cha, mẹ đã chết",
    "ngayBatDau": "15/09/2025",
}
REMARK: Final[dict[str, Any]] = {
    "module": "KH",
    "donViGoc": "23941",
    "soDangKyGoc": "18",
    "quyenSoGoc": "01/2015",
    "ngayDangKyGoc": "06/05/2015",
    "loaiGhiChu": "LY_HON",
    "soVanBan": "45/2025/QĐST-HNGĐ",
    "ngayVanBan": "02/10/2025",
    "coQuanBanHanh": "Tòa án nhân dân khu vực",
    "noiDung": "Đã ly hôn",
}
FIRST_BIRTH_XML: Final = (
    "<hotich><hoso><nksHoTen>LÊ THỬ NGHIỆM</nksHoTen><nksGioiTinh>2</nksGioiTinh>"
    "<nksNgaySinh>02.06.2025</nksNgaySinh><nksDanToc>01</nksDanToc><nksQuocTich>VN</nksQuocTich>"
    "<nksLoaiKhaiSinh>3</nksLoaiKhaiSinh><meHoTen>LÊ THỊ MẪU</meHoTen><meNgaySinh>1997</meNgaySinh>"
    "<meLoaiGiayToTuyThan>4</meLoaiGiayToTuyThan><meSoGiayToTuyThan>099197000001</meSoGiayToTuyThan>"
    "<nycHoTen>LÊ THỊ MẪU</nycHoTen><nycQuanHe>Mẹ</nycQuanHe></hoso></hotich>"
)
FIRST_BOOK_XML: Final = (
    "<so>7</so><quyenSo>01/2025</quyenSo><ngayDangKy>12.06.2025</ngayDangKy><loaiDangKy>1</loaiDangKy>"
)


def first_push(data: str, **changes: object) -> dict[str, object]:
    """`dangKyHoTich` as the contract's example has it."""
    return {
        "maDonVi": 23941,
        "module": "KS",
        "maHoSo": "H21.129-250612-0007",
        "ngayTiepNhan": "2025-06-12",
        "data": data,
        **changes,
    }


def second_push(record: Mapping[str, object], module: str = "LTKS", **changes: object) -> dict[str, object]:
    """`nhanHoSoDKHT` as the contract's example has it."""
    return {
        "maDonVi": "23941",
        "module": module,
        "maHoSoLT": "G22.99.01-250705-0003",
        "maHoSoMCDT": "H21.129-250705-0012",
        "ngayTiepNhan": "05/07/2025 08:15:00",
        "data": json.dumps(record, ensure_ascii=False),
        "fileDinhKem": [],
        **changes,
    }


def registered(xml: str = FIRST_BIRTH_XML) -> str:
    """The contract's example of generation 1 with its entry in the book."""
    return xml.replace("<hoso>", f"<hoso>{FIRST_BOOK_XML}")


def golden_cases(generation: str) -> list[Path]:
    """Every message that our own mapping makes, but for supplements, which no office registers."""
    found = sorted(GOLDEN[generation].glob("*.json"))
    made = (path for path in found if "body" in json.loads(path.read_text("utf-8")))
    return [path for path in made if not path.stem.endswith("personal_id_update")]


def golden(path: Path) -> tuple[dict[str, Any], dict[str, Any], datetime]:
    """The body of a golden message, its event, and a moment shortly after its registration."""
    body = json.loads(path.read_text("utf-8"))["body"]
    example = path.stem.rpartition(".")[0]
    event = json.loads((ROOT / "examples" / "events" / f"{example}.json").read_text("utf-8"))
    registered_at = datetime.fromisoformat(event["registration"]["registered_at"])
    return body, event, registered_at + timedelta(minutes=30)


def read_second(record: Mapping[str, object], module: str = "KS", **changes: Any) -> Reading:  # noqa: ANN401 - any value of a push
    """A record of generation 2 read as if it had come the day after."""
    values = {
        "module": module,
        "authority": "23941",
        "code": "H21.129-250705-0012",
        "linked_code": "G22.99.01-250705-0003",
        "taken_in": "05/07/2025 08:15:00",
        "record": record,
    }
    arrived_at = changes.pop("arrived_at", ARRIVED_AT)
    return read_dossier(Dossier(**(values | changes)), arrived_at)


def post(desk: EdgeDesk, operation: str, body: object, badge: Badge | None = None) -> httpx.Response:
    """As those clients post: their path, JSON, the bearer token."""
    return desk.call("POST", operation, badge or desk.badge(), json=body)


def registry_job_ended(desk: EdgeDesk, receipt: Mapping[str, Any], state: str) -> DeliveryId:
    """As if the record to the registry had been delivered, or taken back."""
    deliveries = (each for each in receipt["deliveries"] if each["destination"] == "national_registry")
    delivery_id = DeliveryId(next(deliveries)["delivery_id"])
    change = (
        queue_jobs.update()
        .where(queue_jobs.c.job_id == delivery_id)
        .values(state=state, finished_at=desk.clock(), leads=False)
    )
    with desk.gateway.stores.database.write() as transaction:
        transaction.execute(change)
    return delivery_id


def registry_finished(
    desk: EdgeDesk,
    receipt: Mapping[str, Any],
    stage: str = "completed",
    text: str | None = None,
    entry: Mapping[str, str] | None = None,
    **facts: str,
) -> None:
    """As if the registry had the record and had worked on it.

    `child="099…"` is a number told; `entry` what it told of an entry: `registration_number` and so on.
    """
    stores, now = desk.gateway.stores, desk.clock()
    event_id = EventId(receipt["event_id"])
    delivery_id = registry_job_ended(desk, receipt, "done")
    registry = Destination.NATIONAL_REGISTRY
    watch = Watch(delivery_id, event_id, registry, stage, text, None, None, now)
    with stores.database.write() as transaction:
        stores.deliveries.put_watch(transaction, watch)
        for role, number in facts.items():
            fact = Fact(event_id, f"personal_id.{role}", number, Destination.POPULATION_DB, now)
            stores.deliveries.add_fact(transaction, fact)
        for name, value in (entry or {}).items():
            stores.deliveries.add_fact(transaction, Fact(event_id, name, value, registry, now))


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The application behind a real socket on the loopback address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    thread = Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started, "the server listens")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


GIA_LAI: Final = frozenset({"52", "64"})
"""The province of the contract's examples, by its code before and after 1 July 2025."""
FIRST_DAY: Final = datetime.fromisoformat("2025-06-12T10:00:00+07:00")
AUTUMN: Final = datetime.fromisoformat("2025-10-06T10:00:00+07:00")
AUTUMN_BOOK: Final = {**BOOK, "ngayDangKy": "06/10/2025"}
WHOLE_BIRTH: Final[dict[str, Any]] = {
    **LINKED_BIRTH,
    **BOOK,
    "nksQuocTich": "VN",
    "nksLoaiKhaiSinh": "3",
}
"""The contract's linked birth with its entry, and with what every birth must say."""


def client_on(desk: EdgeDesk, now: datetime) -> Badge:
    """The province's one-stop shop at a moment, its token fresh."""
    desk.clock.now = now
    return desk.badge(f"at-{now:%Y%m%d}", authorities=GIA_LAI)


def stored_event(desk: EdgeDesk, answer: httpx.Response) -> dict[str, Any]:
    """What was stored of a dossier that was taken, as canonical JSON."""
    stores = desk.gateway.stores
    with stores.database.read() as transaction:
        content = stores.events.content_of(transaction, answer.json()["receipt"]["event_id"])
    event: dict[str, Any] = json.loads(content)
    return event


def fields_of(answer: httpx.Response) -> set[str]:
    """The fields of the dialect that the answer names."""
    return {each["field"] for each in answer.json()["errors"]}
