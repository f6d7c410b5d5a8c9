"""The population database's words."""

import pytest

from mappings import converters as shared
from mappings.canonical import (
    MultipleBirth,
    PartialDate,
    PersonName,
)
from mappings.population_db import converters as population
from mappings.rules import CannotTranslate, Scene
from tests.support.events import a_birth
from tests.support.mapping_scenes import identity_paper as paper
from tests.support.mapping_scenes import scene


@pytest.fixture
def here() -> Scene:
    return scene(a_birth())


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (PersonName(full="lê thị mẫu"), {"Ho": "LÊ", "ChuDem": "THỊ", "Ten": "MẪU"}),
        (PersonName(full="Mẫu"), {"Ten": "MẪU"}),
        (
            PersonName(family="Tôn Nữ", middle="Thị", given="Minh Châu"),
            {"Ho": "TÔN NỮ", "ChuDem": "THỊ", "Ten": "MINH CHÂU"},
        ),
        (PersonName(family="Lê", given="Mẫu"), {"Ho": "LÊ", "Ten": "MẪU"}),
    ],
)
def test_stated_parts_of_a_name_win_over_cutting(
    here: Scene, name: PersonName, parts: dict[str, str]
) -> None:
    assert population.name_in_parts(here, name) == parts


def test_a_name_without_latin_letters_cannot_be_looked_up(here: Scene) -> None:
    assert population.folded_name(here, PersonName(full="Đỗ O'Brien")) == "DOOBRIEN"
    with pytest.raises(CannotTranslate) as caught:
        population.folded_name(here, PersonName(full="王小明"))
    assert caught.value.code == "mapping_name_not_latin"


def test_the_query_gives_the_day_or_else_the_year(here: Scene) -> None:
    assert population.birth_date_query(here, PartialDate(year=1985, month=5, day=20)) == {
        "NgayThangNam": "19850520"
    }
    assert population.birth_date_query(here, PartialDate(year=1985, month=5)) == {"Nam": "1985"}
    assert population.birth_date_query(here, PartialDate(certainty="unknown")) is None


def test_the_number_on_a_card_is_the_personal_number(here: Scene) -> None:
    card = paper("citizen_id_card", "099197000001")
    old = paper("identity_card_9", "073000001")
    assert population.personal_number(here, "099197000009", card) == "099197000009"
    assert population.personal_number(here, None, card) == "099197000001"
    assert population.personal_number(here, None, old) is None
    assert population.personal_number(here, None, paper("passport", "099197000001")) is None


def test_the_old_number_is_asked_by_only_without_a_personal_number(here: Scene) -> None:
    old = paper("identity_card_9", "073000001")
    assert population.old_number_when_needed(here, None, old, "birth") == "073000001"
    assert population.old_number_when_needed(here, "099197000001", old, "birth") is None
    with pytest.raises(CannotTranslate) as caught:
        population.old_number_when_needed(here, None, paper("passport", "B123"), "birth")
    assert caught.value.code == "mapping_no_number"
    assert shared.old_identity_number(here, old) == "073000001"
    assert shared.old_identity_number(here, paper("passport", "B123")) is None


def test_twins_say_so(here: Scene) -> None:
    twin = population.multiple_birth(here, MultipleBirth(order=2, total=3))
    assert twin == {"laSinhDoi": "true", "thuTu": 2, "tongSo": 3}


def test_the_service_is_the_procedure_or_the_ordinary_one(here: Scene) -> None:
    assert population.service_code(here, "2.000986", "birth") == "2.000986"
    assert population.service_code(here, None, "death") == "1.000656"
    assert population.service_code(here, "1.001193.0000.0000.0000.H60", "birth") == "1.001193"
    assert population.service_code(here, None, "baptism") is None
