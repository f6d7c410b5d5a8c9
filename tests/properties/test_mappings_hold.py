"""Whatever a register may hold, a message keeps what its contract requires, or is not made at all."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mappings.canonical import parse_event
from mappings.catalog import TranslatedMessage, TranslationContext, load_catalog
from mappings.contracts import breaches, load_contract
from mappings.rules import JsonValue
from mappings.text import find_forbidden_character, fold_name, fold_spaces, split_name, upper_name
from tests.support.events import a_birth, a_death, a_marriage
from tests.support.mapping_scenes import NOW, REQUEST_ID, STAGE_FACTS

SYLLABLES = st.sampled_from(
    [
        "Nguyễn",
        "Đặng",
        "Hường",
        "ƯƠNG",
        "H'Hen",
        "Niê",
        "K'",
        "O’Brien",
        "& Sons",
        "<b>",
        "d'",
        "Ý",
        "Bùi-Thị",
        '"Tý"',
    ]
)
NAMES = st.lists(SYLLABLES, min_size=1, max_size=9).map(" ".join).filter(lambda name: len(name) <= 100)
ANY_NAME = st.one_of(NAMES, NAMES.map(lambda name: unicodedata.normalize("NFD", name)))


def _day(moment: date) -> dict[str, Any]:
    return {"year": moment.year, "month": moment.month, "day": moment.day, "certainty": "exact"}


DAYS = st.dates(date(1900, 1, 1), date(2026, 11, 1))
PARTIAL_DATES = st.one_of(
    DAYS.map(_day),
    DAYS.map(lambda day: {"year": day.year, "month": day.month, "certainty": "exact"}),
    DAYS.map(lambda day: {"year": day.year, "certainty": "exact"}),
    DAYS.map(lambda day: {**_day(day.replace(day=1)), "certainty": "by_rule"}),
    st.just({"certainty": "unknown"}),
)
FACTS = {**STAGE_FACTS, "personal_id": "099326000021"}


def outcome(event: dict[str, Any], destination: str, message: str) -> TranslatedMessage | tuple[Any, ...]:
    context = TranslationContext(REQUEST_ID, FACTS, NOW)
    return load_catalog().translate(parse_event(event), destination, message, context)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    name, other = draw(ANY_NAME), draw(ANY_NAME)
    moment, when = draw(PARTIAL_DATES), draw(PARTIAL_DATES)
    return draw(
        st.sampled_from(
            [
                a_birth(
                    child__name={"full": name},
                    child__birth_date=when,
                    mother__name={"full": other},
                    mother__birth_date=moment,
                ),
                a_marriage(
                    husband__name={"full": name},
                    husband__birth_date=moment,
                    wife__name={"full": other},
                    established_on=when,
                ),
                a_death(deceased__name={"full": name}, deceased__birth_date=moment, death__date=when),
            ]
        )
    )


def _contracts(destination: str, operation: str, body: Mapping[str, JsonValue]) -> list[tuple[str, Any]]:
    if destination == "national_registry":
        outer = {**body, "data": json.dumps(body["data"])}
        return [("envelope", outer), (str(body["module"]), body["data"])]
    return [(operation, body)]


@given(events())
def test_a_message_has_all_that_its_contract_requires_or_is_not_made(event: dict[str, Any]) -> None:
    for message in load_catalog().all_messages():
        if message.event_type != event["event_type"]:
            continue
        result = outcome(event, message.destination, message.name)
        if isinstance(result, tuple):
            assert result
            assert all(each.path and each.message_vi and each.message_en for each in result)
            continue
        for name, body in _contracts(message.destination, message.operation, result.body):
            assert list(breaches(load_contract(message.destination, name), body)) == []


@given(events())
def test_a_known_birth_or_death_always_has_a_record(event: dict[str, Any]) -> None:
    result = outcome(event, "national_registry", "record")
    dates = {
        "birth": [event.get("child", {}).get("birth_date")],
        "marriage": [event.get("husband", {}).get("birth_date")],
        "death": [event.get("death", {}).get("date")],
    }[event["event_type"]]
    whole = event["event_type"] != "marriage" or "day" in event["established_on"]
    is_known = all(each["certainty"] != "unknown" for each in dates)
    if event["event_type"] == "marriage":
        whole = whole or event["established_on"]["certainty"] == "unknown"
    assert isinstance(result, TranslatedMessage) is (is_known and whole)


@given(ANY_NAME)
def test_both_forms_of_a_name_make_the_same_message(name: str) -> None:
    composed = a_birth(child__name={"full": unicodedata.normalize("NFC", name)})
    decomposed = a_birth(child__name={"full": unicodedata.normalize("NFD", name)})
    for destination, message in (("national_registry", "record"), ("population_db", "personal_id_request")):
        assert outcome(composed, destination, message) == outcome(decomposed, destination, message)


@given(ANY_NAME)
def test_a_name_survives_json_and_xml_unchanged(name: str) -> None:
    result = outcome(a_birth(child__name={"full": name}), "national_registry", "record")
    assert isinstance(result, TranslatedMessage)
    record = result.body["data"]
    assert isinstance(record, Mapping)
    written = record["nksHoTen"]
    assert written == upper_name(name)
    assert json.loads(json.dumps(written)) == written
    element = etree.Element("x")
    element.text = str(written)
    assert etree.fromstring(etree.tostring(element)).text == written


@given(ANY_NAME)
def test_cutting_a_name_loses_nothing(name: str) -> None:
    parts = split_name(name)
    assert fold_spaces(f"{parts.family} {parts.middle} {parts.given}") == fold_spaces(name)


@given(st.text(max_size=60))
def test_a_folded_name_has_capital_letters_only(text: str) -> None:
    folded = fold_name(text)
    assert folded == "" or (folded.isascii() and folded.isalpha() and folded.isupper())
    assert fold_name(folded) == folded


@given(st.text(max_size=60))
def test_capitals_are_composed_and_stable(text: str) -> None:
    upper = upper_name(text)
    assert unicodedata.is_normalized("NFC", upper)
    assert upper_name(upper) == upper


@given(st.text(min_size=1, max_size=60).map(fold_spaces).filter(bool))
def test_a_text_is_either_refused_or_fit_for_xml(text: str) -> None:
    if find_forbidden_character(text) is None:
        element = etree.Element("x")
        element.text = text
        assert element.text == text
    else:
        with pytest.raises(ValueError, match="invisible"):
            parse_event(a_birth(child__name={"full": text}))


@given(PARTIAL_DATES)
def test_what_is_not_known_of_a_date_is_never_invented(moment: dict[str, Any]) -> None:
    event = a_birth(mother__birth_date=moment)
    result = outcome(event, "national_registry", "record")
    assert isinstance(result, TranslatedMessage)
    record = result.body["data"]
    assert isinstance(record, Mapping)
    written = str(record.get("meNgaySinh", ""))
    pieces = [int(piece) for piece in written.split(".") if piece]
    known = [moment[part] for part in ("day", "month", "year") if part in moment]
    assert pieces == known
