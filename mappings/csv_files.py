"""Reading the CSV files that mappings are made of; every complaint names file and line."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

MAPPINGS = Path(__file__).parent
CONTRACTS = MAPPINGS.parent / "adapters"
"""Only the contract files in there are read, as data; nothing is imported."""


class TableBroken(ValueError):
    """A table of the mappings cannot be read."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path.name}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, by column name."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell, "" when empty."""
        return self.cells[column]

    def broken(self, reason: str) -> TableBroken:
        """Make the error for this line."""
        return TableBroken(self.path, self.line, reason)


def read_header(path: Path) -> tuple[str, ...]:
    """Give the names of the columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file, strict=True), ()))


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """Go through a table whose first line must name exactly these columns.

    Raises:
        TableBroken: other columns, or a line with too few or too many cells.

    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        if tuple(next(reader, ())) != columns:
            raise TableBroken(path, 1, f"columns must be {','.join(columns)}")
        for cells in reader:
            if len(cells) != len(columns):
                raise TableBroken(path, reader.line_num, f"{len(cells)} cells instead of {len(columns)}")
            yield Row(path, reader.line_num, dict(zip(columns, cells, strict=True)))


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which a code means something; None is an open end."""

    valid_from: date | None
    valid_to: date | None

    def covers(self, day: date) -> bool:
        """Both ends belong to it."""
        starts_in_time = self.valid_from is None or self.valid_from <= day
        return starts_in_time and (self.valid_to is None or day <= self.valid_to)


def read_validity(valid_from: str, valid_to: str) -> Validity:
    """Read the two columns; empty is open.

    Raises:
        ValueError: not an ISO day.

    """
    return Validity(
        date.fromisoformat(valid_from) if valid_from else None,
        date.fromisoformat(valid_to) if valid_to else None,
    )
