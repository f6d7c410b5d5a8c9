"""Rows that go in together: the same on both databases, whatever the texts hold."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Connection, MetaData, Table, Text, select
from sqlalchemy.exc import DataError, IntegrityError

from retry_queue.columns import UtcTime
from retry_queue.rank import microseconds
from retry_queue.sql.inserts import Inserts, Taken, Values
from retry_queue.sql.rowsets import array_literal
from tests.support.queue_builders import START
from tests.support.queue_databases import PostgresTransactions, SqliteTransactions

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
THINGS = Table(
    "things",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("number", BigInteger),
    Column("at", UtcTime),
    Column("is_late", Boolean),
    Column("remark", Text),
)
NEW = Inserts(THINGS)
KEPT = Inserts(THINGS, taken=Taken.LEAVE_OUT)
REPLACED = Inserts(THINGS, taken=Taken.REPLACE)
AT = microseconds(START)
A: Values = ("a", 1, AT, False, None)
B: Values = ("b", 2, None, True, "")
HOSTILE = ('say "ho"', "back\\slash", "{1,2}", "NULL", "a,b", "'; --", "Hộ tịch", "two\nlines", "\\", '"')


@pytest.fixture(params=BOTH)
def transaction(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    transactions: PostgresTransactions | SqliteTransactions
    with ExitStack() as stack:
        if request.param == "sqlite":
            transactions = SqliteTransactions(tmp_path / "things.db")
        else:
            transactions = PostgresTransactions(request.getfixturevalue("postgres_url"))
        stack.callback(transactions.dispose)
        with transactions.write() as transaction:
            THINGS.create(transaction)
            yield transaction
            transaction.rollback()


@contextmanager
def undone(transaction: Connection) -> Iterator[None]:
    """What fails inside leaves the transaction in order."""
    with transaction.begin_nested() as point:
        yield
        point.rollback()


def test_rows_come_back_as_they_were_given(transaction: Connection) -> None:
    assert NEW.write(transaction, [A, B]) == 2
    assert stored(transaction) == [("a", 1, START, False, None), ("b", 2, None, True, "")]


def test_no_rows_are_no_statement(transaction: Connection) -> None:
    assert NEW.write(transaction, []) == 0
    assert stored(transaction) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_stay_what_they_are(transaction: Connection, text: str) -> None:
    NEW.write(transaction, [(text, None, None, None, text), ("other", None, None, None, None)])
    assert (text, None, None, None, text) in stored(transaction)


def test_a_text_cannot_bring_in_another_row(transaction: Connection) -> None:
    rows: list[Values] = [("a\0b", None, None, None, None), ("c", None, None, None, None)]
    if transaction.dialect.name == "postgresql":
        with undone(transaction), pytest.raises(DataError):
            NEW.write(transaction, rows)
        return
    NEW.write(transaction, rows)
    assert [row[0] for row in stored(transaction)] == ["a\0b", "c"]


def test_a_place_that_is_taken_is_an_error(transaction: Connection) -> None:
    NEW.write(transaction, [A])
    with undone(transaction), pytest.raises(IntegrityError):
        NEW.write(transaction, [B, A])


def test_who_comes_second_is_left_out_and_not_counted(transaction: Connection) -> None:
    NEW.write(transaction, [A])
    assert KEPT.write(transaction, [("a", 9, None, None, "late"), B, ("b", 9, None, None, "later")]) == 1
    assert [row[1] for row in stored(transaction)] == [1, 2]


def test_who_comes_second_replaces_the_first(transaction: Connection) -> None:
    NEW.write(transaction, [A])
    assert REPLACED.write(transaction, [("a", 9, None, True, "new"), B]) == 2
    assert stored(transaction) == [("a", 9, None, True, "new"), ("b", 2, None, True, "")]


def test_columns_that_are_not_given_keep_their_defaults(transaction: Connection) -> None:
    Inserts(THINGS, "name", "is_late").write(transaction, [("a", True)])
    assert stored(transaction) == [("a", None, None, True, None)]


def test_columns_out_of_order_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="is_late"):
        Inserts(THINGS, "is_late", "name")


@pytest.mark.parametrize(
    ("values", "literal"),
    [
        ([], "{}"),
        ([1, 20], "{1, 20}"),
        (["a", 'b"', "c\\"], '{"a","b\\"","c\\\\"}'),
        (["a", None], '{"a",NULL}'),
        ([None, None], "{NULL,NULL}"),
        ([True, False], "{True,False}"),
    ],
)
def test_arrays_are_written_as_postgres_reads_them(values: list[object], literal: str) -> None:
    assert array_literal(values) == literal


def stored(transaction: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in transaction.execute(select(THINGS).order_by(THINGS.c.name))]
