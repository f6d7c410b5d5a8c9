"""Editions of code lists that an office has added since the release; whole lists, each with a first day.

The folder is named once, by the process that starts; without it only the shipped tables count.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from mappings.csv_files import TableBroken

OFFICIAL: Final = "official"
"""The series of a list that our own events are read by."""
REQUIRED_COLUMNS: Final = ("code", "name", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class AddedEdition:
    """One file `<list>.<series>.<edition>.csv` of the folder."""

    list_name: str
    series: str
    edition: str
    path: Path
    begins: date
    """First day; an older edition of the series ends the day before."""
    rows: tuple[Mapping[str, str], ...]

    @property
    def last_day_before(self) -> date:
        """The last day of the edition that this one follows."""
        return self.begins - timedelta(days=1)


_folder: Path | None = None


def read_also_from(folder: Path | None) -> None:
    """Name the folder, before the first look-up; None for the shipped tables alone."""
    global _folder  # noqa: PLW0603 - set once by the process that starts, like the shipped folder itself
    _folder = folder
    _editions.cache_clear()


def added_folder() -> Path | None:
    """Where added editions are read from."""
    return _folder


def added_editions(list_name: str, series: str = OFFICIAL) -> tuple[AddedEdition, ...]:
    """List the added editions of a list, earliest first.

    Raises:
        TableBroken: a file cannot be read as an edition.

    """
    return tuple(each for each in _editions(_folder) if each.list_name == list_name and each.series == series)


def all_added_editions() -> tuple[AddedEdition, ...]:
    """List what the folder holds, earliest first."""
    return _editions(_folder)


@cache
def _editions(folder: Path | None) -> tuple[AddedEdition, ...]:
    if folder is None or not folder.is_dir():
        return ()
    found = (_read(path) for path in sorted(folder.glob("*.csv")))
    return tuple(sorted(found, key=lambda each: (each.begins, each.path.name)))


def _read(path: Path) -> AddedEdition:
    parts = path.stem.split(".")
    if len(parts) != len(("list", "series", "edition")):
        raise TableBroken(path, 1, "the file must be named <list>.<series>.<edition>.csv")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        missing = [name for name in REQUIRED_COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise TableBroken(path, 1, f"the columns {', '.join(missing)} are missing")
        rows = tuple({name: value or "" for name, value in row.items()} for row in reader)
    days = {row["valid_from"] for row in rows}
    try:
        begins = min(date.fromisoformat(day) for day in days)
    except ValueError as error:
        raise TableBroken(path, 2, "every row needs an ISO day in valid_from") from error
    list_name, series, edition = parts
    return AddedEdition(list_name, series, edition, path, begins, rows)
