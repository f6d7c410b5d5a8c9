"""Many new rows of one table at once, with next to no work for each of them on our side.

PostgreSQL reads all rows from one statement, an array for each column; SQLite runs one prepared statement
over them, which is quicker there than taking a JSON text apart. What a column's type would do to each value
is done by who makes the rows: they hold what the database holds, an instant as `rank.microseconds`.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

from retry_queue.sql.rowsets import POSTGRES, Rowset

_COUNTED = {"preserve_rowcount": True}
Values = tuple[object, ...]
"""One row, in the order of its columns."""


class Taken(Enum):
    """What happens to a row whose place is taken."""

    RAISE = auto()
    """The database's error; the transaction is then lost."""
    LEAVE_OUT = auto()
    """The row that is there stays."""
    REPLACE = auto()
    """The row that is there gets the values of the new one; no two of a batch may have one place."""


class Inserts:
    """New rows with values for the same columns."""

    def __init__(
        self, table: Table, *columns: str, taken: Taken = Taken.RAISE, place: Sequence[str] = ()
    ) -> None:
        """`columns`: in the order of the table, none: all; `place`: what is unique, none: the primary key."""
        names = columns or tuple(column.name for column in table.c)
        self.rowset = Rowset(**{name: _stored_type(table.c[name].type) for name in names})
        """The rows as PostgreSQL takes them."""
        self._names = names
        self._place = tuple(place) or tuple(column.name for column in table.primary_key)
        self._taken = taken
        self._on_postgres = self._from_arrays(table)
        self._on_sqlite = self._of_one_row(table)

    def write(self, transaction: Connection, rows: Sequence[Values]) -> int:
        """How many were written."""
        if not rows:
            return 0
        written: CursorResult[Any]
        if transaction.dialect.name == POSTGRES:
            given = self.rowset.values(POSTGRES, rows)
            written = transaction.execute(self._on_postgres, given, execution_options=_COUNTED)
        else:
            written = transaction.exec_driver_sql(self._on_sqlite, list(rows), execution_options=_COUNTED)
        return written.rowcount

    def _from_arrays(self, table: Table) -> postgresql.Insert:
        given = self.rowset.source(POSTGRES)
        statement = postgresql.insert(table).from_select(self._names, select(given))
        match self._taken:
            case Taken.RAISE:
                return statement
            case Taken.LEAVE_OUT:
                return statement.on_conflict_do_nothing(index_elements=self._place)
            case Taken.REPLACE:
                changing = {name: statement.excluded[name] for name in self._changing}
                return statement.on_conflict_do_update(index_elements=self._place, set_=changing)

    def _of_one_row(self, table: Table) -> str:
        statement = sqlite.insert(table).values({name: bindparam(name) for name in self._names})
        match self._taken:
            case Taken.RAISE:
                pass
            case Taken.LEAVE_OUT:
                statement = statement.on_conflict_do_nothing(index_elements=self._place)
            case Taken.REPLACE:
                changing = {name: statement.excluded[name] for name in self._changing}
                statement = statement.on_conflict_do_update(index_elements=self._place, set_=changing)
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
        if tuple(compiled.positiontup or ()) != self._names:
            raise ValueError(self._names)  # not in the order of the table: each value would stand elsewhere
        return str(compiled)

    @property
    def _changing(self) -> list[str]:
        return [name for name in self._names if name not in self._place]


def _stored_type(declared: TypeEngine[Any]) -> TypeEngine[Any]:
    """What lies under a type of ours."""
    return declared.impl_instance if isinstance(declared, TypeDecorator) else declared
