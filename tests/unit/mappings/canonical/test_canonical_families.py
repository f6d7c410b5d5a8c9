"""The events of the matters beside birth, marriage and death: entries, parties, what they refer to."""

from typing import Any

import pytest
from pydantic import ValidationError

from mappings.canonical import EVENT_TYPES, CivilEvent, parse_event, sample_event
from tests.support.events import (
    ABSENT,
    a_birth_with_recognition,
    a_change,
    a_decision,
    a_guardianship_change,
    a_guardianship_end,
    a_revocation,
    an_extract,
)


def _kinds(event: dict[str, Any]) -> set[str]:
    with pytest.raises(ValidationError) as caught:
        parse_event(event)
    return {each["type"] for each in caught.value.errors()}


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_the_envelope_is_the_same_for_every_matter(event_type: str) -> None:
    model = EVENT_TYPES[event_type]
    assert issubclass(model, CivilEvent)
    assert set(CivilEvent.model_fields) <= set(model.model_fields)
    assert set(model.party_fields) <= set(model.model_fields)
    assert parse_event(sample_event(event_type)).parties()


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_what_an_event_says_of_itself_may_be_left_out(event_type: str) -> None:
    event = sample_event(event_type)
    for name in ("matter", "foreign_element", "mobile", "dossier", "documents", "attachments", "note"):
        event.pop(name, None)
    parsed = parse_event(event)
    assert parsed.matter is None
    assert not parsed.foreign_element
    assert not parsed.mobile
    assert parsed.documents == ()


def test_two_entries_of_one_event_have_one_office_and_year() -> None:
    event = parse_event(a_birth_with_recognition())
    first, second = event.entry(), event.second_entry()
    assert second is not None
    assert (first.book_code, first.number, second.book_code, second.number) == ("KS", "52", "CMC", "7")
    assert (first.authority_code, first.year) == (second.authority_code, second.year)
    assert event.other_entries() == (second,)


def test_an_end_touches_the_entry_that_it_ends() -> None:
    (entry,) = parse_event(a_guardianship_end()).other_entries()
    assert (entry.book_code, entry.year, entry.number) == ("GH", 2025, "2")
    assert len(parse_event(a_guardianship_change()).other_entries()) == 2


def test_a_remark_is_known_by_its_entry_and_decision() -> None:
    divorce = parse_event(a_decision()).entry()
    assert divorce == parse_event(a_decision(source_event_id="other")).entry()
    assert divorce != parse_event(a_decision(decision__number="46/2026")).entry()
    assert divorce != parse_event(a_decision(amends__entry__number="19")).entry()
    assert parse_event(a_revocation()).entry() != divorce


def test_supplements_of_one_entry_are_told_apart_by_their_moment() -> None:
    silent = {"registration__number": ABSENT, "registration__volume": ABSENT, "registration__page": ABSENT}
    one = parse_event(a_change(act="supplement", **silent)).entry()
    later = "2026-11-13T10:00:00+07:00"
    assert one == parse_event(a_change(act="supplement", source_event_id="x", **silent)).entry()
    assert one != parse_event(a_change(act="supplement", registration__registered_at=later, **silent)).entry()


def test_an_earlier_entry_needs_its_year_and_the_reference_something() -> None:
    unknown = {"certainty": "unknown"}
    assert _kinds(an_extract(amends__entry__registered_on=unknown)) == {"amended_entry_year_missing"}
    assert _kinds(an_extract(amends={})) == {"amends_nothing"}
    assert _kinds(an_extract(amends=ABSENT)) == {"missing"}
    assert _kinds(an_extract(amends={"event_id": "41"})) == {"string_pattern_mismatch"}


def test_a_change_says_which_field_and_what_it_becomes() -> None:
    assert _kinds(a_change(changes=[])) == {"too_short"}
    assert _kinds(a_change(changes=[{"field": "height", "after": "170"}])) == {"literal_error", "too_short"}
    assert _kinds(a_change(changes=[{"field": "name"}])) == {"nothing_changes", "too_short"}


def test_a_mission_abroad_has_a_code_of_its_own() -> None:
    assert parse_event(an_extract(registration__authority_code="MLA01")).entry().authority_code == "MLA01"
    assert _kinds(an_extract(registration__authority_code="MLA1")) == {"string_pattern_mismatch"}
