"""The backends that the suite runs on: a new one proves itself by being added here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.storage.corrections_ports import BookStatements, EntryLinks, OfficeNotices, Oversight
from gateway.storage.declaration_ports import Declarations
from gateway.storage.memory.clients import MemoryClients
from gateway.storage.memory.corrections import (
    MemoryBookStatements,
    MemoryEntryLinks,
    MemoryOfficeNotices,
    MemoryOversight,
)
from gateway.storage.memory.declarations import MemoryDeclarations
from gateway.storage.memory.deliveries import MemoryDeliveries
from gateway.storage.memory.events import MemoryEvents
from gateway.storage.memory.feed import MemoryFeed
from gateway.storage.memory.operating import MemoryBundles, MemoryEditProposals, MemoryOperatorActs
from gateway.storage.memory.questions import MemoryNaturalKeys, MemoryQuestions
from gateway.storage.memory.replays import MemoryReplays
from gateway.storage.memory.webhooks import MemorySigningKeys, MemoryWebhooks
from gateway.storage.operating_ports import Bundles, EditProposals, OperatorActs
from gateway.storage.ports import Clients, Database, Deliveries, Events, Feed
from gateway.storage.question_ports import NaturalKeys, Questions
from gateway.storage.replay_ports import Replays
from gateway.storage.sql.bundles import SqlBundles
from gateway.storage.sql.clients import SqlClients
from gateway.storage.sql.corrections import SqlEntryLinks, SqlOfficeNotices
from gateway.storage.sql.declarations import SqlDeclarations
from gateway.storage.sql.deliveries import SqlDeliveries
from gateway.storage.sql.events import SqlEvents
from gateway.storage.sql.feed import SqlFeed
from gateway.storage.sql.operating import SqlEditProposals, SqlOperatorActs
from gateway.storage.sql.oversight import SqlBookStatements, SqlOversight
from gateway.storage.sql.questions import SqlNaturalKeys, SqlQuestions
from gateway.storage.sql.replays import SqlReplays
from gateway.storage.sql.webhooks import SqlSigningKeys, SqlWebhooks
from gateway.storage.webhook_ports import SigningKeys, Webhooks
from retry_queue.memory.transactions import MemoryTransactions
from retry_queue.memory_store import MemoryStore
from retry_queue.sql_store import SqlStore
from retry_queue.store import Store
from tests.support.database import emptied, opened, sqlite_url


@dataclass(frozen=True, slots=True)
class Backend:
    """All stores over one database; what a transaction is, is the backend's own affair."""

    database: Database[Any]
    events: Events[Any]
    deliveries: Deliveries[Any]
    feed: Feed[Any]
    clients: Clients[Any]
    acts: OperatorActs[Any]
    proposals: EditProposals[Any]
    bundles: Bundles[Any]
    queue: Store[Any]
    replays: Replays[Any]
    natural_keys: NaturalKeys[Any]
    questions: Questions[Any]
    links: EntryLinks[Any]
    office_notices: OfficeNotices[Any]
    oversight: Oversight[Any]
    statements: BookStatements[Any]
    webhooks: Webhooks[Any]
    signing_keys: SigningKeys[Any]
    declarations: Declarations[Any]


def _in_memory() -> Backend:
    transactions, events, deliveries = MemoryTransactions(), MemoryEvents(), MemoryDeliveries()
    queue = MemoryStore(transactions)
    return Backend(
        transactions,
        events,
        deliveries,
        MemoryFeed(),
        MemoryClients(),
        MemoryOperatorActs(),
        MemoryEditProposals(),
        MemoryBundles(),
        queue,
        MemoryReplays(queue, deliveries, events),
        MemoryNaturalKeys(),
        MemoryQuestions(),
        MemoryEntryLinks(events.owner_of),
        MemoryOfficeNotices(),
        MemoryOversight(),
        MemoryBookStatements(),
        MemoryWebhooks(),
        MemorySigningKeys(),
        MemoryDeclarations(events, deliveries),
    )


@contextmanager
def on_sql(database_url: str) -> Iterator[Backend]:
    """With connections of its own, as another process has them."""
    with opened(database_url) as database:
        yield Backend(
            database,
            SqlEvents(),
            SqlDeliveries(),
            SqlFeed(),
            SqlClients(),
            SqlOperatorActs(),
            SqlEditProposals(),
            SqlBundles(),
            SqlStore(database),
            SqlReplays(),
            SqlNaturalKeys(),
            SqlQuestions(),
            SqlEntryLinks(),
            SqlOfficeNotices(),
            SqlOversight(),
            SqlBookStatements(),
            SqlWebhooks(),
            SqlSigningKeys(),
            SqlDeclarations(),
        )


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    match request.param:
        case "memory":
            yield _in_memory()
        case "sqlite":
            with on_sql(sqlite_url(tmp_path)) as sqlite:
                yield sqlite
        case "postgres":
            with on_sql(emptied(request.getfixturevalue("postgres_url"))) as postgres:
                yield postgres
