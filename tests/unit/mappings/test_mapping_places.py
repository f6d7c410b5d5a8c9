"""Places as they can be said on the day of registration."""

from datetime import date

import pytest

from mappings import converters as shared
from mappings.canonical import (
    Place,
    Residence,
)
from mappings.national_registry import converters as registry
from mappings.places import office_of_authority, province_of_authority, resolve_place
from mappings.population_db import converters as population
from mappings.rules import CannotTranslate, Scene
from tests.support.events import a_birth
from tests.support.mapping_scenes import scene

REGISTRATION_DAY = date(2026, 11, 16)


@pytest.fixture
def here() -> Scene:
    return scene(a_birth())


AT_HOME = Place(commune_code="00691", detail="Tổ 3")


def test_an_address_has_the_codes_of_the_day(here: Scene) -> None:
    expected = {"quocGia": "VN", "maTinh": "08", "maXa": "00691"}
    assert registry.address(here, AT_HOME) == {**expected, "dcChiTiet": "Tổ 3"}
    assert population.address(here, AT_HOME) == {**expected, "chiTiet": "Tổ 3"}
    residence = Residence(kind="temporary", place=AT_HOME)
    assert registry.residence_address(here, residence) == registry.address(here, AT_HOME)
    assert population.residence_address(here, residence) == population.address(here, AT_HOME)
    assert registry.residence_kind(here, residence) == "2"
    assert registry.smallest_unit(here, AT_HOME) == "00691"
    assert registry.smallest_unit(here, Place(province_code="08")) == "08"
    assert registry.smallest_unit(here, Place(detail="?")) is None


def test_a_place_abroad_is_said_in_words(here: Scene) -> None:
    abroad = Place(country="LA", detail="Viêng Chăn")
    assert registry.address(here, abroad) == {"quocGia": "LA", "dcChiTiet": "Viêng Chăn"}
    assert registry.place_abroad(here, abroad) == "Viêng Chăn"
    assert registry.place_abroad(here, AT_HOME) is None
    assert registry.residence_abroad(here, Residence(kind="permanent", place=abroad)) == "Viêng Chăn"


def test_codes_of_the_old_list_are_said_by_name_and_never_as_codes() -> None:
    old = Place(commune_code="00691", detail="Tổ 3", as_of=date(2010, 5, 1))
    resolved = resolve_place(old, REGISTRATION_DAY)
    assert (resolved.province_code, resolved.commune_code) == (None, None)
    assert resolved.detail == "Tổ 3, Phường Trần Phú, Thành phố Hà Giang, Tỉnh Hà Giang"


def test_old_codes_stand_in_an_entry_of_the_old_days() -> None:
    resolved = resolve_place(Place(commune_code="00691"), date(2025, 6, 30))
    assert (resolved.province_code, resolved.commune_code) == ("02", "00691")


def test_a_code_that_was_never_in_force_is_refused() -> None:
    with pytest.raises(CannotTranslate) as caught:
        resolve_place(Place(commune_code="99999"), REGISTRATION_DAY)
    assert caught.value.code == "mapping_unit_unknown"
    with pytest.raises(CannotTranslate):
        province_of_authority("99999", REGISTRATION_DAY)
    assert office_of_authority("99999", REGISTRATION_DAY) is None


def test_the_authority_has_an_office_and_a_province(here: Scene) -> None:
    assert shared.authority_province(here, "00691") == "08"
    assert shared.authority_office(here, "00706", None) == "Ủy ban nhân dân xã Phú Linh"
    assert shared.authority_office(here, "99999", "Trung tâm") == "Trung tâm"
    assert population.authority_address(here, "08") == {
        "quocGia": "VN",
        "maTinh": "08",
        "chiTiet": "Ủy ban nhân dân tỉnh Tuyên Quang",
    }
