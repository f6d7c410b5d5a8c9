"""What the judge sees of the matters beyond births, marriages and deaths."""

from typing import Any

import pytest

from mappings.canonical import EVENT_TYPES
from simulators.demo.verdict import Verdict
from tests.support.demo_journals import Scenes, good_scenes

REGISTRY, POPULATION, ONE_STOP = "national_registry", "population_db", "one_stop"


@pytest.fixture
def scenes() -> Scenes:
    return good_scenes()


def _says(verdict: Verdict, words: str) -> bool:
    return any(words in each for each in verdict.disagreements)


def _is_linked_state(record: dict[str, Any]) -> bool:
    return bool(record["operation"] == "capNhatTrangThaiHoSoDVCLTHoTich")


def test_every_type_of_event_is_counted_with_what_each_system_holds() -> None:
    verdict = good_scenes(120).judge()
    assert set(verdict.matters) == set(EVENT_TYPES)
    of_deaths, of_changes = verdict.matters["death"], verdict.matters["guardianship_change"]
    assert of_deaths.must_hold[REGISTRY] == of_deaths.accepted
    assert of_changes.holds[REGISTRY] == 2 * of_changes.accepted, "an end and a beginning"
    assert verdict.matters["extract_copy"].must_hold[POPULATION] == 0


@pytest.mark.parametrize(
    ("module", "matter"), [("CMC", "birth_with_recognition"), ("CDGH", "guardianship_change")]
)
def test_the_second_record_of_a_dossier_must_be_there(module: str, matter: str) -> None:
    scenes = good_scenes(120)
    seconds = {
        (each.message["recognition_entry" if module == "CMC" else "end_entry"]["number"])
        for each in scenes.case.township.registered
        if each.matter == matter
    }
    record = scenes.find(
        REGISTRY,
        lambda each: each["body"]["module"] == module and each["body"]["data"].get("so") in seconds,
    )
    scenes.records[REGISTRY].remove(record)
    verdict = scenes.judge()
    assert verdict.lost == 1
    assert _says(verdict, "national registry does not hold it")


def test_a_record_in_the_module_of_another_matter_is_noticed() -> None:
    scenes = good_scenes(120)
    scenes.find(REGISTRY, lambda each: each["body"]["module"] == "LTKS")["body"]["module"] = "KS"
    verdict = scenes.judge()
    assert verdict.lost == 1
    assert _says(verdict, "which no event asked for")


def test_a_remark_without_its_decision_is_not_the_one_that_was_made() -> None:
    scenes = good_scenes(120)
    record = scenes.find(REGISTRY, lambda each: "soVanBan" in each["body"]["data"])
    del record["body"]["data"]["soVanBan"]
    verdict = scenes.judge()
    assert verdict.lost == 1
    assert _says(verdict, "which no event asked for")


def test_a_notice_of_another_kind_is_noticed(scenes: Scenes) -> None:
    notice = scenes.find(POPULATION, lambda each: each["body"].get("loaiSuKien") == "GUARDIANSHIP_START")
    notice["body"]["loaiSuKien"] = "GUARDIANSHIP_END"
    verdict = scenes.judge()
    assert verdict.lost == 1
    assert _says(verdict, "GUARDIANSHIP_END")


def test_who_needs_a_new_number_waits_for_a_person_by_law() -> None:
    verdict = good_scenes(400, 3).judge()
    waiting = [each for each in verdict.waiting if each.planted.startswith("by law")]
    assert waiting
    assert verdict.disagreements == ()


def test_a_new_number_that_nobody_is_asked_about_is_noticed() -> None:
    scenes = good_scenes(400, 3)
    item = next(each for each in scenes.attention if each["reason"] == "refused.new_number_needed")
    scenes.attention.remove(item)
    verdict = scenes.judge()
    assert not verdict.is_settled
    assert _says(verdict, "a new personal ID is needed by law, and no person is asked")


def test_another_reason_is_no_excuse_by_law() -> None:
    scenes = good_scenes(400, 3)
    item = next(each for each in scenes.attention if each["reason"] == "refused.new_number_needed")
    item["reason"] = "refused.content"
    assert _says(scenes.judge(), "without a planted fault: subject_notice: refused.content")


def test_a_linked_service_must_hear_the_outcome() -> None:
    scenes = good_scenes(120)
    final = scenes.find(ONE_STOP, lambda each: _is_linked_state(each) and each["body"]["trangThai"] == "4")
    scenes.records[ONE_STOP].remove(final)
    verdict = scenes.judge()
    assert not verdict.is_settled
    assert _says(verdict, "the linked service has not heard the outcome")


def test_states_of_a_linked_dossier_in_another_order_are_noticed() -> None:
    scenes = good_scenes(120)
    first = scenes.find(ONE_STOP, _is_linked_state)
    first["body"]["trangThai"] = "7"
    assert _says(scenes.judge(), "the linked service was told the states 7, 3, 7, 4")


def test_a_death_taken_back_names_the_notice_that_told_it() -> None:
    scenes = good_scenes(120)
    notice = scenes.find(POPULATION, lambda each: each["body"].get("loaiSuKien") == "DEATH_CANCELLED")
    notice["body"]["suKienBiThayThe"] = "DEATH/of somebody else"
    assert _says(scenes.judge(), "does not name the notice that told it")
