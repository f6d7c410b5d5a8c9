"""Administrative units (đơn vị hành chính) with the days on which their codes mean them.

Since 1 July 2025 most commune codes name another unit than before: no code can be read without a date.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from mappings.added_editions import AddedEdition, added_editions, added_folder
from mappings.csv_files import MAPPINGS, TableBroken, Validity, read_rows, read_validity

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
_LEVEL: Final = _COLUMNS.index("level")
_CODE: Final = _COLUMNS.index("code")
_PARENT: Final = _COLUMNS.index("parent_code")
_VALID_TO: Final = _COLUMNS.index("valid_to")
_MISSIONS_PATH: Final = MAPPINGS / "tables" / "missions.csv"
_MISSION_COLUMNS: Final = (
    "edition",
    "code",
    "name",
    "name_en",
    "country",
    "valid_from",
    "valid_to",
    "mark",
)
_ANSWERS_KEPT: Final = 4096


class UnitLevel(StrEnum):
    """Tỉnh, huyện (until 30 June 2025), xã; cơ quan đại diện ở nước ngoài."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    MISSION = "mission"


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


def _rows() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    return _rows_with(added_folder())


@cache
def _rows_with(_folder: Path | None) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Bare rows by code: fourteen thousand objects would be built for nothing."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    rows = [*_shipped(), *_missions()]
    for edition in added_editions("administrative_units"):
        rows = [*(_closed(row, edition) for row in rows), *_added(edition)]
    for row in rows:
        found[row[_CODE]] = (*found.get(row[_CODE], ()), row)
    return found


def _shipped() -> Iterator[tuple[str, ...]]:
    with _PATH.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != _COLUMNS:
            raise TableBroken(_PATH, 1, f"columns must be {','.join(_COLUMNS)}")
        for cells in reader:
            yield tuple(cells)


def _missions() -> Iterator[tuple[str, ...]]:
    """Missions abroad register too, though they are no units of the country."""
    for row in read_rows(_MISSIONS_PATH, _MISSION_COLUMNS):
        level, name = UnitLevel.MISSION.value, row["name"]
        days = row["valid_from"], row["valid_to"]
        yield (row["edition"], level, row["code"], name, name, "Cơ quan đại diện", "", *days)


def _closed(row: tuple[str, ...], by: AddedEdition) -> tuple[str, ...]:
    """A whole new list ends the open rows of the lists before it."""
    last_day = by.last_day_before.isoformat()
    is_open = row[_VALID_TO] == "" or row[_VALID_TO] > last_day
    return (*row[:_VALID_TO], last_day) if is_open and row[_LEVEL] != UnitLevel.MISSION else row


def _added(edition: AddedEdition) -> Iterator[tuple[str, ...]]:
    for line, row in enumerate(edition.rows, start=2):
        missing = [name for name in _COLUMNS[1:] if name not in row]
        if missing:
            raise TableBroken(edition.path, line, f"the columns {', '.join(missing)} are missing")
        yield (edition.edition, *(row[name] for name in _COLUMNS[1:]))


@cache
def _unit(row: tuple[str, ...]) -> Unit:
    edition, level, code, name, full_name, unit_type, parent_code, valid_from, valid_to = row
    validity = read_validity(valid_from, valid_to)
    return Unit(edition, UnitLevel(level), code, name, full_name, unit_type, parent_code or None, validity)


def find_unit(code: str, on_date: date) -> Unit | None:
    """Find the province (2 digits), district (3), commune (5) or mission that bore this code on that day."""
    return _unit_on(code, on_date, added_folder())


@lru_cache(maxsize=_ANSWERS_KEPT)
def _unit_on(code: str, on_date: date, folder: Path | None) -> Unit | None:
    """A province has some hundred communes, and registers on one day at a time."""
    units = (_unit(row) for row in _rows_with(folder).get(code, ()))
    return next((unit for unit in units if unit.validity.covers(on_date)), None)


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
    wanted = (row for row in rows if row[_LEVEL] == level.value and parent_code in {None, row[_PARENT]})
    units = (_unit(row) for row in wanted)
    return tuple(
        sorted((unit for unit in units if unit.validity.covers(on_date)), key=lambda unit: unit.code)
    )
