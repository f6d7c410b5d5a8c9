"""Codes mean something on a date only."""

import csv
import inspect
from datetime import date
from pathlib import Path

import pytest

from mappings import codes
from mappings.codes import (
    UnitLevel,
    UnitNotFound,
    find_book,
    find_century_sex,
    find_country,
    find_entry,
    find_ethnic_group,
    find_ordinary_procedure,
    find_partner_code,
    find_personal_id_place,
    find_procedure,
    find_province_of,
    find_unit,
    get_unit,
    list_units,
)
from mappings.csv_files import TableBroken, read_rows, read_validity

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
TODAY = date(2026, 11, 22)
_WHAT_A_CODE_IS_READ_BY = ("list", "series", "level", "code", "valid_from")


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("52", "Tỉnh Bình Định", "Tỉnh Gia Lai"),
        ("08", "Tỉnh Tuyên Quang", "Tỉnh Tuyên Quang"),
        ("00691", "Phường Trần Phú", "Phường Hà Giang 2"),
        ("001", "Quận Ba Đình", None),
        ("64", "Tỉnh Gia Lai", None),
    ],
)
def test_the_same_code_means_another_unit_on_another_day(code: str, before: str, after: str | None) -> None:
    old, new = find_unit(code, BEFORE), find_unit(code, AFTER)
    assert old is not None
    assert old.full_name == before
    assert (new and new.full_name) == after


def test_the_province_of_a_commune_is_that_of_the_day() -> None:
    old, new = find_province_of("00691", BEFORE), find_province_of("00691", AFTER)
    assert old is not None
    assert new is not None
    assert (old.code, new.code) == ("02", "08")


def test_a_unit_that_was_not_there_is_an_error_when_it_is_demanded() -> None:
    assert get_unit("08", TODAY).level is UnitLevel.PROVINCE
    with pytest.raises(UnitNotFound) as caught:
        get_unit("99999", TODAY)
    assert (caught.value.code, caught.value.on_date) == ("99999", TODAY)


@pytest.mark.parametrize(
    ("level", "day", "count"),
    [
        (UnitLevel.PROVINCE, BEFORE, 63),
        (UnitLevel.PROVINCE, AFTER, 34),
        (UnitLevel.DISTRICT, BEFORE, 696),
        (UnitLevel.DISTRICT, AFTER, 0),
        (UnitLevel.COMMUNE, BEFORE, 10_035),
        (UnitLevel.COMMUNE, AFTER, 3_321),
    ],
)
def test_the_lists_hold_every_unit_of_their_day(level: UnitLevel, day: date, count: int) -> None:
    assert len(list_units(level, day)) == count


def test_the_communes_of_a_province_belong_to_it() -> None:
    communes = list_units(UnitLevel.COMMUNE, TODAY, "08")
    assert len(communes) == 124
    assert {unit.parent_code for unit in communes} == {"08"}


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_every_unit_has_its_parent_on_the_same_day(day: date) -> None:
    for level in (UnitLevel.COMMUNE, UnitLevel.DISTRICT):
        for unit in list_units(level, day):
            assert unit.parent_code is not None
            assert find_unit(unit.parent_code, day) is not None


def test_no_look_up_can_be_asked_without_a_date() -> None:
    finders = [
        function
        for name, function in vars(codes).items()
        if name.startswith(("find_", "get_")) and inspect.isfunction(function)
    ]
    assert len(finders) > 8
    for function in finders:
        required = inspect.signature(function).parameters["on_date"]
        assert required.default is inspect.Parameter.empty


def test_lists_are_read_by_code() -> None:
    found = [
        find_ethnic_group("08", TODAY),
        find_country("VN", TODAY),
        find_book("KT", TODAY),
        find_procedure("1.000656", TODAY),
        find_procedure("1.000656.000.00.00.H56", TODAY),
        find_personal_id_place("008", TODAY),
    ]
    names = [entry and entry.name for entry in found]
    assert names == [
        "Mông",
        "Việt Nam",
        "Sổ đăng ký khai tử",
        "Đăng ký khai tử",
        "Đăng ký khai tử",
        "Tuyên Quang",
    ]


def test_a_code_that_is_in_no_list_is_not_found() -> None:
    assert find_ethnic_group("99", TODAY) is None
    assert find_country("XX", TODAY) is None
    assert find_procedure("9.999999", TODAY) is None
    assert find_personal_id_place("099", TODAY) is None
    with pytest.raises(KeyError):
        find_entry("colours", "1", TODAY)


@pytest.mark.parametrize(
    ("matter", "code"), [("birth", "1.001193"), ("marriage", "1.000894"), ("death", "1.000656")]
)
def test_each_matter_has_one_ordinary_procedure(matter: str, code: str) -> None:
    entry = find_ordinary_procedure(matter, TODAY)
    assert entry is not None
    assert entry.code == code


def test_the_fourth_digit_tells_sex_and_century() -> None:
    girl, man = find_century_sex("3", TODAY), find_century_sex("0", TODAY)
    assert girl is not None
    assert man is not None
    assert (girl.sex, girl.birth_year_from, girl.birth_year_to) == ("female", 2000, 2099)
    assert (man.sex, man.birth_year_from, man.birth_year_to) == ("male", 1900, 1999)


def test_a_term_without_a_code_is_not_found() -> None:
    assert find_partner_code("national_registry", "sex", "undetermined", TODAY) == "3"
    assert find_partner_code("population_db", "sex", "undetermined", TODAY) == "0"
    assert find_partner_code("national_registry", "sex", "other", TODAY) is None


def test_validity_has_both_its_ends() -> None:
    validity = read_validity("2025-07-01", "2025-07-31")
    inside = [date(2025, 7, 1), date(2025, 7, 31)]
    outside = [date(2025, 6, 30), date(2025, 8, 1)]
    assert all(validity.covers(day) for day in inside)
    assert not any(validity.covers(day) for day in outside)
    assert read_validity("", "").covers(TODAY)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("a;b\n", "columns must be a,b"), ("a,b\n1\n", "1 cells instead of 2"), ("", "columns must be a,b")],
)
def test_a_broken_table_says_where(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableBroken) as caught:
        list(read_rows(path, ("a", "b")))
    assert caught.value.reason == reason
    assert "t.csv:" in str(caught.value)


def test_no_code_stands_twice_for_the_same_day() -> None:
    folder = Path(codes.__file__).parent / "tables"
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if "code" in row]
        keys = [tuple(row.get(name) for name in _WHAT_A_CODE_IS_READ_BY) for row in rows]
        assert len(keys) == len(set(keys)), path.name
