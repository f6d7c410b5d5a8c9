"""Converters by themselves: our value in, every partner's word out."""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from mappings import converters as shared
from mappings.canonical import (
    PartialDate,
    PersonName,
)
from mappings.national_registry import converters as registry
from mappings.one_stop import converters as one_stop
from mappings.population_db import converters as population
from mappings.rules import CannotTranslate, Scene
from tests.support.events import a_birth
from tests.support.mapping_scenes import scene

REGISTRATION_DAY = date(2026, 11, 16)
MORNING = datetime(2026, 11, 15, 17, 30, 5, tzinfo=UTC)


@pytest.fixture
def here() -> Scene:
    return scene(a_birth())


@pytest.mark.parametrize(
    ("moment", "dots", "slashes", "compact"),
    [
        (PartialDate(year=2026, month=11, day=2), "02.11.2026", "02/11/2026", "20261102"),
        (PartialDate(year=2026, month=1), "01.2026", "01/2026", "202601"),
        (PartialDate(year=1990), "1990", "1990", "1990"),
        (PartialDate(year=1960, month=1, day=1, certainty="by_rule"), "01.01.1960", "01/01/1960", "19600101"),
        (PartialDate(certainty="unknown"), None, None, None),
    ],
)
def test_a_partial_date_says_what_is_known(
    here: Scene, moment: PartialDate, dots: str | None, slashes: str | None, compact: str | None
) -> None:
    assert shared.partial_date_dots(here, moment) == dots
    assert shared.partial_date_slashes(here, moment) == slashes
    assert shared.partial_date_compact(here, moment) == compact


def test_an_unknown_date_has_no_words(here: Scene) -> None:
    assert shared.partial_date_words(here, PartialDate(certainty="unknown")) is None
    assert shared.partial_date_words(here, PartialDate(year=2000)) == "Năm hai nghìn"


def test_days_are_days_in_vietnam(here: Scene) -> None:
    assert shared.local_day_dots(here, MORNING) == "16.11.2026"
    assert shared.local_day_slashes(here, MORNING) == "16/11/2026"
    assert shared.local_day_compact(here, MORNING) == "20261116"
    assert shared.day_dots(here, date(2026, 1, 2)) == "02.01.2026"
    assert registry.taken_in_at(here, None, MORNING) == "16/11/2026 00:30:05"
    assert registry.taken_in_at(here, MORNING, datetime(2000, 1, 1, tzinfo=UTC)) == "16/11/2026 00:30:05"
    assert one_stop.local_second(here, MORNING) == "20261116003005"
    assert one_stop.taken_in_at(here, None, MORNING) == "20261116003005"


def test_a_moment_of_the_context_is_read_or_refused(here: Scene) -> None:
    assert one_stop.fact_second(here, "2026-11-15T17:30:05+00:00") == "20261116003005"
    assert one_stop.fact_second(here, "2026-11-15T17:30:05") == "20261116003005"
    with pytest.raises(CannotTranslate) as caught:
        one_stop.fact_second(here, "yesterday")
    assert caught.value.code == "mapping_fact_broken"


def test_the_dossier_code_comes_before_one_made_from_the_entry(here: Scene) -> None:
    entry = ("00691", "KS", MORNING, "41")
    assert shared.dossier_or_entry_code(here, "H60.1-261116-0001", *entry) == "H60.1-261116-0001"
    assert shared.dossier_or_entry_code(here, None, *entry) == "00691-KS-2026-41"
    assert registry.linked_or_dossier_code(here, "G22.1", "H60.1", *entry) == "G22.1"
    assert registry.linked_or_dossier_code(here, None, "H60.1", *entry) == "H60.1"
    assert registry.linked_or_dossier_code(here, None, None, *entry) == "00691-KS-2026-41"


def test_the_first_known_of_several_is_taken(here: Scene) -> None:
    assert shared.first_known(here, None, "b", "c") == "b"
    assert shared.first_known(here, None, None) is None
    assert shared.first_upper_name(here, None, PersonName(full="lê mẫu")) == "LÊ MẪU"
    assert shared.first_upper_name(here, None) is None


def test_codes_outside_the_lists_are_refused(here: Scene) -> None:
    for refuse in (
        partial(shared.ethnic_group, here, "99"),
        partial(shared.country, here, "XX"),
        partial(shared.country_name, here, "XX"),
        partial(one_stop.procedure_name, here, "9.999999"),
        partial(registry.sex_code, here, "other"),
    ):
        with pytest.raises(CannotTranslate) as caught:
            refuse()
        assert caught.value.code == "mapping_code_unknown"
        assert caught.value.message_vi != caught.value.message_en


def test_codes_in_the_lists_pass(here: Scene) -> None:
    assert shared.ethnic_group(here, "08") == "08"
    assert shared.country(here, "LA") == "LA"
    assert shared.country_name(here, "LA") == "Lào"
    assert one_stop.procedure_name(here, "1.001193.000.00.00.H60") == "Đăng ký khai sinh"


def test_sex_is_spelled_differently_by_each_partner(here: Scene) -> None:
    sexes = ("male", "female", "undetermined")
    assert [registry.sex_code(here, sex) for sex in sexes] == ["1", "2", "3"]
    assert [population.sex_code(here, sex) for sex in sexes] == ["1", "2", "0"]


def test_plain_values_pass_unchanged(here: Scene) -> None:
    assert shared.as_written(here, "a b") == "a b"
    assert shared.whole_number(here, 2) == 2
    assert shared.whole_number_text(here, 2) == "2"
    assert shared.upper_whole_name(here, PersonName(given="mẫu")) == "MẪU"
