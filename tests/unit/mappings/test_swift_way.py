"""The swift way through a message says the same as the careful one, or nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from mappings.canonical import EVENT_TYPES, sample_event
from mappings.canonical.event import parse_event
from mappings.catalog import Message, TranslatedMessage, load_catalog
from mappings.rules import CONTEXT_FACTS, Scene, TranslationContext, WhenMissing

NOW = datetime(2026, 11, 29, 1, 2, 3, tzinfo=UTC)
NUMBER = "099326000001"
FACTS: tuple[dict[str, str], ...] = (
    {},
    {"personal_id": NUMBER, "officer_name": "Nguyễn Văn Thử"},
    {
        **dict.fromkeys(CONTEXT_FACTS, "x"),
        "personal_id": NUMBER,
        "officer_id": "099190000001",
        "stage": "received",
        "stage_at": NOW.isoformat(),
        "linked_state": "completed",
    },
    {"stage": "no such stage", "stage_at": "no moment", "personal_id": "too short"},
)
MESSAGES = load_catalog().all_messages()


def _scene(message: Message, facts: dict[str, str]) -> Scene:
    event = parse_event(sample_event(message.event_type))
    return Scene(event, TranslationContext("GW-1", facts, NOW))


def _written(said: object) -> object:
    """As text where it is a message: the order of the fields counts."""
    if isinstance(said, TranslatedMessage):
        return said.operation, json.dumps([said.body, said.routing], ensure_ascii=False)
    return said


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_both_ways_say_the_same(event_type: str) -> None:
    messages = [message for message in MESSAGES if message.event_type == event_type]
    assert messages
    for message, facts in product(messages, FACTS):
        scene = _scene(message, facts)
        assert _written(message.translate(scene)) == _written(message.translate_with_care(scene)), (
            message.name
        )


def test_every_message_has_a_swift_way_and_goes_it_where_nothing_is_wrong() -> None:
    swift = 0
    for message, facts in product(MESSAGES, FACTS):
        scene = _scene(message, facts)
        assert message.swift is not None
        is_said = message.swift.say(scene) is not None
        assert is_said is isinstance(message.translate_with_care(scene), TranslatedMessage)
        swift += is_said
    assert swift > len(MESSAGES)


@pytest.mark.parametrize(
    ("field", "value"), [("number", "9" * 20), ("office_name", "Ủy ban " * 200), ("volume", "")]
)
def test_an_entry_that_does_not_fit_is_told_as_by_the_careful_way(field: str, value: str) -> None:
    event = sample_event("birth")
    message = load_catalog().get("birth", "national_registry", "record")
    parsed = parse_event(event)
    registration = parsed.registration.model_copy(update={field: value})
    scene = Scene(
        parsed.model_copy(update={"registration": registration}), TranslationContext("GW-1", {}, NOW)
    )
    assert _written(message.translate(scene)) == _written(message.translate_with_care(scene))


def test_half_an_entry_is_told_as_by_the_careful_way() -> None:
    message = load_catalog().get("birth", "national_registry", "record")
    (half,) = [each for each in message.rules if each.target == ("body", "data", "quyenSo")]
    rules = tuple(
        replace(each, when_missing=WhenMissing.OMIT) if each is half else each for each in message.rules
    )
    parsed = parse_event(sample_event("birth"))
    registration = parsed.registration.model_copy(update={"volume": None})
    scene = Scene(
        parsed.model_copy(update={"registration": registration}), TranslationContext("GW-1", {}, NOW)
    )
    loose = replace(message, rules=rules)
    assert loose.swift is not None
    assert loose.swift.say(scene) is None
    told = loose.translate(scene)
    assert not isinstance(told, TranslatedMessage)
    assert [each.code for each in told] == ["mapping_missing"]
