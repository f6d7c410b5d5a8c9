"""Declarations over the stores: the chore that makes events of those whose entry the registry has told."""

from collections.abc import Callable
from functools import partial

from gateway.bootstrap.imports import RingingCommit
from gateway.bootstrap.receiving import build_committer, build_rulebook
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.operations.declarations import DeclarationShelves, Registering
from gateway.operations.schedule import Chore
from gateway.receive.parse import BodyLimits
from gateway.receive.walk import prepare
from gateway.settings import Settings, policy_settings
from mappings.catalog import Catalog

REGISTER_EVERY_SECONDS = 5.0


def registering_chore(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    catalog: Catalog,
    notify: Callable[[], None],
) -> Chore:
    """Every process that delivers may; one event comes of it, whoever is first."""
    registering = build_registering(surroundings, settings, stores, catalog, notify)
    seconds = REGISTER_EVERY_SECONDS / settings.time_factor
    return Chore("declarations", max(seconds, policy_settings(settings).upkeep_seconds), registering.run)


def build_registering(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    catalog: Catalog,
    notify: Callable[[], None],
) -> Registering[StoreTransaction]:
    """What makes events of declarations."""
    shelves = DeclarationShelves(
        stores.database,
        stores.declarations,
        stores.events,
        stores.deliveries,
        stores.questions,
        stores.feed,
    )
    limits = BodyLimits(settings.server.body_bytes_max, settings.server.json_depth_max)
    return Registering(
        shelves=shelves,
        prepare=partial(prepare, limits=limits, rulebook=build_rulebook(settings, stores)),
        commit=RingingCommit(build_committer(surroundings, settings, stores, catalog)),
        clock=surroundings.clock,
        random_bytes=surroundings.random_bytes,
        promise_seconds=policy_settings(settings).promise_seconds,
        on_registered=notify,
    )
