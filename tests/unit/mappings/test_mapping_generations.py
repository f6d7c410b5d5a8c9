"""Which generation of the registry is spoken, also in the night in which everything changed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from mappings.canonical import VIETNAM_TIME, sample_event
from mappings.catalog import Catalog, GenerationChoice, MappingViolation, TranslatedMessage, load_catalog
from mappings.csv_files import Validity
from mappings.generations import BY_VALIDITY, window_problems
from tests.support.events import a_birth, a_death, a_marriage
from tests.support.mapping_scenes import context, parsed

REGISTRY = "national_registry"
MIDNIGHT = datetime(2025, 7, 1, tzinfo=VIETNAM_TIME)
SECOND = timedelta(seconds=1)
PUSH_1, PUSH_2 = "dangKyHoTich", "nhanHoSoDKHT"
WINDOWS = {"1": Validity(None, date(2025, 6, 30)), "2": Validity(date(2025, 7, 1), None)}
OLD_WARD = "00691"
"""Phường Minh Khai, Hà Giang, until the night; the same digits name another ward since."""


def sent(
    event: Mapping[str, Any], on: datetime, catalog: Catalog | None = None, message: str = "record"
) -> TranslatedMessage:
    result = (catalog or load_catalog()).translate(parsed(event), REGISTRY, message, context(), on)
    assert isinstance(result, TranslatedMessage), result
    return result


def an_old_birth(registered_at: str = "2025-06-30T23:59:30+07:00") -> dict[str, Any]:
    place = {"country": "VN", "province_code": "02", "commune_code": OLD_WARD, "as_of": "2025-06-30"}
    return a_birth(
        registration__registered_at=registered_at,
        registration__authority_code=OLD_WARD,
        registration__volume="01/2025",
        dossier__received_at="2025-06-30T08:00:00+07:00",
        dossier__due_at="2025-07-01T08:00:00+07:00",
        child__birth_date={"year": 2025, "month": 6, "day": 20, "certainty": "exact"},
        birth__certificate_date="2025-06-21",
        child__place_of_birth=place,
        child__place_of_origin=place,
    )


@pytest.mark.parametrize(
    ("on", "operation"),
    [
        (MIDNIGHT - SECOND, PUSH_1),
        (MIDNIGHT, PUSH_2),
        (MIDNIGHT + SECOND, PUSH_2),
        (datetime(2025, 6, 30, 16, 59, 59, tzinfo=UTC), PUSH_1),
        (datetime(2025, 6, 30, 17, 0, tzinfo=UTC), PUSH_2),
        (datetime(2020, 1, 1, tzinfo=UTC), PUSH_1),
        (datetime(2030, 1, 1, tzinfo=UTC), PUSH_2),
    ],
)
def test_the_moment_of_sending_chooses_the_generation_by_vietnamese_time(
    on: datetime, operation: str
) -> None:
    assert sent(an_old_birth(), on).operation == operation


def test_without_a_moment_of_its_own_the_time_of_translation_counts() -> None:
    result = load_catalog().translate(parsed(a_birth()), REGISTRY, "record", context())
    assert isinstance(result, TranslatedMessage)
    assert result.operation == PUSH_2


def test_an_event_of_the_last_evening_keeps_its_old_codes_when_it_is_sent_after_midnight() -> None:
    before, after = sent(an_old_birth(), MIDNIGHT - SECOND), sent(an_old_birth(), MIDNIGHT + SECOND)
    assert (before.body["maDonVi"], after.body["maDonVi"]) == (691, OLD_WARD)
    assert before.body["ngayTiepNhan"] == "2025-06-30"
    assert after.body["ngayTiepNhan"] == "30/06/2025 08:00:00"
    old, new = before.body["data"], after.body["data"]
    assert isinstance(old, Mapping)
    assert isinstance(new, Mapping)
    assert old["ngayDangKy"] == new["ngayDangKy"] == "30.06.2025"
    assert old["noiDangKy"] == new["noiDangKy"] == OLD_WARD
    born = new["nksNoiSinh"]
    assert isinstance(born, Mapping)
    assert (born["maTinh"], born["maXa"]) == ("02", OLD_WARD)
    assert str(old["nksNoiSinh"]).endswith("Thành phố Hà Giang, Tỉnh Hà Giang")
    assert after.routing["maTinh"] == "02"


def test_an_event_of_the_first_minute_has_the_new_codes_in_both_generations() -> None:
    event = a_birth(
        registration__registered_at="2025-07-01T00:00:30+07:00",
        registration__volume="01/2025",
        dossier__received_at="2025-06-30T08:00:00+07:00",
        dossier__due_at="2025-07-02T08:00:00+07:00",
        child__birth_date={"year": 2025, "month": 6, "day": 20, "certainty": "exact"},
        birth__certificate_date="2025-06-21",
    )
    first = load_catalog().speaking({REGISTRY: GenerationChoice("1")})
    record = sent(event, MIDNIGHT + SECOND, first).body["data"]
    assert isinstance(record, Mapping)
    assert str(record["nksNoiSinh"]).endswith("Tỉnh Tuyên Quang")
    assert sent(event, MIDNIGHT + SECOND).routing["maTinh"] == "08"


@pytest.mark.parametrize("fixed", ["1", "2"])
def test_a_fixed_generation_is_spoken_on_every_day(fixed: str) -> None:
    catalog = load_catalog().speaking({REGISTRY: GenerationChoice(fixed)})
    for event in (a_birth(), a_marriage(), a_death()):
        for on in (MIDNIGHT - SECOND, MIDNIGHT, MIDNIGHT + timedelta(days=500)):
            assert sent(event, on, catalog).operation == {"1": PUSH_1, "2": PUSH_2}[fixed]


def test_a_province_that_switches_later_says_when() -> None:
    later = MIDNIGHT + timedelta(days=1, hours=8)
    catalog = load_catalog().speaking({REGISTRY: GenerationChoice(starts={"2": later})})
    assert sent(an_old_birth(), later - SECOND, catalog).operation == PUSH_1
    assert sent(an_old_birth(), later, catalog).operation == PUSH_2


def test_setting_one_partner_leaves_the_shared_catalogue_alone() -> None:
    load_catalog().speaking({REGISTRY: GenerationChoice("1")})
    assert load_catalog().generation_at(REGISTRY, MIDNIGHT) == "2"
    assert load_catalog().generation_at("one_stop", MIDNIGHT) == "1"


def test_a_message_that_a_generation_lacks_is_a_reason_for_a_person_and_no_crash() -> None:
    catalog = load_catalog()
    lacking = next(
        each
        for each in catalog.all_messages()
        if each.destination == REGISTRY
        and (each.name, "1") not in catalog.versions(each.event_type, REGISTRY)
    )
    first = catalog.speaking({REGISTRY: GenerationChoice("1")})
    event = parsed(sample_event(lacking.event_type))
    result = first.translate(event, REGISTRY, lacking.name, context())
    assert isinstance(result, tuple)
    (violation,) = result
    assert isinstance(violation, MappingViolation)
    assert violation.code == "mapping_not_in_generation"
    assert "1" in violation.message_vi
    assert "1" in violation.message_en


@pytest.mark.parametrize(("offset_hours", "generation"), [(7, "2"), (8, "1"), (0, "2"), (-5, "2")])
def test_midnight_is_that_of_vietnam_and_of_no_other_place(offset_hours: int, generation: str) -> None:
    on = datetime(2025, 7, 1, tzinfo=timezone(timedelta(hours=offset_hours)))
    assert BY_VALIDITY.generation_at(WINDOWS, on) == generation


def test_before_the_first_generation_the_first_is_spoken() -> None:
    windows = {"1": Validity(date(2020, 1, 1), None)}
    assert BY_VALIDITY.generation_at(windows, datetime(2019, 1, 1, tzinfo=UTC)) == "1"


@pytest.mark.parametrize(
    ("windows", "found"),
    [
        (WINDOWS, set()),
        (
            {"1": Validity(None, date(2025, 6, 29)), "2": Validity(date(2025, 7, 1), None)},
            {"generation 2 must begin the day after generation 1 ends"},
        ),
        (
            {"1": Validity(None, None), "2": Validity(date(2025, 7, 1), date(2030, 1, 1))},
            {
                "generation 2 must begin the day after generation 1 ends",
                "generation 2 is the newest and must have no valid_to",
            },
        ),
    ],
)
def test_on_every_day_one_generation_is_spoken(windows: Mapping[str, Validity], found: set[str]) -> None:
    assert set(window_problems(windows)) == found
