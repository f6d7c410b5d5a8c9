"""Old clients ask: tokens, code lists, how far a dossier is, its result, what changed on a day, records."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import httpx
import pytest

from gateway.storage.ports import Role
from tests.support.acting import put_into
from tests.support.dialects import (
    FIRST,
    SECOND,
    SECOND_SINCE_JULY,
    golden,
    golden_cases,
    post,
    registry_finished,
    registry_job_ended,
)
from tests.support.edge_desk import Badge, EdgeDesk
from tests.support.submissions import another_birth

STATUS, RESULT, POLL = f"{FIRST}/traTrangThaiHoSo", f"{FIRST}/ketQuaDangKyHS", f"{SECOND}/layKetQuaHoSoDKHT"


def _pushed(desk: EdgeDesk, name: str = "death.record") -> tuple[dict[str, Any], dict[str, Any]]:
    """A dossier of generation 2, taken in; its body and its receipt."""
    path = next(each for each in golden_cases("2") if each.stem == name)
    body, _, _ = golden(path)
    push = {**body, "data": json.dumps(body["data"], ensure_ascii=False)}
    answer = post(desk, f"{SECOND}/nhanHoSoDKHT", push)
    assert answer.json()["status"] == "1", answer.text
    return body, answer.json()["receipt"]


def _question(body: dict[str, Any]) -> dict[str, object]:
    return {"maDonVi": int(body["maDonVi"]), "maHoSo": body["maHoSoMCDT"]}


def _poll(body: dict[str, Any], *more: str) -> dict[str, object]:
    return {"maDinhDanhHoSo": [body["maHoSoMCDT"], *more], "maTinh": "08", "module": body["module"]}


@pytest.mark.parametrize(
    ("state", "stage", "first", "second"),
    [
        ("queued", None, 1, "1"),
        ("deferred", None, 1, "1"),
        ("held", None, 3, "3"),
        ("cancelled", None, 2, "6"),
        ("done", "received", 1, "1"),
        ("done", "supplement_asked", 2, "2"),
        ("done", "processing", 3, "3"),
        ("done", "completed", 4, "4"),
        ("done", "refused", 2, "6"),
    ],
)
def test_how_far_it_is_is_told_in_the_registrys_numbers(
    desk: EdgeDesk, state: str, stage: str | None, first: int, second: str
) -> None:
    body, receipt = _pushed(desk)
    registry = next(each for each in receipt["deliveries"] if each["destination"] == "national_registry")
    if stage is not None:
        registry_finished(desk, receipt, stage)
    elif state == "cancelled":
        registry_job_ended(desk, receipt, state)
    else:
        put_into(desk, registry["delivery_id"], state, reason="refused.content" if state == "held" else "")
    assert post(desk, STATUS, _question(body)).json()["status"] == first
    (item,) = post(desk, POLL, _poll(body)).json()["value"]
    assert item["trangThai"] == second


def test_what_the_registry_says_is_passed_on(desk: EdgeDesk) -> None:
    body, receipt = _pushed(desk)
    registry_finished(desk, receipt, "supplement_asked", "Thiếu giấy báo tử")
    assert post(desk, STATUS, _question(body)).json() == {
        "status": 2,
        "value": "Thiếu giấy báo tử",
        "event_id": receipt["event_id"],
    }
    (item,) = post(desk, POLL, _poll(body)).json()["value"]
    assert item["noiDungXuLy"] == "Thiếu giấy báo tử"


def test_the_result_comes_when_the_registry_has_finished(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    body, receipt = _pushed(desk, "birth.record")
    waiting = post(desk, RESULT, _question(body)).json()
    assert (waiting["status"], waiting["errorCode"]) == (0, 200)
    registry_finished(desk, receipt, child="099226000003")
    answer = post(desk, RESULT, _question(body)).json()
    assert answer["status"] == 1
    told = json.loads(answer["value"])
    assert {
        name: told[name] for name in ("so", "quyenSo", "trangSo", "ngayDangKy", "soDinhDanh", "maDonVi")
    } == {
        "so": "41",
        "quyenSo": "01/2026",
        "trangSo": "41",
        "ngayDangKy": "16/11/2026",
        "soDinhDanh": "099226000003",
        "maDonVi": 691,
    }


def test_a_poll_answers_as_the_contract_shows(desk: EdgeDesk) -> None:
    body, receipt = _pushed(desk, "birth.record")
    registry_finished(desk, receipt, child="099226000003")
    answer = post(desk, f"{SECOND_SINCE_JULY}/layKetQuaHoSoDKHT", _poll(body, "H60.129-261116-9999")).json()
    assert (answer["status"], answer["statusDescription"]) == (1, "Thành công")
    (item,) = answer["value"]
    result = item.pop("ketQuaXuLy")
    assert {
        name: item[name] for name in ("maDonVi", "maTinh", "module", "maHoSoLT", "maHoSoMCDT", "errors")
    } == {
        "maDonVi": "00691",
        "maTinh": "08",
        "module": "KS",
        "maHoSoLT": body["maHoSoLT"],
        "maHoSoMCDT": body["maHoSoMCDT"],
        "errors": None,
    }
    assert item["thoiGianThucHien"] == "16/11/2026 10:00:00"
    assert item["phongBanXuLy"] == "Ủy ban nhân dân phường Hà Giang 2"
    assert result == {
        "ngayDangKy": "16/11/2026",
        "soDangKy": "41",
        "quyenSo": "01/2026",
        "trangSo": "41",
        "soDinhDanh": "099226000003",
        "nksHoTen": "LÊ THỬ NGHIỆM",
        "nksGioiTinh": 2,
        "nksNgaySinh": "02/11/2026",
        "nksDanToc": "01",
        "nksQuocTich": "VN",
    }


def test_an_event_that_came_over_rest_is_found_by_its_dossier(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    event = another_birth()
    receipt = desk.accepted(event)
    asked = {"maDonVi": event["registration"]["authority_code"], "maHoSo": event["dossier"]["code"]}
    assert post(desk, STATUS, asked).json()["event_id"] == receipt["event_id"]


@pytest.mark.parametrize("changes", [{"maHoSo": "H60.129-261116-9999"}, {"maDonVi": 691}])
def test_another_code_or_office_is_not_found(desk: EdgeDesk, changes: dict[str, object]) -> None:
    body, _ = _pushed(desk)
    answer = post(desk, STATUS, {**_question(body), **changes}).json()
    assert (answer["status"], answer["errorCode"], answer["errorDescription"]) == (0, 201, "RECORD_NOT_FOUND")


def test_another_senders_dossier_is_not_found_but_an_officers_is(desk: EdgeDesk) -> None:
    body, _ = _pushed(desk)
    stranger = desk.badge("stranger", Role.SENDER)
    assert post(desk, STATUS, _question(body), stranger).json()["errorCode"] == 201
    assert post(desk, POLL, _poll(body), stranger).json()["value"] == []
    assert post(desk, STATUS, _question(body), desk.operator()).json()["status"] == 1


@pytest.mark.parametrize(
    "changes", [{"module": "XX"}, {"maDinhDanhHoSo": []}, {"maDinhDanhHoSo": ["A"] * 51}]
)
def test_a_poll_that_cannot_be_answered_says_302(desk: EdgeDesk, changes: dict[str, object]) -> None:
    asked = {"maDinhDanhHoSo": ["A"], "maTinh": "08", "module": "KS", **changes}
    answer = post(desk, POLL, asked).json()
    assert (answer["status"], answer["errorCode"]) == ("0", "302")


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        (1, {"ma": "VN", "ten": "Việt Nam"}),
        (2, {"ma": "LA", "ten": "Lào"}),
        ("3", {"ma": "01", "ten": "Kinh"}),
        (5, {"ma": "4", "ten": "Thẻ căn cước công dân"}),
    ],
)
def test_a_code_list_comes_as_json_text(desk: EdgeDesk, kind: object, item: dict[str, str]) -> None:
    answer = post(desk, f"{FIRST}/danhMuc", {"loaiDanhMuc": kind}).json()
    assert answer["status"] == 1
    assert item in json.loads(answer["value"])


def test_the_units_are_those_of_the_day(desk: EdgeDesk) -> None:
    units = json.loads(post(desk, f"{FIRST}/danhMuc", {"loaiDanhMuc": 4}).json()["value"])
    by_code = {each["maDonViHanhChinh"]: each for each in units}
    assert by_code["00691"]["maDonViHanhChinhCha"] == "08"
    assert len(units) > 3_000


def test_an_unknown_code_list_is_302(desk: EdgeDesk) -> None:
    answer = post(desk, f"{FIRST}/danhMuc", {"loaiDanhMuc": 9}).json()
    assert (answer["status"], answer["errorCode"]) == (0, 302)


def _changed(desk: EdgeDesk, module: str, day: str, badge: Badge | None = None) -> list[dict[str, Any]]:
    body = post(desk, f"{FIRST}/dsHoSoDangKy", {"module": module, "ngayCapNhat": day}, badge).json()
    assert body["status"] == 1, body
    found: list[dict[str, Any]] = json.loads(body["value"])
    return found


def test_what_changed_on_a_day_is_listed_and_read_by_its_number(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    body, _ = _pushed(desk, "death.record")
    _pushed(desk, "marriage.record")
    (item,) = _changed(desk, "KT", "2026-11-16")
    assert item["maDonVi"] == 706
    assert _changed(desk, "KT", "2026-11-15") == []
    assert _changed(desk, "LTKT", "2026-11-16") == []
    answer = post(desk, f"{FIRST}/traHoSo", {"module": "KT", "maHoSo": item["id"]}).json()
    (record,) = json.loads(answer["value"])
    assert (record["id"], record["so"]) == (item["id"], body["data"]["so"])
    assert record["nktHoTen"] == body["data"]["nktHoTen"]
    several = {"maTinh": 8, "module": "KT", "dsMaHoSo": [item["id"], 1]}
    assert json.loads(post(desk, f"{FIRST}/traDanhSachHoSo", several).json()["value"]) == [record]


def test_a_day_among_many_is_found_in_a_long_feed(desk: EdgeDesk) -> None:
    """Days are found by halving the feed: each event stands under its own day."""
    begins = desk.clock.now
    for day in range(5):
        desk.clock.now = begins + timedelta(days=day)
        badge = desk.badge(f"day-{day}")
        for _ in range(3):
            desk.accepted(another_birth(), badge)
    operator = desk.badge("late", Role.OPERATOR)
    days = [(begins + timedelta(days=day)).strftime("%Y-%m-%d") for day in range(-1, 6)]
    assert [len(_changed(desk, "KS", day, operator)) for day in days] == [0, 3, 3, 3, 3, 3, 0]


@pytest.mark.parametrize(
    ("operation", "asked", "number"),
    [
        ("traHoSo", {"module": "KT", "maHoSo": 7}, 201),
        ("traHoSo", {"module": "KT", "maHoSo": "x"}, 201),
        ("traDanhSachHoSo", {"module": "KT", "maTinh": "99", "dsMaHoSo": [1]}, 108),
        ("traDanhSachHoSo", {"module": "KT", "maTinh": "08", "dsMaHoSo": "1"}, 500),
        ("dsHoSoDangKy", {"module": "XX", "ngayCapNhat": "2026-11-16"}, 302),
        ("dsHoSoDangKy", {"module": "KT", "ngayCapNhat": "soon"}, 500),
        ("traTrangThaiHoSo", {"maDonVi": 691}, 500),
    ],
)
def test_a_wrong_question_has_the_registrys_number(
    desk: EdgeDesk, operation: str, asked: dict[str, object], number: int
) -> None:
    answer = post(desk, f"{FIRST}/{operation}", asked).json()
    assert (answer["status"], answer["errorCode"]) == (0, number)


def test_a_record_of_another_module_or_sender_is_not_shown(desk: EdgeDesk) -> None:
    _pushed(desk, "death.record")
    (item,) = _changed(desk, "KT", "2026-11-16")
    asked = {"module": "KH", "maHoSo": item["id"]}
    assert post(desk, f"{FIRST}/traHoSo", asked).json()["errorCode"] == 201
    stranger = desk.badge("stranger", Role.SENDER)
    assert _changed(desk, "KT", "2026-11-16", stranger) == []
    own = {"module": "KT", "maHoSo": item["id"]}
    assert post(desk, f"{FIRST}/traHoSo", own, stranger).json()["errorCode"] == 201


@pytest.mark.parametrize("path", ["/token", "/lgsp/token"])
def test_the_token_call_of_the_bus_gives_our_token_in_its_form(desk: EdgeDesk, path: str) -> None:
    badge = desk.badge()
    basic = b64encode(f"{badge.client_id}:{badge.client_secret}".encode()).decode()
    answer = desk.call(
        "POST",
        path,
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {basic}"},
    )
    assert answer.status_code == httpx.codes.OK
    body = answer.json()
    assert set(body) == {"access_token", "scope", "token_type", "expires_in"}
    assert (body["scope"], body["token_type"]) == ("default", "Bearer")
    assert isinstance(body["expires_in"], int)
    token = Badge(badge.client_id, badge.client_secret, body["access_token"])
    assert post(desk, f"{FIRST}/danhMuc", {"loaiDanhMuc": 3}, token).json()["status"] == 1


def test_wrong_credentials_at_the_bus_path_are_refused_as_at_ours(desk: EdgeDesk) -> None:
    answer = desk.call("POST", "/token", data={"grant_type": "client_credentials", "client_id": "nobody"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
