"""Changes accepted before corrections were kept are linked to their entries, on both databases."""

import json
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from gateway.storage.sql.corrections import SqlEntryLinks
from gateway.storage.sql.engine import open_database
from gateway.storage.sql.migrate import migrate, migration_settings
from mappings.canonical.registration import EntryIdentity
from tests.support.corrections import a_birth_of_the_office, a_correction
from tests.support.database import opened
from tests.support.postgres import PostgresServer

NOON = 1_772_438_400_000_000
"""Microseconds since 1970."""
BODIES = {
    "event-1": a_birth_of_the_office(),
    "event-2": a_correction(),
    "event-3": a_correction("22", amends={"source_event_id": "TDCC-1"}),
    "event-4": a_correction("23"),
}


def _make_old(url: str) -> None:
    """A database as the release before left it."""
    database = open_database(url)
    with database.write() as connection:
        settings = migration_settings()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0005")
        for number, (event_id, body) in enumerate(BODIES.items()):
            connection.execute(text(_INSERT), _row(event_id, number, body))
    database.close()


_COLUMNS = (
    "event_id",
    "client_id",
    "idempotency_key",
    "source_event_id",
    "event_type",
    "authority_code",
    "book_code",
    "book_year",
    "entry_number",
    "registered_at",
    "accepted_at",
    "due_at",
    "content_sha256",
    "receipt",
    "body",
)
_INSERT = f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"  # noqa: S608 - names of ours only


def _row(event_id: str, number: int, body: dict[str, Any]) -> dict[str, Any]:
    texts = dict.fromkeys(_COLUMNS, event_id)
    # The later an event is in the table, the earlier it was registered here.
    instants = dict.fromkeys(("registered_at", "accepted_at", "due_at"), NOON - number)
    content = json.dumps(body, ensure_ascii=False).encode()
    return {**texts, **instants, "event_id": event_id, "book_year": 2026, "body": content}


def _check(url: str) -> None:
    _make_old(url)
    migrate(url)
    entry = EntryIdentity("00691", "KS", 2026, "41")
    with opened(url) as database, database.read() as transaction:
        assert list(SqlEntryLinks().amending(transaction, entry)) == ["event-4", "event-2"]
        assert transaction.scalar(text("SELECT count(*) FROM entry_links")) == 2


def test_on_sqlite(tmp_path: Path) -> None:
    _check(f"sqlite:///{tmp_path}/old.db")


@pytest.mark.postgres
def test_on_postgres(postgres_server: PostgresServer) -> None:
    _check(postgres_server.url(postgres_server.create_database()))
