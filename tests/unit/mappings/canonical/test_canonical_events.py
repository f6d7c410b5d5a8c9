"""Whole events, and the schema that is published of them."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from mappings.canonical import EVENT_TYPES, WORDINGS, dump_event, json_schema, parse_event, sample_event
from tests.support.events import ABSENT, a_birth, a_death, a_marriage
from tests.support.source_tree import texts_under


def faults(event: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Path and code of everything the model has against an event."""
    with pytest.raises(ValidationError) as caught:
        parse_event(event)
    return {(".".join(str(part) for part in each["loc"][1:]), each["type"]) for each in caught.value.errors()}


def validator(event_type: str) -> Draft202012Validator:
    schema = json_schema(event_type)
    Draft202012Validator.check_schema(dict(schema))
    return Draft202012Validator(dict(schema), format_checker=FormatChecker())


def examples() -> dict[str, dict[str, Any]]:
    found = texts_under("examples/events")
    return {name: json.loads(text) for name, text in found.items() if name.endswith(".json")}


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_an_event_comes_back_as_it_was_written(event_type: str) -> None:
    event = parse_event(sample_event(event_type))
    assert parse_event(dump_event(event)) == event


def test_every_fault_is_reported_at_once() -> None:
    event = a_birth(
        child__sex="girl",
        child__birth_date={"year": 2026, "month": 13},
        registration__number="",
        mother__personal_id="12",
        surprise=1,
    )
    assert faults(event) == {
        ("child.sex", "literal_error"),
        ("child.birth_date.month", "less_than_equal"),
        ("registration.number", "string_pattern_mismatch"),
        ("mother.personal_id", "string_pattern_mismatch"),
        ("surprise", "extra_forbidden"),
    }


@pytest.mark.parametrize("parent", ["mother", "father"])
def test_a_parent_is_filled_in_or_stated_to_be_unknown(parent: str) -> None:
    assert faults(a_birth(**{parent: ABSENT})) == {("", "neither_filled_nor_unknown")}
    assert faults(a_birth(unknown=[parent])) == {("", "unknown_but_filled")}
    assert parent not in parse_event(a_birth(**{parent: ABSENT, "unknown": [parent]})).parties()


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (a_birth(child__ethnic_group_code=ABSENT), "child"),
        (a_birth(child__place_of_birth=ABSENT), "child"),
        (a_birth(father__residence=ABSENT), "father"),
        (a_marriage(wife__nationality=ABSENT), "wife"),
        (a_death(deceased__residence=ABSENT), "deceased"),
        (a_death(death__place=ABSENT), "death"),
    ],
)
def test_what_the_law_wants_stated_is_not_passed_over_in_silence(event: dict[str, Any], path: str) -> None:
    assert faults(event) == {(path, "neither_filled_nor_unknown")}


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (a_birth(event_type="baptism"), "union_tag_invalid"),
        (a_birth(event_type=ABSENT), "union_tag_not_found"),
        ([], "model_attributes_type"),
    ],
)
def test_an_unknown_matter_is_named_as_such(event: object, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_event(event)
    assert [error["type"] for error in caught.value.errors()] == [code]


def test_the_book_belongs_to_the_matter() -> None:
    assert faults(a_birth(registration__book_code="KT")) == {("registration.book_code", "literal_error")}
    assert faults(a_marriage(registration__kind="late")) == {("registration.kind", "literal_error")}


def test_the_requester_is_no_party() -> None:
    assert list(parse_event(a_birth()).parties()) == ["child", "mother", "father"]
    assert list(parse_event(a_marriage()).parties()) == ["husband", "wife"]
    assert list(parse_event(a_death()).parties()) == ["deceased"]


def test_an_entry_is_office_book_year_and_number() -> None:
    event = a_death(registration__number="12", registration__registered_at="2026-12-31T18:00:00+00:00")
    entry = parse_event(event).entry()
    assert (entry.authority_code, entry.book_code, entry.year, entry.number) == ("00706", "KT", 2027, "12")


def test_at_most_twenty_attachments() -> None:
    one = a_birth()["attachments"][0]
    assert faults(a_birth(attachments=[one] * 21)) == {("attachments", "too_long")}


@pytest.mark.parametrize("name", examples())
def test_every_example_is_valid_by_model_and_by_schema(name: str) -> None:
    event = examples()[name]
    assert parse_event(event).event_type == event["event_type"]
    assert list(validator(event["event_type"]).iter_errors(event)) == []


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_the_example_in_the_schema_is_the_example_in_the_folder(event_type: str) -> None:
    assert json_schema(event_type)["examples"] == [examples()[f"examples/events/{event_type}.json"]]


@pytest.mark.parametrize(
    "event",
    [
        a_birth(child__sex="girl"),
        a_birth(child__personal_id="12"),
        a_birth(registration__registered_at=ABSENT),
        a_birth(child__birth_date={"certainty": "exact"}),
        a_birth(child__birth_date={"year": 1990, "certainty": "unknown"}),
        a_birth(child__birth_date={"year": 1990, "day": 3}),
        a_birth(child__name={"family": "LÊ"}),
        a_birth(surprise=1),
        a_marriage(husband__marriage_number=0),
        a_marriage(unknown=["husband"]),
        a_death(death__time="24:00"),
        a_death(registration__registered_at="yesterday"),
    ],
)
def test_what_the_model_refuses_for_its_shape_the_schema_refuses_too(event: dict[str, Any]) -> None:
    assert faults(event)
    assert list(validator(event["event_type"]).iter_errors(event))


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_field_of_the_schema_is_described_in_vietnamese(event_type: str) -> None:
    schema = json_schema(event_type)
    models = {event_type: schema, **schema["$defs"]}
    undescribed = {
        f"{model}.{name}"
        for model, definition in models.items()
        for name, each in definition.get("properties", {}).items()
        if not each.get("description")
    }
    assert undescribed == set()


def test_an_error_of_ours_carries_a_code_that_has_wordings() -> None:
    with pytest.raises(ValidationError) as caught:
        parse_event(a_birth(mother=ABSENT))
    assert {error["type"] for error in caught.value.errors()} <= set(WORDINGS)
