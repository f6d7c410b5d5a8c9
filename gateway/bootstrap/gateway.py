"""The whole gateway, built from settings, with every dependency an argument."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from sqlalchemy import make_url

from gateway.bootstrap.code_lists import use_added_editions
from gateway.bootstrap.delivering import Delivering, Outside, build_delivering
from gateway.bootstrap.destinations import build_adapters
from gateway.bootstrap.edge import EdgeParts, build_app
from gateway.bootstrap.generations import chosen_generations
from gateway.bootstrap.receiving import Receiving, build_receiving
from gateway.bootstrap.signing import receipt_desk
from gateway.bootstrap.stores import Stores, StoreTransaction, open_stores
from gateway.bootstrap.surroundings import Surroundings
from gateway.bootstrap.take_over import take_over
from gateway.errors import ClientNameTaken
from gateway.model.clock import Clock
from gateway.observability.metrics import Metrics
from gateway.operations.clients import ClientRegister, NewClient
from gateway.operations.health import HealthCheck
from gateway.settings import Settings
from gateway.storage.ports import Role
from gateway.storage.sql.migrate import migrate
from gateway.storage.sql.postgres import PostgresDatabase
from gateway.storage.sql.postgres_bell import BellListener, ring
from gateway.storage.sql.replays import SqlReplays
from gateway.storage.sql.sqlite import SqliteDatabase
from mappings.catalog import load_catalog

FIRST_CLIENT = "first-office"


@dataclass(frozen=True, slots=True)
class Roles:
    """Which jobs this process does."""

    accepts: bool
    delivers: bool


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that can be started and stopped."""

    settings: Settings
    stores: Stores
    receiving: Receiving | None
    delivering: Delivering | None
    clients: ClientRegister[StoreTransaction]
    app: FastAPI
    clock: Clock
    bell: BellListener | None = None
    """Hears of work that other processes accept."""

    def start(self) -> None:
        """Begin to deliver and to commit; the HTTP edge is served by whoever started us."""
        if self.delivering is not None:
            if isinstance(self.stores.database, SqliteDatabase):
                take_over(self.stores.queue, SqlReplays(), self.clock())
            self.delivering.start()
        if self.bell is not None:
            self.bell.start()
        if self.receiving is not None:
            self.receiving.writer.start()

    def stop(self, timeout_seconds: float) -> None:
        """Commit what is waiting, finish what is under way, let go."""
        if self.receiving is not None:
            self.receiving.writer.stop(timeout_seconds)
        if self.bell is not None:
            self.bell.stop(timeout_seconds)
        if self.delivering is not None:
            self.delivering.stop(timeout_seconds)
        self.stores.close()

    def make_first_client(self) -> NewClient | None:
        """On an empty register, so that somebody can begin; None when there are clients already."""
        if self.clients.list_all():
            return None
        authorities = frozenset({self.settings.office.authority_code})
        roles = frozenset({Role.SENDER, Role.OPERATOR})
        try:
            return self.clients.add(FIRST_CLIENT, authorities, roles, self.clock())
        except ClientNameTaken:
            return None  # another process that starts just now was faster, and has shown the secret


def build_gateway(surroundings: Surroundings, settings: Settings, roles: Roles) -> Gateway:
    """Check everything that can be checked, migrate, and put the parts together.

    Raises:
        SettingsInvalid, IncompleteMapping, StorageUnavailable.

    """
    use_added_editions(settings)
    catalog = load_catalog().speaking(chosen_generations(settings))
    adapters = build_adapters(settings, surroundings.clock) if roles.delivers else {}
    migrate(settings.database_url)
    stores, metrics = open_stores(settings), Metrics()
    receipt_desk(stores, settings).remember_key(surroundings.clock())
    clients = ClientRegister(
        stores.database, stores.clients, surroundings.random_bytes, settings.security.token_seconds
    )
    delivering = receiving = None
    if roles.delivers:
        forget_tokens = _forgetter(clients, surroundings.clock)
        delivering = build_delivering(
            surroundings, settings, stores, catalog, Outside(adapters, metrics, forget_tokens)
        )
    notify = delivering.notify if delivering else _teller(stores)
    if roles.accepts:
        receiving = build_receiving(
            surroundings, settings, stores, catalog, lambda _lanes, count: _committed(metrics, count, notify)
        )
    health = HealthCheck(
        database=stores.database,
        feed=stores.feed,
        parts=_parts(receiving, delivering),
        schedule=delivering.schedule if delivering else None,
    )
    parts = EdgeParts(
        surroundings, settings, stores, clients, metrics, health, notify, version("hotich-gateway")
    )
    app = build_app(parts, receiving)
    bell = _listener(stores, settings, delivering)
    return Gateway(settings, stores, receiving, delivering, clients, app, surroundings.clock, bell)


def _parts(receiving: Receiving | None, delivering: Delivering | None) -> Mapping[str, Callable[[], bool]]:
    parts: dict[str, Callable[[], bool]] = {}
    if receiving is not None:
        parts["intake_writer"] = receiving.writer.is_alive
    if delivering is not None:
        for destination, worker in delivering.workers.items():
            parts[f"workers.{destination.value}"] = partial(getattr, worker, "is_alive")
    return parts


def _forgetter(clients: ClientRegister[StoreTransaction], clock: Clock) -> Callable[[], object]:
    return lambda: clients.forget_expired(clock())


def _committed(metrics: Metrics, count: int, notify: Callable[[], None]) -> None:
    metrics.intake_batch.observe(count)
    notify()


def _listener(stores: Stores, settings: Settings, delivering: Delivering | None) -> BellListener | None:
    """On PostgreSQL other processes may accept what this one delivers."""
    if delivering is None or not isinstance(stores.database, PostgresDatabase):
        return None
    return BellListener(make_url(settings.database_url), delivering.notify)


def _teller(stores: Stores) -> Callable[[], None]:
    """How a process that delivers nothing itself tells those that do."""
    database = stores.database
    return partial(ring, database) if isinstance(database, PostgresDatabase) else _nobody_to_tell


def _nobody_to_tell() -> None:
    """Workers of other processes poll the database."""
