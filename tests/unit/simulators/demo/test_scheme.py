from collections import Counter
from datetime import UTC, datetime

import pytest

from simulators.demo.scheme import NUMBER, Scheme, devise, match_of
from simulators.demo.settings import DemoSettings
from simulators.fault_plan_file import parse_plan
from simulators.local_registry.township import Registered, invent

START = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
SEEDS = pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])


def _devised(events: int, seed: int) -> tuple[tuple[Registered, ...], Scheme]:
    settings = DemoSettings(events=events, seed=seed)
    registered = invent(seed, events, START, settings.posting_seconds).registered
    return registered, devise(registered, settings)


@SEEDS
@pytest.mark.parametrize("events", [1, 30, 300])
def test_the_plan_is_one_that_the_sandbox_takes(events: int, seed: int) -> None:
    _, scheme = _devised(events, seed)
    assert len(parse_plan(scheme.plan).rules) == len(scheme.plan["faults"])


@SEEDS
def test_even_a_short_run_meets_every_kind_of_fault(seed: int) -> None:
    _, scheme = _devised(30, seed)
    kinds = Counter(rule["kind"] for rule in scheme.plan["faults"])
    assert set(kinds) >= {
        *("latency", "server_error", "hang", "answer_lost", "wrong_answer", "expired_token", "outage"),
        *("late_personal_id", "suspected_duplicate", "refusal", "late_visibility", "clerk_decision"),
    }
    assert kinds["suspected_duplicate"] == 1
    assert {rule["system"] for rule in scheme.plan["faults"] if rule["kind"] == "outage"} == {
        *("national_registry", "population_db", "one_stop")
    }


@SEEDS
def test_what_is_not_shown_when_asked_for_also_loses_its_answer(seed: int) -> None:
    _, scheme = _devised(30, seed)
    of_kind = {
        kind: {rule["match"] for rule in scheme.plan["faults"] if rule["kind"] == kind}
        for kind in ("late_visibility", "answer_lost")
    }
    assert len(of_kind["late_visibility"]) >= 2
    assert of_kind["late_visibility"] <= of_kind["answer_lost"]


@SEEDS
def test_only_events_without_later_matters_are_kept_from_a_system(seed: int) -> None:
    registered, scheme = _devised(300, seed)
    seen = Counter(person for event in registered for person in event.stated_persons)
    by_name = {event.source_event_id: event for event in registered}
    assert scheme.excuses
    for excuse in scheme.excuses:
        assert all(seen[person] == 1 for person in by_name[excuse.source_event_id].stated_persons)


@SEEDS
def test_no_event_has_two_faults_that_a_person_must_settle(seed: int) -> None:
    _, scheme = _devised(300, seed)
    names = [*(excuse.source_event_id for excuse in scheme.excuses), *scheme.clerk_decisions]
    assert len(set(names)) == len(names)


def test_the_same_seed_plans_the_same_faults() -> None:
    assert _devised(100, 7)[1] == _devised(100, 7)[1]
    assert _devised(100, 7)[1] != _devised(100, 8)[1]


@SEEDS
@pytest.mark.parametrize("events", [60, 300])
def test_faults_of_numbers_are_planted_on_births_that_ask_for_one(events: int, seed: int) -> None:
    registered, scheme = _devised(events, seed)
    asking = {
        match_of(event, NUMBER)
        for event in registered
        if event.matter == "birth" and "personal_id" not in event.message["child"]
    }
    aimed = {rule["match"] for rule in scheme.plan["faults"] if rule["operation"] == NUMBER and rule["match"]}
    assert aimed
    assert aimed <= asking
