"""Statements that both databases have under different roofs, each built once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

Row = Mapping[str, Any]
T = TypeVar("T", bound=str)

_VALUES_A_QUERY: Final = 500


def insert_missing(
    connection: Connection, table: Table, rows: Sequence[Row], unique: Sequence[str], returning: Column[str]
) -> set[str]:
    """Insert the rows whose `unique` columns (none: any unique index) are free; say which were written."""
    if not rows:
        return set()
    statement = _insert_missing(connection.dialect.name, table, tuple(unique), returning)
    return set(connection.execute(statement, list(rows)).scalars())


def upsert(connection: Connection, table: Table, row: Row) -> None:
    """Insert, or replace the row of the same primary key."""
    connection.execute(_upsert(connection.dialect.name, table, tuple(row)), dict(row))


def in_parts(values: Collection[T]) -> Iterator[Sequence[T]]:
    """Each value once and in one order, not too many for a statement."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), _VALUES_A_QUERY):
        yield ordered[start : start + _VALUES_A_QUERY]


@cache
def _insert_missing(
    dialect: str, table: Table, unique: tuple[str, ...], returning: Column[str]
) -> ReturningInsert[str]:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=unique or None).returning(returning)


@cache
def _upsert(dialect: str, table: Table, columns: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    keys = [column.name for column in table.primary_key]
    statement = _insert(dialect, table)
    others = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
