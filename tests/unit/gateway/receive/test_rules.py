"""Where the rules must keep silent, and where a date decides."""

from typing import Any

import pytest

from gateway.model.submission import ValidSubmission
from gateway.receive.parse import BodyLimits
from gateway.receive.rules.scene import RuleLimits
from gateway.receive.validate import Rulebook
from gateway.receive.walk import prepare
from tests.support.events import ABSENT, a_birth, a_death, a_marriage
from tests.support.faulty_messages import as_bytes
from tests.support.submissions import a_raw_submission

OLD_DAY = "2025-06-30T09:00:00+07:00"
OLD_HA_GIANG = {"province_code": "02", "district_code": "024", "commune_code": "00691"}
NEW_TUYEN_QUANG = {"province_code": "08", "commune_code": "00691"}


def _codes(event: dict[str, Any], *authorities: str) -> list[str]:
    raw = a_raw_submission(as_bytes(event), authorities=frozenset(authorities or {"08"}))
    prepared = prepare(raw, BodyLimits(), Rulebook())
    return [] if isinstance(prepared, ValidSubmission) else [violation.code for violation in prepared]


def _day(text: str, certainty: str = "exact") -> dict[str, Any]:
    year, month, day = (int(part) for part in text.split("-"))
    return {"year": year, "month": month, "day": day, "certainty": certainty}


@pytest.mark.parametrize("authority", ["08", "00691"])
def test_a_sender_speaks_for_his_unit_and_those_below(authority: str) -> None:
    assert _codes(a_birth(), authority) == []


def test_how_old_a_registration_may_be_is_a_setting() -> None:
    event = a_birth(registration__registered_at="2026-11-12T09:40:00+07:00", dossier=ABSENT)
    for days, code in ((4, ["registered_too_long_ago"]), (5, [])):
        rulebook = Rulebook(limits=RuleLimits(registration_age_days_max=days))
        prepared = prepare(a_raw_submission(as_bytes(event)), BodyLimits(), rulebook)
        found = [] if isinstance(prepared, ValidSubmission) else [each.code for each in prepared]
        assert found == code


@pytest.mark.parametrize("authority", ["00694", "01", "02", "024"])
def test_a_sender_speaks_for_nobody_else(authority: str) -> None:
    assert _codes(a_birth(), authority) == ["authority_not_yours"]


@pytest.mark.parametrize(
    ("authority", "codes"),
    [
        ("00691", []),
        ("024", []),
        ("02", []),
        ("08", ["authority_not_yours"]),
        ("026", ["authority_not_yours"]),
    ],
)
def test_who_stands_above_a_unit_depends_on_the_day_of_registration(authority: str, codes: list[str]) -> None:
    event = a_birth(
        registration__registered_at=OLD_DAY,
        child__birth_date=_day("2025-06-20"),
        child__place_of_birth=OLD_HA_GIANG,
        child__place_of_origin=OLD_HA_GIANG,
        mother__residence__place=OLD_HA_GIANG,
        father__residence__place=OLD_HA_GIANG,
        requester=ABSENT,
        birth__certificate_date="2025-06-21",
    )
    assert _codes(event, authority) == codes


def test_a_district_office_registers_until_june_2025() -> None:
    old = a_birth(registration__registered_at=OLD_DAY, registration__authority_code="024")
    assert "authority_unknown" not in _codes(old, "02")
    assert "authority_unknown" in _codes(a_birth(registration__authority_code="024"))


def test_the_day_of_the_codes_goes_before_the_day_of_registration() -> None:
    old = {**OLD_HA_GIANG, "as_of": "2020-01-01"}
    assert _codes(a_birth(child__place_of_origin=old)) == []
    assert _codes(a_birth(child__place_of_origin=NEW_TUYEN_QUANG)) == []
    assert "district_abolished" in _codes(a_birth(child__place_of_origin=OLD_HA_GIANG))


def test_a_place_abroad_or_without_codes_is_a_place() -> None:
    assert _codes(a_birth(child__place_of_birth={"country": "LA", "detail": "Viêng Chăn"})) == []
    assert _codes(a_birth(child__place_of_birth={"detail": "Trên tàu"})) == []


def test_the_day_of_registration_is_a_day_in_viet_nam() -> None:
    # 18:00 UTC on 30 June is 1 July there: the districts are gone.
    event = a_birth(
        registration__registered_at="2025-06-30T18:00:00+00:00",
        child__place_of_origin=OLD_HA_GIANG,
    )
    assert "district_abolished" in _codes(event)


@pytest.mark.parametrize(
    "born",
    [
        {"year": 2026},
        {"year": 2026, "month": 11},
        _day("2026-01-01", "by_rule"),
        _day("2026-11-01", "by_rule"),
        {"certainty": "unknown"},
    ],
)
def test_what_a_date_does_not_say_is_not_held_against_it(born: dict[str, Any]) -> None:
    assert _codes(a_birth(mother__birth_date=born)) == []
    assert _codes(a_death(deceased__birth_date=born)) == []


def test_a_year_that_is_surely_too_late_is_enough() -> None:
    assert _codes(a_birth(mother__birth_date={"year": 2027})) == [
        "born_after_registration",
        "parent_not_older",
    ]
    assert _codes(a_death(death__date={"year": 1940})) == ["died_before_birth"]


@pytest.mark.parametrize(
    ("born", "established", "codes"),
    [
        ("2006-11-12", "2026-11-12", []),
        ("2006-11-13", "2026-11-12", ["below_marriage_age"]),
        ("1995-02-01", "2014-12-31", []),  # until then one full year less was enough
        ("1995-02-01", "2014-02-01", []),
        ("1995-02-01", "2014-01-31", ["below_marriage_age"]),
        ("1995-02-01", "2015-01-01", ["below_marriage_age"]),
        ("2000-02-29", "2020-02-29", []),
        ("2000-02-29", "2020-02-28", ["below_marriage_age"]),
    ],
)
def test_the_age_of_marriage_is_that_of_the_law_of_the_day(
    born: str, established: str, codes: list[str]
) -> None:
    event = a_marriage(
        registration__kind="re_registration",
        dossier__procedure_code="1.004746",
        husband__birth_date=_day(born),
        established_on=_day(established),
        wife__birth_date=_day("1980-01-01"),
    )
    assert _codes(event) == codes


def test_a_local_ending_of_a_procedure_is_passed_over() -> None:
    assert _codes(a_birth(dossier__procedure_code="1.001193.000.00.00.H60")) == []


def test_an_abandoned_child_has_neither_parents_nor_ethnic_group() -> None:
    event = a_birth(
        birth__abandoned=True,
        mother=ABSENT,
        father=ABSENT,
        unknown=["mother", "father"],
        child__ethnic_group_code=ABSENT,
        child__unknown=["ethnic_group_code"],
    )
    assert _codes(event) == []


def test_two_people_without_a_number_are_two_people() -> None:
    assert _codes(a_birth(mother__personal_id=ABSENT, father__personal_id=ABSENT)) == []


def test_clocks_may_differ_a_little() -> None:
    assert _codes(a_birth(registration__registered_at="2026-11-16T10:04:59+07:00")) == []


@pytest.mark.parametrize("key", ["k", "a b", "x" * 255])
def test_a_printable_idempotency_key_is_taken(key: str) -> None:
    prepared = prepare(a_raw_submission(as_bytes(a_birth()), idempotency_key=key), BodyLimits(), Rulebook())
    assert isinstance(prepared, ValidSubmission)
    assert prepared.idempotency_key == key


def test_without_a_key_the_senders_own_number_is_the_key() -> None:
    prepared = prepare(a_raw_submission(as_bytes(a_birth())), BodyLimits(), Rulebook())
    assert isinstance(prepared, ValidSubmission)
    assert prepared.idempotency_key == prepared.event.source_event_id
