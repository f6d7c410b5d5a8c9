"""`hotich-gateway import` of a made-up book of births on a fresh SQLite file, twice."""

import importlib.util
import json
import os
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.watched import Cost, run_watched
from gateway.bootstrap.stores import open_stores
from gateway.model.clock import system_clock
from gateway.operations.clients import ClientRegister
from gateway.settings import read_settings
from gateway.storage.ports import Role
from gateway.storage.sql.migrate import migrate

_MAKE_BOOKS: Final = Path(__file__).parents[1] / "examples" / "digitised_books" / "make_books.py"
_COMMAND: Final = (sys.executable, "-c", "from gateway.cli import app; app()")
_CLIENT: Final = "bench"
_BOOK: Final = "00691.KS.1995.01.xlsx"
_TOKEN_SECONDS: Final = 3_600.0
_COUNTED: Final = (
    "events",
    "event_identities",
    "event_persons",
    "natural_keys",
    "questions",
    "deliveries",
    "queue_jobs",
    "feed_entries",
)


@dataclass(frozen=True, slots=True)
class Imports:
    """The same book for the first time and again."""

    rows: int
    first: Cost
    second: Cost
    changed: Mapping[str, tuple[int, int]]
    """Table -> rows before and after the second import, where they differ."""


def import_twice(folder: Path, rows: int) -> Imports:
    """Raises `RuntimeError` when a row does not come in, or the second import takes one."""
    book = _make_book(folder, rows)
    database = folder / "bench.db"
    url = f"sqlite:///{database}"
    environment = {**os.environ, "HOTICH_DATABASE_URL": url}
    _make_client(url)
    first = _import(book, folder / "first.xlsx", environment, {"accepted": rows, "repeated": 0})
    before = _counts(database)
    second = _import(book, folder / "second.xlsx", environment, {"accepted": 0, "repeated": rows})
    after = _counts(database)
    changed = {table: (before[table], after[table]) for table in before if before[table] != after[table]}
    return Imports(rows, first, second, changed)


def _make_book(folder: Path, rows: int) -> Path:
    """By the program that makes the sample workbooks."""
    spec = importlib.util.spec_from_file_location("make_books", _MAKE_BOOKS)
    if spec is None or spec.loader is None:
        raise ImportError(str(_MAKE_BOOKS))
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    book = folder / _BOOK
    program.write_book(book, "KS", rows)
    return book


def _make_client(url: str) -> None:
    migrate(url)
    stores = open_stores(read_settings({"HOTICH_DATABASE_URL": url}))
    try:
        register = ClientRegister(stores.database, stores.clients, os.urandom, _TOKEN_SECONDS)
        register.add(_CLIENT, frozenset({"02", "00691"}), frozenset({Role.SENDER}), system_clock())
    finally:
        stores.close()


def _import(book: Path, report: Path, environment: Mapping[str, str], expected: Mapping[str, int]) -> Cost:
    options = ("--client", _CLIENT, "--report", str(report), "--json")
    cost = run_watched((*_COMMAND, "import", str(book), *options), environment)
    found: dict[str, Any] = json.loads(cost.output or "{}")
    if cost.status != 0 or any(found.get(name) != count for name, count in expected.items()):
        message = f"the import ended with {cost.status}: {found}, expected {dict(expected)}"
        raise RuntimeError(message)
    return cost


def _counts(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - names of ours
            for table in _COUNTED
        }
