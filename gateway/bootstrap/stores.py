"""The stores, on the database that the settings name."""

from dataclasses import dataclass

from sqlalchemy import Connection

from gateway.settings import Settings
from gateway.storage.sql.bundles import SqlBundles
from gateway.storage.sql.clients import SqlClients
from gateway.storage.sql.declarations import SqlDeclarations
from gateway.storage.sql.deliveries import SqlDeliveries
from gateway.storage.sql.engine import SqlDatabase, open_database
from gateway.storage.sql.events import SqlEvents
from gateway.storage.sql.feed import SqlFeed
from gateway.storage.sql.operating import SqlEditProposals, SqlOperatorActs
from gateway.storage.sql.questions import SqlNaturalKeys, SqlQuestions
from retry_queue.sql_store import SqlStore

StoreTransaction = Connection
"""What a transaction is in a running gateway."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that is kept; all of it takes part in one transaction."""

    database: SqlDatabase
    events: SqlEvents
    deliveries: SqlDeliveries
    feed: SqlFeed
    clients: SqlClients
    queue: SqlStore
    acts: SqlOperatorActs
    proposals: SqlEditProposals
    bundles: SqlBundles
    natural_keys: SqlNaturalKeys
    questions: SqlQuestions
    declarations: SqlDeclarations

    def close(self) -> None:
        """Let go of connections."""
        self.database.close()


def open_stores(settings: Settings) -> Stores:
    """Connects on first use. Raises `SettingsInvalid` for a URL of no known database."""
    database = open_database(settings.database_url)
    return Stores(
        database=database,
        events=SqlEvents(),
        deliveries=SqlDeliveries(),
        feed=SqlFeed(),
        clients=SqlClients(),
        queue=SqlStore(database),
        acts=SqlOperatorActs(),
        proposals=SqlEditProposals(),
        bundles=SqlBundles(),
        natural_keys=SqlNaturalKeys(),
        questions=SqlQuestions(),
        declarations=SqlDeclarations(),
    )
