"""Events that the communes' stand-in invents: every type, the same for the same seed, and all acceptable."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.receive.validate import Rulebook, validate_event, violations_of
from mappings.canonical import EVENT_TYPES, parse_event
from mappings.matter_flags import matter_of
from simulators.local_registry.township import Township, invent

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PROVINCE = frozenset({"08"})
ORDINARY = ("birth", "marriage", "death")
DECISION_KINDS_MIN, NOTED_ACTS = 5, 8


def _township(seed: int, count: int) -> Township:
    return invent(seed, count, NOW, 60.0)


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_gateway_accepts_every_generated_event(seed: int) -> None:
    wrong, warned = {}, set()
    for event in _township(seed, 200).registered:
        found = validate_event(event.message, PROVINCE, Rulebook(), NOW + timedelta(minutes=2))
        warned |= {each.code for each in found.warnings}
        if found.findings:
            wrong[event.source_event_id] = [each.code for each in violations_of(found.findings)]
    assert wrong == {}
    assert warned <= {"new_personal_id_needed"}


@pytest.mark.parametrize("seed", [1, 2, 3, 8])
def test_three_hundred_events_hold_every_type_at_least_five_times_and_mostly_births_marriages_deaths(
    seed: int,
) -> None:
    counts = Counter(event.matter for event in _township(seed, 300).registered)
    assert {name for name, count in counts.items() if count >= 5} == set(EVENT_TYPES)
    assert sum(counts[name] for name in ORDINARY) > 300 / 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hundred_events_hold_every_type(seed: int) -> None:
    assert {event.matter for event in _township(seed, 100).registered} == set(EVENT_TYPES)


def test_acts_and_kinds_of_decisions_vary() -> None:
    messages = [event.message for event in _township(3, 800).registered]
    noted = {each["act"] for each in messages if each["event_type"] == "foreign_act_note"}
    changed = {each["act"] for each in messages if each["event_type"] == "civil_status_change"}
    decided = {each["kind"] for each in messages if each["event_type"] == "court_decision"}
    assert len(noted) == NOTED_ACTS
    assert changed == {"change", "correction", "supplement", "ethnic_redetermination"}
    assert len(decided) >= DECISION_KINDS_MIN


def test_births_marriages_and_deaths_come_in_the_variants_of_the_law() -> None:
    codes = {
        matter.code
        for event in _township(3, 800).registered
        if (matter := matter_of(parse_event(event.message))) is not None
    }
    assert codes >= {
        *("birth", "birth_foreign_element", "birth_re_registration", "birth_abandoned", "birth_linked"),
        *("birth_mobile", "birth_with_recognition", "marriage", "marriage_foreign_element"),
        *("marriage_re_registration", "marriage_mobile", "death", "death_linked", "death_mobile"),
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_amends_an_entry_of_the_run_follows_it_in_the_same_family(seed: int) -> None:
    registered = _township(seed, 300).registered
    made = {
        _place(each.message["registration"]): (position, each.family)
        for position, each in enumerate(registered)
        if "number" in each.message["registration"]
    }
    amending = 0
    for position, each in enumerate(registered):
        found = made.get(_place(each.message.get("amends", {}).get("entry", {})))
        if found is not None:
            amending += 1
            assert found[0] < position
            assert found[1] == each.family
    assert amending >= 25


def _place(entry: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(entry.get(name, "")) for name in ("authority_code", "book_code", "volume", "number"))


def test_the_same_seed_invents_the_same_events() -> None:
    assert _township(5, 90) == _township(5, 90)
    assert _township(5, 90) != _township(6, 90)


def test_no_two_events_bear_the_same_number_of_the_commune_or_of_the_dossier() -> None:
    registered = _township(4, 300).registered
    names = [event.source_event_id for event in registered]
    dossiers = [event.dossier_code for event in registered if event.dossier_code]
    assert len(set(names)) == len(names)
    assert len(set(dossiers)) == len(dossiers)
