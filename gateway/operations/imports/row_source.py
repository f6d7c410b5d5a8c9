"""From rows of a file to events: read, compared with the second entry, or straight from lines of JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from gateway.operations.imports.entry_index import EntryIndex, OtherEntry
from gateway.operations.imports.outcome import Remark, remarks_of
from gateway.operations.imports.sheet import Sheet, SheetRow, refused
from mappings.digitised_books.cells import Cell, CellFault, CellKind
from mappings.digitised_books.columns import BookType, column_of_pointer
from mappings.digitised_books.reading import HeaderRefused, RowReader, RowReading
from mappings.digitised_books.scene import Book


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row: its event, or what stands in the way."""

    number: int
    event: Mapping[str, Any] | None
    """As plain JSON values; None when there is a fault, or only a line."""
    remarks: tuple[Remark, ...]
    cells: Sequence[Cell | None] = ()
    line: bytes | None = None
    """An event as it was handed in, to be read as a posted one."""


class RowSource(Protocol):
    """Whatever gives rows, in order, once."""

    @property
    def header(self) -> Sequence[str]:
        """Names of the columns, as they stand in the file."""
        ...

    @property
    def rows_total(self) -> int:
        """About how many rows follow."""
        ...

    def rows(self) -> Iterator[ReadRow]:
        """Each row as it is read."""
        ...

    def column_of(self, pointer: str) -> str | None:
        """The column that a part of the event comes from."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class BookRows:
    """Rows of a digitised book; with a second entry, only those in which both agree become events."""

    def __init__(
        self, book_type: BookType, book: Book, sheet: Sheet, second: Sheet | None, characters_max: int
    ) -> None:
        """Raises `ImportRefused` when the columns are not those of the layout."""
        self._book_type, self._sheet, self._second = book_type, sheet, second
        self.header, self.rows_total = sheet.header, sheet.rows_total
        self._reader = _reader(book_type, book, sheet, characters_max)
        self._index = EntryIndex()
        self._merging: RowReader | None = None
        self._extra: tuple[str, ...] = ()
        if second is not None:
            self._keep_second(book_type, book, second, characters_max)

    def column_of(self, pointer: str) -> str | None:
        """By the tables of the book."""
        return column_of_pointer(self._book_type, pointer)

    def close(self) -> None:
        """Let go of the files."""
        self._index.close()
        self._sheet.close()
        if self._second is not None:
            self._second.close()

    def rows(self) -> Iterator[ReadRow]:
        """Those of the first entry; then what only the second has."""
        for row in self._sheet.rows():
            yield self._read(row)
        if self._second is not None:
            for number in self._index.left_over():
                fault = CellFault(None, "entry_missing_in_first", {"row": number})
                yield ReadRow(number, None, remarks_of([fault]))

    def _read(self, row: SheetRow) -> ReadRow:
        reading = self._reader.read(row.cells)
        faults = [*_faults_of_row(row), *reading.faults]
        warnings = reading.warnings
        stood = self._index.row_of(reading.key, row.number) if reading.event is not None else None
        if stood is not None:
            faults.append(CellFault("so", "number_repeated", {"row": stood}))
        event = reading.event
        if self._second is not None:
            faults, merged = self._compare(row, reading, faults)
            if merged is not None:
                event, warnings = merged.event, merged.warnings
        remarks = (*remarks_of(faults), *remarks_of(warnings, are_warnings=True))
        return ReadRow(row.number, None if faults else event, remarks, row.cells)

    def _compare(
        self, row: SheetRow, reading: RowReading, faults: list[CellFault]
    ) -> tuple[list[CellFault], RowReading | None]:
        """The faults with every difference, and the row as both entries together say it."""
        other = self._index.meet_second(reading.key)
        if other is None:
            return [*faults, CellFault(None, "entry_missing_in_second", {})], None
        texts = _texts(self._reader.header, row.cells)
        differing = [
            CellFault(name, "entries_differ", {"row": other.row, "other": other.text_of(name)})
            for name in sorted(self._reader.names & self._second_names)
            if not _agree(texts.get(name), reading.values.get(name), other.cells.get(name))
        ]
        if faults or differing or self._merging is None:
            return [*faults, *differing], None
        more = [_cell_of(other.cells.get(name)) for name in self._extra]
        cells = [*row.cells, *[None] * (len(self.header) - len(row.cells))][: len(self.header)]
        merged = self._merging.read([*cells, *more])
        return list(merged.faults), merged

    def _keep_second(self, book_type: BookType, book: Book, second: Sheet, characters_max: int) -> None:
        reader = _reader(book_type, book, second, characters_max)
        self._second_names = reader.names
        self._extra = tuple(sorted(reader.names - self._reader.names))
        if self._extra:
            # A short form and a full one: what only one has comes from that one.
            header = [*self.header, *self._extra]
            self._merging = RowReader(book_type, book, header, characters_max)
        for row in second.rows():
            reading = reader.read(row.cells)
            texts = _texts(reader.header, row.cells)
            cells = {name: [text, reading.values.get(name)] for name, text in texts.items()}
            self._index.put_second(reading.key, OtherEntry(row.number, cells))


class EventLines:
    """Lines of JSON, each an event as it is posted."""

    header: Sequence[str] = ()

    def __init__(self, path: Path, line_bytes_max: int) -> None:
        self._bytes_max = line_bytes_max
        with path.open("rb") as file:
            self.rows_total = sum(piece.count(b"\n") for piece in iter(lambda: file.read(1024 * 1024), b""))
        self._file = path.open("rb")

    def column_of(self, pointer: str) -> str | None:
        """The place in the event itself."""
        return pointer or None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def rows(self) -> Iterator[ReadRow]:
        """A line that is too long is read in pieces and refused by its length."""
        number = 0
        while line := self._file.readline(self._bytes_max + 2):
            number += 1
            is_whole = line.endswith(b"\n")
            while not is_whole and (rest := self._file.readline(self._bytes_max)):
                is_whole = rest.endswith(b"\n")
            if line.strip():
                yield ReadRow(number, None, (), line=line.rstrip(b"\r\n"))


def _reader(book_type: BookType, book: Book, sheet: Sheet, characters_max: int) -> RowReader:
    try:
        return RowReader(book_type, book, sheet.header, characters_max)
    except HeaderRefused as wrong:
        raise refused(
            "columns_wrong",
            sheet=book_type.code,
            unknown=", ".join(wrong.unknown) or "–",
            repeated=", ".join(wrong.repeated) or "–",
            missing=", ".join(wrong.missing) or "–",
        ) from wrong


def _faults_of_row(row: SheetRow) -> Iterator[CellFault]:
    if row.is_hidden:
        yield CellFault(None, "row_hidden", {})
    if row.is_merged:
        yield CellFault(None, "cell_merged", {})


def _texts(header: Sequence[str], cells: Sequence[Cell | None]) -> dict[str, str]:
    return {
        name: f"{cell.kind}:{cell.text}" if cell.kind is CellKind.DATE else cell.text
        for name, cell in zip(header, cells, strict=False)
        if cell is not None and name
    }


def _agree(text: str | None, value: object, other: Sequence[Any] | None) -> bool:
    """Both blank, the same characters, or read as the same."""
    if text is None or other is None:
        return text is None and other is None
    return text == other[0] or (value is not None and value == other[1])


def _cell_of(other: Sequence[Any] | None) -> Cell | None:
    if other is None:
        return None
    text: str = other[0]
    kind = CellKind.DATE if text.startswith(f"{CellKind.DATE}:") else CellKind.BARE
    return Cell(kind, text.removeprefix(f"{CellKind.DATE}:"))
