"""What a file of rows looks like to the import, whatever its format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.errors import GatewayError
from gateway.operations.imports.file_wordings import FILE_PROBLEMS
from mappings.digitised_books.cells import Cell


class ImportRefused(GatewayError):
    """The file cannot be imported as it is."""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a file may be at most."""

    file_bytes_max: int
    unpacked_bytes_max: int
    unpacked_ratio_max: int
    cell_characters_max: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not blank; its number is that of the spreadsheet or the line of the file."""

    number: int
    cells: Sequence[Cell | None]
    is_hidden: bool = False
    is_merged: bool = False


class Sheet(Protocol):
    """Rows of one table, read once from the top; memory does not grow with their number."""

    @property
    def header(self) -> Sequence[str]:
        """Names of the columns; empty for a column without one."""
        ...

    @property
    def rows_total(self) -> int:
        """About how many rows follow, for the progress."""
        ...

    def rows(self) -> Iterator[SheetRow]:
        """The rows below the header. Raises `ImportRefused` where the file is damaged."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


HEADER_ROWS_MAX = 20
"""A title may stand above the header, but not a page."""
_NAMES_MIN = 3


def is_header(texts: Sequence[str], known: frozenset[str]) -> bool:
    """A row that names columns of the layout."""
    return sum(text.casefold() in known for text in texts) >= _NAMES_MIN


def refused(problem: str, **values: str | int) -> ImportRefused:
    """The error for a problem of `FILE_PROBLEMS`, in both languages as every message to people."""
    wording = FILE_PROBLEMS[problem]
    told = f"{wording.english.format_map(values)} ({wording.vietnamese.format_map(values)})"
    return ImportRefused(problem=problem, problems=[told])
