"""A personal ID that disagrees with the person, or will have to be replaced, warns and refuses nothing."""

from typing import Any

import pytest

from gateway.model.submission import ValidSubmission, Violation
from gateway.receive.parse import BodyLimits
from gateway.receive.plan import plan_steps, shipped_plans
from gateway.receive.validate import Rulebook
from gateway.receive.walk import prepare
from mappings.canonical import matter_of
from tests.support.events import a_birth, a_change, a_decision
from tests.support.faulty_messages import as_bytes
from tests.support.submissions import a_raw_submission

WOMAN_OF_1997 = {"mother__sex": "female", "mother__birth_date": {"year": 1997, "certainty": "exact"}}


def _warnings(event: dict[str, Any]) -> tuple[Violation, ...]:
    prepared = prepare(a_raw_submission(as_bytes(event)), BodyLimits(), Rulebook())
    assert isinstance(prepared, ValidSubmission), prepared
    return prepared.warnings


def _told(event: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.code, each.pointer) for each in _warnings(event)]


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("099197000001", []),
        ("099097000001", ["personal_id_other_sex"]),
        ("099198000001", ["personal_id_other_birth_year"]),
        ("099397000001", ["personal_id_other_birth_year"]),
        ("099296000001", ["personal_id_other_sex", "personal_id_other_birth_year"]),
    ],
)
def test_digits_that_disagree_with_the_person_are_warned_of(number: str, codes: list[str]) -> None:
    told = _told(a_birth(**WOMAN_OF_1997, mother__personal_id=number))
    assert told == [(code, "/mother/personal_id") for code in codes]


def test_an_unknown_year_and_an_undetermined_sex_disagree_with_nothing() -> None:
    event = a_birth(
        mother__sex="undetermined",
        mother__birth_date={"certainty": "unknown"},
        mother__personal_id="099097000001",
    )
    assert _told(event) == []


def test_a_warning_says_what_to_do_in_both_languages_and_repeats_no_number() -> None:
    (warning,) = _warnings(a_birth(**WOMAN_OF_1997, mother__personal_id="099097000001"))
    assert "giấy tờ" in warning.message_vi
    assert "papers" in warning.message_en
    assert "099097000001" not in warning.message_vi + warning.message_en


@pytest.mark.parametrize(
    ("field", "before", "after", "is_warned"),
    [
        ("sex", "male", "female", True),
        ("sex", "undetermined", "female", False),
        ("birth_date", "1988-02-09", "1989-02-09", True),
        ("birth_date", "1988-02-09", "1988-03-09", False),
        ("mother.birth_date", "1960", "1961", False),
        ("name", "LÊ MẪU", "LÊ THỊ MẪU", False),
    ],
)
def test_another_sex_or_birth_year_needs_a_new_number(
    field: str, before: str, after: str, *, is_warned: bool
) -> None:
    event = a_change(act="correction", changes=[{"field": field, "before": before, "after": after}])
    expected = [("new_personal_id_needed", "/changes/0")] if is_warned else []
    assert [each for each in _told(event) if each[0] == "new_personal_id_needed"] == expected


def test_a_correction_that_names_the_new_number_warns_no_more() -> None:
    changes = [
        {"field": "sex", "before": "male", "after": "female"},
        {"field": "personal_id", "before": "099088000001", "after": "099188000001"},
    ]
    codes = [code for code, _ in _told(a_change(act="correction", changes=changes))]
    assert "new_personal_id_needed" not in codes


def test_a_sex_determined_again_by_a_decision_needs_a_new_number() -> None:
    event = a_decision(
        kind="sex_redetermination",
        registration__book_code="KS",
        amends__entry__book_code="KS",
        changes=[],
        spouse=None,
        dossier=None,
    )
    assert ("new_personal_id_needed", "/kind") in _told(event)


def test_the_plan_of_a_correction_tells_the_population_database_which_asks_for_the_number() -> None:
    event = a_change(act="correction", changes=[{"field": "sex", "before": "male", "after": "female"}])
    prepared = prepare(a_raw_submission(as_bytes(event)), BodyLimits(), Rulebook())
    assert isinstance(prepared, ValidSubmission)
    steps = plan_steps(shipped_plans({"personal_id_wait_seconds": 0}), matter_of(prepared.event))
    assert ("population_db", "notice_subject") in {(each.destination.value, each.message) for each in steps}
