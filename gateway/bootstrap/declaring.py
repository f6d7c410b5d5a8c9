"""Declarations over the stores: the chore that makes events of those whose entry the registry has told."""

from collections.abc import Callable
from functools import partial

from gateway.bootstrap.imports import RingingCommit
from gateway.bootstrap.receiving import build_committer, build_rulebook
from gateway.bootstrap.stores import Stores
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
    shelves = DeclarationShelves(
        stores.database, stores.declarations, stores.events, stores.deliveries, stores.feed
    )
    limits = BodyLimits(settings.server.body_bytes_max, settings.server.json_depth_max)
    registering = Registering(
        shelves=shelves,
        prepare=partial(prepare, limits=limits, rulebook=build_rulebook(settings, stores)),
        commit=RingingCommit(build_committer(surroundings, settings, stores, catalog)),
        clock=surroundings.clock,
        on_registered=notify,
    )
    every_seconds = max(
        REGISTER_EVERY_SECONDS / settings.time_factor, policy_settings(settings).upkeep_seconds
    )
    return Chore("declarations", every_seconds, registering.run)
