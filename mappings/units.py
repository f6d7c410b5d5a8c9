"""Administrative units (đơn vị hành chính) with the days on which their codes mean them.

Since 1 July 2025 most commune codes name another unit than before: no code can be read without a date.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final

from mappings.csv_files import MAPPINGS, TableBroken, Validity, read_validity

_PATH: Final = MAPPINGS / "tables" / "administrative_units.csv"
_COLUMNS: Final = (
    "edition",
    "level",
    "code",
    "name",
    "full_name",
    "unit_type",
    "parent_code",
    "valid_from",
    "valid_to",
)


class UnitLevel(StrEnum):
    """Tỉnh, huyện (until 30 June 2025), xã."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit under one edition of the list."""

    edition: str
    level: UnitLevel
    code: str
    name: str
    full_name: str
    unit_type: str
    parent_code: str | None
    validity: Validity


class UnitNotFound(LookupError):
    """No unit had this code on that day."""

    def __init__(self, code: str, on_date: date) -> None:
        super().__init__(f"{code} on {on_date.isoformat()}")
        self.code, self.on_date = code, on_date


@cache
def _rows() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Bare rows by code: fourteen thousand objects would be built for nothing."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    with _PATH.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != _COLUMNS:
            raise TableBroken(_PATH, 1, f"columns must be {','.join(_COLUMNS)}")
        for cells in reader:
            row = tuple(cells)
            found[row[2]] = (*found.get(row[2], ()), row)
    return found


@cache
def _unit(row: tuple[str, ...]) -> Unit:
    edition, level, code, name, full_name, unit_type, parent_code, valid_from, valid_to = row
    validity = read_validity(valid_from, valid_to)
    return Unit(edition, UnitLevel(level), code, name, full_name, unit_type, parent_code or None, validity)


def find_unit(code: str, on_date: date) -> Unit | None:
    """Find the province (2 digits), district (3) or commune (5) that bore this code on that day."""
    for row in _rows().get(code, ()):
        unit = _unit(row)
        if unit.validity.covers(on_date):
            return unit
    return None


def get_unit(code: str, on_date: date) -> Unit:
    """Like `find_unit`.

    Raises:
        UnitNotFound: nothing bore the code on that day.

    """
    unit = find_unit(code, on_date)
    if unit is None:
        raise UnitNotFound(code, on_date)
    return unit


def find_province_of(code: str, on_date: date) -> Unit | None:
    """Find the province to which a unit of any level belonged on that day."""
    unit = find_unit(code, on_date)
    while unit is not None and unit.level is not UnitLevel.PROVINCE:
        unit = find_unit(unit.parent_code, on_date) if unit.parent_code else None
    return unit


def list_units(level: UnitLevel, on_date: date, parent_code: str | None = None) -> tuple[Unit, ...]:
    """List the units of a level on that day, of one parent or of the whole country, by code."""
    rows = (row for each in _rows().values() for row in each)
    wanted = (row for row in rows if row[1] == level.value and (parent_code is None or row[6] == parent_code))
    units = (_unit(row) for row in wanted)
    return tuple(
        sorted((unit for unit in units if unit.validity.covers(on_date)), key=lambda unit: unit.code)
    )
