"""A place as it can be said on the day of registration: codes of that day's lists, the rest in words."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from mappings.added_editions import added_folder
from mappings.canonical import Place
from mappings.codes import Unit, UnitLevel, find_province_of, find_unit
from mappings.rules import CannotTranslate

_Codes: TypeAlias = tuple[str | None, str | None, str | None]


class ResolvedPlace(NamedTuple):
    """What a partner's address is built from."""

    country: str
    province_code: str | None
    commune_code: str | None
    detail: str | None
    district_code: str | None = None
    """Only until 30 June 2025."""


def _unknown_code(code: str, day: date) -> CannotTranslate:
    return CannotTranslate(
        "mapping_unit_unknown",
        f"Mã đơn vị hành chính {code} không có hiệu lực ngày {day:%d/%m/%Y}; sửa mã hoặc ngày as_of.",
        f"The unit code {code} was not in force on {day.isoformat()}; correct the code or as_of.",
    )


def _smallest(place: Place) -> str | None:
    return place.commune_code or place.district_code or place.province_code


def _units_from(smallest: str | None, day: date) -> Iterator[Unit]:
    """The units that the codes name, smallest first, with the parents that they imply."""
    code = smallest
    while code is not None:
        unit = find_unit(code, day)
        if unit is None:
            raise _unknown_code(code, day)
        yield unit
        code = unit.parent_code


def resolve_place(place: Place, registration_day: date) -> ResolvedPlace:
    """Keep codes that still mean the same on the day of registration; say older ones by their names.

    An old code sent as it is would name another unit, and a changed unit has no single successor [I].

    Raises:
        CannotTranslate: a code that was not in force on the day it is said to mean.

    """
    code = _smallest(place)
    if code is None:
        return ResolvedPlace(place.country, None, None, place.detail)
    codes, names = _said_on(code, place.as_of or registration_day, registration_day, added_folder())
    if codes is None:
        words = ", ".join(word for word in (place.detail, *names) if word)
        return ResolvedPlace(place.country, None, None, words)
    province, district, commune = codes
    return ResolvedPlace(place.country, province, commune, place.detail, district)


@lru_cache(maxsize=4096)
def _said_on(
    code: str, as_of: date, registration_day: date, _lists: Path | None
) -> tuple[_Codes | None, tuple[str, ...]]:
    """Codes of province, district and commune where all still hold, and the names of the units.

    A province has some hundred communes, and registers on one day at a time: the same comes again and again.
    """
    units = list(_units_from(code, as_of))
    names = tuple(unit.full_name for unit in units)
    if not all(unit.validity.covers(registration_day) for unit in units):
        return None, names
    found = {unit.level: unit.code for unit in units}
    return (
        found.get(UnitLevel.PROVINCE),
        found.get(UnitLevel.DISTRICT),
        found.get(UnitLevel.COMMUNE),
    ), names


def place_in_words(place: Place, registration_day: date) -> str | None:
    """Say a place in words, smallest unit first, by the names of the day that its codes are said to mean.

    Raises:
        CannotTranslate: a code that was not in force on the day it is said to mean.

    """
    names = (unit.full_name for unit in _units_from(_smallest(place), place.as_of or registration_day))
    return ", ".join(word for word in (place.detail, *names) if word) or None


def province_of_authority(code: str, day: date) -> str:
    """Give the province of a registering authority.

    Raises:
        CannotTranslate: no unit had this code on that day.

    """
    province = find_province_of(code, day)
    if province is None:
        raise _unknown_code(code, day)
    return province.code


def office_of_authority(code: str, day: date) -> str | None:
    """Name the People's Committee of a unit (Ủy ban nhân dân), or the mission, by its name of that day."""
    unit = find_unit(code, day)
    if unit is None:
        return None
    if unit.level is UnitLevel.MISSION:
        return unit.full_name
    name = unit.full_name
    return f"Ủy ban nhân dân {name[:1].lower()}{name[1:]}"
