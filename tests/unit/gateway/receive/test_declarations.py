"""Declarations on their way in: the same rules one level deeper, half of the plan, no trace of the rest."""

from typing import Any

import pytest

from gateway.model.ids import Destination
from gateway.model.submission import ValidSubmission
from gateway.receive.once import NOTHING_KEPT, describe
from gateway.receive.parse import BodyLimits
from gateway.receive.plan import (
    plan_declaration_steps,
    plan_steps,
    plan_steps_after_declaration,
    shipped_plans,
)
from gateway.receive.validate import Rulebook, Validated, validate_declaration
from gateway.receive.walk import prepare
from mappings.canonical import EVENT_TYPES, Declaration, parse_event
from tests.support.declarations import OF_AN_ENTRY, a_declaration, declarable, parsed_declaration
from tests.support.events import ABSENT, a_birth, a_death
from tests.support.faulty_messages import as_bytes
from tests.support.submissions import PROVINCE, RECEIVED_AT, a_raw_submission

PLANS = shipped_plans({"personal_id_wait_seconds": 7200})
EVERY_TYPE = pytest.mark.parametrize("event_type", EVENT_TYPES)


def _validated(value: dict[str, Any]) -> Validated:
    return validate_declaration(value, frozenset({PROVINCE}), Rulebook(), RECEIVED_AT)


def _found(value: dict[str, Any]) -> set[tuple[str, tuple[object, ...]]]:
    return {(each.code, tuple(each.path)) for each in _validated(value).findings}


@EVERY_TYPE
def test_what_a_declaration_tells_and_what_its_event_tells_are_the_whole_plan(event_type: str) -> None:
    event = parse_event(declarable(event_type))
    whole = [step.name for step in plan_steps(PLANS, event)]
    declared = [
        step.name for step in plan_declaration_steps(PLANS, parsed_declaration(declarable(event_type)))
    ]
    after = [step.name for step in plan_steps_after_declaration(PLANS, event)]
    assert sorted(declared + after) == sorted(whole)
    assert set(declared).isdisjoint(after)


@EVERY_TYPE
def test_a_declaration_waits_for_nothing_and_tells_the_population_database_nothing(event_type: str) -> None:
    steps = plan_declaration_steps(PLANS, parsed_declaration(declarable(event_type)))
    assert steps
    assert all(step.gate is None and step.gate_opens_after_seconds is None for step in steps)
    assert Destination.POPULATION_DB not in {step.destination for step in steps}


def test_a_declared_birth_goes_to_the_registry_and_asks_for_its_number_when_it_is_registered() -> None:
    stored = parsed_declaration(a_birth())
    assert [step.name for step in plan_declaration_steps(PLANS, stored)] == [
        "registry_record",
        "one_stop_dossier",
    ]
    assert [step.name for step in plan_steps_after_declaration(PLANS, parse_event(a_birth()))] == [
        "personal_id"
    ]


@EVERY_TYPE
def test_what_may_be_registered_may_be_declared(event_type: str) -> None:
    event = declarable(event_type)
    value = {**a_declaration(event), "received_at": event["registration"]["registered_at"]}
    office = event["registration"]["authority_code"]
    validated = validate_declaration(value, frozenset({office}), Rulebook(), RECEIVED_AT)
    whole = {each.code for each in _of_the_event(event, office)}
    assert {each.code for each in validated.findings} == whole
    assert isinstance(validated.event, Declaration) is not bool(validated.findings)


def _of_the_event(event: dict[str, Any], office: str) -> tuple[Any, ...]:
    raw = a_raw_submission(as_bytes(event), authorities=frozenset({office}))
    prepared = prepare(raw, BodyLimits(), Rulebook())
    return () if isinstance(prepared, ValidSubmission) else prepared


def test_every_rule_is_told_at_its_place_inside_the_declaration() -> None:
    event = a_birth(mother__sex="male", child__ethnic_group_code="99", registration__authority_code="99999")
    codes = {code for code, path in _found(a_declaration(event)) if path[0] == "declared"}
    assert {"mother_is_male"} <= codes
    assert all(path[0] == "declared" for _, path in _found(a_declaration(event)))
    assert ("mother_is_male", ("declared", "mother", "sex")) in _found(a_declaration(event))


def test_what_is_not_open_must_be_there() -> None:
    event = a_birth(registration__number=ABSENT)
    assert ("field_missing", ("declared", "registration", "number")) in _found(
        a_declaration(event, "registration.registered_at")
    )


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (
            {"event_type": "declaration", "open": [], "received_at": "2026-11-16T09:00:00+07:00"},
            ("declared",),
        ),
        ({**a_declaration(a_birth()), "declared": 7}, ("declared",)),
    ],
)
def test_a_declaration_of_nothing_is_a_missing_field(value: dict[str, Any], path: tuple[str, ...]) -> None:
    assert _found(value) == {("field_missing", path)}


def test_the_shape_of_the_declaration_itself_is_checked_where_nothing_speaks_against_its_content() -> None:
    value = {**a_declaration(a_birth()), "more": 1}
    assert _found(value) == {("invalid_value", ("more",))}


def test_warnings_are_told_inside_too() -> None:
    event = a_birth(child__personal_id="099126000001")
    validated = _validated(a_declaration(event))
    assert validated.event is not None
    assert {each.path[0] for each in validated.warnings} == {"declared"}


def test_only_who_may_declare_is_read_so() -> None:
    body = as_bytes(a_declaration(a_birth()))
    declared = prepare(a_raw_submission(body, may_declare=True), BodyLimits(), Rulebook())
    assert isinstance(declared, ValidSubmission)
    assert isinstance(declared.event, Declaration)
    assert declared.idempotency_key == f"declared:{a_birth()['source_event_id']}"
    refused = prepare(a_raw_submission(body), BodyLimits(), Rulebook())
    assert not isinstance(refused, ValidSubmission)
    assert [each.code for each in refused] == ["event_type_unknown"]


def test_what_leaves_its_kind_open_is_measured_by_nothing() -> None:
    fields = (*OF_AN_ENTRY, "registration.kind")
    assert describe(parsed_declaration(a_death(), *fields)) == NOTHING_KEPT
    asked = describe(parsed_declaration(a_death()))
    assert asked.facets is not None
    assert asked == describe(parsed_declaration(a_death()).declared)


def test_without_a_dossier_the_code_is_what_is_asked_for() -> None:
    event = {name: value for name, value in a_birth().items() if name != "dossier"}
    assert _found(a_declaration(event)) == {("invalid_value", ("declared", "dossier", "code"))}
