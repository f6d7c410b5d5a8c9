"""The PostgreSQL that other tests stand on is a real one, and survives what tests do to it."""

import pytest
from sqlalchemy import create_engine, text

from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.postgres


def _one(url: str, statement: str) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar_one() if result.returns_rows else None
    finally:
        engine.dispose()


def test_the_server_is_postgresql_and_keeps_vietnamese_text(postgres_url: str) -> None:
    assert int(str(_one(postgres_url, "show server_version_num"))) >= 180000
    assert _one(postgres_url, "select 'Nguyễn Thị Đào'") == "Nguyễn Thị Đào"


@pytest.mark.parametrize("crash", [False, True], ids=["orderly", "crash"])
def test_committed_rows_outlive_a_restart(postgres_server: PostgresServer, *, crash: bool) -> None:
    name = postgres_server.create_database()
    url = postgres_server.url(name)
    _one(url, "create table kept (value integer)")
    _one(url, "insert into kept values (42)")
    postgres_server.restart(crash=crash)
    assert _one(url, "select value from kept") == 42
    postgres_server.drop_database(name)


def test_each_database_starts_empty(postgres_server: PostgresServer, postgres_url: str) -> None:
    name = postgres_server.create_database()
    _one(postgres_url, "create table only_here (value integer)")
    tables = "select count(*) from information_schema.tables where table_schema = 'public'"
    assert _one(postgres_server.url(name), tables) == 0
    postgres_server.drop_database(name)
