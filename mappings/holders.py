"""Who keeps a book today (cơ quan đang giữ sổ): the office that made the entry, or who took it over."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from mappings.bridge import NoUnit, Question, Same, Successor, bridge
from mappings.units import Unit, UnitLevel, find_province_of, find_unit

MINISTRY_OF_JUSTICE: Final = "BTP"
"""Bộ Tư pháp, above the provinces in civil status (Law on civil status, art. 65); the code is ours [I]."""
MINISTRY_OF_FOREIGN_AFFAIRS: Final = "BNG"
"""Bộ Ngoại giao, above the missions and the way to them (Law on civil status, art. 53); ours [I]."""
CENTRAL_OFFICES: Final = frozenset({MINISTRY_OF_JUSTICE, MINISTRY_OF_FOREIGN_AFFAIRS})


@dataclass(frozen=True, slots=True)
class Holders:
    """The offices that may hold a book on a day; more than one where the old unit was divided."""

    codes: tuple[str, ...]
    """Empty when nothing is known of the old unit."""
    is_certain: bool
    """One office, by an unbroken line; else a person must say which it is."""
    is_mission: bool = False
    """Reached by way of the Ministry of Foreign Affairs."""


def holders_of(authority_code: str, registered_on: date, on_date: date) -> Holders:
    """Say who holds on `on_date` the book in which that office wrote on `registered_on`.

    A district that was abolished has no successor of its own: its books are asked for at the province [I].
    """
    match bridge(authority_code, registered_on, on_date):
        case Same(unit) | Successor(_, unit):
            return Holders((unit.code,), is_certain=True, is_mission=unit.level is UnitLevel.MISSION)
        case Question(old, candidates, _) if candidates:
            return Holders(tuple(sorted(unit.code for unit in candidates)), is_certain=False)
        case Question(old, _, _):
            return _province_of(old, registered_on, on_date)
        case NoUnit():
            return Holders((), is_certain=False)


def units_above(authority_code: str, on_date: date) -> tuple[str, ...]:
    """List the offices above one, nearest first, a ministry last; empty when nothing bore the code."""
    unit = find_unit(authority_code, on_date)
    if unit is None:
        return ()
    if unit.level is UnitLevel.MISSION:
        return (MINISTRY_OF_FOREIGN_AFFAIRS,)
    above: list[str] = []
    while unit is not None and unit.parent_code:
        unit = find_unit(unit.parent_code, on_date)
        if unit is not None:
            above.append(unit.code)
    return (*above, MINISTRY_OF_JUSTICE)


def _province_of(old: Unit, registered_on: date, on_date: date) -> Holders:
    province = find_province_of(old.code, registered_on)
    if province is None or province.code == old.code:
        return Holders((), is_certain=False)
    found = holders_of(province.code, registered_on, on_date)
    return Holders(found.codes, is_certain=False)
