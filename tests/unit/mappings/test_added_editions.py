"""An edition that an office adds takes over from its first day; what was in force before stays as it was."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mappings.added_editions import added_editions, all_added_editions, read_also_from
from mappings.codes import find_ethnic_group, find_unit, list_units
from mappings.csv_files import TableBroken
from mappings.editions import find_code, list_editions, list_entries
from mappings.units import UnitLevel

DAY_BEFORE, FIRST_DAY = date(2026, 12, 31), date(2027, 1, 1)
UNIT_COLUMNS = "level,code,name,full_name,unit_type,parent_code,valid_from,valid_to\n"
UNITS = (
    UNIT_COLUMNS
    + "province,08,Thử,Tỉnh Thử,Tỉnh,,2027-01-01,\n"
    + "commune,00691,Mới,Xã Mới,Xã,08,2027-01-01,\n"
)
GROUPS = "code,name,other_names,valid_from,valid_to\n01,Kinh,Việt,2027-01-01,\n99,Thử,,2027-01-01,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    read_also_from(tmp_path)
    yield tmp_path
    read_also_from(None)


def _add(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    read_also_from(folder)


def test_a_new_list_of_units_takes_over_on_its_day(folder: Path) -> None:
    _add(folder, "administrative_units.official.from_2027_01.csv", UNITS)
    old, new = find_unit("00691", DAY_BEFORE), find_unit("00691", FIRST_DAY)
    assert old is not None
    assert new is not None
    assert (old.full_name, new.full_name) == ("Phường Hà Giang 2", "Xã Mới")
    assert len(list_units(UnitLevel.COMMUNE, DAY_BEFORE)) == 3_321
    assert len(list_units(UnitLevel.COMMUNE, FIRST_DAY)) == 1
    assert find_unit("00694", FIRST_DAY) is None


def test_offices_abroad_stay_when_the_units_at_home_change(folder: Path) -> None:
    _add(folder, "administrative_units.official.from_2027_01.csv", UNITS)
    assert find_unit("MJP01", FIRST_DAY) is not None


def test_a_registration_before_the_new_list_keeps_its_old_codes(folder: Path) -> None:
    _add(folder, "administrative_units.official.from_2027_01.csv", UNITS)
    old = find_unit("52", date(2025, 6, 30))
    assert old is not None
    assert old.full_name == "Tỉnh Bình Định"


def test_a_new_edition_is_listed_and_found(folder: Path) -> None:
    _add(folder, "ethnic_groups.official.from_2027_01.csv", GROUPS)
    assert find_ethnic_group("99", DAY_BEFORE) is None
    found = find_ethnic_group("99", FIRST_DAY)
    assert found is not None
    assert found.edition == "from_2027_01"
    assert find_ethnic_group("02", FIRST_DAY) is None
    editions = {each.name: each for each in list_editions("ethnic_groups")}
    assert editions["from_2027_01"].validity.valid_from == FIRST_DAY
    assert editions["official_two_digits"].validity.valid_to == DAY_BEFORE


def test_the_list_of_another_system_changes_nothing_in_ours(folder: Path) -> None:
    _add(folder, "ethnic_groups.national_registry.from_2027_01.csv", GROUPS.replace("99,", "63001,"))
    assert find_code("ethnic_groups", "national_registry", "63001", FIRST_DAY) is not None
    assert find_ethnic_group("63001", FIRST_DAY) is None
    assert find_ethnic_group("02", FIRST_DAY) is not None


def test_of_two_editions_the_later_one_counts_from_its_day(folder: Path) -> None:
    _add(folder, "ethnic_groups.official.from_2027_01.csv", GROUPS)
    later = GROUPS.replace("2027-01-01", "2028-01-01").replace("99,Thử", "98,Khác")
    _add(folder, "ethnic_groups.official.from_2028_01.csv", later)
    codes = [entry.code for entry in list_entries("ethnic_groups", "official", date(2027, 6, 1))]
    assert codes == ["01", "99"]
    codes = [entry.code for entry in list_entries("ethnic_groups", "official", date(2028, 1, 1))]
    assert codes == ["01", "98"]
    assert [each.edition for each in added_editions("ethnic_groups")] == ["from_2027_01", "from_2028_01"]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("groups.csv", GROUPS, "must be named"),
        ("ethnic_groups.official.x.csv", "code,name\n01,Kinh\n", "valid_from, valid_to are missing"),
        ("ethnic_groups.official.x.csv", GROUPS.replace("2027-01-01", "soon"), "ISO day"),
        ("ethnic_groups.official.x.csv", "code,name,valid_from,valid_to\n", "ISO day"),
    ],
)
def test_a_file_that_is_no_edition_is_named(folder: Path, name: str, text: str, reason: str) -> None:
    _add(folder, name, text)
    with pytest.raises(TableBroken, match=reason) as caught:
        all_added_editions()
    assert caught.value.path == folder / name


def test_units_without_their_columns_are_named(folder: Path) -> None:
    _add(folder, "administrative_units.official.x.csv", GROUPS)
    with pytest.raises(TableBroken, match="level, full_name, unit_type, parent_code"):
        find_unit("08", FIRST_DAY)


def test_a_folder_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    read_also_from(tmp_path / "missing")
    try:
        assert all_added_editions() == ()
        assert find_unit("08", FIRST_DAY) is not None
    finally:
        read_also_from(None)
