"""One row of a sheet, read into a canonical event; every fault of the row at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mappings.digitised_books.cells import Cell, CellFault, CellKind, CellRefused
from mappings.digitised_books.columns import BookColumn, BookType
from mappings.digitised_books.finishing import finish
from mappings.digitised_books.scene import Book, RowScene

IGNORED_PREFIX: Final = "#"
"""Columns of our own report, so that a report can be corrected and imported again."""
_FIRST: Final = "ngayDangKy"
"""Names, codes and ages mean something on a day."""


class HeaderRefused(ValueError):
    """The columns of a sheet are not those of the layout; each of these names is at fault."""

    def __init__(self, *, unknown: Sequence[str], repeated: Sequence[str], missing: Sequence[str]) -> None:
        super().__init__()
        self.unknown, self.repeated, self.missing = tuple(unknown), tuple(repeated), tuple(missing)


@dataclass(frozen=True, slots=True)
class RowReading:
    """What a row says."""

    event: Mapping[str, Any] | None
    """None when a fault stands in the way."""
    faults: tuple[CellFault, ...]
    warnings: tuple[CellFault, ...]
    key: str
    """Year, volume and number: names the entry within unit and type."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What each column was read as; two entries are compared by it."""


class RowReader:
    """Knows which column stands where, so that a row costs no searching."""

    def __init__(self, book_type: BookType, book: Book, header: Sequence[str], characters_max: int) -> None:
        """Raises `HeaderRefused`."""
        self.book_type, self._book, self._characters_max = book_type, book, characters_max
        known = {name.casefold(): column for name, column in book_type.columns.items()}
        wanted = [(index, name) for index, name in enumerate(header) if not name.startswith(IGNORED_PREFIX)]
        found = [(index, known[name.casefold()]) for index, name in wanted if name.casefold() in known]
        self.header = [known[name.casefold()].name if name.casefold() in known else "" for name in header]
        """The names as the layout spells them; empty for a column that is not of it."""
        _check_header(book_type, [name for _, name in wanted if name], [column for _, column in found])
        self._columns = sorted(found, key=lambda each: (each[1].name != _FIRST, each[0]))
        self._silent = [column for column in book_type.columns.values() if column.is_needed]

    @property
    def names(self) -> frozenset[str]:
        """The columns that the sheet has."""
        return frozenset(column.name for _, column in self._columns)

    def read(self, cells: Sequence[Cell | None]) -> RowReading:
        """Read a row; cells beyond the last column of the header are nothing."""
        scene = RowScene(self._book)
        draft: dict[str, Any] = {}
        values: dict[str, object] = {}
        for index, column in self._columns:
            cell = cells[index] if index < len(cells) else None
            if cell is None:
                if column.is_needed:
                    scene.fault(column.name, "cell_blank")
                continue
            scene.column = column.name
            try:
                value = self._convert(scene, column, cell)
            except CellRefused as refused:
                scene.fault(column.name, refused.code, refused.values)
                continue
            values[column.name] = cell.text if value is None else value
            if value is not None:
                _put(draft, column.target, value)
        event = finish(self.book_type, draft, scene)
        return RowReading(
            None if scene.faults else event,
            tuple(scene.faults),
            tuple(scene.warnings),
            event["source_event_id"],
            values,
        )

    def _convert(self, scene: RowScene, column: BookColumn, cell: Cell) -> object:
        if cell.kind is CellKind.FORMULA:
            raise CellRefused("cell_is_formula")
        if cell.kind is CellKind.ERROR:
            raise CellRefused("cell_is_error")
        if len(cell.text) > self._characters_max:
            raise CellRefused("cell_too_long", characters_max=self._characters_max)
        return column.convert(scene, cell)


def _put(draft: dict[str, Any], target: Sequence[str], value: object) -> None:
    if not target:
        return
    *parents, name = target
    holder = draft
    for parent in parents:
        holder = holder.setdefault(parent, {})
    holder[name] = value


def _check_header(book_type: BookType, names: Sequence[str], found: Sequence[BookColumn]) -> None:
    own = [column.name for column in found]
    known = {name.casefold() for name in own}
    unknown = [name for name in names if name.casefold() not in known]
    repeated = sorted({name for name in own if own.count(name) > 1})
    missing = [name for name, column in book_type.columns.items() if column.is_needed and name not in own]
    if unknown or repeated or missing:
        raise HeaderRefused(unknown=unknown, repeated=repeated, missing=missing)
