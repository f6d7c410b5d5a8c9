"""Which two registrations are one event, which raise a question, which are none of each other's business."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from gateway.model.questioning import QuestionKind
from gateway.operations.question_evidence import GROUNDS
from gateway.receive.facets import COMPARED, ONCE_BY_ENTRY, Facets, facets_of
from gateway.receive.likeness import Likeness, SameEvent, Suspected, compare
from gateway.receive.natural_keys import fingerprint_of, may_be_one_day, natural_keys_of
from mappings.canonical import EVENT_TYPES, parse_event
from tests.support.events import (
    ABSENT,
    a_birth,
    a_birth_with_recognition,
    a_death,
    a_foreign_note,
    a_marriage,
    a_recognition,
    an_adoption,
)

JsonObject = dict[str, Any]
Maker = Callable[..., JsonObject]

SAME, NONE = "same", "none"
OTHER_MOTHER: Final = "099197099999"
YEAR_ONLY: Final = {"year": 2026, "certainty": "exact"}
ABANDONED: Final[JsonObject] = {
    "mother": ABSENT,
    "father": ABSENT,
    "requester": ABSENT,
    "unknown": ["mother", "father"],
    "birth__abandoned": True,
    "birth__certificate_code": ABSENT,
    "birth__certificate_date": ABSENT,
}


def _facets(message: JsonObject) -> Facets:
    found = facets_of(parse_event(message))
    assert found is not None
    return found


def _said(likeness: Likeness) -> str:
    match likeness:
        case None:
            return NONE
        case SameEvent():
            return SAME
        case Suspected():
            return likeness.ground


@dataclass(frozen=True, slots=True)
class Case:
    """Two messages, told by what each changes of the sample, and how the later one stands to the earlier."""

    why: str
    expected: str
    make: Maker
    later: JsonObject
    earlier: JsonObject


def _birth(why: str, expected: str, later: JsonObject, earlier: JsonObject | None = None) -> Case:
    return Case(why, expected, a_birth, later, earlier or {})


def _death(why: str, expected: str, later: JsonObject, earlier: JsonObject | None = None) -> Case:
    return Case(why, expected, a_death, later, earlier or {})


def _marriage(why: str, expected: str, later: JsonObject, earlier: JsonObject | None = None) -> Case:
    return Case(why, expected, a_marriage, later, earlier or {})


NO_NUMBER: Final[JsonObject] = {"mother__personal_id": ABSENT, "mother__unknown": ["personal_id"]}
OTHER_DAY: Final = {"year": 2026, "month": 3, "day": 2, "certainty": "exact"}
NAMED_FIRST: Final[JsonObject] = {
    "amends": {
        "entry": {
            "authority_code": "00691",
            "book_code": "KS",
            "registered_on": {"year": 2026, "certainty": "exact"},
            "number": "41",
        }
    }
}

BIRTHS: Final = (
    _birth("the same child at another office", SAME, {"registration__authority_code": "00715"}),
    _birth(
        "the same child in capitals",
        SAME,
        {"child__name": {"full": "LÊ MẪU AN"}},
        {"child__name": {"full": "Lê Mẫu An"}},
    ),
    _birth(
        "the name without its marks",
        "same_mother_same_day_like_name",
        {"child__name": {"full": "LE MAU AN"}},
        {"child__name": {"full": "LÊ MẪU AN"}},
    ),
    _birth("another name: twins?", "same_mother_same_day", {"child__name": {"full": "LÊ MẪU BÌNH"}}),
    _birth(
        "one slip apart: a twin is as likely",
        "same_mother_same_day",
        {"child__name": {"full": "LÊ MẪU KHANH"}},
        {"child__name": {"full": "LÊ MẪU KHÁNG"}},
    ),
    _birth(
        "the same name, other sex",
        "same_mother_same_day_like_name",
        {"child__sex": "male"},
        {"child__sex": "female"},
    ),
    _birth(
        "both say which child of the birth they are",
        NONE,
        {"child__name": {"full": "LÊ MẪU BÌNH"}, "birth__multiple": {"order": 2, "total": 2}},
        {"birth__multiple": {"order": 1, "total": 2}},
    ),
    _birth(
        "only one of them says so",
        "same_mother_same_day",
        {"child__name": {"full": "LÊ MẪU BÌNH"}, "birth__multiple": {"order": 2, "total": 2}},
    ),
    _birth(
        "the same mother, another day, another name: a brother",
        NONE,
        {"child__birth_date": OTHER_DAY, "child__name": {"full": "LÊ MẪU BÌNH"}},
    ),
    _birth(
        "the same mother, another day, the same name",
        "same_mother_same_name_other_day",
        {"child__birth_date": OTHER_DAY},
    ),
    _birth("a year only", "same_mother_like_name", {"child__birth_date": YEAR_ONLY}),
    _birth(
        "a first of January by rule",
        "same_mother_like_name",
        {"child__birth_date": {"year": 2026, "month": 1, "day": 1, "certainty": "by_rule"}},
    ),
    _birth(
        "another year only, another name",
        NONE,
        {"child__birth_date": {"year": 2019, "certainty": "exact"}, "child__name": {"full": "LÊ MẪU BÌNH"}},
    ),
    _birth(
        "another mother, the same name and day",
        NONE,
        {"mother__personal_id": OTHER_MOTHER, "mother__name": {"full": "TRẦN MẪU LIÊN"}},
    ),
    _birth(
        "a mistyped number of the mother",
        "same_child_other_mother_number",
        {"mother__personal_id": OTHER_MOTHER},
    ),
    _birth("the mother without number", "like_child_like_mother", NO_NUMBER),
    _birth("neither mother with a number", "like_child_like_mother", NO_NUMBER, NO_NUMBER),
    _birth(
        "without number, another name of the mother",
        NONE,
        {**NO_NUMBER, "mother__name": {"full": "TRẦN MẪU LIÊN"}},
    ),
    _birth(
        "no mother named, the same father",
        "like_child_like_father",
        {"mother": ABSENT, "unknown": ["mother"]},
    ),
    _birth(
        "no mother named, another father",
        NONE,
        {"mother": ABSENT, "unknown": ["mother"], "father__personal_id": "099094099999"},
    ),
    _birth(
        "two abandoned children of one name, day and commune", "like_child_same_place", ABANDONED, ABANDONED
    ),
    _birth(
        "abandoned, another commune",
        NONE,
        {**ABANDONED, "child__place_of_birth__commune_code": "00715"},
        ABANDONED,
    ),
    _birth("abandoned, another name", NONE, {**ABANDONED, "child__name": {"full": "LÊ MẪU BÌNH"}}, ABANDONED),
    _birth("registered again: not the first entry", NONE, {"registration__kind": "re_registration"}),
    _birth(
        "registered again twice",
        SAME,
        {"registration__kind": "re_registration"},
        {"registration__kind": "re_registration"},
    ),
    _birth("noted from abroad: not the first entry", NONE, {"registration__kind": "foreign_note"}),
    _birth(
        "late: whoever does so may not know of the first", "late_registration", {"registration__kind": "late"}
    ),
    _birth("it names the first entry itself", "names_the_earlier_entry", NAMED_FIRST),
    _birth(
        "the same number of the child",
        SAME,
        {"child__personal_id": "099326000001"},
        {"child__personal_id": "099326000001"},
    ),
    _birth(
        "the same number of the child, another day",
        "same_child_number",
        {"child__personal_id": "099326000001", "child__birth_date": OTHER_DAY},
        {"child__personal_id": "099326000001"},
    ),
    _birth(
        "one child with two numbers",
        "same_child_other_number",
        {"child__personal_id": "099326000001"},
        {"child__personal_id": "099326000002"},
    ),
)

DEATHS: Final = (
    _death("the same death at another office", SAME, {"registration__authority_code": "00715"}),
    _death(
        "the same person, another day",
        "same_person_number",
        {"death__date": {"year": 2026, "month": 10, "day": 1, "certainty": "exact"}},
    ),
    _death("the same person, the year only", "same_person_number", {"death__date": YEAR_ONLY}),
    _death(
        "the same number, another name", "same_person_number", {"deceased__name": {"full": "TRẦN MẪU LIÊN"}}
    ),
    _death(
        "without number",
        "like_person",
        {
            "deceased__personal_id": ABSENT,
            "deceased__identity_paper": ABSENT,
            "deceased__unknown": ["personal_id", "identity_paper"],
        },
    ),
    _death("a mistyped number", "same_person_other_number", {"deceased__personal_id": "099041099999"}),
    _death(
        "another person of the same name",
        NONE,
        {
            "deceased__personal_id": "099041099999",
            "deceased__birth_date": {"year": 1950, "certainty": "exact"},
        },
    ),
    _death("registered again: not the first entry", NONE, {"registration__kind": "re_registration"}),
    _death("late", "late_registration", {"registration__kind": "late"}),
)

MARRIAGES: Final = (
    _marriage("the same marriage at another office", SAME, {"registration__authority_code": "00715"}),
    _marriage(
        "the same two on another day: perhaps after a divorce",
        "same_couple_other_day",
        {"established_on": OTHER_DAY},
    ),
    _marriage(
        "the wife without number",
        "like_couple",
        {"wife__personal_id": ABSENT, "wife__unknown": ["personal_id"]},
    ),
    _marriage("a mistyped number", "same_couple_other_number", {"wife__personal_id": "099197099999"}),
    _marriage(
        "the same husband, another wife: another marriage",
        NONE,
        {
            "wife__personal_id": "099197099999",
            "wife__name": {"full": "TRẦN MẪU LIÊN"},
            "wife__birth_date": {"year": 1990, "month": 1, "day": 5, "certainty": "exact"},
        },
    ),
    _marriage("registered again: not the first entry", NONE, {"registration__kind": "re_registration"}),
)

OTHERS: Final = (
    Case("a recognition again", "same_parent_and_child", a_recognition, {}, {}),
    Case(
        "another child recognised",
        NONE,
        a_recognition,
        {"child__personal_id": "099315099999", "child__name": {"full": "MẪU VĂN BÌNH"}},
        {},
    ),
    Case("an adoption again", "same_adopted_child", an_adoption, {}, {}),
    Case("a note of a birth abroad again", SAME, a_foreign_note, {}, {}),
    Case(
        "a recognition, the child without number",
        "like_parent_and_child",
        a_recognition,
        {"child__personal_id": ABSENT},
        {},
    ),
    Case(
        "an adoption, the child without number",
        "like_adopted_child",
        an_adoption,
        {"child__personal_id": ABSENT},
        {},
    ),
)

CASES: Final = (*BIRTHS, *DEATHS, *MARRIAGES, *OTHERS)


def _two(case: Case) -> tuple[Facets, Facets]:
    return _facets(case.make(**case.later)), _facets(case.make(**case.earlier))


@pytest.mark.parametrize("case", CASES, ids=[f"{case.make.__name__}: {case.why}" for case in CASES])
def test_how_a_later_registration_stands_to_an_earlier_one(case: Case) -> None:
    later, earlier = _two(case)
    assert _said(compare(later, earlier)) == case.expected


@pytest.mark.parametrize("case", CASES, ids=[f"{case.make.__name__}: {case.why}" for case in CASES])
def test_what_is_alike_is_found(case: Case) -> None:
    """Two that are compared share a key, on a day that can be the same; else nobody would compare them."""
    later, earlier = _two(case)
    held = {key.digest: key.day for key in natural_keys_of(earlier)}
    shared = [key for key in natural_keys_of(later) if key.digest in held]
    if case.expected != NONE:
        assert any(may_be_one_day(key.day, held[key.digest]) for key in shared)


def test_every_ground_has_its_sentence_and_every_sentence_its_case() -> None:
    assert {case.expected for case in CASES} - {SAME, NONE} <= GROUNDS
    assert {case.expected for case in CASES} >= GROUNDS


def test_a_twin_is_asked_about_as_a_twin() -> None:
    twin = _facets(a_birth(child__name={"full": "LÊ MẪU BÌNH"}))
    assert compare(twin, _facets(a_birth())) == Suspected(QuestionKind.TWIN, "same_mother_same_day")


def test_a_birth_with_recognition_may_repeat_a_plain_birth() -> None:
    with_recognition, plain = _facets(a_birth_with_recognition()), _facets(a_birth())
    assert with_recognition.family == plain.family
    assert {key.digest for key in natural_keys_of(with_recognition)}.isdisjoint(
        key.digest for key in natural_keys_of(_facets(a_death()))
    )


def test_every_event_type_has_a_natural_key_or_a_reason_why_not() -> None:
    assert COMPARED | ONCE_BY_ENTRY.keys() == EVENT_TYPES.keys()
    assert COMPARED.isdisjoint(ONCE_BY_ENTRY)
    assert all(len(reason) > 20 for reason in ONCE_BY_ENTRY.values())


def test_the_fingerprint_forgives_spelling_and_nothing_else() -> None:
    first = fingerprint_of(_facets(a_birth(child__name={"full": "LÊ MẪU HÒA"})))
    assert (
        fingerprint_of(_facets(a_birth(child__name={"full": "Lê Mẫu Hoà"}, registration__number="9")))
        == first
    )
    assert fingerprint_of(_facets(a_birth(child__name={"full": "LÊ MẪU HÓA"}))) != first
    assert fingerprint_of(_facets(a_birth(child__name={"full": "LÊ MẪU HÒA"}, child__sex="male"))) != first


def test_keys_are_sorted_and_short_and_name_nobody() -> None:
    keys = natural_keys_of(_facets(a_birth()))
    assert [key.digest for key in keys] == sorted(key.digest for key in keys)
    assert {len(key.digest) for key in keys} == {16}
