"""Every matter and generation: whatever names, dates and gaps an event has, its messages can be read back."""

import copy
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.national_registry.first_wire import push_content as write_generation_1
from adapters.national_registry.wire import push_content as write_generation_2
from adapters.one_stop.wire import Envelope
from adapters.population_db.wire import contract as population_contract
from adapters.port import JsonValue, OutboundMessage, RequestId
from mappings.canonical import EVENT_TYPES, AnyEvent, parse_event
from mappings.catalog import TranslatedMessage, TranslationContext, load_catalog
from mappings.message import Message
from simulators.national_registry.gen1_xml import read_record
from tests.support.mapping_scenes import NOW, REQUEST_ID, STAGE_FACTS

EXAMPLES = [
    json.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parents[2] / "examples" / "events").glob("*.json"))
]
OF_TYPE = {name: [each for each in EXAMPLES if each["event_type"] == name] for name in EVENT_TYPES}
FACTS = {**STAGE_FACTS, "personal_id": "099326000021", "linked_state": "completed"}
SYLLABLES = ("Nguyễn", "Đặng", "ƯƠNG", "Hường", "H'Hen", "Niê", "O’Brien", "& Con", "<b>", '"Tý"', "Bùi-Thị")
NAMES = st.one_of(
    st.sampled_from(SYLLABLES),
    st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4).map(" ".join),
    st.integers(80, 100).map(lambda length: ("Nguyễn Thị " * 10)[:length].strip()),
)
DAYS = st.dates(date(1900, 1, 1), date(2008, 11, 1))
BIRTH_DATES = st.one_of(
    DAYS.map(lambda day: {"year": day.year, "month": day.month, "day": day.day, "certainty": "exact"}),
    DAYS.map(lambda day: {"year": day.year, "month": day.month, "certainty": "exact"}),
    DAYS.map(lambda day: {"year": day.year, "certainty": "exact"}),
    st.just({"certainty": "unknown"}),
)
Form = Callable[[str], str]


def _changed(value: Any, names: Iterator[str], dates: Iterator[Any], form: Form) -> Any:  # noqa: ANN401 - any JSON value
    """The event with other names, in one form of Unicode, and other dates of birth."""
    if isinstance(value, list):
        return [_changed(each, names, dates, form) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _changed(inner, names, dates, form) for key, inner in value.items()}
    if "full" in found:
        found = {"full": form(next(names))}
    if "birth_date" in found and "name" in found:
        found["birth_date"] = next(dates)
    return found


@st.composite
def cases(draw: st.DrawFn) -> tuple[AnyEvent, AnyEvent]:
    """One event with its text composed, and the same with its text decomposed."""
    chosen = copy.deepcopy(draw(st.sampled_from(OF_TYPE[draw(st.sampled_from(sorted(OF_TYPE)))])))
    if draw(st.booleans()):
        for parent in draw(st.sampled_from([("mother",), ("father",), ("mother", "father")])):
            if parent in chosen and parent in EVENT_TYPES[chosen["event_type"]].model_fields:
                del chosen[parent]
                chosen["unknown"] = [*chosen.get("unknown", []), parent]
    names, dates = (
        draw(st.lists(NAMES, min_size=12, max_size=12)),
        draw(st.lists(BIRTH_DATES, min_size=12, max_size=12)),
    )

    def event(form: Literal["NFC", "NFD"]) -> AnyEvent:
        return parse_event(
            _changed(chosen, iter(names), iter(dates), lambda text: unicodedata.normalize(form, text))
        )

    return event("NFC"), event("NFD")


def _messages(event: AnyEvent) -> list[Message]:
    return [each for each in load_catalog().all_messages() if each.event_type == event.event_type]


def _translated(message: Message, event: AnyEvent) -> TranslatedMessage | tuple[Any, ...]:
    context = TranslationContext(REQUEST_ID, FACTS, NOW)
    found = load_catalog().translate_in(message.generation, event, message.destination, message.name, context)
    assert found is not None
    return found


@given(cases())
def test_each_message_is_read_back_as_it_was_meant_or_names_all_that_stands_in_its_way(
    case: tuple[AnyEvent, AnyEvent],
) -> None:
    composed, decomposed = case
    for message in _messages(composed):
        result = _translated(message, composed)
        assert result == _translated(message, decomposed), message.name
        if isinstance(result, tuple):
            assert result
            assert all(each.path and each.code and each.message_vi and each.message_en for each in result)
            assert len({(each.path, each.message_en) for each in result}) == len(result)
            continue
        assert _meant(_read_back(message, result)) == _meant(result.body), message.name


def _read_back(message: Message, result: TranslatedMessage) -> Any:  # noqa: ANN401 - any JSON value
    """As the other side reads the bytes that the adapter writes."""
    outbound = OutboundMessage(RequestId(REQUEST_ID), result.operation, result.body, result.routing)
    if message.destination == "population_db":
        envelope = etree.fromstring(population_contract().write(result.operation, result.body))
        return _element_value(envelope[-1][0])
    if message.destination == "one_stop":
        (item,) = json.loads(Envelope("session", "unit").around(result.operation, "", result.body))["data"]
        return item
    if message.generation == "1":
        body = json.loads(write_generation_1(outbound))
        return {**body, "data": read_record(body["data"])}
    body = json.loads(write_generation_2(outbound))
    return {**body, "data": json.loads(body["data"])}


def _meant(value: JsonValue) -> JsonValue:
    """What a message says: nothing is nothing, one of a list is one, a number is its digits."""
    if isinstance(value, Mapping):
        found = {name: _meant(inner) for name, inner in value.items()}
        return {name: inner for name, inner in found.items() if inner not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return _meant(value[0]) if len(value) == 1 else [_meant(each) for each in value]
    return None if value is None else str(value)


def _element_value(element: "etree._Element") -> Any:  # noqa: ANN401 - any JSON value
    if not len(element):
        return element.text
    found: dict[str, Any] = {}
    for inner in element:
        found.setdefault(etree.QName(inner).localname, []).append(_element_value(inner))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def test_every_matter_has_an_example_to_start_from() -> None:
    assert all(OF_TYPE.values())


@pytest.mark.parametrize("text", ["& < > \" '", "ĐẶNG HƯỜNG", "O’Brien"])
def test_what_is_written_as_xml_text_is_read_back(text: str) -> None:
    (birth, *_) = OF_TYPE["birth"]
    event = copy.deepcopy(birth)
    event["child"]["name"] = {"full": text if text[0].isalpha() else f"A {text}"}
    (record,) = (
        each
        for each in _messages(parse_event(event))
        if (each.destination, each.name, each.generation) == ("national_registry", "record", "1")
    )
    result = _translated(record, parse_event(event))
    assert isinstance(result, TranslatedMessage)
    read = _read_back(record, result)
    assert read["data"]["nksHoTen"] == event["child"]["name"]["full"].upper()
