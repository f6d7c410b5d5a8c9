"""Asking for a dossier and collecting what clerks did with it."""

from collections.abc import Mapping

import pytest
from structlog.testing import capture_logs

from adapters.errors import AdapterError, ContractBroken, NotAuthorized, OutcomeUnknown
from adapters.national_registry import wire as words
from adapters.national_registry.adapter import NationalRegistry
from adapters.port import (
    FACT_PERSONAL_ID,
    FACT_REGISTRATION_DATE,
    FACT_REGISTRATION_NUMBER,
    FACT_REGISTRATION_PAGE,
    FACT_REGISTRATION_VOLUME,
    Absent,
    Accepted,
    Stage,
)
from tests.support.partner_wire import PartnerWire
from tests.support.registry_partner import CONTRACT, HTML, POLL, item, message, sample


def test_asking_finds_the_dossier_without_pushing_it(wire: PartnerWire, registry: NationalRegistry) -> None:
    wire.will_answer(POLL, sample("poll_answer"))
    standing = registry.ask(message())
    assert isinstance(standing, Accepted)
    assert (standing.already_there, standing.pending) == (True, True)
    assert wire.bodies(POLL) == [sample("poll")]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [item("H08.129-261102-9999")],
        [item("H08.129-261102-0012", module="TDCC")],
        [item("H08.129-261102-0012", status="5")],
        ["not an item"],
    ],
)
def test_a_dossier_that_is_not_shown_is_absent(
    wire: PartnerWire, registry: NationalRegistry, value: object
) -> None:
    wire.will_answer(POLL, {"status": 1, "value": value})
    assert isinstance(registry.ask(message()), Absent)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, {"status": 0, "errorCode": "302"}, ContractBroken),
        (200, {"status": 0, "errorCode": "101"}, NotAuthorized),
        (200, {"status": 1, "value": "none"}, ContractBroken),
        (200, {}, OutcomeUnknown),
        (500, {"status": 1, "value": []}, OutcomeUnknown),
    ],
)
def test_a_question_that_failed_is_no_statement_about_the_dossier(
    wire: PartnerWire, registry: NationalRegistry, status: int, body: object, outcome: type[AdapterError]
) -> None:
    wire.will_answer(POLL, body, status=status)
    with pytest.raises(outcome):
        registry.ask(message())


def test_record_not_found_is_absent(wire: PartnerWire, registry: NationalRegistry) -> None:
    wire.will_answer(POLL, {"status": 0, "errorCode": "201"})
    assert isinstance(registry.ask(message()), Absent)


def test_news_brings_stage_time_and_the_numbers_of_the_entry(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    wire.will_answer(POLL, sample("poll_answer"))
    (news,) = registry.fetch([message()])
    assert (news.request_id, news.stage, news.partner_code) == (
        message().request_id,
        Stage.COMPLETED,
        "4",
    )
    assert news.occurred_at is not None
    assert news.occurred_at.isoformat() == "2026-11-02T03:22:31+00:00"
    assert (news.actor, news.text) == ("Trần Văn Mẫu, Công chức, UBND xã", "Đã đăng ký")
    assert news.facts == {
        FACT_PERSONAL_ID: "099226000003",
        FACT_REGISTRATION_NUMBER: "41",
        FACT_REGISTRATION_VOLUME: "01/2026",
        FACT_REGISTRATION_PAGE: "41",
        FACT_REGISTRATION_DATE: "2026-11-02",
    }


def test_the_stages_are_those_of_the_contract() -> None:
    rows = (CONTRACT / "codes" / "registration_status.csv").read_text("utf-8").splitlines()[1:]
    assert {row.split(",")[0] for row in rows} == set(words.STAGES)


def test_a_poll_holds_one_module_and_three_codes(wire: PartnerWire, registry: NationalRegistry) -> None:
    codes = [f"H08.129-261102-000{number}" for number in range(1, 6)]
    outstanding = [*(message(code) for code in codes), message(codes[0], module="KT")]
    for shown in (codes[:3], codes[3:]):
        wire.will_answer(POLL, {"status": 1, "value": [item(code) for code in shown]})
    wire.will_answer(POLL, {"status": "1", "value": [item(codes[0], module="KT")]})
    news = registry.fetch(outstanding)
    asked: list[Mapping[str, object]] = list(wire.bodies(POLL))
    assert [(each["module"], each["maDinhDanhHoSo"]) for each in asked] == [
        ("KS", codes[:3]),
        ("KS", codes[3:]),
        ("KT", codes[:1]),
    ]
    assert {each.request_id for each in news} == {message.request_id for message in outstanding}
    assert registry.fetch_limit == 3


def test_an_unknown_status_hides_its_own_item_only_and_is_logged(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    codes = ["H08.129-261102-0001", "H08.129-261102-0002"]
    wire.will_answer(POLL, {"status": 1, "value": [item(codes[0], status="99"), item(codes[1], status=2)]})
    with capture_logs() as logs:
        news = registry.fetch([message(code) for code in codes])
    assert [(each.request_id, each.stage) for each in news] == [
        (message(codes[1]).request_id, Stage.SUPPLEMENT_ASKED)
    ]
    assert [log["event"] for log in logs] == ["partner_item_unreadable"]
    assert codes[0] not in str([{**log, "request_id": ""} for log in logs])


def test_one_failing_module_does_not_starve_the_others(wire: PartnerWire, registry: NationalRegistry) -> None:
    wire.will_answer(POLL, {"status": 0, "errorCode": "302"})
    wire.will_answer(POLL, {"status": 1, "value": [item("H08.129-261102-0012")]})
    with capture_logs() as logs:
        news = registry.fetch([message(module="TDCC"), message()])
    assert [each.request_id for each in news] == [message().request_id]
    assert [log["event"] for log in logs] == ["partner_poll_failed"]


def test_when_every_poll_fails_the_first_failure_comes_out(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    wire.will_answer(POLL, content=HTML)
    with capture_logs(), pytest.raises(OutcomeUnknown):
        registry.fetch([message()])


def test_a_malformed_result_gives_no_facts_instead_of_wrong_ones(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    result = {"soDinhDanh": "12345", "ngayDangKy": "02/13/2026", "soDangKy": None, "quyenSo": ["01"]}
    finished = {
        **item("H08.129-261102-0012", status="4"),
        "ketQuaXuLy": result,
        "thoiGianThucHien": "hôm nay",
    }
    wire.will_answer(POLL, {"status": 1, "value": [finished]})
    (news,) = registry.fetch([message()])
    assert (news.facts, news.occurred_at, news.text, news.actor) == ({}, None, None, None)
