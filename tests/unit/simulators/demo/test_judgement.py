from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from simulators.demo.posting import Posted
from simulators.demo.verdict import Verdict
from simulators.local_registry.client import Answer
from tests.support.demo_journals import Scenes, good_scenes

REGISTRY, POPULATION, ONE_STOP = "national_registry", "population_db", "one_stop"


@pytest.fixture
def scenes() -> Scenes:
    return good_scenes()


def _says(verdict: Verdict, words: str) -> bool:
    return any(words in each for each in verdict.disagreements)


def _is_birth_with_number(record: dict[str, Any]) -> bool:
    return "nksSoDDCN" in record["body"]["data"]


def _is_step(record: dict[str, Any]) -> bool:
    return bool(record["operation"] == "CapNhatTienDoHoSoMC")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_in_which_everything_arrived_once_and_in_order_is_good(seed: int) -> None:
    verdict = good_scenes(120, seed).judge()
    assert verdict.disagreements == ()
    assert verdict.is_settled
    assert verdict.lost == verdict.sent_twice == verdict.breaches == 0
    assert verdict.ordered_pairs > 100
    assert verdict.systems[REGISTRY].holds == verdict.systems[REGISTRY].must_hold - 1
    assert verdict.as_json()["passed"] is True


@pytest.mark.parametrize("system", [REGISTRY, POPULATION, ONE_STOP])
def test_what_one_system_lacks_is_lost(scenes: Scenes, system: str) -> None:
    scenes.records[system].pop(0)
    verdict = scenes.judge()
    assert verdict.lost == 1
    assert not verdict.is_settled
    assert _says(verdict, "does not hold it")


@pytest.mark.parametrize("system", [REGISTRY, POPULATION, ONE_STOP])
def test_a_second_record_is_a_duplicate(scenes: Scenes, system: str) -> None:
    scenes.records[system].append(scenes.records[system][0])
    verdict = scenes.judge()
    assert verdict.sent_twice == 1
    assert _says(verdict, "second records")


def test_a_step_that_was_reported_twice_is_a_duplicate(scenes: Scenes) -> None:
    step = scenes.find(ONE_STOP, _is_step)
    place = scenes.records[ONE_STOP].index(step)
    scenes.records[ONE_STOP].insert(place + 1, {**step, "kind": "duplicate"})
    verdict = scenes.judge()
    assert verdict.sent_twice == 1
    assert _says(verdict, "more than once")


def test_a_record_that_no_event_asked_for_is_noticed(scenes: Scenes) -> None:
    stranger = scenes.records[REGISTRY][0]
    body = {**stranger["body"], "data": {**stranger["body"]["data"], "so": "9999"}}
    scenes.records[REGISTRY].append({**stranger, "body": body})
    assert _says(scenes.judge(), "which no event asked for")


def test_later_matters_of_a_person_must_not_overtake_earlier_ones(scenes: Scenes) -> None:
    scenes.records[REGISTRY].reverse()
    verdict = scenes.judge()
    assert verdict.order_broken > 0
    assert _says(verdict, "overtook")


def test_a_step_before_its_dossier_is_out_of_order(scenes: Scenes) -> None:
    step = scenes.find(ONE_STOP, _is_step)
    scenes.records[ONE_STOP].remove(step)
    scenes.records[ONE_STOP].insert(0, step)
    assert _says(scenes.judge(), "before its dossier")


def test_a_delivery_after_the_promise_is_a_breach(scenes: Scenes) -> None:
    record = scenes.records[POPULATION][0]
    late = datetime.fromisoformat(record["received_at"]) + timedelta(seconds=120)
    scenes.records[POPULATION][0] = {**record, "received_at": late.isoformat()}
    verdict = scenes.judge()
    assert verdict.breaches == 1
    assert _says(verdict, "after more than 12 h")


def test_a_number_missing_in_the_record_must_follow(scenes: Scenes) -> None:
    record = scenes.find(REGISTRY, _is_birth_with_number)
    del record["body"]["data"]["nksSoDDCN"]
    verdict = scenes.judge()
    assert (verdict.late_numbers, verdict.late_numbers_followed) == (1, 0)
    assert _says(verdict, "has not followed")
    assert _says(verdict, "before the wait was over")


def _follow(scenes: Scenes, number: str) -> None:
    record = scenes.find(REGISTRY, _is_birth_with_number)
    held = record["body"]["data"]
    at = datetime.fromisoformat(record["received_at"]) + timedelta(seconds=30)
    names = {"noiDangKyHSGoc": "noiDangKy", "quyenDangKyHSGoc": "quyenSo", "soDangKyHSGoc": "so"}
    supplement = {new: held[old] for new, old in names.items()}
    changes = {"nghiepVuDK": "KS", "thayDoi": [{"truong": "nksSoDDCN", "giaTriMoi": number}]}
    scenes.hold(REGISTRY, "nhanHoSoDKHT", {"module": "TDCC", "data": {**supplement, **changes}}, at)


def test_a_number_that_is_there_must_not_be_added_again(scenes: Scenes) -> None:
    _follow(scenes, "099226000123")
    assert _says(scenes.judge(), "added once more")


def test_a_late_number_that_followed_is_counted(scenes: Scenes) -> None:
    record = scenes.find(REGISTRY, _is_birth_with_number)
    late = datetime.fromisoformat(record["received_at"]) + timedelta(seconds=22)
    _follow(scenes, "099226000123")
    del record["body"]["data"]["nksSoDDCN"]
    record["received_at"] = late.isoformat()
    verdict = scenes.judge()
    assert verdict.disagreements == ()
    assert (verdict.late_numbers, verdict.late_numbers_followed) == (1, 1)


def test_another_number_than_was_given_out_is_noticed(scenes: Scenes) -> None:
    scenes.find(REGISTRY, _is_birth_with_number)["body"]["data"]["nksSoDDCN"] = "099226000999"
    assert _says(scenes.judge(), "another number")


def test_a_name_that_changed_on_the_way_is_noticed(scenes: Scenes) -> None:
    scenes.find(REGISTRY, _is_birth_with_number)["body"]["data"]["nksHoTen"] = "TÊN KHÁC"
    assert _says(scenes.judge(), "nksHoTen is not what was registered")


def test_an_outcome_that_the_one_stop_shop_never_heard_is_missing(scenes: Scenes) -> None:
    final = scenes.find(ONE_STOP, lambda each: each["body"].get("TrangThai") == "9")
    scenes.records[ONE_STOP].remove(final)
    assert _says(scenes.judge(), "has not heard the outcome")


def test_only_planted_faults_may_make_a_delivery_wait_for_a_person(scenes: Scenes) -> None:
    excused = {each.source_event_id for each in scenes.case.scheme.excuses}
    names = [each.source_event_id for each in scenes.case.township.registered]
    number = next(number for number, name in enumerate(names) if name not in excused)
    waiting = {"step": "dossier", "reason": "contract_broken"}
    scenes.attention.append({"event_id": f"e-{number}", "destination": ONE_STOP, **waiting})
    assert _says(scenes.judge(), "without a planted fault")


def test_a_planted_refusal_that_nobody_is_asked_about_is_noticed(scenes: Scenes) -> None:
    scenes.attention.pop()
    assert _says(scenes.judge(), "no person is asked to decide")


def test_a_planted_fault_that_did_not_strike_excuses_nothing(scenes: Scenes) -> None:
    scenes.planted.clear()
    verdict = scenes.judge()
    assert _says(verdict, "has not struck")
    assert _says(verdict, "without a planted fault")


def test_a_refusal_that_is_planted_where_nothing_is_needed_is_noticed(scenes: Scenes) -> None:
    excuse = replace(scenes.case.scheme.excuses[0], source_event_id="KS-00000-2026-0001")
    scheme = replace(scenes.case.scheme, excuses=(*scenes.case.scheme.excuses, excuse))
    scenes.case = replace(scenes.case, scheme=scheme)
    assert _says(scenes.judge(), "needs nothing")


def test_a_delivery_on_its_way_is_not_the_end(scenes: Scenes) -> None:
    scenes.states[POPULATION]["deferred"] = 2
    assert _says(scenes.judge(), "2 deliveries still deferred")


def test_a_refusal_that_nobody_planted_is_noticed(scenes: Scenes) -> None:
    scenes.refused[REGISTRY].append(
        {"operation": "nhanHoSoDKHT", "identity": "KS/1", "facts": {"planted": False}, "body": {}}
    )
    assert _says(scenes.judge(), "which nobody planted")


def test_a_repeat_with_other_content_is_noticed(scenes: Scenes) -> None:
    scenes.repeats[POPULATION].append({"identity": "GW-1", "facts": {"content_differs": True}})
    assert _says(scenes.judge(), "had other content")


def test_an_event_without_an_answer_is_noticed(scenes: Scenes) -> None:
    last = scenes.case.township.registered[-1].source_event_id
    del scenes.outbox.events[last]
    assert _says(scenes.judge(), f"{last}: not answered")


def test_a_refusal_must_name_every_fault(scenes: Scenes) -> None:
    answer = scenes.outbox.broken[0].answer
    scenes.outbox.broken[0].answer.body["errors"].pop()
    assert answer.status == 422
    assert _says(scenes.judge(), "a refusal does not name")


@pytest.mark.parametrize(("status", "content"), [(202, None), (200, b'{"event_id": "other"}')])
def test_a_repeat_must_bring_the_first_receipt(scenes: Scenes, status: int, content: bytes | None) -> None:
    posted = scenes.outbox.repeats[0]
    spoilt = Answer(status, content or posted.answer.content, posted.answer.body, 1)
    scenes.outbox.repeats[0] = Posted(posted.source_event_id, spoilt)
    assert _says(scenes.judge(), "did not bring the first receipt")


def test_a_conflict_must_be_refused(scenes: Scenes) -> None:
    posted = scenes.outbox.conflicts[0]
    scenes.outbox.conflicts[0] = Posted(posted.source_event_id, Answer(202, b"{}", {}, 1))
    assert _says(scenes.judge(), "a conflict was answered 202")
