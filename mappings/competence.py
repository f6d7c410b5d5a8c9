"""Who may register a matter on which day (thẩm quyền đăng ký hộ tịch): a table with days, never code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final

from mappings.csv_files import MAPPINGS, TableBroken, Validity, read_rows, read_validity
from mappings.matters import list_matters
from mappings.units import UnitLevel, find_unit

_PATH: Final = MAPPINGS / "tables" / "authority_competence.csv"
_COLUMNS: Final = ("matter", "level", "valid_from", "valid_to", "source", "mark")


class AuthorityLevel(StrEnum):
    """Cấp xã, cấp huyện (until 30 June 2025), cấp tỉnh, cơ quan đại diện ở nước ngoài."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"
    MISSION = "mission"


@dataclass(frozen=True, slots=True)
class Competence:
    """One level may register one matter between two days, by one source."""

    matter: str
    level: AuthorityLevel
    validity: Validity
    source: str
    mark: str


_LEVELS: Final[Mapping[UnitLevel, AuthorityLevel]] = {
    UnitLevel.COMMUNE: AuthorityLevel.COMMUNE,
    UnitLevel.DISTRICT: AuthorityLevel.DISTRICT,
    UnitLevel.PROVINCE: AuthorityLevel.PROVINCE,
    UnitLevel.MISSION: AuthorityLevel.MISSION,
}


@cache
def _competences() -> Mapping[str, tuple[Competence, ...]]:
    found: dict[str, tuple[Competence, ...]] = {matter.code: () for matter in list_matters()}
    for row in read_rows(_PATH, _COLUMNS):
        if row["matter"] not in found:
            raise TableBroken(row.path, row.line, "no such matter")
        if not row["source"] or row["mark"] not in {"S", "I"}:
            raise TableBroken(row.path, row.line, "a source and a mark, S or I, must be given")
        try:
            validity = read_validity(row["valid_from"], row["valid_to"])
            level = AuthorityLevel(row["level"])
        except ValueError as error:
            raise row.broken(str(error)) from error
        competence = Competence(row["matter"], level, validity, row["source"], row["mark"])
        found[row["matter"]] = (*found[row["matter"]], competence)
    return found


def list_competence(matter: str, on_date: date) -> tuple[Competence, ...]:
    """Say who may register a matter on that day, and by which source.

    Raises:
        KeyError: no such matter.

    """
    return tuple(each for each in _competences()[matter] if each.validity.covers(on_date))


def competent_levels(matter: str, on_date: date) -> frozenset[AuthorityLevel]:
    """Say which levels may register a matter on that day.

    Raises:
        KeyError: no such matter.

    """
    return frozenset(each.level for each in list_competence(matter, on_date))


def level_of(authority_code: str, on_date: date) -> AuthorityLevel | None:
    """Say of what level the authority was that bore this code on that day; None if there was none."""
    unit = find_unit(authority_code, on_date)
    return None if unit is None else _LEVELS[unit.level]
