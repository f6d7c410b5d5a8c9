"""From an old administrative unit to the new one (cầu nối mã): an answer, or a question to a person.

Hundreds of communes were divided among two to five new ones; only the detailed address tells which is meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final, TypeAlias

from mappings.csv_files import MAPPINGS, read_rows
from mappings.units import Unit, UnitLevel, find_unit, get_unit, list_units

_PATH: Final = MAPPINGS / "tables" / "commune_bridge.csv"
_COLUMNS: Final = ("level", "old_code", "new_code", "is_split", "valid_from", "mark")


class Doubt(StrEnum):
    """Why a person must decide."""

    SPLIT = "split"
    """The old unit was divided: its address decides (đơn vị cũ bị chia)."""
    SUCCESSOR_NOT_IN_LIST = "successor_not_in_list"
    """The bridge leads to a code that the list of that day does not have."""
    NO_LINK = "no_link"
    """The bridge says nothing, as of a district that was abolished."""


@dataclass(frozen=True, slots=True)
class Same:
    """The code still means the same unit."""

    unit: Unit


@dataclass(frozen=True, slots=True)
class Successor:
    """The one unit that took the old one over."""

    old: Unit
    unit: Unit


@dataclass(frozen=True, slots=True)
class Question:
    """A person must choose; nothing is chosen for him, not even when there is one candidate."""

    old: Unit
    candidates: tuple[Unit, ...]
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class NoUnit:
    """Nothing bore the code on the day it is said to mean."""

    code: str
    meant_on: date


BridgeAnswer: TypeAlias = Same | Successor | Question | NoUnit


@dataclass(frozen=True, slots=True)
class Link:
    """One old unit and one that took over all or a part of it."""

    level: UnitLevel
    old_code: str
    new_code: str
    is_split: bool
    valid_from: date
    mark: str


@cache
def _links() -> Mapping[tuple[UnitLevel, str], tuple[Link, ...]]:
    found: dict[tuple[UnitLevel, str], tuple[Link, ...]] = {}
    for row in read_rows(_PATH, _COLUMNS):
        day = date.fromisoformat(row["valid_from"])
        level, is_split = UnitLevel(row["level"]), row["is_split"] == "yes"
        link = Link(level, row["old_code"], row["new_code"], is_split, day, row["mark"])
        key = (link.level, link.old_code)
        found[key] = (*found.get(key, ()), link)
    return found


def list_links(on_date: date) -> tuple[Link, ...]:
    """List all links that have come about by that day."""
    return tuple(link for links in _links().values() for link in links if link.valid_from <= on_date)


def bridge(old_code: str, meant_on: date, on_date: date) -> BridgeAnswer:
    """Say which unit of `on_date` the unit became that bore the code on `meant_on`."""
    old = find_unit(old_code, meant_on)
    if old is None:
        return NoUnit(old_code, meant_on)
    if old.validity.covers(on_date):
        return Same(old)
    links = [link for link in _links().get((old.level, old.code), ()) if _leads(link, old, on_date)]
    found = (find_unit(link.new_code, on_date) for link in links)
    units = tuple(unit for unit in found if unit is not None)
    if any(link.is_split for link in links):
        return Question(old, _with_orphans(units, links, on_date), Doubt.SPLIT)
    if len(units) == 1:
        return Successor(old, units[0])
    if links:
        return Question(old, _with_orphans(units, links, on_date), Doubt.SUCCESSOR_NOT_IN_LIST)
    return Question(old, (), Doubt.NO_LINK)


def _leads(link: Link, old: Unit, on_date: date) -> bool:
    """A link leads forward only: from a unit that was there before to the lists from its day on."""
    is_older = old.validity.valid_from is None or old.validity.valid_from < link.valid_from
    return is_older and link.valid_from <= on_date


def _with_orphans(units: tuple[Unit, ...], links: list[Link], on_date: date) -> tuple[Unit, ...]:
    """Where a link leads nowhere, the units of the province to which no link leads may be meant."""
    if len(units) == len(links):
        return units
    provinces = {unit.parent_code for unit in units} or {_province_of(link, on_date) for link in links}
    reached = _reached(on_date)
    orphans = (
        unit
        for province in sorted(code for code in provinces if code)
        for unit in list_units(UnitLevel.COMMUNE, on_date, province)
        if unit.code not in reached
    )
    return (*units, *orphans)


def _province_of(link: Link, on_date: date) -> str | None:
    """Find the new province of the old unit, by the bridge of the provinces."""
    day_before = date.fromordinal(link.valid_from.toordinal() - 1)
    unit: Unit | None = get_unit(link.old_code, day_before)
    while unit is not None and unit.level is not UnitLevel.PROVINCE:
        unit = find_unit(unit.parent_code, day_before) if unit.parent_code else None
    if unit is None:
        return None
    answer = bridge(unit.code, day_before, on_date)
    return answer.unit.code if isinstance(answer, Same | Successor) else None


@cache
def _reached(on_date: date) -> frozenset[str]:
    return frozenset(link.new_code for link in list_links(on_date))
