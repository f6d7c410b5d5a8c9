"""Names that old books hold instead of codes, looked up without regard to marks and case."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from mappings.added_editions import OFFICIAL
from mappings.csv_files import read_rows
from mappings.digitised_books.cells import CellRefused
from mappings.editions import list_entries
from mappings.text import strip_marks

FOLDER: Final = Path(__file__).parent
_CODE_COLUMNS: Final = ("list", "code", "term", "names", "mark")
_ALIAS_COLUMNS: Final = ("name", "code", "mark")


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Letters and digits only, small, without marks: `Cờ-ho (K'Ho)` is `cohokho`."""
    return "".join(character for character in strip_marks(text).lower() if character.isalnum())


@lru_cache(maxsize=4096)
def find_ethnic_group(name: str, on_date: date) -> str:
    """The official two digits. Raises `CellRefused` for a name that no group has, or several."""
    codes, names, others = _ethnic_groups(on_date)
    if name in codes:
        return name
    head, _, bracket = name.partition("(")
    for candidate in (name, head, bracket):
        if (key := folded(candidate)) in names:
            return names[key]
    found = {code for candidate in (name, head, bracket) for code in others.get(folded(candidate), ())}
    if len(found) > 1:
        raise CellRefused("ethnic_group_open", codes=", ".join(sorted(found)))
    if not found:
        raise CellRefused("ethnic_group_not_found")
    return found.pop()


@lru_cache(maxsize=4096)
def find_country(name: str, on_date: date) -> str:
    """ISO 3166-1 alpha-2. Raises `CellRefused`."""
    code = find_country_or_none(name, on_date)
    if code is None:
        raise CellRefused("country_not_found")
    return code


def find_country_or_none(name: str, on_date: date) -> str | None:
    """The same, for a name that need not be one."""
    codes, names = _countries(on_date)
    return name if name in codes else names.get(folded(name))


def find_term(list_name: str, text: str) -> str | None:
    """Our term for a code or a name of a book; None for the code that says "nothing".

    Raises:
        CellRefused: neither a code nor a name of the list.

    """
    terms = _terms()[list_name]
    key = text if text in terms else text.lstrip("0") or "0"
    found = terms.get(key, terms.get(folded(text)))
    if found is None:
        expected = ", ".join(code for code in terms if code.isdecimal())
        raise CellRefused("not_in_code_list", expected=expected)
    return found or None


@cache
def list_terms() -> Mapping[str, frozenset[str]]:
    """The terms that each list can give."""
    return {name: frozenset(term for term in terms.values() if term) for name, terms in _terms().items()}


@cache
def _terms() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(FOLDER / "codes.csv", _CODE_COLUMNS):
        terms = found.setdefault(row["list"], {})
        names = (folded(name) for name in row["names"].split(";") if name)
        for key in (row["code"], *names):
            if terms.setdefault(key, row["term"]) != row["term"]:
                raise row.broken(key)
    return found


@lru_cache(maxsize=64)
def _ethnic_groups(on_date: date) -> tuple[frozenset[str], Mapping[str, str], Mapping[str, frozenset[str]]]:
    names: dict[str, str] = {}
    others: dict[str, frozenset[str]] = {}
    entries = list_entries("ethnic_groups", OFFICIAL, on_date)
    for entry in entries:
        names[folded(entry.name)] = entry.code
        for other in filter(None, entry.more.get("other_names", "").split(";")):
            key = folded(other)
            others[key] = others.get(key, frozenset()) | {entry.code}
    return frozenset(entry.code for entry in entries), names, others


@lru_cache(maxsize=64)
def _countries(on_date: date) -> tuple[frozenset[str], Mapping[str, str]]:
    names: dict[str, str] = {}
    entries = list_entries("countries", OFFICIAL, on_date)
    for entry in entries:
        names[folded(entry.name)] = entry.code
        names.setdefault(folded(entry.more["name_en"]), entry.code)
    for row in read_rows(FOLDER / "country_aliases.csv", _ALIAS_COLUMNS):
        names.setdefault(folded(row["name"]), row["code"])
    return frozenset(entry.code for entry in entries), names
