"""Which register numbers stand where: in a nameless file, so that a hundred thousand rows cost no memory."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_SCHEMA: Final = """
CREATE TABLE first_entry (key TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE second_entry (key TEXT PRIMARY KEY, row INTEGER NOT NULL, is_met INTEGER NOT NULL DEFAULT 0,
                           content TEXT NOT NULL) WITHOUT ROWID;
"""
_PRAGMAS: Final = ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-2000")


@dataclass(frozen=True, slots=True)
class OtherEntry:
    """A row of the second entry of a book."""

    row: int
    cells: Mapping[str, Any]
    """Column -> the text of the cell and what it was read as."""

    def text_of(self, column: str) -> str:
        """What the cell holds; empty when it is blank."""
        text: str = self.cells.get(column, ("",))[0]
        return text


class EntryIndex:
    """For one import; gone with it."""

    def __init__(self) -> None:
        # An empty name is a temporary database that SQLite keeps on disk and deletes by itself.
        self._connection = sqlite3.connect("", isolation_level=None)
        for pragma in _PRAGMAS:
            self._connection.execute(pragma)
        self._connection.executescript(_SCHEMA)
        self._connection.execute("BEGIN")

    def row_of(self, key: str, row: int) -> int | None:
        """Remember where an entry stands; the row where it stood already, or None."""
        try:
            self._connection.execute("INSERT INTO first_entry VALUES (?, ?)", (key, row))
        except sqlite3.IntegrityError:
            found = self._connection.execute("SELECT row FROM first_entry WHERE key = ?", (key,)).fetchone()
            return int(found[0])
        return None

    def put_second(self, key: str, entry: OtherEntry) -> int | None:
        """Keep a row of the second entry; the row where its number stood already, or None."""
        content = json.dumps(entry.cells, ensure_ascii=False)
        try:
            self._connection.execute(
                "INSERT INTO second_entry (key, row, content) VALUES (?, ?, ?)", (key, entry.row, content)
            )
        except sqlite3.IntegrityError:
            found = self._connection.execute("SELECT row FROM second_entry WHERE key = ?", (key,)).fetchone()
            return int(found[0])
        return None

    def meet_second(self, key: str) -> OtherEntry | None:
        """The row of the second entry with this number; it is not left over any more."""
        found = self._connection.execute(
            "UPDATE second_entry SET is_met = 1 WHERE key = ? RETURNING row, content", (key,)
        ).fetchone()
        return None if found is None else OtherEntry(int(found[0]), json.loads(found[1]))

    def left_over(self) -> Iterator[int]:
        """Rows of the second entry that the first does not have, in order."""
        rows = self._connection.execute("SELECT row FROM second_entry WHERE is_met = 0 ORDER BY row")
        for (row,) in rows:
            yield int(row)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
