"""A cell of a sheet as its reader found it, and what a converter says of one that it cannot take."""

from enum import StrEnum
from typing import NamedTuple


class CellKind(StrEnum):
    """What a spreadsheet says that a cell holds."""

    TEXT = "text"
    BARE = "bare"
    """Text of a CSV file, which does not say whether it was a number."""
    NUMBER = "number"
    DATE = "date"
    """A number that is shown as a date or time; its text is the serial number."""
    FORMULA = "formula"
    BOOLEAN = "boolean"
    ERROR = "error"


class Cell(NamedTuple):
    """A cell that is not blank; text without blanks at its ends."""

    kind: CellKind
    text: str


class CellRefused(ValueError):
    """A cell that cannot be taken; the code has its words in `wordings`, `values` are the rule's own."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class CellFault(NamedTuple):
    """What is wrong, or remarkable, with one cell; without a column it is about the row."""

    column: str | None
    code: str
    values: dict[str, str | int]
