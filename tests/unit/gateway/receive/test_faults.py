"""Every fault that a message can have is found and told at its place, in both languages."""

import re
import string

import pytest

from gateway.model.submission import ValidSubmission, Violation
from gateway.receive.parse import BodyLimits
from gateway.receive.validate import Rulebook
from gateway.receive.walk import prepare
from gateway.receive.wordings import WORDINGS
from gateway.receive.wordings_of_elements import OF_ELEMENTS
from gateway.receive.wordings_of_rules import OF_RULES
from gateway.receive.wordings_of_shape import OF_SHAPE
from gateway.receive.wordings_of_warnings import OF_WARNINGS
from mappings.canonical import WORDINGS as OF_MODEL
from tests.support.earlier import find_earlier
from tests.support.events import ABSENT, a_birth, a_death, a_marriage
from tests.support.faulty_messages import BODY_BYTES_MAX, FAULTY_MESSAGES, Faulty, as_bytes
from tests.support.submissions import RECEIVED_AT, a_raw_submission

UNREACHABLE = {
    "line_blank",  # said of a line of a batch only
    "invalid_value",  # for a kind of fault that a later release of pydantic may bring
    *OF_ELEMENTS,  # said of a SOAP envelope only
}

SEVERAL_FAULTS = {
    "event_type": "birth",
    "registration": {
        **a_birth()["registration"],
        "authority_code": "99999",
        "registered_at": "2026-11-30T09:40:00+07:00",
    },
    "child": {**a_birth()["child"], "sex": "nữ", "birth_date": {"year": 2027, "month": 1, "day": 1}},
    "mother": {**a_birth()["mother"], "personal_id": "12345", "ethnic_group_code": "99"},
    "birth": {"abandoned": True},
}


def _violations(body: bytes, key: str | None = None) -> tuple[Violation, ...]:
    raw = a_raw_submission(body, idempotency_key=key, received_at=RECEIVED_AT)
    prepared = prepare(raw, BodyLimits(BODY_BYTES_MAX), Rulebook(find_earlier=find_earlier))
    return () if isinstance(prepared, ValidSubmission) else prepared


@pytest.mark.parametrize("faulty", FAULTY_MESSAGES, ids=str)
def test_the_fault_is_told_at_its_place(faulty: Faulty) -> None:
    told = {(each.code, each.pointer) for each in _violations(faulty.body, faulty.idempotency_key)}
    assert (faulty.code, faulty.pointer) in told


def test_every_fault_with_words_has_a_message_that_shows_it() -> None:
    assert {faulty.code for faulty in FAULTY_MESSAGES} == WORDINGS.keys() - UNREACHABLE


def test_no_two_tables_give_words_to_one_code() -> None:
    assert len(WORDINGS) == len(OF_MODEL) + len(OF_SHAPE) + len(OF_ELEMENTS) + len(OF_RULES)
    assert not WORDINGS.keys() & OF_WARNINGS.keys()


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_both_languages_say_the_same_values(code: str) -> None:
    wording = WORDINGS[code]
    vietnamese, english = (
        {
            name.removesuffix("_vi").removesuffix("_en")
            for _, name, _, _ in string.Formatter().parse(text)
            if name
        }
        for text in (wording.vietnamese, wording.english)
    )
    assert vietnamese == english
    assert wording.vietnamese != wording.english or "_" in wording.english
    assert wording.english.strip().endswith(".")


@pytest.mark.parametrize("faulty", FAULTY_MESSAGES, ids=str)
def test_words_are_complete_and_never_repeat_what_a_person_is(faulty: Faulty) -> None:
    for violation in _violations(faulty.body, faulty.idempotency_key):
        for text in (violation.message_vi, violation.message_en):
            assert "{" not in text
            assert re.search(r"\d{9,}", text) is None
            assert "MẪU" not in text


@pytest.mark.parametrize("event", [a_birth(), a_marriage(), a_death()], ids=lambda event: event["event_type"])
def test_a_correct_message_has_no_fault(event: dict[str, object]) -> None:
    assert _violations(as_bytes(event)) == ()


def test_faults_of_form_and_of_rules_are_told_together() -> None:
    told = {(each.pointer, each.code) for each in _violations(as_bytes(SEVERAL_FAULTS))}
    assert told == {
        ("/source_event_id", "field_missing"),
        ("/registration/authority_code", "authority_unknown"),
        ("/registration/registered_at", "registered_in_future"),
        ("/child/sex", "not_in_list"),
        ("/child/birth_date", "born_after_registration"),
        ("/mother/personal_id", "wrong_format"),
        ("/mother/ethnic_group_code", "ethnic_group_unknown"),
        ("/mother", "abandoned_with_parents"),
        ("/father", "neither_filled_nor_unknown"),
    }


def test_a_part_that_is_missing_stops_only_the_rules_that_need_it() -> None:
    told = {
        (each.pointer, each.code)
        for each in _violations(as_bytes(a_birth(child=ABSENT, father__ethnic_group_code="99")))
    }
    assert told == {("/child", "field_missing"), ("/father/ethnic_group_code", "ethnic_group_unknown")}


def test_without_a_readable_registration_nothing_is_said_that_depends_on_its_date() -> None:
    event = a_birth(registration__registered_at="today", mother__sex="male")
    told = {(each.pointer, each.code) for each in _violations(as_bytes(event))}
    assert told == {("/registration/registered_at", "instant_format"), ("/mother/sex", "mother_is_male")}


def test_a_malformed_field_is_not_also_called_silent() -> None:
    told = [each.code for each in _violations(as_bytes(a_birth(mother__residence="Tổ 3")))]
    assert told == ["wrong_type"]


def test_one_fault_is_told_once() -> None:
    event = a_birth(mother__residence=ABSENT, mother__sex="nữ")
    told = [(each.pointer, each.code) for each in _violations(as_bytes(event))]
    assert sorted(told) == [
        ("/mother/residence", "neither_filled_nor_unknown"),
        ("/mother/sex", "not_in_list"),
    ]


def test_a_made_up_name_without_end_is_cut_in_the_answer() -> None:
    (violation,) = _violations(as_bytes({**a_birth(), "x" * 10_000 + "/~": 1}))
    assert violation.code == "field_unknown"
    assert len(violation.pointer) < 200


def test_a_pointer_is_escaped() -> None:
    (violation,) = _violations(as_bytes({**a_birth(), "a/b~c": 1}))
    assert violation.pointer == "/a~1b~0c"
