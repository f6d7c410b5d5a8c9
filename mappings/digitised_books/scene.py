"""What the reading of one row knows and gathers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mappings.digitised_books.cells import CellFault

_DECEMBER: Final = 12
FALLBACK_DAY: Final = date(2000, 1, 1)
"""Names are looked up as on this day when the registration has none that can be read."""


@dataclass(frozen=True, slots=True)
class Book:
    """Which book the rows are from; what a file or its name does not say is read from each row."""

    book_type: str
    unit_code: str
    year: int | None = None
    volume: str | None = None
    unit_names: frozenset[str] = frozenset()
    """Folded names that the unit has borne."""
    trusts_dates: bool = False
    """Dates of the spreadsheet are taken although day and month may be swapped."""


@dataclass(slots=True)
class RowScene:
    """Handed to every converter of a row."""

    book: Book
    registered_on: date | None = None
    column: str = ""
    faults: list[CellFault] = field(default_factory=list)
    warnings: list[CellFault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """Become the note, in the order of the columns."""
    scratch: dict[str, str] = field(default_factory=dict)
    """What belongs to no field by itself, by column."""

    @property
    def day(self) -> date:
        """As of which names are looked up: the end of the entry's year, so that lists are built once a year.

        What a name gives is a code, and that is measured on the day itself by the rules of every event.
        """
        return FALLBACK_DAY if self.registered_on is None else date(self.registered_on.year, _DECEMBER, 31)

    def warn(self, code: str, column: str | None = None, **values: str | int) -> None:
        """Something to look at."""
        self.warnings.append(CellFault(column or self.column, code, dict(values)))

    def fault(self, column: str | None, code: str, values: Mapping[str, str | int] | None = None) -> None:
        """Something that keeps the row out."""
        self.faults.append(CellFault(column, code, dict(values or {})))
