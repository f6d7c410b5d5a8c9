"""Every code list by series and edition: which system says it, since when, with what source.

Three systems have three editions of a list. A code means something only by (list, series, code, day): `0` is
“no information” in one series of `sex` and “female” in another.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from mappings.added_editions import (
    OFFICIAL,
    AddedEdition,
    added_editions,
    added_folder,
    all_added_editions,
)
from mappings.csv_files import MAPPINGS, Validity, read_rows, read_validity

_ANSWERS_KEPT: Final = 4096
_TABLES: Final = MAPPINGS / "tables"
_MANIFEST_COLUMNS: Final = ("list", "series", "name", "name_en", "source", "mark")
_PARTNER_COLUMNS: Final = (
    "list",
    "series",
    "edition",
    "code",
    "name",
    "name_en",
    "valid_from",
    "valid_to",
    "mark",
)


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code of one edition of a list, with what else the list says of it."""

    list_name: str
    edition: str
    code: str
    name: str
    validity: Validity
    more: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Series:
    """A list as one system keeps it."""

    list_name: str
    series: str
    name_vi: str
    name_en: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a series, as long as it was in force."""

    series: Series
    name: str
    codes: int
    validity: Validity
    """From the first day of any code to the last day of any."""


@dataclass(frozen=True, slots=True)
class EditionDiff:
    """What one edition has and the other has not; the same code under another name is renamed."""

    added: tuple[CodeEntry, ...]
    removed: tuple[CodeEntry, ...]
    renamed: tuple[tuple[CodeEntry, CodeEntry], ...]

    @property
    def is_empty(self) -> bool:
        """Nothing differs."""
        return not (self.added or self.removed or self.renamed)


class EditionNotFound(KeyError):
    """No edition of the list has this name, or several systems have one of this name."""


@cache
def list_series() -> tuple[Series, ...]:
    """List every list of every system."""
    rows = read_rows(_TABLES / "lists.csv", _MANIFEST_COLUMNS)
    return tuple(Series(*(row[name] for name in _MANIFEST_COLUMNS)) for row in rows)


def get_series(list_name: str, series: str) -> Series:
    """Find what is known of a list.

    Raises:
        KeyError: the system has no such list.

    """
    for each in list_series():
        if (each.list_name, each.series) == (list_name, series):
            return each
    raise KeyError(f"{list_name}/{series}")


def list_editions(list_name: str | None = None) -> tuple[Edition, ...]:
    """List the editions, of one list or of all, in the order of the tables."""
    wanted = (each for each in list_series() if list_name in {None, each.list_name})
    return tuple(edition for each in wanted for edition in _editions_of(each))


def list_entries(list_name: str, series: str, on_date: date) -> tuple[CodeEntry, ...]:
    """List what a series held on that day, by code.

    Raises:
        KeyError: the system has no such list.

    """
    found = (entry for entry in _all(list_name, series) if entry.validity.covers(on_date))
    return tuple(sorted(found, key=lambda entry: entry.code))


def find_code(list_name: str, series: str, code: str, on_date: date) -> CodeEntry | None:
    """Find the entry that bore this code in this series on that day.

    Raises:
        KeyError: the system has no such list.

    """
    return _code_on(list_name, series, code, on_date, added_folder())


@lru_cache(maxsize=_ANSWERS_KEPT)
def _code_on(list_name: str, series: str, code: str, on_date: date, folder: Path | None) -> CodeEntry | None:
    """The same few codes of the same few days are asked for by every message."""
    entries = _by_code(list_name, series, folder).get(code, ())
    return next((entry for entry in entries if entry.validity.covers(on_date)), None)


def diff_editions(list_name: str, older: str, newer: str) -> EditionDiff:
    """Compare two editions of a list, also of two systems; `series:edition` where a name is not enough.

    Raises:
        EditionNotFound: no such edition, or the name fits more than one.

    """
    return diff_entries(_edition_entries(list_name, older), _edition_entries(list_name, newer))


def diff_entries(older: Iterable[CodeEntry], newer: Iterable[CodeEntry]) -> EditionDiff:
    """Compare by code; a name counts as the same whatever the day of its row."""
    before, after = ({entry.code: entry for entry in entries} for entries in (older, newer))
    return EditionDiff(
        added=tuple(after[code] for code in sorted(after.keys() - before.keys())),
        removed=tuple(before[code] for code in sorted(before.keys() - after.keys())),
        renamed=tuple(
            (before[code], after[code])
            for code in sorted(before.keys() & after.keys())
            if _title(before[code]) != _title(after[code])
        ),
    )


def _title(entry: CodeEntry) -> str:
    return entry.more.get("full_name") or entry.name


def _edition_entries(list_name: str, edition: str) -> tuple[CodeEntry, ...]:
    wanted_series, _, name = edition.rpartition(":")
    found = [
        tuple(entry for entry in _all(list_name, each.series) if entry.edition == name)
        for each in list_series()
        if each.list_name == list_name and wanted_series in {"", each.series}
    ]
    filled = [entries for entries in found if entries]
    if len(filled) != 1:
        raise EditionNotFound(list_name, edition)
    return filled[0]


def _editions_of(series: Series) -> Iterator[Edition]:
    by_name: dict[str, list[CodeEntry]] = {}
    for entry in _all(series.list_name, series.series):
        by_name.setdefault(entry.edition, []).append(entry)
    for name, entries in by_name.items():
        yield Edition(series, name, len(entries), _span([entry.validity for entry in entries]))


def _span(validities: list[Validity]) -> Validity:
    starts, ends = [each.valid_from for each in validities], [each.valid_to for each in validities]
    known_starts = [day for day in starts if day is not None]
    known_ends = [day for day in ends if day is not None]
    return Validity(
        min(known_starts) if len(known_starts) == len(starts) else None,
        max(known_ends) if len(known_ends) == len(ends) else None,
    )


def _all(list_name: str, series: str) -> Iterator[CodeEntry]:
    for entries in _by_code(list_name, series, added_folder()).values():
        yield from entries


@cache
def _by_code(list_name: str, series: str, _folder: Path | None) -> Mapping[str, tuple[CodeEntry, ...]]:
    get_series(list_name, series)
    entries = list(_shipped(list_name, series))
    for edition in added_editions(list_name, series):
        entries = [*(_closed(entry, edition) for entry in entries), *_added(edition)]
    found: dict[str, tuple[CodeEntry, ...]] = {}
    for entry in entries:
        found[entry.code] = (*found.get(entry.code, ()), entry)
    return found


def _shipped(list_name: str, series: str) -> Iterator[CodeEntry]:
    if series == OFFICIAL:
        path = _TABLES / f"{list_name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            columns = tuple(next(csv.reader(file)))
        for row in read_rows(path, columns):
            yield _entry(list_name, row["edition"], row.cells)
        return
    for row in read_rows(_TABLES / "partner_lists.csv", _PARTNER_COLUMNS):
        if (row["list"], row["series"]) == (list_name, series):
            yield _entry(list_name, row["edition"], row.cells)


def _added(edition: AddedEdition) -> Iterator[CodeEntry]:
    return (_entry(edition.list_name, edition.edition, row) for row in edition.rows)


def _entry(list_name: str, edition: str, cells: Mapping[str, str]) -> CodeEntry:
    validity = read_validity(cells["valid_from"], cells["valid_to"])
    return CodeEntry(list_name, edition, cells["code"], cells.get("name", cells["code"]), validity, cells)


def _closed(entry: CodeEntry, by: AddedEdition) -> CodeEntry:
    """A whole new edition ends what was open in the editions before it."""
    last_day, valid_to = by.last_day_before, entry.validity.valid_to
    if valid_to is not None and valid_to <= last_day:
        return entry
    return replace(entry, validity=Validity(entry.validity.valid_from, last_day))


def list_added() -> tuple[AddedEdition, ...]:
    """List what an office has added since the release."""
    return all_added_editions()
