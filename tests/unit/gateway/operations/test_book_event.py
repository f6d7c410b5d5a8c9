"""What the book says becomes a message that every destination can be told and that claims no registration."""

from datetime import UTC, datetime

import pytest

from gateway.model.entry_history import Recorded, tell_history
from gateway.model.ids import EventId
from gateway.operations.book_event import (
    Alignment,
    differences_of,
    event_of,
    person_of,
    registered_on_of,
)
from mappings.canonical import CivilStatusChange, parse_event
from mappings.canonical.registration import EntryIdentity
from mappings.catalog import TranslatedMessage, load_catalog
from tests.support.corrections import a_birth_of_the_office, a_correction
from tests.support.mapping_scenes import context

ENTRY = EntryIdentity("00691", "KS", 2026, "41")
NOW = datetime(2026, 11, 17, 3, 0, tzinfo=UTC)


def _recorded(event: dict[str, object]) -> Recorded:
    parsed = parse_event(event)
    return Recorded(EventId(parsed.source_event_id), parsed, NOW)


def _aligned(values: dict[str, str | None], *events: Recorded) -> CivilStatusChange:
    history = tell_history(ENTRY, events)
    whom = person_of(history, events)
    assert whom is not None
    alignment = Alignment(
        statement_id="0193b5f0-1111-7222-8333-444455556666",
        entry=ENTRY,
        registered_on=registered_on_of(ENTRY, events),
        authority_code="00691",
        whom=whom,
        differences=differences_of(values, history, whom.role),
        reason="Đối chiếu với sổ",
        page_reference="01/2026, trang 41",
        stated_at=NOW,
    )
    event = parse_event(event_of(alignment, history.values()))
    assert isinstance(event, CivilStatusChange)
    return event


BIRTH = _recorded(a_birth_of_the_office(child__personal_id="099326000021", child__unknown=[]))


def test_it_is_a_remark_without_number_that_nobody_signed() -> None:
    event = _aligned({"mother.name": "PHẠM THỊ MẪN"}, BIRTH)
    place = event.registration
    assert (place.number, place.volume, place.signed_by, place.performed_by) == (None, None, None, None)
    assert (place.book_code, place.registered_at) == ("KS", NOW)
    assert event.amends.entry is not None
    assert event.amends.entry.identity() == ENTRY
    assert event.note is not None
    assert "trang 41" in event.note


@pytest.mark.parametrize(
    ("destination", "message", "facts"),
    [
        ("national_registry", "record", {}),
        ("population_db", "notice_subject", {"officer_id": "099180000009"}),
    ],
)
def test_every_destination_can_be_told(destination: str, message: str, facts: dict[str, str]) -> None:
    event = _aligned({"mother.name": "PHẠM THỊ MẪN", "sex": "male"}, BIRTH)
    found = load_catalog().translate(event, destination, message, context(facts))
    assert isinstance(found, TranslatedMessage), found
    assert "PHẠM THỊ MẪN" in str(found.body)


def test_the_person_is_named_as_the_systems_know_him_now() -> None:
    change = [{"field": "name", "before": "LÊ THỬ NGHIỆM", "after": "LÊ NGHIỆM THỬ"}]
    corrected = _recorded(a_correction(changes=change))
    event = _aligned({"name": "LÊ THỬ THÁCH"}, BIRTH, corrected)
    assert event.subject.name.whole == "LÊ NGHIỆM THỬ"
    assert event.changes[0].before == "LÊ NGHIỆM THỬ"
    assert event.subject.personal_id == "099326000021"


def test_of_an_unknown_original_the_last_change_names_the_person() -> None:
    event = _aligned({"mother.birth_date": "1995"}, _recorded(a_correction(subject__nationality="VN")))
    assert event.subject.name.whole == "LÊ THỬ NGHIỆM"
    assert event.amends.entry is not None
    assert event.amends.entry.registered_on.day == 16


def test_a_blank_in_the_book_takes_the_value_out() -> None:
    event = _aligned({"other_nationality": None, "mother.ethnic_group": None}, BIRTH)
    (change,) = event.changes
    assert (change.field, change.before, change.after) == ("mother.ethnic_group", "01", None)


def test_nothing_differs_where_only_capitals_do() -> None:
    history = tell_history(ENTRY, [BIRTH])
    assert differences_of({"name": "Lê Thử Nghiệm"}, history, "child") == ()
    assert differences_of({"birth_date": "2026-11"}, history, "child") != ()
