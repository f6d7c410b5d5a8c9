"""What an entry says is the original with every later change laid over it, in the order of registration."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gateway.model.entry_history import EntryHistory, Recorded, disagreements, tell_history
from gateway.model.ids import EventId
from mappings.canonical import parse_event
from mappings.canonical.registration import EntryIdentity
from tests.support.corrections import a_birth_of_the_office, a_correction, a_remark, the_entry
from tests.support.events import (
    ABSENT,
    a_death,
    a_decision,
    a_foreign_divorce,
    a_marriage,
    a_recognition,
    a_revocation,
    an_adoption,
    an_extract,
)

BIRTH = EntryIdentity("00691", "KS", 2026, "41")
FIRST = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def recorded(event: dict[str, Any], name: str = "") -> Recorded:
    parsed = parse_event(event)
    return Recorded(EventId(name or parsed.source_event_id), parsed, FIRST)


def told(entry: EntryIdentity, *events: dict[str, Any], until: date | None = None) -> EntryHistory:
    return tell_history(entry, [recorded(each) for each in events], until)


def later(event: dict[str, Any], days: int) -> dict[str, Any]:
    moment = datetime.fromisoformat(event["registration"]["registered_at"]) + timedelta(days=days)
    place = {**event["registration"], "registered_at": moment.isoformat()}
    return {**event, "registration": place, "source_event_id": f"{event['source_event_id']}-{days}"}


def test_the_original_says_everything_that_its_book_says() -> None:
    values = told(BIRTH, a_birth_of_the_office()).values()
    assert values["child.name"] == "LÊ THỬ NGHIỆM"
    assert values["mother.birth_date"] == "1997-03-14"
    assert "Phường Hà Giang 2" in values["child.place_of_birth"]


def test_a_correction_replaces_and_keeps_what_it_found() -> None:
    history = told(BIRTH, a_birth_of_the_office(), a_correction())
    assert history.values()["mother.birth_date"] == "1996-03-14"
    (change,) = history.steps[-1].changes
    assert (change.before, change.before_stated, change.after) == ("1997-03-14", "1997-03-14", "1996-03-14")
    assert change.agrees is True


def test_the_order_of_registration_counts_not_that_of_arrival() -> None:
    first = a_correction()
    change = {"field": "mother.birth_date", "before": "1996-03-14", "after": "1995-03-14"}
    second = later(a_correction("22", changes=[change]), 3)
    assert told(BIRTH, second, first, a_birth_of_the_office()).values()["mother.birth_date"] == "1995-03-14"


def test_the_state_of_a_day_leaves_out_what_came_later() -> None:
    events = a_birth_of_the_office(), later(a_correction(), 2)
    assert told(BIRTH, *events, until=date(2026, 11, 17)).values()["mother.birth_date"] == "1997-03-14"
    assert told(BIRTH, *events, until=date(2026, 11, 18)).values()["mother.birth_date"] == "1996-03-14"
    assert told(BIRTH, *events, until=date(2026, 11, 15)).state == {}


def test_another_old_value_than_the_known_one_is_seen() -> None:
    wrong = a_correction(changes=[{"field": "mother.birth_date", "before": "1990", "after": "1996"}])
    history = told(BIRTH, a_birth_of_the_office(), wrong)
    (found,) = disagreements(history.steps[-1])
    assert (found.before, found.before_stated) == ("1997-03-14", "1990")


@pytest.mark.parametrize(
    ("field", "before", "agrees"),
    [
        ("mother.name", "phạm thị  mẫu", True),  # capitals and blanks make no difference
        ("mother.name", "PHẠM THỊ MẦU", False),  # tone marks do
        ("mother.birth_date", "1997", True),  # known in part
        ("mother.birth_date", "1998", False),
        ("mother.personal_id", "099197000002", False),
        ("residence", "Tổ 4", None),  # free text cannot be compared, and is not known here
        ("mother.residence", "Tổ 4", None),
        ("sex", None, False),  # said to be blank
    ],
)
def test_when_two_values_say_the_same(field: str, before: str | None, *, agrees: bool | None) -> None:
    after = "male" if field == "sex" else "X"
    change = {"field": field, "after": after} | ({} if before is None else {"before": before})
    history = told(BIRTH, a_birth_of_the_office(), a_correction(changes=[change], act="change"))
    assert history.steps[-1].changes[0].agrees is agrees


def test_of_an_entry_that_never_came_only_the_changes_are_known() -> None:
    history = told(BIRTH, a_correction())
    assert not history.is_original_known
    assert history.values() == {"mother.birth_date": "1996-03-14"}
    assert history.steps[0].changes[0].agrees is None


def test_a_blank_father_is_taken_out_with_everything_about_him() -> None:
    change = {"field": "father", "before": "LÊ VĂN VÍ DỤ", "after": None}
    values = told(BIRTH, a_birth_of_the_office(), a_correction(changes=[change])).values()
    assert not {field for field in values if field.startswith("father")}
    assert "mother.name" in values


def test_words_for_people_change_no_field() -> None:
    change = {"field": "other", "before": "a", "after": "b"}
    history = told(BIRTH, a_birth_of_the_office(), a_correction(changes=[change]))
    assert history.steps[-1].changes == ()


def test_an_extract_changes_nothing() -> None:
    extract = an_extract(amends=the_entry(), registration__registered_at="2026-11-16T10:00:00+07:00")
    plain = told(BIRTH, a_birth_of_the_office()).values()
    assert told(BIRTH, a_birth_of_the_office(), extract).values() == plain


def test_a_determined_parent_a_recognition_an_adoption_and_a_revoked_paper_stand_beside_the_fields() -> None:
    moment = "2026-11-16T10:00:00+07:00"
    more = {"amends": the_entry(), "registration__registered_at": moment}
    recognition = a_recognition(**more)
    events = (
        a_birth_of_the_office(),
        a_remark(),
        recognition,
        an_adoption(**more),
        a_revocation(**more),
    )
    values = told(BIRTH, *events).values()
    assert values["parents.status"] == "determined_by_court"
    assert values["adoption.status"] == "in_force"
    assert values["father.status"] == "recognised"
    assert values["father.name"] == recognition["parent"]["name"]["full"]
    assert [field for field in values if field.startswith("paper.")]


def test_a_marriage_is_divorced_annulled_recognised() -> None:
    marriage = a_marriage(registration__registered_at="2026-11-02T08:00:00+07:00")
    place = marriage["registration"]
    entry = EntryIdentity(place["authority_code"], "KH", 2026, place["number"])
    amends = {
        "entry": {
            "authority_code": entry.authority_code,
            "book_code": "KH",
            "registered_on": {"year": 2026},
            "number": entry.number,
        }
    }
    assert told(entry, marriage).values()["marriage.status"] == "in_force"
    divorce = a_decision(amends=amends)
    assert told(entry, marriage, divorce).values()["marriage.status"] == "divorced"
    back = a_decision(amends=amends, kind="marriage_recognition", source_event_id="GC-9")
    again = later(back, 1)
    assert told(entry, marriage, divorce, again).values()["marriage.status"] == "recognised"
    abroad = a_foreign_divorce(amends=amends, act="annulment")
    assert told(entry, marriage, abroad).values()["marriage.status"] == "annulled"


def test_a_declared_death_is_cancelled() -> None:
    death = a_death()
    place = death["registration"]
    year = int(place["registered_at"][:4])
    entry = EntryIdentity(place["authority_code"], "KT", year, place["number"])
    remark = a_decision(
        amends={
            "entry": {
                "authority_code": entry.authority_code,
                "book_code": "KT",
                "registered_on": {"year": year},
                "number": entry.number,
            }
        },
        registration__book_code="KT",
        kind="death_declaration_cancelled",
        spouse=ABSENT,
    )
    assert told(entry, death).values()["death.status"] == "in_force"
    assert told(entry, death, remark).values()["death.status"] == "cancelled"


@pytest.mark.parametrize("side", ["husband", "wife"])
def test_the_subject_of_a_change_in_a_marriage_is_known_by_his_number(side: str) -> None:
    marriage = a_marriage()
    place = marriage["registration"]
    entry = EntryIdentity(place["authority_code"], "KH", int(place["registered_at"][:4]), place["number"])
    person = marriage[side]
    change = a_correction(
        amends=the_entry(entry.number, authority_code=entry.authority_code, book_code="KH"),
        subject__personal_id=person["personal_id"],
        subject__name={"full": "ANOTHER NAME"},
        changes=[{"field": "name", "before": person["name"]["full"], "after": "TÊN MỚI"}],
    )
    values = told(entry, marriage, later(change, 400)).values()
    assert values[f"{side}.name"] == "TÊN MỚI"
