"""A dossier before its registration: open fields, its stored form, and the event that it becomes."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from mappings.canonical import (
    DECLARATION,
    EVENT_TYPES,
    AmendedEntry,
    Declaration,
    dump_event,
    dump_stored,
    matter_of,
    open_fields,
    parse_event,
    parse_stored_json,
)
from mappings.canonical.declaration import EntryTold, filled_in, registered
from mappings.canonical.registration import EntryIdentity
from tests.support.declarations import OF_AN_ENTRY, TAKEN_IN, a_declaration, declarable
from tests.support.events import ABSENT, a_birth, a_change, a_death, a_decision, a_marriage

REGISTERED_AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
TOLD = EntryTold(REGISTERED_AT, "41", "01/2026", "42")
BORN = date(2026, 11, 12)


def _born(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a field may hold any JSON value
    born = {"year": BORN.year, "month": BORN.month, "day": BORN.day, "certainty": "exact"}
    return a_birth(child__birth_date=born, **changes)


def _parsed(value: dict[str, Any]) -> Declaration:
    return Declaration.model_validate(value)


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_matter_can_be_declared_and_comes_back_from_its_stored_form_as_it_was(event_type: str) -> None:
    stored = _parsed(a_declaration(declarable(event_type)))
    content = json.dumps(dump_stored(stored), ensure_ascii=False).encode()
    again = parse_stored_json(content)
    assert again == stored
    assert dump_stored(again) == dump_stored(stored)
    assert type(matter_of(again)) is EVENT_TYPES[event_type]


def test_what_is_open_is_not_stored_and_holds_a_value_only_for_the_time_being() -> None:
    declared = a_marriage(established_on=ABSENT)
    stored = _parsed(a_declaration(declared, *OF_AN_ENTRY, "registration.kind", "established_on"))
    assert isinstance(stored.declared.registration.number, str)
    assert stored.registration.registered_at == datetime.fromisoformat(TAKEN_IN)
    kept = dump_stored(stored)["declared"]
    assert kept["registration"].keys().isdisjoint({"registered_at", "number", "volume", "kind"})
    assert "established_on" not in kept
    assert open_fields(stored) == set(stored.open)


def test_an_open_field_that_is_said_all_the_same_is_not_stored() -> None:
    value = a_declaration(a_birth())
    value["declared"]["registration"]["number"] = "99"
    assert "number" not in dump_stored(_parsed(value))["declared"]["registration"]


def test_an_event_is_stored_as_ever_and_has_nothing_open() -> None:
    event = parse_event(a_birth())
    assert dump_stored(event) == dump_event(event)
    assert parse_stored_json(json.dumps(dump_event(event)).encode()) == event
    assert (matter_of(event), open_fields(event)) == (event, frozenset())


@pytest.mark.parametrize(
    ("event", "path", "value"),
    [
        (a_birth(), "registration.kind", "on_time"),
        (a_marriage(), "registration.kind", "first"),
        (a_birth(child__nationality=ABSENT), "child.nationality", "VN"),
        (a_birth(birth__abandoned=ABSENT), "birth.abandoned", False),
        (a_birth(unknown=ABSENT), "unknown", []),
        (a_birth(father=ABSENT, unknown=ABSENT), "unknown", ["father"]),
        (a_birth(mother=ABSENT, father=ABSENT, unknown=ABSENT), "unknown", ["mother", "father"]),
        (
            a_marriage(established_on=ABSENT),
            "established_on",
            {"year": 2026, "month": 11, "day": 16, "certainty": "exact"},
        ),
    ],
)
def test_the_ordinary_is_filled_in_for_the_time_being(
    event: dict[str, Any], path: str, value: object
) -> None:
    found: Any = filled_in(a_declaration(event, path))["declared"]
    for name in path.split("."):
        found = found[name]
    assert found == value


def test_filling_in_neither_overwrites_nor_changes_what_it_was_given() -> None:
    value = a_declaration(_born(father=ABSENT, unknown=ABSENT), *OF_AN_ENTRY, "unknown")
    value["declared"] |= {"unknown": ["mother"]}
    value["declared"]["registration"]["number"] = "7"
    before = deepcopy(value)
    filled = filled_in(value)
    assert (filled["declared"]["unknown"], filled["declared"]["registration"]["number"]) == (["mother"], "7")
    assert filled["declared"]["registration"]["volume"] == "0"
    assert value == before


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"declared": 7, "open": []},
        {"declared": a_birth(), "open": "registration.number"},
        {"declared": {"event_type": "nothing"}, "open": ["registration.kind"]},
        {"declared": {"event_type": "birth", "registration": 7}, "open": ["registration.number"]},
    ],
)
def test_what_is_no_declaration_comes_back_as_it_is(value: dict[str, Any]) -> None:
    assert filled_in(value) == value


@pytest.mark.parametrize(
    "changes",
    [
        {"open": ["child.name"]},
        {"received_at": "2026-11-16"},
        {"received_at": None},
        {"more": 1},
        {"declared": {"event_type": "nothing"}},
    ],
)
def test_a_declaration_has_its_own_shape(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _parsed({**a_declaration(a_birth()), **changes})


def test_its_names_and_its_entry_are_other_than_those_of_the_event() -> None:
    event = a_birth()
    stored = _parsed(a_declaration(event))
    assert stored.source_event_id == f"declared:{event['source_event_id']}"
    office = event["registration"]["authority_code"]
    assert stored.entry() == EntryIdentity(office, "KS", 2026, stored.source_event_id)
    assert stored.entry() != parse_event(event).entry()
    assert (stored.amends, stored.second_entry(), stored.amended_entry()) == (None, None, None)
    assert stored.parties().keys() == {"child", "mother", "father"}
    assert stored.other_entries() == ()


def test_a_declared_change_stays_in_order_with_the_entry_that_it_is_about() -> None:
    entry = {
        "authority_code": "00691",
        "book_code": "KS",
        "number": "12",
        "registered_on": {"year": 2020, "month": 3, "day": 4, "certainty": "exact"},
    }
    AmendedEntry.model_validate(entry)
    stored = _parsed(a_declaration(a_change(amends={"entry": entry})))
    assert stored.other_entries() == (EntryIdentity("00691", "KS", 2020, "12"),)


@pytest.mark.parametrize(("days", "kind"), [(60, "on_time"), (61, "late")])
def test_a_birth_is_late_after_sixty_days(days: int, kind: str) -> None:
    declaration = a_declaration(_born(), *OF_AN_ENTRY, "registration.kind")
    on = datetime.combine(BORN + timedelta(days=days), datetime.min.time(), UTC)
    assert registered(declaration, EntryTold(on, "41", "01/2026"))["registration"]["kind"] == kind


@pytest.mark.parametrize(("days", "kind"), [(15, "on_time"), (16, "late")])
def test_a_death_is_late_after_fifteen_days(days: int, kind: str) -> None:
    died = {"year": 2026, "month": 11, "day": 1, "certainty": "exact"}
    declaration = a_declaration(a_death(death__date=died), *OF_AN_ENTRY, "registration.kind")
    on = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=days)
    assert registered(declaration, EntryTold(on, "41", "01/2026"))["registration"]["kind"] == kind


def test_the_day_of_registration_is_that_of_vietnam() -> None:
    """18:00 UTC is the next day there: the sixty-first."""
    declaration = a_declaration(_born(), *OF_AN_ENTRY, "registration.kind")
    evening = datetime.combine(BORN + timedelta(days=60), datetime.min.time(), UTC) + timedelta(hours=18)
    event = registered(declaration, EntryTold(evening, "41", "01/2026"))
    assert event["registration"]["kind"] == "late"
    assert event["registration"]["registered_at"] == "2027-01-12T01:00:00+07:00"


@pytest.mark.parametrize(
    "born",
    [
        {"year": 2020, "certainty": "exact"},
        {"year": 2020, "month": 5, "certainty": "exact"},
        {"certainty": "unknown"},
    ],
)
def test_without_a_whole_day_nothing_is_called_late(born: dict[str, Any]) -> None:
    declaration = a_declaration(a_birth(child__birth_date=born), *OF_AN_ENTRY, "registration.kind")
    assert registered(declaration, TOLD)["registration"]["kind"] == "on_time"


def test_the_kind_that_the_dossier_asked_for_stays() -> None:
    declaration = a_declaration(_born(registration__kind="re_registration"))
    assert registered(declaration, TOLD)["registration"]["kind"] == "re_registration"


def test_a_marriage_has_no_time_limit_and_is_of_the_day_of_its_registration() -> None:
    declaration = a_declaration(
        a_marriage(established_on=ABSENT), *OF_AN_ENTRY, "registration.kind", "established_on"
    )
    event = registered(declaration, TOLD)
    assert event["registration"]["kind"] == "first"
    assert event["established_on"] == {"year": 2026, "month": 11, "day": 18, "certainty": "exact"}


def test_number_volume_page_and_moment_are_those_that_were_told() -> None:
    event = registered(a_declaration(_born()), TOLD)
    place = event["registration"]
    assert (place["number"], place["volume"], place["page"]) == ("41", "01/2026", "42")
    assert datetime.fromisoformat(place["registered_at"]) == REGISTERED_AT
    assert parse_event(event).source_event_id == a_birth()["source_event_id"]


def test_what_was_not_told_is_left_out_and_never_made_up() -> None:
    declaration = a_declaration(_born(registration__page=ABSENT))
    place = registered(declaration, EntryTold(REGISTERED_AT))["registration"]
    assert place.keys().isdisjoint({"number", "volume", "page"})
    with pytest.raises(ValidationError) as refused:
        parse_event(registered(declaration, EntryTold(REGISTERED_AT)))
    assert {each["loc"][-1] for each in refused.value.errors()} == {"number", "volume"}


def test_a_remark_has_no_number_whatever_is_told_of_the_entry_that_it_is_in() -> None:
    declared = a_decision()
    assert "number" not in declared["registration"]
    event = registered(a_declaration(declared, "registration.registered_at"), TOLD)
    assert event["registration"].keys().isdisjoint({"number", "page"})
    assert event["registration"].get("volume") == declared["registration"].get("volume")
    assert datetime.fromisoformat(event["registration"]["registered_at"]) == REGISTERED_AT


def test_a_number_told_goes_to_the_child_and_is_no_longer_unknown() -> None:
    told = EntryTold(REGISTERED_AT, "41", "01/2026", None, "099226000003")
    child = {**_born()["child"], "unknown": ["personal_id", "ethnic_group_code"]}
    child.pop("personal_id", None)
    event = registered(a_declaration(_born() | {"child": child}), told)
    assert (event["child"]["personal_id"], event["child"]["unknown"]) == (
        "099226000003",
        ["ethnic_group_code"],
    )
    alone = registered(a_declaration(_born() | {"child": {**child, "unknown": ["personal_id"]}}), told)
    assert "unknown" not in alone["child"]


def test_a_number_that_the_dossier_named_stays_and_others_have_none_to_get() -> None:
    told = EntryTold(REGISTERED_AT, "41", "01/2026", None, "099226000003")
    named = registered(a_declaration(_born(child__personal_id="099226000009")), told)
    assert named["child"]["personal_id"] == "099226000009"
    death = registered(a_declaration(a_death()), told)
    assert "099226000003" not in json.dumps(death)


def test_the_stored_form_is_enough_to_make_the_event() -> None:
    """The chore has nothing but what was stored."""
    declaration = a_declaration(
        _born(child__nationality=ABSENT, unknown=ABSENT, birth__abandoned=ABSENT),
        *OF_AN_ENTRY,
        "registration.kind",
        "child.nationality",
        "birth.abandoned",
        "unknown",
    )
    kept = dump_stored(_parsed(declaration))
    event = parse_event(registered(kept, TOLD))
    assert event == parse_event(registered(declaration, TOLD))
    assert kept["event_type"] == DECLARATION


def test_what_has_no_dossier_cannot_be_declared() -> None:
    event = {name: value for name, value in declarable("birth").items() if name != "dossier"}
    with pytest.raises(ValidationError, match="dossier"):
        _parsed(a_declaration(event))
