"""Every example is accepted; where the rules of the matters must keep silent, and where a date decides."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.model.submission import ValidSubmission
from gateway.receive.code_lists import OFFICIAL_LISTS
from gateway.receive.parse import BodyLimits
from gateway.receive.rules.matters import RULES_OF_MATTERS
from gateway.receive.rules.registration import procedure
from gateway.receive.rules.scene import RuleLimits, Scene
from gateway.receive.validate import Rulebook
from gateway.receive.walk import prepare
from mappings.canonical import EVENT_TYPES, parse_event
from mappings.matter_flags import matter_of
from mappings.matters import list_matters
from tests.support.events import (
    ABSENT,
    a_change,
    a_decision,
    a_foreign_note,
    a_guardianship_end,
    a_guardianship_start,
    a_marital_certificate,
    a_recognition,
    an_adoption,
)
from tests.support.faulty_messages import as_bytes
from tests.support.source_tree import texts_under
from tests.support.submissions import a_raw_submission

LATE = datetime(2026, 11, 30, tzinfo=UTC)
EXAMPLES = {
    name: json.loads(text) for name, text in texts_under("examples/events").items() if name.endswith(".json")
}


def _codes(event: dict[str, Any], **raw: Any) -> list[str]:  # noqa: ANN401 - any value of a submission
    prepared = prepare(a_raw_submission(as_bytes(event), **raw), BodyLimits(), Rulebook())
    return [] if isinstance(prepared, ValidSubmission) else [violation.code for violation in prepared]


def test_every_matter_of_the_law_has_an_example() -> None:
    shown = {matter_of(parse_event(example)) for example in EXAMPLES.values()}
    assert shown == set(list_matters())


def test_every_type_of_event_has_its_rules_and_procedures() -> None:
    assert set(RULES_OF_MATTERS) == set(EVENT_TYPES.values())
    for example in EXAMPLES.values():
        scene = Scene(parse_event(example), frozenset(), OFFICIAL_LISTS, RuleLimits(), LATE)
        assert list(procedure(scene)) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_accepted(name: str) -> None:
    authorities = frozenset({"08", EXAMPLES[name]["registration"]["authority_code"]})
    assert _codes(EXAMPLES[name], authorities=authorities, received_at=LATE) == []


@pytest.mark.parametrize(
    ("born", "codes"),
    [
        ({"year": 2008, "month": 11, "day": 13}, []),
        ({"year": 2008, "month": 11, "day": 12}, ["ward_of_age"]),
        ({"year": 2008}, []),
        ({"year": 2007}, ["ward_of_age"]),
        ({"certainty": "unknown"}, []),
    ],
)
def test_a_ward_is_a_minor_until_the_day_of_eighteen(born: dict[str, Any], codes: list[str]) -> None:
    assert _codes(a_guardianship_start(ward__birth_date=born)) == codes


def test_an_adult_who_cannot_act_for_himself_gets_a_guardian() -> None:
    adult = a_guardianship_start(
        ward__birth_date={"year": 1950}, guardianship__ward_condition="limited_cognition"
    )
    assert _codes(adult) == []


def test_an_earlier_entry_known_by_its_year_is_enough() -> None:
    assert _codes(a_guardianship_end(amends__entry__registered_on={"year": 2025})) == []
    assert _codes(a_guardianship_end(amends__entry__registered_on={"year": 2026})) == []


def test_the_office_of_an_earlier_entry_is_read_in_the_list_of_its_day() -> None:
    old_district = a_change(amends__entry__authority_code="024")
    assert _codes(old_district) == []
    young = {"year": 2026, "month": 1, "day": 5}
    now_gone = a_change(amends__entry__authority_code="024", amends__entry__registered_on=young)
    assert _codes(now_gone) == ["authority_unknown"]


def test_a_recognition_abroad_with_its_paper_is_a_note() -> None:
    note = a_recognition(
        registration__kind="foreign_note",
        dossier__procedure_code="2.000547",
        foreign_act=a_foreign_note()["foreign_act"],
    )
    assert _codes(note) == []


def test_one_parent_may_adopt_and_a_step_parent_an_older_child() -> None:
    assert _codes(an_adoption(adoptive_father=ABSENT, child__birth_date={"year": 2009})) == []


@pytest.mark.parametrize(
    ("field", "value", "book"),
    [
        ("birth_date", "1988", "KS"),
        ("birth_date", "1988-02", "KS"),
        ("death.time", "05:40", "KT"),
        ("spouse.ethnic_group", "02", "KH"),
        ("place_of_origin", "Xã Phú Linh", "KS"),
        ("death.place", "Tại nhà", "KT"),
        ("other", "sửa chính tả", "KS"),
    ],
)
def test_a_value_that_a_machine_can_read_is_taken(field: str, value: str, book: str) -> None:
    changes = [{"field": field, "before": "1960" if field == "birth_date" else None, "after": value}]
    assert _codes(a_change(act="change", changes=changes, amends__entry__book_code=book)) == []


def test_a_decision_about_one_person_needs_no_spouse() -> None:
    event = a_decision(
        kind="adoption_end",
        spouse=ABSENT,
        registration__book_code="NCN",
        amends__entry__book_code="NCN",
    )
    assert _codes(event) == []


def test_a_parent_who_is_known_to_be_unknown_is_stated() -> None:
    assert _codes(a_foreign_note(father=ABSENT, unknown=["father"])) == []


def test_a_paper_for_another_purpose_may_be_issued_twice_and_to_the_married() -> None:
    event = a_marital_certificate(
        purpose={"kind": "other", "text": "Mua nhà"}, marital__status="married", copies_requested=2
    )
    assert _codes(event) == []


def test_a_malformed_change_does_not_hide_the_faults_beside_it() -> None:
    event = a_change(
        changes=[{"field": "height", "after": "2"}], amends={"source_event_id": "KS-1"}, subject__sex="nữ"
    )
    assert set(_codes(event)) == {"not_in_list", "earlier_event_unknown"}
