"""A list of values as one parameter: one statement, whatever the length, on both databases.

PostgreSQL takes an array for each column, as text, because the driver is slow at lists; SQLite a JSON text.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, bindparam, cast, func, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine, to_instance

POSTGRES = "postgresql"
SQLITE = "sqlite"
DIALECTS = (POSTGRES, SQLITE)


class Rowset:
    """Rows of named and typed columns that a statement can join."""

    def __init__(self, **types: type[TypeEngine[Any]] | TypeEngine[Any]) -> None:
        self._types = types

    def source(self, dialect: str) -> FromClause:
        """To be joined under the name `given`."""
        if dialect == POSTGRES:
            return func.unnest(*self._arrays()).table_valued(*self._types).render_derived(name="given")
        rows = func.json_each(bindparam("given_rows", type_=Text)).table_valued("value", name="rows")
        columns = (
            type_coerce(func.json_extract(rows.c.value, f"$[{place}]"), to_instance(kind)).label(name)
            for place, (name, kind) in enumerate(self._types.items())
        )
        return select(*columns).subquery("given")

    def numbered(self) -> FromClause:
        """PostgreSQL only: `given` with one more column, the `place` of each row."""
        rows = func.unnest(*self._arrays()).table_valued(*self._types, with_ordinality="place")
        return rows.render_derived(name="given")

    def values(self, dialect: str, rows: Sequence[Sequence[object]]) -> dict[str, object]:
        """The parameters that carry these rows."""
        if dialect == POSTGRES:
            columns: Iterable[Sequence[object]] = (
                zip(*rows, strict=True) if rows else ((),) * len(self._types)
            )
            named = zip(self._types, columns, strict=True)
            return {f"given_{name}": array_literal(column) for name, column in named}
        return {"given_rows": json.dumps(rows, separators=(",", ":"), ensure_ascii=False)}

    def _arrays(self) -> list[ColumnElement[Any]]:
        return [
            cast(bindparam(f"given_{name}", type_=Text), ARRAY(kind)) for name, kind in self._types.items()
        ]


def array_literal(values: Sequence[object]) -> str:
    """An array as PostgreSQL reads it; texts are quoted, so that none can end the array."""
    kinds = {*map(type, values)}
    if kinds == _INTEGERS:
        return "{" + str([*values])[1:-1] + "}"
    if kinds == _TEXTS:
        quoted = _quoted_at_once(values)  # type: ignore[arg-type]  # all of them are texts
        if quoted is not None:
            return quoted
    return "{" + ",".join(map(_element, values)) + "}"


_INTEGERS = {int}
_TEXTS = {str}
_BETWEEN = "\0"
"""PostgreSQL takes no text with it."""


def _quoted_at_once(texts: Sequence[str]) -> str | None:
    """None when one of them holds what should only stand between them."""
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) != len(texts) - 1:
        return None
    return '{"' + _escaped(joined).replace(_BETWEEN, '","') + '"}'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return f'"{_escaped(value)}"'
    return str(value)
