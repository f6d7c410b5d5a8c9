"""Code lists with validity; every look-up takes the date on which the code is to mean something.

A code is found by (list, code, date); nothing here can be asked without a date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from mappings.added_editions import OFFICIAL
from mappings.csv_files import MAPPINGS, Row, TableBroken, Validity, read_rows, read_validity
from mappings.editions import CodeEntry, find_code, list_entries
from mappings.units import Unit, UnitLevel, UnitNotFound, find_province_of, find_unit, get_unit, list_units

__all__ = [
    "CenturySex",
    "CodeEntry",
    "Unit",
    "UnitLevel",
    "UnitNotFound",
    "find_book",
    "find_century_sex",
    "find_country",
    "find_entry",
    "find_ethnic_group",
    "find_ordinary_procedure",
    "find_partner_code",
    "find_personal_id_place",
    "find_procedure",
    "find_province_of",
    "find_unit",
    "get_unit",
    "list_partner_lists",
    "list_partner_terms",
    "list_units",
]

_PARTNER_COLUMNS: Final = ("list", "edition", "term", "code", "valid_from", "valid_to", "mark", "note")
_ANSWERS_KEPT: Final = 4096
_NATIONAL_PROCEDURE_CHARACTERS: Final = len("1.001193")


@dataclass(frozen=True, slots=True)
class CenturySex:
    """What the fourth digit of a personal ID says (thế kỷ và giới tính)."""

    sex: str
    birth_year_from: int
    birth_year_to: int


def _validity(row: Row) -> Validity:
    try:
        return read_validity(row["valid_from"], row["valid_to"])
    except ValueError as error:
        raise row.broken(str(error)) from error


def find_entry(list_name: str, code: str, on_date: date) -> CodeEntry | None:
    """Find the entry of an official list that bore this code on that day.

    Raises:
        KeyError: no such list.

    """
    return find_code(list_name, OFFICIAL, code, on_date)


def find_ethnic_group(code: str, on_date: date) -> CodeEntry | None:
    """Find a group by its official two digits (dân tộc)."""
    return find_entry("ethnic_groups", code, on_date)


def find_country(code: str, on_date: date) -> CodeEntry | None:
    """Find a country by ISO 3166-1 alpha-2 (quốc gia, quốc tịch)."""
    return find_entry("countries", code, on_date)


def find_book(code: str, on_date: date) -> CodeEntry | None:
    """Find a kind of book (sổ hộ tịch)."""
    return find_entry("books", code, on_date)


def find_procedure(code: str, on_date: date) -> CodeEntry | None:
    """Find a procedure (thủ tục hành chính); a local ending such as `.000.00.00.H56` is passed over."""
    return find_entry("procedures", code[:_NATIONAL_PROCEDURE_CHARACTERS], on_date)


def find_ordinary_procedure(matter: str, on_date: date) -> CodeEntry | None:
    """Find the procedure that a matter has when nothing is special about it."""
    ordinary = (
        entry
        for entry in list_entries("procedures", OFFICIAL, on_date)
        if entry.more["matter"] == matter and entry.more["is_ordinary"] == "yes"
    )
    return next(ordinary, None)


def find_personal_id_place(code: str, on_date: date) -> CodeEntry | None:
    """Find the place that the first three digits of a personal ID name."""
    return find_entry("personal_id_places", code, on_date)


def find_century_sex(digit: str, on_date: date) -> CenturySex | None:
    """Read the fourth digit of a personal ID."""
    entry = find_entry("personal_id_century_sex", digit, on_date)
    if entry is None:
        return None
    return CenturySex(entry.more["sex"], int(entry.more["birth_year_from"]), int(entry.more["birth_year_to"]))


@dataclass(frozen=True, slots=True)
class _Translation:
    code: str
    validity: Validity


@cache
def _translations(partner: str, folder: Path) -> Mapping[str, Mapping[str, tuple[_Translation, ...]]]:
    found: dict[str, dict[str, tuple[_Translation, ...]]] = {}
    path = folder / partner / "codes.csv"
    for row in read_rows(path, _PARTNER_COLUMNS):
        if row["mark"] not in {"S", "I"}:
            raise TableBroken(path, row.line, "mark must be S (seen) or I (inferred)")
        terms = found.setdefault(row["list"], {})
        terms[row["term"]] = (*terms.get(row["term"], ()), _Translation(row["code"], _validity(row)))
    return found


def find_partner_code(
    partner: str, list_name: str, term: str, on_date: date, folder: Path = MAPPINGS
) -> str | None:
    """Say our term in a partner's code, under the edition in force on that day.

    Raises:
        KeyError: the partner has no such list.

    """
    return _code_on(partner, list_name, term, on_date, folder)


@lru_cache(maxsize=_ANSWERS_KEPT)
def _code_on(partner: str, list_name: str, term: str, on_date: date, folder: Path) -> str | None:
    """The same few terms on the same few days are asked for by every message."""
    candidates = _translations(partner, folder)[list_name].get(term, ())
    return next((each.code for each in candidates if each.validity.covers(on_date)), None)


def list_partner_lists(partner: str, folder: Path = MAPPINGS) -> tuple[str, ...]:
    """List the names of the code translations of a partner."""
    return tuple(_translations(partner, folder))


def list_partner_terms(partner: str, list_name: str, folder: Path = MAPPINGS) -> tuple[str, ...]:
    """List the terms of ours that a translation knows, on whatever day."""
    return tuple(_translations(partner, folder).get(list_name, {}))
