"""SOAP envelopes and pushes in the registry's dialects are measured by the same rules as JSON."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from gateway.api.dialects.fault_codes import FAULT_CODES
from gateway.api.dialects.faults import faults_of
from gateway.api.dialects.pushes import read_first_push, read_second_push
from gateway.api.dialects.rules import RULES_OF_BOTH, RULES_OF_XML
from gateway.api.soap.conformance import RULES_OF_SOAP
from gateway.api.soap.shapes import NAMESPACE
from gateway.bootstrap.conformance import build_judge, every_rule, report_of
from gateway.model.conforming import JudgedMessage, RuleStatus
from gateway.model.submission import RawSubmission, ValidSubmission
from gateway.operations.conformance.page import report_page
from gateway.operations.conformance.report import report_document
from gateway.receive.conformance.catalogue import load_rules
from gateway.receive.conformance.judge import EARLIER_UNKNOWN, SENDER
from gateway.receive.parse import BodyLimits
from gateway.receive.validate import Rulebook
from gateway.receive.walk import prepare
from gateway.settings import Settings
from mappings.canonical import EVENT_TYPES, sample_event
from mappings.national_registry.reading.dossier import read_dossier
from tests.support.dialects import (
    ARRIVED_AT,
    BOOK,
    FIRST_BIRTH_XML,
    LINKED_BIRTH,
    WHOLE_BIRTH,
    first_push,
    golden,
    golden_cases,
    registered,
    second_push,
)
from tests.support.events import a_birth, a_marriage
from tests.support.faulty_messages import as_bytes
from tests.support.soap_messages import SOAP_11, SOAP_12, a_question, enveloped, registering
from tests.support.submissions import RECEIVED_AT

OPENED = {"1": read_first_push, "2": read_second_push}


def _judged(content: bytes, name: str = "x", now: datetime = RECEIVED_AT) -> list[JudgedMessage]:
    return list(build_judge(Settings(), lambda: now).judge(name, content))


def _told(judged: JudgedMessage) -> set[tuple[str, str]]:
    return {(each.code, each.pointer) for each in judged.violations}


def _push(sent: Mapping[str, Any], now: datetime = ARRIVED_AT) -> JudgedMessage:
    (judged,) = _judged(json.dumps(sent, ensure_ascii=False).encode(), now=now)
    return judged


@pytest.mark.parametrize("version", [SOAP_11, SOAP_12])
@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_an_envelope_says_what_its_event_says(event_type: str, version: str) -> None:
    event = sample_event(event_type)
    (over_soap,) = _judged(enveloped(registering(event), version=version))
    (as_json,) = _judged(as_bytes(event))
    assert (over_soap.kind, over_soap.event_type) == ("soap", event_type)
    assert over_soap.violations == as_json.violations
    assert over_soap.warnings == as_json.warnings


@pytest.mark.parametrize(
    "changes",
    [{"mother__sex": "male"}, {"registration__registered_at": "2026-12-24T09:40:00+07:00"}],
)
def test_a_fault_in_an_envelope_is_the_fault_of_the_event_at_its_place(changes: dict[str, Any]) -> None:
    event = a_birth(**changes)
    (over_soap,) = _judged(enveloped(registering(event)))
    (as_json,) = _judged(as_bytes(event))
    assert over_soap.violations == as_json.violations
    assert over_soap.violations
    for violation in over_soap.violations:
        assert over_soap.statuses[violation.code] is RuleStatus.FAILED


def test_what_only_elements_can_get_wrong_is_told_beside_the_rules() -> None:
    text = enveloped(registering(a_birth(mother__sex="male"))).decode()
    opening = text.rindex("<", 0, text.index("source_event_id"))
    (judged,) = _judged((text[:opening] + "slip" + text[opening:]).encode())
    assert _told(judged) == {("text_between_elements", ""), ("mother_is_male", "/mother/sex")}
    assert judged.statuses["text_between_elements"] is RuleStatus.FAILED
    assert judged.statuses["attribute_unknown"] is RuleStatus.HELD
    assert judged.statuses["body_not_json"] is RuleStatus.NOT_APPLICABLE
    assert judged.statuses["dialect_module_unknown"] is RuleStatus.NOT_APPLICABLE


def test_each_of_many_is_a_message_of_its_own() -> None:
    items = [
        {"birth": a_birth()},
        {"marriage": a_marriage(husband__sex="female")},
        {"birth": a_birth(), "marriage": a_marriage()},
    ]
    judged = _judged(enveloped(a_question("RegisterMany", event=items)), "many.xml")
    assert [each.place for each in judged] == ["many.xml:1", "many.xml:2", "many.xml:3"]
    assert [_told(each) for each in judged] == [
        set(),
        {("husband_not_male", "/husband/sex")},
        {("one_event_each", "")},
    ]
    assert RuleStatus.HELD not in judged[2].statuses.values()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<Envelope", "body_not_xml"),
        (b"<!DOCTYPE a><a/>", "soap_not_readable"),
        (b"<a/>", "soap_envelope_invalid"),
        (b"<e:Envelope xmlns:e='urn:x'/>", "soap_version_unknown"),
        (enveloped("<a/><b/>"), "soap_envelope_invalid"),
        (enveloped("<a/>"), "soap_operation_unknown"),
        (enveloped("<a/>", "<x:y xmlns:x='urn:x' e:mustUnderstand='1'/>"), "soap_header_not_understood"),
        (enveloped(a_question("FindEvents", source_event_id="7")), "soap_no_event"),
        (enveloped(f"<RegisterMany xmlns='{NAMESPACE}'/>"), "field_missing"),
        (b"<?xml version='1.0' encoding='koi8-r'?><a/>", "soap_media_type"),
    ],
)
def test_an_envelope_that_cannot_be_opened_is_told_why_and_nothing_holds(content: bytes, code: str) -> None:
    (judged,) = _judged(content)
    assert [each.code for each in judged.violations] == [code]
    assert judged.statuses[code] is RuleStatus.FAILED
    assert RuleStatus.HELD not in judged.statuses.values()


def test_the_key_of_an_envelope_is_looked_at() -> None:
    (judged,) = _judged(enveloped(registering(a_birth(), key=" ")))
    assert _told(judged) == {("idempotency_key_invalid", "")}


@pytest.mark.parametrize(
    "content",
    [enveloped(registering(a_birth())), json.dumps(second_push({})).encode()],
    ids=["an envelope", "a push"],
)
def test_more_than_the_gateway_reads_is_not_read(content: bytes) -> None:
    settings = Settings.model_validate({"server": {"body_bytes_max": 1_024}})
    (judged,) = build_judge(settings, lambda: RECEIVED_AT).judge("x", content + b" " * 1_024)
    assert _told(judged) == {("body_too_large", "")}


@pytest.mark.parametrize("generation", ["1", "2"])
def test_a_push_is_told_what_the_facade_tells(generation: str) -> None:
    conforming = 0
    for path in golden_cases(generation):
        body, _, now = golden(path)
        judged = _push(body, now)
        assert judged.kind == f"registry_{generation}", path
        assert _told(judged) == _told_by_facade(body, generation, now), path
        conforming += judged.conforms
    assert conforming > len(golden_cases(generation)) // 2


def _told_by_facade(body: dict[str, Any], generation: str, now: datetime) -> set[tuple[str, str]]:
    reading = read_dossier(OPENED[generation](body), now)
    office = reading.event["registration"]["authority_code"]
    event = json.dumps(reading.event, ensure_ascii=False).encode()
    raw = RawSubmission(SENDER, frozenset({office}), None, event, now)
    prepared = prepare(raw, BodyLimits(), Rulebook())
    found = () if isinstance(prepared, ValidSubmission) else prepared
    return {
        (each.code, each.pointer)
        for each in faults_of(reading, found)
        if each.code != EARLIER_UNKNOWN  # only the gateway with its store can say it
    }


def test_a_push_before_the_registration_is_measured_as_the_event_that_it_asks_for() -> None:
    judged = _push(first_push(FIRST_BIRTH_XML))
    assert (judged.kind, judged.event_type, judged.conforms) == ("registry_1", "birth", True), _told(judged)
    assert judged.statuses["parent_not_older"] is RuleStatus.HELD
    assert judged.statuses["dialect_declaration_without_dossier"] is RuleStatus.HELD
    wrong = _push(first_push(FIRST_BIRTH_XML.replace("<meNgaySinh>1997", "<meNgaySinh>2026")))
    assert _told(wrong) == {
        ("born_after_registration", "/data/meNgaySinh"),
        ("parent_not_older", "/data/meNgaySinh"),
    }
    assert wrong.statuses["born_after_registration"] is RuleStatus.FAILED


def test_what_a_push_leaves_to_the_registrar_is_a_warning() -> None:
    judged = _push(second_push(LINKED_BIRTH))
    assert judged.conforms, _told(judged)
    assert {(each.code, each.pointer) for each in judged.warnings} == {
        ("dialect_left_to_registration", "/data/nksQuocTich"),
        ("dialect_left_to_registration", "/data/nksLoaiKhaiSinh"),
    }
    assert judged.statuses["dialect_left_to_registration"] is RuleStatus.WARNED


def test_a_push_before_the_registration_without_a_one_stop_code_is_known_by_nothing() -> None:
    judged = _push(first_push(FIRST_BIRTH_XML, maHoSo="23941-KS-2025-41"))
    assert _told(judged) == {("dialect_declaration_without_dossier", "/maHoSo")}
    assert judged.statuses["dialect_declaration_without_dossier"] is RuleStatus.FAILED


def test_half_an_entry_is_told_by_the_fields_of_its_sender() -> None:
    judged = _push(first_push(FIRST_BIRTH_XML.replace("<hoso>", "<hoso><so>7</so>")))
    assert {each.pointer for each in judged.violations} == {
        "/data/quyenSo",
        "/data/ngayDangKy",
        "/data/loaiDangKy",
    }


def test_a_rule_of_the_event_is_told_by_the_field_that_said_it() -> None:
    good = _push(first_push(registered()))
    assert (good.conforms, good.event_type) == (True, "birth"), _told(good)
    assert good.statuses["parent_not_older"] is RuleStatus.HELD
    assert good.statuses["xml_broken"] is RuleStatus.HELD
    judged = _push(first_push(registered().replace("<meNgaySinh>1997", "<meNgaySinh>2026")))
    assert ("parent_not_older", "/data/meNgaySinh") in _told(judged)
    assert judged.statuses["parent_not_older"] is RuleStatus.FAILED


def test_what_cannot_be_read_is_told_once_and_its_rule_is_not_said_to_fail() -> None:
    record = {**LINKED_BIRTH, **BOOK, "nksNgaySinh": "soon"}
    judged = _push(second_push(record))
    told = [each.code for each in judged.violations if each.pointer == "/data/nksNgaySinh"]
    assert told == ["dialect_wrong_format"]
    assert judged.kind == "registry_2"
    assert judged.statuses["dialect_wrong_format"] is RuleStatus.FAILED
    assert judged.statuses["xml_broken"] is RuleStatus.NOT_APPLICABLE
    assert {code for code, status in judged.statuses.items() if status is RuleStatus.FAILED} == {
        each.code for each in judged.violations
    }


def test_what_was_read_by_a_rule_is_a_warning() -> None:
    judged = _push(second_push({**LINKED_BIRTH, **BOOK, "moreOfOurs": "x"}))
    assert ("dialect_field_not_carried", "/data/moreOfOurs") in {
        (each.code, each.pointer) for each in judged.warnings
    }
    assert judged.statuses["dialect_field_not_carried"] is RuleStatus.WARNED


@pytest.mark.parametrize(
    ("sent", "code", "pointer"),
    [
        (first_push("<hotich><hoso><a>x & y</a></hoso></hotich>"), "xml_bare_ampersand", "/data/a"),
        (first_push(" "), "dialect_wrong_format", "/data"),
        (second_push({}, data="{"), "body_not_json", "/data"),
        (second_push({}, data=7), "dialect_wrong_format", "/data"),
        (second_push({}, module="??"), "dialect_module_unknown", "/module"),
    ],
)
def test_a_push_that_cannot_be_opened_is_told_where(sent: Mapping[str, Any], code: str, pointer: str) -> None:
    judged = _push(sent)
    assert _told(judged) == {(code, pointer)}
    assert judged.statuses[code] is RuleStatus.FAILED
    assert RuleStatus.HELD not in judged.statuses.values()


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({"module": "KS", "data": "<a/>"}, "registry_1"),
        ({"module": "KS", "data": "{}"}, "registry_2"),
        ({"module": "KS", "data": "{}", "maHoSo": "1"}, "registry_1"),
        ({"module": "KS", "data": "<a/>", "maHoSoMCDT": "1"}, "registry_2"),
        ({"module": "KS"}, "json"),
        ({"data": {"module": 1}}, "json"),
    ],
)
def test_the_generation_is_seen_by_its_own_fields(sent: Mapping[str, Any], kind: str) -> None:
    assert _push(sent).kind == kind


def test_every_code_that_only_one_way_gives_is_a_rule_with_words_and_source() -> None:
    of_ways = {**RULES_OF_SOAP, **RULES_OF_BOTH, **RULES_OF_XML}
    assert not of_ways.keys() & load_rules().keys()
    assert FAULT_CODES.keys() - load_rules().keys() == RULES_OF_BOTH.keys() | RULES_OF_XML.keys()
    assert every_rule().keys() == load_rules().keys() | of_ways.keys()
    for code, rule in of_ways.items():
        assert (rule.code, rule.rule_vi != rule.rule_en) == (code, True)
        assert rule.source
        assert rule.mark in {"S", "I"}


def test_the_report_names_the_rules_of_every_way() -> None:
    messages = [*_judged(b"<a/>"), _push(first_push("<a & b/>")), *_judged(as_bytes(a_birth()))]
    report = report_of(messages, lambda: RECEIVED_AT)
    failures = [each for message in report_document(report)["messages"] for each in message["failures"]]
    assert [each["code"] for each in failures] == ["soap_envelope_invalid", "xml_bare_ampersand"]
    assert all(each["source"] for each in failures)
    assert "xml_bare_ampersand" in report_page(report)


def test_lines_may_be_pushes_and_each_is_read_in_its_own_way() -> None:
    lines = [
        json.dumps(second_push(WHOLE_BIRTH), ensure_ascii=False).encode(),
        as_bytes(a_birth(mother__sex="male")),
        b"",
        json.dumps(first_push(registered()), ensure_ascii=False).encode(),
        json.dumps(second_push({**WHOLE_BIRTH, "nksGioiTinh": "7"}), ensure_ascii=False).encode(),
    ]
    judged = _judged(b"\n".join(lines), "day.ndjson", ARRIVED_AT)
    assert [each.place for each in judged] == [f"day.ndjson:{number}" for number in range(1, 6)]
    assert [each.kind for each in judged] == ["registry_2", "ndjson", "ndjson", "registry_1", "registry_2"]
    assert _told(judged[0]) == _told(judged[3]) == set()
    assert ("mother_is_male", "/mother/sex") in _told(judged[1])
    assert _told(judged[2]) == {("line_blank", "")}
    assert {pointer for _, pointer in _told(judged[4])} == {"/data/nksGioiTinh"}
    assert judged[0].statuses["dialect_module_unknown"] is RuleStatus.HELD
    assert judged[1].statuses["dialect_module_unknown"] is RuleStatus.NOT_APPLICABLE
