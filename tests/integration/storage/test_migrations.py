"""The migrated schema is the schema that the code speaks to, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, text

from gateway.storage.sql.migrate import current_revision, head_revision, migrate, migration_settings
from gateway.storage.sql.schema import SCHEMA
from tests.support.database import opened
from tests.support.postgres import PostgresServer

STARTS = 4


def _new_file(folder: Path) -> str:
    return f"sqlite:///{folder}/var/deep/new.db"


def _differences(connection: Connection) -> list[Any]:
    settings = {"compare_type": True, "target_metadata": SCHEMA}
    context = MigrationContext.configure(connection, opts=settings)
    return list(compare_metadata(context, SCHEMA))  # type: ignore[arg-type]  # takes several, its types say one


def _made_directly(connection: Connection) -> dict[str, str]:
    """What SQLite remembers of tables and indexes, without the spelling of blanks."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {row.name: "".join(row.sql.split()) for row in rows if not row.name.startswith("alembic")}


@pytest.fixture
def empty_postgres(postgres_server: PostgresServer) -> str:
    return postgres_server.url(postgres_server.create_database())


def test_the_migrated_sqlite_schema_is_the_one_in_the_code(tmp_path: Path) -> None:
    migrate(_new_file(tmp_path))
    with opened(_new_file(tmp_path)) as database, database.write() as connection:
        assert _differences(connection) == []


@pytest.mark.postgres
def test_the_migrated_postgres_schema_is_the_one_in_the_code(empty_postgres: str) -> None:
    migrate(empty_postgres)
    with opened(empty_postgres) as database, database.write() as connection:
        assert _differences(connection) == []


def test_checks_and_partial_indexes_are_migrated_too(tmp_path: Path) -> None:
    migrate(_new_file(tmp_path))
    direct = f"sqlite:///{tmp_path}/direct.db"
    with opened(direct) as database, database.write() as connection:
        for part in SCHEMA:
            part.create_all(connection)
        expected = _made_directly(connection)
    with opened(_new_file(tmp_path)) as database, database.write() as connection:
        migrated = _made_directly(connection)
    # The order of constraints inside a table differs; their letters do not.
    assert {name: sorted(sql) for name, sql in migrated.items()} == {
        name: sorted(sql) for name, sql in expected.items()
    }


def test_a_difference_would_be_seen(tmp_path: Path) -> None:
    migrate(_new_file(tmp_path))
    with opened(_new_file(tmp_path)) as database, database.write() as connection:
        connection.execute(text("DROP INDEX watches_due"))
        connection.execute(text("ALTER TABLE facts ADD COLUMN extra TEXT"))
        assert len(_differences(connection)) == 2


def test_a_second_migration_changes_nothing(tmp_path: Path) -> None:
    assert migrate(_new_file(tmp_path)) == migrate(_new_file(tmp_path)) == head_revision()
    with opened(_new_file(tmp_path)) as database, database.read() as connection:
        assert current_revision(connection) == head_revision()
        assert connection.scalar(text("SELECT count(*) FROM feed_head")) == 1


def _migrate_at_once(database_url: str) -> list[str]:
    with ThreadPoolExecutor(STARTS) as threads:
        return list(threads.map(migrate, [database_url] * STARTS))


def test_several_processes_may_start_at_once_on_one_file(tmp_path: Path) -> None:
    assert _migrate_at_once(_new_file(tmp_path)) == [head_revision()] * STARTS


@pytest.mark.postgres
def test_several_processes_may_start_at_once_on_one_server(empty_postgres: str) -> None:
    assert _migrate_at_once(empty_postgres) == [head_revision()] * STARTS


def test_a_database_that_was_never_migrated_says_so(tmp_path: Path) -> None:
    with opened(_new_file(tmp_path)) as database, database.read() as connection:
        assert current_revision(connection) is None


@pytest.mark.postgres
def test_downgrade_leaves_nothing_behind(empty_postgres: str) -> None:
    migrate(empty_postgres)
    with opened(empty_postgres) as database, database.write() as connection:
        _downgrade(connection)
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}


def _downgrade(connection: Connection) -> None:
    settings = migration_settings()
    settings.attributes["connection"] = connection
    command.downgrade(settings, "base")


def test_both_halves_of_the_schema_have_their_own_tables() -> None:
    house, queue = (set(part.tables) for part in SCHEMA)
    assert house.isdisjoint(queue)
    assert all(isinstance(part, MetaData) for part in SCHEMA)
