"""Old clients of generation 2 push dossiers: the contract's own examples, and what is wrong with them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.support.database import sqlite_url
from tests.support.dialects import (
    ARRIVED_AT,
    AUTUMN,
    AUTUMN_BOOK,
    BOOK,
    CORRECTION,
    ELECTRONIC_MARRIAGE,
    FIRST,
    GUARDIANSHIP,
    LINKED_BIRTH,
    LINKED_DEATH,
    REMARK,
    SECOND,
    SECOND_SINCE_JULY,
    WHOLE_BIRTH,
    client_on,
    fields_of,
    first_push,
    post,
    registered,
    second_push,
    stored_event,
)
from tests.support.edge_desk import Badge, EdgeDesk, opened_edge

PUSH_1: Final = f"{FIRST}/dangKyHoTich"
PUSH_2: Final = f"{SECOND}/nhanHoSoDKHT"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EdgeDesk]:
    with opened_edge(sqlite_url(tmp_path)) as opened:
        opened.clock.now = ARRIVED_AT
        yield opened


@pytest.fixture
def client(desk: EdgeDesk) -> Badge:
    return client_on(desk, ARRIVED_AT)


def test_the_linked_birth_of_the_contract_with_its_entry_is_taken(desk: EdgeDesk, client: Badge) -> None:
    file = {
        "id": 1,
        "loaiGiayTo": 1,
        "tenGiayTo": "Giấy chứng sinh",
        "tenTepDinhKem": "gcs.pdf",
        "huyGiayTo": 0,
        "duLieuTepDinhKem": "JVBERi0xLjQK",
    }
    answer = post(desk, PUSH_2, second_push(WHOLE_BIRTH, fileDinhKem=[file]), client)
    body = answer.json()
    assert {
        name: body[name] for name in ("status", "statusDescription", "errorCode", "errorDescription")
    } == {
        "status": "1",
        "statusDescription": "Thành công",
        "errorCode": "",
        "errorDescription": "",
    }, body
    event = stored_event(desk, answer)
    assert event["dossier"] == {
        "code": "H21.129-250705-0012",
        "linked_code": "G22.99.01-250705-0003",
        "procedure_code": "2.000986",
        "received_at": "2025-07-05T08:15:00+07:00",
    }
    assert event["birth"]["certificate_code"] == "52001.GCS.00042.25"
    assert event["registration"]["registered_at"] == "2025-07-07T17:00:00+07:00"
    assert event["attachments"][0]["kind"] == "birth_certificate"
    assert event["mother"]["unknown"] == ["ethnic_group_code", "nationality", "residence"]


def test_a_linked_birth_with_half_an_entry_is_told_what_a_registered_birth_says(
    desk: EdgeDesk, client: Badge
) -> None:
    answer = post(desk, PUSH_2, second_push({**LINKED_BIRTH, "so": "41"}), client)
    body = answer.json()
    assert (body["status"], body["errorCode"]) == ("0", "500")
    registered_says = {"quyenSo", "ngayDangKy"}
    registry_wants = {"nksQuocTich", "nksLoaiKhaiSinh"}
    assert fields_of(answer) == {*registered_says, *registry_wants, "chaHoTen"}


@pytest.mark.parametrize(
    ("record", "module", "more", "event_type"),
    [
        (LINKED_DEATH, "LTKT", {**BOOK, "ngayDangKy": "02/08/2025"}, "death"),
        (ELECTRONIC_MARRIAGE, "LTKH", {**AUTUMN_BOOK}, "marriage"),
        (CORRECTION, "TDCC", {**AUTUMN_BOOK, "loaiDangKy": ""}, "civil_status_change"),
        (
            REMARK,
            "KH",
            {
                "ngayGhiChu": "06/10/2025",
                "ntdHoTen": "ĐỖ VĂN CHIA",
                "ntdGioiTinh": "1",
                "nlqHoTen": "VŨ THỊ TAY",
            },
            "court_decision",
        ),
        (
            GUARDIANSHIP,
            "GH",
            {**AUTUMN_BOOK, "nghGioiTinh": "1", "ndghGioiTinh": "1", "tinhTrangNguoiDuocGiamHo": "1"},
            "guardianship_start",
        ),
    ],
)
def test_the_other_examples_of_the_contract_with_their_entries_are_taken(
    desk: EdgeDesk, record: dict[str, Any], module: str, more: dict[str, str], event_type: str
) -> None:
    badge = client_on(desk, AUTUMN)
    push = second_push({**record, **more}, module, ngayTiepNhan="01/08/2025 ", maHoSoLT="BS")
    answer = post(desk, PUSH_2, push, badge)
    assert answer.json()["status"] == "1", answer.text
    assert stored_event(desk, answer)["event_type"] == event_type


def test_what_the_examples_leave_out_is_said_by_the_dialects_own_field(desk: EdgeDesk) -> None:
    badge = client_on(desk, AUTUMN)
    answer = post(desk, PUSH_2, second_push(GUARDIANSHIP, "GH", ngayTiepNhan="01/10/2025"), badge)
    assert fields_of(answer) == {
        "nghGioiTinh",
        "ndghGioiTinh",
        "tinhTrangNguoiDuocGiamHo",
    }


def test_the_copy_of_an_extract_that_the_registry_refused_is_told_the_same_field(desk: EdgeDesk) -> None:
    """A real sender's document code 10 stands in no list; a blank after the date; `BS` as linked code."""
    record = {
        "so": "12/TLKS-BS",
        "ngayDangKy": "12/08/2025",
        "noiDangKy": "23710",
        "cbsHoTen": {"Ho": "LÊ", "ChuDem": "VĂN", "Ten": "SAO"},
        "cbsNgaySinh": {"namSinh": "1999"},
        "cbsGioiTinh": "1",
        "cbsDanToc": "63001",
        "cbsQuocTich": "VN",
        "cbsLoaiGiayToTuyThan": "10",
        "cbsSoGiayToTuyThan": "099099000081",
        "loaiBanSao": "TLKS",
        "soLuongBanSao": "2",
        "noiDangKyTruocDay": "23710",
        "soDangKyTruocDay": "34",
        "ngayDangKyTruocDay": "12/04/1999",
    }
    badge = client_on(desk, AUTUMN)
    push = second_push(record, "BS", maDonVi="23710", maHoSoLT="BS", ngayTiepNhan="12/08/2025 ")
    refused = post(desk, PUSH_2, push, badge)
    assert fields_of(refused) == {"cbsLoaiGiayToTuyThan"}
    assert "cbsLoaiGiayToTuyThan không tồn tại" in refused.json()["errorDescription"]
    mended = {**record, "cbsLoaiGiayToTuyThan": 4}
    answer = post(desk, PUSH_2, {**push, "data": json.dumps(mended)}, badge)
    assert answer.json()["status"] == "1", answer.text
    assert [each["field"] for each in answer.json()["warnings"]] == ["cbsDanToc"]
    event = stored_event(desk, answer)
    assert event["subject"]["name"] == {"family": "LÊ", "middle": "VĂN", "given": "SAO"}
    assert event["subject"]["ethnic_group_code"] == "01"
    assert event["amends"]["entry"]["book_code"] == "KS"


def test_a_repeat_is_answered_with_the_words_that_clients_look_for(desk: EdgeDesk, client: Badge) -> None:
    first = post(desk, PUSH_2, second_push(WHOLE_BIRTH), client).json()
    desk.clock.advance(600)
    again = post(desk, f"{SECOND_SINCE_JULY}/nhanHoSoDKHT", second_push(WHOLE_BIRTH), client).json()
    assert (again["status"], again["errorDescription"]) == ("0", "Hồ sơ đã được tiếp nhận")
    assert again["receipt"] == first["receipt"]


def test_other_content_under_the_same_code_is_no_repeat(desk: EdgeDesk, client: Badge) -> None:
    post(desk, PUSH_2, second_push(WHOLE_BIRTH), client)
    body = post(desk, PUSH_2, second_push({**WHOLE_BIRTH, "nksHoTen": "PHẠM KHÁC"}), client).json()
    assert body["status"] == "0"
    assert "đã được tiếp nhận" not in json.dumps(body, ensure_ascii=False)
    assert [each["code"] for each in body["errors"]] == ["idempotency_key_reused"]


def test_another_offices_entry_is_not_taken_twice(desk: EdgeDesk, client: Badge) -> None:
    post(desk, PUSH_2, second_push(WHOLE_BIRTH), client)
    body = post(desk, PUSH_2, second_push(WHOLE_BIRTH, maHoSoMCDT="H21.129-250705-0013"), client).json()
    assert [(each["field"], each["code"]) for each in body["errors"]] == [("so", "entry_already_registered")]


def test_every_fault_is_named_at_once_with_the_dialects_field(desk: EdgeDesk, client: Badge) -> None:
    record = {
        **WHOLE_BIRTH,
        "nksGioiTinh": "9",
        "nksNgaySinh": "31.02.2025",
        "nksNoiSinh": {"quocGia": "VN", "maTinh": "52", "maXa": "99999"},
        "meSoDDCN": "12",
        "nksDanToc": "63002",
        "quyenSo": "",
    }
    answer = post(desk, PUSH_2, second_push(record), client)
    faults = {each["field"]: each for each in answer.json()["errors"]}
    assert set(faults) == {
        "nksGioiTinh",
        "nksNgaySinh",
        "nksNoiSinh.maXa",
        "meSoDDCN",
        "nksDanToc",
        "quyenSo",
    }
    assert faults["nksNoiSinh.maXa"]["pointer"] == "/data/nksNoiSinh/maXa"
    assert "nksDanTocKhac" in faults["nksDanToc"]["message_vi"]
    assert "31.02.2025" not in answer.text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("{", "body_not_json"),
        ("[]", "body_not_object"),
        (None, "dialect_wrong_format"),
        ("{" * 9, "body_not_json"),
    ],
)
def test_data_that_is_no_json_is_refused_with_the_reason(
    desk: EdgeDesk, client: Badge, data: object, code: str
) -> None:
    body = post(desk, PUSH_2, second_push({}, data=data), client).json()
    assert (body["status"], body["errorCode"]) == ("0", "500")
    assert [each["code"] for each in body["errors"]] == [code]


@pytest.mark.parametrize(("operation", "status", "number"), [(PUSH_1, 0, 500), (PUSH_2, "0", "500")])
def test_a_body_that_is_no_json_gets_their_shape_of_an_error(
    desk: EdgeDesk, client: Badge, operation: str, status: object, number: object
) -> None:
    answer = desk.call("POST", operation, client, content=b"maDonVi=1")
    assert answer.status_code == httpx.codes.OK
    body = answer.json()
    assert (body["status"], body["errorCode"]) == (status, number)
    assert body["errors"][0]["code"] == "body_not_json"


def test_a_byte_order_mark_and_a_wrong_content_type_do_no_harm(desk: EdgeDesk, client: Badge) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(second_push(WHOLE_BIRTH), ensure_ascii=False).encode()
    answer = desk.call("POST", PUSH_2, client, content=content, headers={"content-type": "text/xml"})
    assert answer.json()["status"] == "1", answer.text


def test_without_a_good_token_both_say_100(desk: EdgeDesk) -> None:
    first = desk.call("POST", PUSH_1, json=first_push(registered()))
    second = desk.call("POST", PUSH_2, json=second_push(WHOLE_BIRTH))
    assert (first.status_code, first.json()["errorCode"]) == (200, 100)
    assert (second.status_code, second.json()["errorCode"]) == (401, "100")


def test_the_second_token_header_is_tolerated(desk: EdgeDesk, client: Badge) -> None:
    answer = desk.call(
        "POST", PUSH_2, client, json=second_push(WHOLE_BIRTH), headers={"lgspaccesstoken": "whatever"}
    )
    assert answer.json()["status"] == "1"


def test_an_operator_may_not_push(desk: EdgeDesk) -> None:
    body = post(desk, PUSH_1, first_push(registered()), desk.operator()).json()
    assert (body["status"], body["errorCode"]) == (0, 101)


def test_nothing_of_a_refused_dossier_is_stored(desk: EdgeDesk, client: Badge) -> None:
    post(desk, PUSH_2, second_push({**WHOLE_BIRTH, "so": ""}), client)
    found = desk.call("GET", "/api/v1/events?source_event_id=LTKS/H21.129-250705-0012", client).json()
    assert found == {"events": []}
