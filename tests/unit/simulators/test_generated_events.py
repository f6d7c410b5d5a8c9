"""Events that the communes' stand-in invents: every type, the same for the same seed, and all acceptable."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from gateway.receive.validate import Rulebook, validate_event, violations_of
from mappings.canonical import EVENT_TYPES
from simulators.local_registry.township import Township, invent

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PROVINCE = frozenset({"08"})
ORDINARY = ("birth", "marriage", "death")
DECISION_KINDS_MIN, NOTED_ACTS = 5, 8


def _township(seed: int, count: int) -> Township:
    return invent(seed, count, NOW, 60.0)


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_gateway_accepts_every_generated_event(seed: int) -> None:
    wrong = {}
    for event in _township(seed, 200).registered:
        found = validate_event(event.message, PROVINCE, Rulebook(), NOW + timedelta(minutes=2))
        if found.findings:
            wrong[event.source_event_id] = [
                (each.pointer, each.code) for each in violations_of(found.findings)
            ]
    assert wrong == {}


@pytest.mark.parametrize("seed", [1, 8])
def test_three_hundred_events_hold_every_type_at_least_twice_and_mostly_births_marriages_deaths(
    seed: int,
) -> None:
    counts = Counter(event.matter for event in _township(seed, 300).registered)
    assert {name for name, count in counts.items() if count >= 2} == set(EVENT_TYPES)
    assert sum(counts[name] for name in ORDINARY) > 300 / 2


def test_acts_and_kinds_of_decisions_vary() -> None:
    messages = [event.message for event in _township(3, 800).registered]
    noted = {each["act"] for each in messages if each["event_type"] == "foreign_act_note"}
    changed = {each["act"] for each in messages if each["event_type"] == "civil_status_change"}
    decided = {each["kind"] for each in messages if each["event_type"] == "court_decision"}
    assert len(noted) == NOTED_ACTS
    assert changed == {"change", "correction", "supplement", "ethnic_redetermination"}
    assert len(decided) >= DECISION_KINDS_MIN


def test_the_same_seed_invents_the_same_events() -> None:
    assert _township(5, 90) == _township(5, 90)
    assert _township(5, 90) != _township(6, 90)


def test_no_two_events_bear_the_same_number_of_the_commune_or_of_the_dossier() -> None:
    registered = _township(4, 300).registered
    names = [event.source_event_id for event in registered]
    dossiers = [event.dossier_code for event in registered if event.dossier_code]
    assert len(set(names)) == len(names)
    assert len(set(dossiers)) == len(dossiers)
