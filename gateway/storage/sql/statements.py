"""Statements that both databases have under different roofs."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def insert_missing(
    connection: Connection, table: Table, rows: Sequence[Row], unique: Sequence[str], returning: Column[str]
) -> set[str]:
    """Insert the rows whose `unique` columns (none: any unique index) are free; say which were written."""
    if not rows:
        return set()
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=list(unique) or None)
    return set(connection.execute(statement.returning(returning), list(rows)).scalars())


def upsert(connection: Connection, table: Table, row: Row) -> None:
    """Insert, or replace the row of the same primary key."""
    keys = [column.name for column in table.primary_key]
    statement = _insert(connection, table).values(dict(row))
    others = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
