"""Old clients of generation 1 push dossiers: the contract's example, and the broken forms they produce."""

import asyncio
import json
from datetime import datetime
from typing import Final

import httpx
import pytest

from tests.support.dialects import (
    FIRST,
    FIRST_BIRTH_XML,
    FIRST_DAY,
    client_on,
    first_push,
    post,
    registered,
    stored_event,
)
from tests.support.edge_desk import EdgeDesk, HandClock

PUSH_1: Final = f"{FIRST}/dangKyHoTich"


def test_the_example_of_generation_1_with_its_entry_is_taken(desk: EdgeDesk) -> None:
    answer = post(desk, PUSH_1, first_push(registered()), client_on(desk, FIRST_DAY))
    assert answer.status_code == httpx.codes.OK
    body = answer.json()
    assert (body["status"], body["value"]) == (1, "Thành công"), body
    event = stored_event(desk, answer)
    assert event["source_event_id"] == "KS/H21.129-250612-0007"
    assert event["registration"]["authority_code"] == "23941"
    assert event["mother"]["birth_date"] == {"year": 1997, "certainty": "exact"}
    assert event["mother"]["unknown"] == ["ethnic_group_code", "nationality", "residence"]
    assert event["unknown"] == ["father"]


def test_half_an_entry_is_told_what_is_missing(desk: EdgeDesk) -> None:
    """A number without day and volume is no dossier before its registration, and no registered one."""
    half = FIRST_BIRTH_XML.replace("<hoso>", "<hoso><so>7</so>")
    body = post(desk, PUSH_1, first_push(half), client_on(desk, FIRST_DAY)).json()
    assert (body["status"], body["errorCode"]) == (0, 500)
    assert {each["field"] for each in body["errors"]} == {"quyenSo", "ngayDangKy", "loaiDangKy"}
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
    answer = post(desk, PUSH_1, push, client_on(desk, FIRST_DAY))
    assert answer.json()["status"] == 1, answer.text
    event = stored_event(desk, answer)
    assert event["child"]["birth_date"] == {"year": 2025, "month": 6, "day": 2, "certainty": "exact"}
    assert event["child"]["ethnic_group_code"] == "01"
    assert event["mother"]["birth_date"] == {"year": 1997, "certainty": "exact"}
    assert event["requester"]["relation"] == "Mẹ"


def test_an_ampersand_is_shown_with_its_place_and_its_remedy(desk: EdgeDesk) -> None:
    text = registered().replace("LÊ THỊ MẪU</meHoTen>", "LÊ THỊ MẪU & CON</meHoTen>")
    body = post(desk, PUSH_1, first_push(text), client_on(desk, FIRST_DAY)).json()
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
    ],
)
def test_data_that_is_no_dossier_is_refused_with_the_reason(desk: EdgeDesk, data: str, code: str) -> None:
    answer = post(desk, PUSH_1, first_push(data), client_on(desk, FIRST_DAY))
    assert answer.status_code == httpx.codes.OK
    body = answer.json()
    assert (body["status"], body["errorCode"]) == (0, 500)
    assert [each["code"] for each in body["errors"]] == [code]


def test_the_same_dossier_again_is_the_same_success(desk: EdgeDesk) -> None:
    """Generation 1 says no moment of registration, so the first one counts, however late the repeat."""
    badge = client_on(desk, FIRST_DAY)
    first = post(desk, PUSH_1, first_push(registered()), badge)
    desk.clock.advance(1800)
    again = post(desk, PUSH_1, first_push(registered()), badge)
    assert (first.json()["status"], again.json()["status"]) == (1, 1), again.text
    assert again.json()["receipt"] == first.json()["receipt"]


def test_the_same_code_with_other_content_is_refused_and_never_sounds_like_success(desk: EdgeDesk) -> None:
    badge = client_on(desk, FIRST_DAY)
    first = post(desk, PUSH_1, first_push(registered()), badge).json()
    other = registered().replace("LÊ THỬ NGHIỆM", "LÊ THỬ NGHIỆM HAI")
    body = post(desk, PUSH_1, first_push(other), badge).json()
    assert (body["status"], body["errorCode"]) == (0, 500)
    assert [(each["field"], each["code"]) for each in body["errors"]] == [
        ("maHoSo", "idempotency_key_reused")
    ]
    assert "đã được tiếp nhận" not in json.dumps(body, ensure_ascii=False)
    assert first["status"] == 1


def test_the_same_dossier_many_times_at_once_is_one_event(
    desk_on_both: EdgeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each arrives at a moment of its own, and the dialect says none: all but one count with the first's."""
    desk, badge = desk_on_both, client_on(desk_on_both, FIRST_DAY)

    def tick(clock: HandClock) -> datetime:
        clock.advance(1)
        return clock.now

    monkeypatch.setattr(HandClock, "__call__", tick)
    transport = httpx.ASGITransport(app=desk.gateway.app)

    async def push(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(PUSH_1, json=first_push(registered()), headers=badge.header)

    async def together() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            return list(await asyncio.gather(*(push(client) for _ in range(8))))

    answers = [answer.json() for answer in desk.run(together())]
    assert {answer["status"] for answer in answers} == {1}
    assert len({answer["receipt"]["event_id"] for answer in answers}) == 1


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
    body = post(desk, PUSH_1, first_push(registered(), **changes), client_on(desk, FIRST_DAY)).json()
    assert (body["status"], body["errorCode"]) == (0, number)
    assert next(iter(changes)) in {each["field"] for each in body["errors"]}
