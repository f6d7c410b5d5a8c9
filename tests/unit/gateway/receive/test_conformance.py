"""Each rule of the catalogue is a real one, and of each message it is said truly whether it holds."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest

from gateway.model.conforming import ConformanceRule, Fault, JudgedMessage, RuleStatus
from gateway.receive.conformance.catalogue import load_rules
from gateway.receive.conformance.judge import Document, Judge, Measure
from gateway.receive.conformance.readers import NdjsonReader, ReadMessage, shipped_readers
from gateway.receive.parse import BodyLimits, parse_body
from gateway.receive.validate import Rulebook, event_types_by_rule
from gateway.receive.wordings import WORDINGS
from gateway.receive.wordings_of_elements import OF_ELEMENTS
from gateway.receive.wordings_of_warnings import OF_WARNINGS
from mappings.canonical import EVENT_TYPES
from tests.support.earlier import find_earlier
from tests.support.events import ABSENT, a_birth, a_change, a_death, a_marriage
from tests.support.faulty_messages import BODY_BYTES_MAX, FAULTY_MESSAGES, Faulty, as_bytes
from tests.support.source_tree import ROOT
from tests.support.submissions import PROVINCE, RECEIVED_AT
from tools.conformance_set import DEFAULT_FOLDER, files

LIMITS = BodyLimits(BODY_BYTES_MAX)
NOT_PUBLISHED = {
    "attachment_too_large": "only a huge message has it",
    "body_too_large": "only a huge message has it",
    "body_not_utf8": "the set is text",
    "earlier_events_differ": "names an event by the number that a gateway gave it",
    "idempotency_key_invalid": "a fault of the request, not of the message",
    "invalid_value": "for a kind of fault that a later release of pydantic may bring",
    "line_blank": "a fault of a batch, and the set holds single messages",
    **dict.fromkeys(OF_ELEMENTS, "a fault of a SOAP envelope, and the set holds JSON"),
}


def _judge(*, authorities: frozenset[str] = frozenset({PROVINCE}), is_complete: bool = True) -> Judge:
    measure = Measure(Rulebook(find_earlier=find_earlier), authorities, is_complete=is_complete)
    return Judge(measure, shipped_readers(LIMITS), lambda: RECEIVED_AT)


def _judged(event: object) -> JudgedMessage:
    (judged,) = _judge().judge("x.json", json.dumps(event, ensure_ascii=False).encode())
    return judged


def test_the_catalogue_has_every_code_and_no_other() -> None:
    assert load_rules().keys() == WORDINGS.keys() | OF_WARNINGS.keys()


def test_every_rule_of_the_rulebook_stands_in_the_catalogue() -> None:
    named = {name for rule in load_rules().values() for name in rule.checked_by}
    assert named == event_types_by_rule().keys()


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_a_rule_has_words_a_source_and_a_mark(code: str) -> None:
    rule = load_rules()[code]
    assert rule.rule_vi != rule.rule_en
    assert rule.source
    assert rule.mark in {"S", "I"}
    assert rule.event_types
    assert rule.event_types <= EVENT_TYPES.keys()


@pytest.mark.parametrize("faulty", FAULTY_MESSAGES, ids=str)
def test_a_planted_fault_is_a_rule_that_failed_where_the_catalogue_has_it(faulty: Faulty) -> None:
    judged = _judge().judge_parsed("x", "json", parse_body(faulty.body, LIMITS), None, faulty.idempotency_key)
    assert judged.statuses[faulty.code] is RuleStatus.FAILED
    assert Fault(faulty.code, faulty.pointer) in judged.faults
    assert not judged.conforms
    assert judged.event_type is None or judged.event_type in load_rules()[faulty.code].event_types


def test_of_a_good_message_no_rule_failed_and_the_rules_of_other_matters_do_not_apply() -> None:
    judged = _judged(a_birth())
    assert judged.conforms
    assert RuleStatus.FAILED not in judged.statuses.values()
    assert judged.statuses["mother_is_male"] is RuleStatus.HELD
    assert judged.statuses["husband_not_male"] is RuleStatus.NOT_APPLICABLE
    assert judged.statuses["foreign_act_at_home"] is RuleStatus.NOT_APPLICABLE


def test_a_rule_whose_part_is_missing_is_not_said_to_hold() -> None:
    event = a_birth(birth__certificate_date=ABSENT)
    assert _judged(event).statuses["certificate_before_birth"] is RuleStatus.NOT_APPLICABLE


def test_a_rule_that_a_malformed_part_stopped_is_not_checked() -> None:
    judged = _judged(a_birth(registration__registered_at="today", mother__sex="male"))
    assert judged.statuses["authority_unknown"] is RuleStatus.NOT_CHECKED
    assert judged.statuses["mother_is_male"] is RuleStatus.FAILED
    assert judged.statuses["father_is_female"] is RuleStatus.HELD


def test_of_what_cannot_be_read_nothing_is_said_to_hold() -> None:
    (judged,) = _judge().judge("x.json", b"{")
    assert judged.statuses["body_not_json"] is RuleStatus.FAILED
    assert RuleStatus.HELD not in judged.statuses.values()


def test_a_warning_does_not_speak_against_the_message() -> None:
    judged = _judged(a_birth(mother__personal_id="099097000001"))
    assert judged.conforms
    assert [each.code for each in judged.warnings] == [
        code for code, status in judged.statuses.items() if status is RuleStatus.WARNED
    ]
    assert judged.warnings


def test_whom_the_sender_may_speak_for_is_checked_only_when_it_is_known() -> None:
    foreign = a_birth(registration__authority_code="00004")
    assert _judged(foreign).statuses["authority_not_yours"] is RuleStatus.FAILED
    (unknown,) = _judge(authorities=frozenset()).judge("x.json", as_bytes(foreign))
    assert unknown.statuses["authority_not_yours"] is RuleStatus.NOT_CHECKED
    assert "authority_not_yours" not in {each.code for each in unknown.violations}


def test_an_earlier_event_may_be_read_later_and_one_elsewhere_is_not_called_unknown() -> None:
    later = a_birth(amends={"source_event_id": "D-7"}, source_event_id="B-7")
    named = a_death(source_event_id="D-7")
    bodies = {"1": as_bytes(later), "2": as_bytes(named)}
    documents = [Document(name, partial(bodies.__getitem__, name)) for name in bodies]
    first, _ = _judge(is_complete=False).judge_all(documents)
    assert first.statuses["earlier_event_unknown"] is RuleStatus.NOT_CHECKED
    complete, _ = _judge().judge_all(documents)
    assert complete.statuses["earlier_event_unknown"] is RuleStatus.HELD
    (alone,) = _judge().judge("1", as_bytes(later))
    assert alone.statuses["earlier_event_unknown"] is RuleStatus.FAILED


def test_lines_are_judged_one_by_one_and_named() -> None:
    content = b"\n".join((as_bytes(a_birth()), b"", as_bytes(a_marriage(husband__sex="female")), b"{"))
    judged = list(_judge().judge("all.txt", content))
    assert [(each.place, each.kind, each.conforms) for each in judged] == [
        ("all.txt:1", "ndjson", True),
        ("all.txt:2", "ndjson", False),
        ("all.txt:3", "ndjson", False),
        ("all.txt:4", "ndjson", False),
    ]
    assert judged[1].statuses["line_blank"] is RuleStatus.FAILED
    assert RuleStatus.HELD not in judged[1].statuses.values()
    assert judged[0].statuses["line_blank"] is RuleStatus.HELD


def test_the_end_of_the_last_line_is_no_blank_line() -> None:
    content = as_bytes(a_birth()) + b"\n" + as_bytes(a_marriage()) + b"\n"
    assert [each.conforms for each in _judge().judge("all.ndjson", content)] == [True, True]


def test_rules_of_another_way_of_writing_do_not_apply() -> None:
    statuses = _judged(a_birth()).statuses
    of_others = {"line_blank", *OF_ELEMENTS}
    assert {statuses[code] for code in of_others} == {RuleStatus.NOT_APPLICABLE}


def test_how_an_entry_stands_only_the_gateway_knows() -> None:
    assert _judged(a_change()).statuses["before_differs_from_entry"] is RuleStatus.NOT_CHECKED


def test_a_pretty_printed_object_is_not_taken_for_lines() -> None:
    pretty = json.dumps(a_birth(), ensure_ascii=False, indent=1).encode()
    assert [each.kind for each in _judge().judge("x", pretty)] == ["json"]
    assert NdjsonReader(LIMITS).recognises(b"", "x.ndjson")


def test_another_way_of_writing_is_one_more_reader() -> None:
    class Upper:
        kind = "upper"
        rules: Mapping[str, ConformanceRule] = MappingProxyType({})

        def recognises(self, content: bytes, name: str) -> bool:
            return name.endswith(".up") and content.startswith(b"UP")

        def read(self, content: bytes) -> "list[ReadMessage]":
            return [ReadMessage(None, parse_body(content.removeprefix(b"UP"), LIMITS))]

    judge = Judge(Measure(Rulebook()), (Upper(), *shipped_readers(LIMITS)), lambda: RECEIVED_AT)  # type: ignore[arg-type]  # a list is iterated as well
    (judged,) = judge.judge("x.up", b"UP" + as_bytes(a_birth()))
    assert (judged.kind, judged.conforms) == ("upper", True)


def test_the_published_set_is_up_to_date() -> None:
    folder = ROOT / DEFAULT_FOLDER
    kept = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    assert kept == dict(files()), "run: python -m tools.conformance_set"


def test_the_published_set_has_good_and_bad_messages_of_every_type() -> None:
    folder = ROOT / DEFAULT_FOLDER
    for event_type in EVENT_TYPES:
        assert list((folder / event_type / "good").glob("*.json")), event_type
        expected = _expected(folder, event_type)
        assert len(expected) > len(("one of form", "one of rules")), event_type
        assert all(expected.values())


def test_every_rule_has_a_published_message_that_breaks_it_or_a_reason_why_not() -> None:
    folder = ROOT / DEFAULT_FOLDER
    planted = {
        fault["code"]
        for event_type in EVENT_TYPES
        for faults in _expected(folder, event_type).values()
        for fault in faults
    }
    assert WORDINGS.keys() - planted == NOT_PUBLISHED.keys()


def _expected(folder: Path, event_type: str) -> dict[str, list[dict[str, str]]]:
    text = (folder / event_type / "bad" / "expected.json").read_text(encoding="utf-8")
    found: dict[str, list[dict[str, str]]] = json.loads(text)
    return found
