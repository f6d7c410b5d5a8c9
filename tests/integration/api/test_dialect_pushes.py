"""Old one-stop clients push dossiers: the contract's own examples, and the broken forms they produce."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.database import sqlite_url
from tests.support.dialects import (
    ARRIVED_AT,
    BOOK,
    CORRECTION,
    ELECTRONIC_MARRIAGE,
    FIRST,
    FIRST_BIRTH_XML,
    GUARDIANSHIP,
    LINKED_BIRTH,
    LINKED_DEATH,
    REMARK,
    SECOND,
    SECOND_SINCE_JULY,
    first_push,
    post,
    registered,
    second_push,
)
from tests.support.edge_desk import Badge, EdgeDesk, opened_edge

GIA_LAI = frozenset({"52", "64"})
FIRST_DAY = datetime.fromisoformat("2025-06-12T10:00:00+07:00")
PUSH_1, PUSH_2 = f"{FIRST}/dangKyHoTich", f"{SECOND}/nhanHoSoDKHT"
AUTUMN = datetime.fromisoformat("2025-10-06T10:00:00+07:00")
AUTUMN_BOOK = {**BOOK, "ngayDangKy": "06/10/2025"}
WHOLE_BIRTH = {**LINKED_BIRTH, **BOOK, "nksQuocTich": "VN", "nksLoaiKhaiSinh": "3"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EdgeDesk]:
    with opened_edge(sqlite_url(tmp_path)) as opened:
        opened.clock.now = ARRIVED_AT
        yield opened


@pytest.fixture
def client(desk: EdgeDesk) -> Badge:
    return desk.badge("one-stop", authorities=GIA_LAI)


def _token_of(desk: EdgeDesk, now: datetime) -> Badge:
    desk.clock.now = now
    return desk.badge(f"at-{now:%Y%m%d}", authorities=GIA_LAI)


def _event(desk: EdgeDesk, answer: httpx.Response) -> dict[str, Any]:
    """What was stored, as canonical JSON."""
    stores = desk.gateway.stores
    with stores.database.read() as transaction:
        content = stores.events.content_of(transaction, answer.json()["receipt"]["event_id"])
    event: dict[str, Any] = json.loads(content)
    return event


def _fields(answer: httpx.Response) -> set[str]:
    return {each["field"] for each in answer.json()["errors"]}


# ------------------------------------------------------------------ generation 1


def test_the_example_of_generation_1_with_its_entry_is_taken(desk: EdgeDesk) -> None:
    answer = post(desk, PUSH_1, first_push(registered()), _token_of(desk, FIRST_DAY))
    assert answer.status_code == httpx.codes.OK
    body = answer.json()
    assert (body["status"], body["value"]) == (1, "Thành công"), body
    event = _event(desk, answer)
    assert event["source_event_id"] == "KS/H21.129-250612-0007"
    assert event["registration"]["authority_code"] == "23941"
    assert event["mother"]["birth_date"] == {"year": 1997, "certainty": "exact"}
    assert event["mother"]["unknown"] == ["ethnic_group_code", "nationality", "residence"]
    assert event["unknown"] == ["father"]


def test_a_dossier_that_is_not_registered_yet_is_told_what_is_missing(desk: EdgeDesk) -> None:
    """The contract's example as it stands is handed over before the registration: it has no entry."""
    body = post(desk, PUSH_1, first_push(FIRST_BIRTH_XML), _token_of(desk, FIRST_DAY)).json()
    assert (body["status"], body["errorCode"]) == (0, 500)
    assert {each["field"] for each in body["errors"]} == {"so", "quyenSo", "ngayDangKy", "loaiDangKy"}
    assert "quyenSo không được để trống." in body["errorDescription"]
    told = next(each for each in body["errors"] if each["field"] == "quyenSo")
    assert told["pointer"] == "/data/quyenSo"
    assert "quyenSo" in told["message_vi"]
    assert "quyenSo" in told["message_en"]


def test_the_broken_form_is_read_all_the_same(desk: EdgeDesk) -> None:
    """Literal null, mixed spellings of dates, trailing blanks, numbers without their zeros."""
    broken = (
        registered()
        .replace("<nksNgaySinh>02.06.2025", "<nksNgaySinh> 20250602 ")
        .replace("<meNgaySinh>1997", "<meDanToc>null</meDanToc><meNgaySinh>00/00/1997")
        .replace("<nksDanToc>01", "<nksDanToc>1")
        .replace("<ngayDangKy>12.06.2025", "<ngayDangKy>2025-06-12 ")
        .replace("<nycQuanHe>Mẹ", "<nycEmail>null</nycEmail><nycQuanHe>Mẹ ")
    )
    push = first_push(f'<?xml version="1.0" encoding="utf-16"?>\n{broken}', ngayTiepNhan="12/06/2025 ")
    answer = post(desk, PUSH_1, push, _token_of(desk, FIRST_DAY))
    assert answer.json()["status"] == 1, answer.text
    event = _event(desk, answer)
    assert event["child"]["birth_date"] == {"year": 2025, "month": 6, "day": 2, "certainty": "exact"}
    assert event["child"]["ethnic_group_code"] == "01"
    assert event["mother"]["birth_date"] == {"year": 1997, "certainty": "exact"}
    assert event["requester"]["relation"] == "Mẹ"


def test_an_ampersand_is_shown_with_its_place_and_its_remedy(desk: EdgeDesk) -> None:
    text = registered().replace("LÊ THỊ MẪU</meHoTen>", "LÊ THỊ MẪU & CON</meHoTen>")
    body = post(desk, PUSH_1, first_push(text), _token_of(desk, FIRST_DAY)).json()
    assert (body["status"], body["errorCode"]) == (0, 500)
    (fault,) = body["errors"]
    assert (fault["field"], fault["code"]) == ("meHoTen", "xml_bare_ampersand")
    column = text.index("&") + 1
    assert f"dòng 1, cột {column}" in fault["message_vi"]
    assert "&amp;" in fault["message_vi"]
    assert f"column {column}" in fault["message_en"]
    assert body["errorDescription"].startswith("meHoTen có định dạng không đúng.")
    assert "LÊ THỊ" not in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ('<!DOCTYPE x [<!ENTITY e "x">]><hotich><hoso><so>&e;</so></hoso></hotich>', "xml_doctype"),
        ("<hotich><hoso><so>1</hoso></hotich>", "xml_broken"),
        ("<hotich><hoso><so>1</so><so>2</so></hoso></hotich>", "xml_field_repeated"),
        ("<hotich></hotich>", "xml_wrong_root"),
        ("<other><hoso/></other>", "xml_wrong_root"),
        ("so=1", "xml_broken"),
        ("", "dialect_wrong_format"),
        (5, "dialect_wrong_format"),
    ],
)
def test_data_that_is_no_dossier_is_refused_with_the_reason(desk: EdgeDesk, data: object, code: str) -> None:
    answer = post(desk, PUSH_1, first_push(data), _token_of(desk, FIRST_DAY))
    assert answer.status_code == httpx.codes.OK
    body = answer.json()
    assert (body["status"], body["errorCode"]) == (0, 500)
    assert [each["code"] for each in body["errors"]] == [code]


def test_the_same_dossier_again_is_the_same_success(desk: EdgeDesk) -> None:
    """Generation 1 says no moment of registration, so the first one counts, however late the repeat."""
    badge = _token_of(desk, FIRST_DAY)
    first = post(desk, PUSH_1, first_push(registered()), badge)
    desk.clock.advance(1800)
    again = post(desk, PUSH_1, first_push(registered()), badge)
    assert (first.json()["status"], again.json()["status"]) == (1, 1), again.text
    assert again.json()["receipt"] == first.json()["receipt"]


def test_the_same_code_with_other_content_is_refused_and_never_sounds_like_success(desk: EdgeDesk) -> None:
    badge = _token_of(desk, FIRST_DAY)
    first = post(desk, PUSH_1, first_push(registered()), badge).json()
    other = registered().replace("LÊ THỬ NGHIỆM", "LÊ THỬ NGHIỆM HAI")
    body = post(desk, PUSH_1, first_push(other), badge).json()
    assert (body["status"], body["errorCode"]) == (0, 500)
    assert [(each["field"], each["code"]) for each in body["errors"]] == [
        ("maHoSo", "idempotency_key_reused")
    ]
    assert "đã được tiếp nhận" not in json.dumps(body, ensure_ascii=False)
    assert first["status"] == 1


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"maDonVi": 99999}, 106),
        ({"maDonVi": "00691"}, 106),
        ({"module": "XX"}, 500),
        ({"maHoSo": ""}, 500),
        ({"ngayTiepNhan": "yesterday"}, 500),
    ],
)
def test_a_wrong_envelope_is_answered_with_the_registrys_number(
    desk: EdgeDesk, changes: dict[str, object], number: int
) -> None:
    body = post(desk, PUSH_1, first_push(registered(), **changes), _token_of(desk, FIRST_DAY)).json()
    assert (body["status"], body["errorCode"]) == (0, number)
    assert next(iter(changes)) in {each["field"] for each in body["errors"]}


# ------------------------------------------------------------------ generation 2


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
    event = _event(desk, answer)
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


def test_the_linked_birth_as_it_stands_is_told_what_a_registered_birth_says(
    desk: EdgeDesk, client: Badge
) -> None:
    answer = post(desk, PUSH_2, second_push(LINKED_BIRTH), client)
    body = answer.json()
    assert (body["status"], body["errorCode"]) == ("0", "500")
    assert _fields(answer) == {"so", "quyenSo", "ngayDangKy", "chaHoTen"}


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
    badge = _token_of(desk, AUTUMN)
    push = second_push({**record, **more}, module, ngayTiepNhan="01/08/2025 ", maHoSoLT="BS")
    answer = post(desk, PUSH_2, push, badge)
    assert answer.json()["status"] == "1", answer.text
    assert _event(desk, answer)["event_type"] == event_type


def test_what_the_examples_leave_out_is_said_by_the_dialects_own_field(desk: EdgeDesk) -> None:
    badge = _token_of(desk, AUTUMN)
    answer = post(desk, PUSH_2, second_push(GUARDIANSHIP, "GH", ngayTiepNhan="01/10/2025"), badge)
    assert _fields(answer) == {
        "so",
        "quyenSo",
        "ngayDangKy",
        "loaiDangKy",
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
    badge = _token_of(desk, AUTUMN)
    push = second_push(record, "BS", maDonVi="23710", maHoSoLT="BS", ngayTiepNhan="12/08/2025 ")
    refused = post(desk, PUSH_2, push, badge)
    assert _fields(refused) == {"cbsLoaiGiayToTuyThan"}
    assert "cbsLoaiGiayToTuyThan không tồn tại" in refused.json()["errorDescription"]
    mended = {**record, "cbsLoaiGiayToTuyThan": 4}
    answer = post(desk, PUSH_2, {**push, "data": json.dumps(mended)}, badge)
    assert answer.json()["status"] == "1", answer.text
    assert [each["field"] for each in answer.json()["warnings"]] == ["cbsDanToc"]
    event = _event(desk, answer)
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


# ------------------------------------------------------------------ both


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
