"""What the shipped plans make of events, and which plans are refused at start."""

from typing import Any

import pytest

from gateway.errors import SettingsInvalid
from gateway.model.ids import Destination
from gateway.model.planning import PlannedStep
from gateway.receive.plan import PlanBroken, check_plans, plan_steps, read_plans, shipped_plans
from mappings.canonical import EVENT_TYPES, parse_event
from mappings.catalog import load_catalog
from tests.support.events import (
    ABSENT,
    a_birth,
    a_birth_with_recognition,
    a_death,
    a_foreign_divorce,
    a_foreign_note,
    a_guardianship_change,
    a_guardianship_start,
    a_marriage,
    a_supervision_start,
    an_adoption,
    an_extract,
)

WAIT_SECONDS = 7200.0
PLANS = shipped_plans({"personal_id_wait_seconds": WAIT_SECONDS})


def _steps(event: dict[str, Any]) -> dict[str, PlannedStep]:
    return {step.name: step for step in plan_steps(PLANS, parse_event(event))}


def test_a_birth_asks_for_a_number_and_the_record_waits_for_it() -> None:
    steps = _steps(a_birth())
    assert list(steps) == ["personal_id", "registry_record", "one_stop_dossier"]
    assert steps["personal_id"].subject == "child"
    assert steps["registry_record"].gate == "personal_id.child"
    assert steps["registry_record"].gate_opens_after_seconds == WAIT_SECONDS
    assert steps["one_stop_dossier"].gate is None


def test_a_child_with_a_number_needs_none() -> None:
    steps = _steps(a_birth(child__personal_id="099226000001"))
    assert list(steps) == ["registry_record", "one_stop_dossier"]
    assert steps["registry_record"].gate is None


def test_a_foreign_child_gets_no_number_and_nothing_waits_for_one() -> None:
    steps = _steps(a_birth(child__nationality="LA"))
    assert list(steps) == ["registry_record", "one_stop_dossier"]
    assert steps["registry_record"].gate is None
    assert steps["registry_record"].gate_opens_after_seconds is None


def test_a_child_with_two_nationalities_gets_a_number() -> None:
    assert "personal_id" in _steps(a_birth(child__nationality="LA", child__other_nationality="VN"))


def test_a_foundling_gets_a_number_before_its_nationality_is_known() -> None:
    found = a_birth(child__nationality=ABSENT, child__unknown=["nationality"], birth__abandoned=True)
    assert "personal_id" in _steps(found)
    stranger = a_birth(child__nationality=ABSENT, child__unknown=["nationality"])
    assert "personal_id" not in _steps(stranger)


@pytest.mark.parametrize("event", [a_birth, a_marriage, a_death])
def test_without_a_dossier_the_one_stop_shop_is_left_alone(event: Any) -> None:  # noqa: ANN401 - one of the builders
    assert "one_stop_dossier" in _steps(event())
    assert "one_stop_dossier" not in _steps(event(dossier=ABSENT))


def test_a_marriage_of_two_with_numbers_is_told_at_once() -> None:
    steps = _steps(a_marriage())
    assert list(steps) == ["husband_notice", "wife_notice", "registry_record", "one_stop_dossier"]
    assert all(step.gate is None for step in steps.values())
    assert steps["husband_notice"].message == "notice_husband"


def test_a_spouse_without_a_number_is_looked_up_and_the_notice_waits_for_the_find() -> None:
    steps = _steps(a_marriage(husband__personal_id=ABSENT))
    assert steps["husband_lookup"].subject == "husband"
    assert steps["husband_notice"].gate == "personal_id.husband"
    assert steps["husband_notice"].gate_opens_after_seconds is None
    assert steps["wife_notice"].gate is None
    assert steps["registry_record"].gate is None


def test_a_spouse_whom_nothing_can_find_waits_for_a_person() -> None:
    steps = _steps(a_marriage(wife__personal_id=ABSENT, wife__identity_paper=ABSENT))
    assert "wife_lookup" not in steps
    assert steps["wife_notice"].gate == "personal_id.wife"


def test_a_foreign_spouse_is_no_matter_of_the_population_database() -> None:
    steps = _steps(a_marriage(wife__nationality="LA", wife__personal_id=ABSENT))
    assert "wife_notice" not in steps
    assert "wife_lookup" not in steps


def test_a_death_is_told_to_all_three() -> None:
    steps = _steps(a_death())
    assert list(steps) == ["deceased_notice", "registry_record", "one_stop_dossier"]
    assert {step.destination for step in steps.values()} == set(Destination)
    unnumbered = _steps(a_death(deceased__personal_id=ABSENT))
    assert list(unnumbered) == ["deceased_lookup", "deceased_notice", "registry_record", "one_stop_dossier"]


def test_a_birth_with_recognition_makes_two_records_and_one_dossier() -> None:
    steps = _steps(a_birth_with_recognition())
    assert list(steps) == ["personal_id", "registry_record", "registry_recognition", "one_stop_dossier"]
    assert [steps[name].message for name in list(steps)[1:3]] == ["record_birth", "record_recognition"]
    assert steps["registry_record"].gate == "personal_id.child"


def test_a_change_of_guardian_ends_the_old_guardianship_before_it_begins_the_new_one() -> None:
    steps = _steps(a_guardianship_change())
    messages = [step.message for step in steps.values()]
    assert messages == ["notice_ward_end", "notice_ward_start", "record_end", "record_start", "dossier"]
    unnumbered = _steps(a_guardianship_change(ward__personal_id=ABSENT))
    assert unnumbered["ward_start_notice"].gate == unnumbered["ward_end_notice"].gate == "personal_id.ward"


def test_the_population_database_hears_of_a_ward_and_not_of_a_supervision_or_a_paper() -> None:
    assert _steps(a_guardianship_start())["ward_notice"].message == "notice_ward"
    for event in (a_supervision_start(), an_extract()):
        assert list(_steps(event)) == ["registry_record", "one_stop_dossier"]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        ("birth", "record_birth"),
        ("marriage", "record_marriage"),
        ("death", "record_death"),
        ("guardianship", "record_guardianship"),
        ("parent_child", "record_parent_child"),
        ("parent_determination", "record_parent_child"),
        ("adoption", "record_adoption"),
        ("change", "record_change"),
    ],
)
def test_a_note_of_an_act_abroad_is_a_record_of_its_matter(act: str, message: str) -> None:
    assert _steps(a_foreign_note(act=act))["registry_record"].message == message


def test_a_child_noted_abroad_gets_a_number_for_its_birth_and_a_notice_otherwise() -> None:
    assert "child_notice" not in _steps(a_foreign_note())
    adopted = _steps(a_foreign_note(act="adoption"))
    assert "personal_id" not in adopted
    assert adopted["child_notice"].gate == "personal_id.child"
    assert adopted["registry_record"].gate is None


@pytest.mark.parametrize("event", [a_foreign_divorce, an_adoption])
def test_an_earlier_entry_that_is_named_gets_its_remark(event: Any) -> None:  # noqa: ANN401 - one of the builders
    assert _steps(event())["registry_remark"].message == "remark"
    assert "registry_remark" not in _steps(event(amends=ABSENT))


def test_a_plan_with_unknown_acts_or_keys_is_refused() -> None:
    with pytest.raises(PlanBroken, match="act=birth"):
        read_plans(_plan_with(_STEP + 'when = ["act=birth"]'), {})
    with pytest.raises(PlanBroken, match="tolled"):
        read_plans('[birth]\ntolled = ["child"]\n' + _plan_with(_STEP), {})


def test_every_message_of_the_shipped_plans_has_a_mapping() -> None:
    check_plans(PLANS, load_catalog().messages)


def test_a_message_without_mapping_is_named_at_start() -> None:
    with pytest.raises(PlanBroken) as caught:
        check_plans(PLANS, lambda _event_type, destination: () if destination == "one_stop" else _ALL)
    missing = caught.value.details["messages_without_mapping"]
    assert isinstance(missing, list)
    assert "birth: one_stop/dossier" in missing
    assert "death: one_stop/progress" in missing
    assert isinstance(caught.value, SettingsInvalid)


_ALL = tuple(
    name
    for plan in PLANS.values()
    for name in (*(template.step.message for template in plan.steps), *(name for _, name in plan.later))
)
_STEP = 'name = "record"\ndestination = "one_stop"\nmessage = "dossier"\n'


def _plan_with(step: str) -> str:
    rest = "".join(f"[[{each}.steps]]\n{_STEP}\n" for each in EVENT_TYPES if each != "birth")
    return f"[[birth.steps]]\n{step}\n{rest}"


def test_a_small_plan_is_a_plan() -> None:
    assert read_plans(_plan_with(_STEP), {})["birth"].steps[0].step.message == "dossier"


@pytest.mark.parametrize(
    ("step", "named"),
    [
        (_STEP + 'when = ["child.is_tall"]', "child.is_tall"),
        (_STEP + 'when = ["husband.is_vietnamese"]', "husband.is_vietnamese"),
        (_STEP + 'when = ["has_luck"]', "has_luck"),
        (_STEP + 'subject = "wife"', "wife"),
        (_STEP + 'gate_opens_after = "some_seconds"', "some_seconds"),
        (_STEP + 'wen = ["has_dossier"]', "wen"),
        (_STEP.replace("one_stop", "moon"), "record"),
        (_STEP + f"[[birth.steps]]\n{_STEP}", "two steps"),
    ],
)
def test_a_plan_in_unknown_words_is_refused_and_the_word_named(step: str, named: str) -> None:
    with pytest.raises(PlanBroken, match=named):
        read_plans(_plan_with(step), {})


def test_a_plan_must_name_every_matter() -> None:
    with pytest.raises(PlanBroken, match="marriage"):
        read_plans(f"[[birth.steps]]\n{_STEP}", {})
