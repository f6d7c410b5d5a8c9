"""The whole gateway, built from settings, with every dependency an argument."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI

from gateway.bootstrap.code_lists import use_added_editions
from gateway.bootstrap.deliverer_words import ORPHAN_SECONDS
from gateway.bootstrap.deliverers import Deliverers
from gateway.bootstrap.delivering import Delivering, Outside, build_delivering
from gateway.bootstrap.destinations import build_adapters
from gateway.bootstrap.edge import EdgeParts, build_app
from gateway.bootstrap.generations import chosen_generations
from gateway.bootstrap.receiving import Receiving, build_receiving
from gateway.bootstrap.ringing import bell_listener, bell_ringer
from gateway.bootstrap.signing import receipt_desk
from gateway.bootstrap.sole_delivery import SoleDelivery, sole_delivery
from gateway.bootstrap.stores import Stores, StoreTransaction, open_stores
from gateway.bootstrap.surroundings import Surroundings
from gateway.bootstrap.take_over import take_over
from gateway.errors import ClientNameTaken, SettingsInvalid
from gateway.model.clock import Clock
from gateway.observability.metrics import Metrics
from gateway.operations.clients import ClientRegister, NewClient
from gateway.operations.health import HealthCheck
from gateway.settings import Settings
from gateway.storage.ports import Role
from gateway.storage.sql.migrate import migrate
from gateway.storage.sql.postgres_bell import BellListener
from gateway.storage.sql.replays import SqlReplays
from gateway.storage.sql.sqlite import SqliteDatabase, sqlite_library
from mappings.catalog import load_catalog

FIRST_CLIENT = "first-office"
TAKE_OVER_WAIT_SECONDS = 2 * ORPHAN_SECONDS
OLD_SQLITE = (
    "delivery.processes: above 1 on SQLite it needs SQLite 3.51.3 or later, and this Python has {found};"
    " earlier ones may damage a file that several processes write. Install pysqlite3, or set"
    " HOTICH_DELIVERY__PROCESSES=1. (Nhiều tiến trình trên SQLite cần SQLite từ 3.51.3.)"
)


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
    deliverers: Deliverers | None = None
    """Further processes that deliver."""
    sole: SoleDelivery | None = None
    """On SQLite, when it delivers."""

    def start(self) -> None:
        """Begin to deliver and to commit; the HTTP edge is served by whoever started us.

        Raises:
            DeliveredElsewhere: on SQLite; nothing was begun.

        """
        if self.sole is not None:
            self.sole.take(TAKE_OVER_WAIT_SECONDS)
            take_over(self.stores.queue, SqlReplays(), self.clock())
        if self.delivering is not None:
            self.delivering.start()
        if self.deliverers is not None:
            self.deliverers.start(self.sole.files if self.sole is not None else ())
        if self.bell is not None:
            self.bell.start()
        if self.receiving is not None:
            self.receiving.writer.start()

    def stop(self, timeout_seconds: float) -> None:
        """Commit what is waiting, finish what is under way, let go."""
        if self.deliverers is not None:
            self.deliverers.stop_soon(timeout_seconds)
        if self.receiving is not None:
            self.receiving.writer.stop(timeout_seconds)
        if self.bell is not None:
            self.bell.stop(timeout_seconds)
        if self.delivering is not None:
            self.delivering.stop(timeout_seconds)
        if self.deliverers is not None:
            self.deliverers.wait()
        self.stores.close()
        if self.sole is not None:
            self.sole.give_back()

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
    delivering = receiving = deliverers = None
    if roles.delivers:
        deliverers = _deliverers(settings, stores, metrics)
        forget_tokens = _forgetter(clients, surroundings.clock)
        delivering = build_delivering(
            surroundings, settings, stores, catalog, Outside(adapters, metrics, forget_tokens)
        )
    notify = delivering.lanes.notify if delivering else bell_ringer(stores)
    if roles.accepts:
        receiving = build_receiving(
            surroundings, settings, stores, catalog, lambda _lanes, count: _committed(metrics, count, notify)
        )
    health = HealthCheck(
        database=stores.database,
        feed=stores.feed,
        parts=_parts(receiving, delivering, deliverers),
        schedule=delivering.schedule if delivering else None,
    )
    parts = EdgeParts(
        surroundings, settings, stores, clients, metrics, health, notify, version("hotich-gateway")
    )
    app = build_app(parts, receiving)
    bell = bell_listener(stores, settings, delivering.lanes.notify) if delivering else None
    sole = sole_delivery(stores, settings) if roles.delivers else None
    clock = surroundings.clock
    return Gateway(settings, stores, receiving, delivering, clients, app, clock, bell, deliverers, sole)


def _deliverers(settings: Settings, stores: Stores, metrics: Metrics) -> Deliverers | None:
    processes = settings.delivery.processes
    if processes == 1:
        return None
    if isinstance(stores.database, SqliteDatabase) and not sqlite_library().has_wal_reset_fix:
        raise SettingsInvalid(problems=[OLD_SQLITE.format(found=sqlite_library().version)])
    return Deliverers(processes, settings, metrics)


def _parts(
    receiving: Receiving | None, delivering: Delivering | None, deliverers: Deliverers | None
) -> Mapping[str, Callable[[], bool]]:
    parts: dict[str, Callable[[], bool]] = {}
    if receiving is not None:
        parts["intake_writer"] = receiving.writer.is_alive
    if delivering is not None:
        for destination, worker in delivering.lanes.workers.items():
            parts[f"workers.{destination.value}"] = partial(getattr, worker, "is_alive")
    if deliverers is not None:
        parts |= deliverers.parts
    return parts


def _forgetter(clients: ClientRegister[StoreTransaction], clock: Clock) -> Callable[[], object]:
    return lambda: clients.forget_expired(clock())


def _committed(metrics: Metrics, count: int, notify: Callable[[], None]) -> None:
    metrics.intake_batch.observe(count)
    notify()
