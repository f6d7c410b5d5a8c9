"""Bulk replays, built from settings: desk and reader for API and commands, the driver beside the workers."""

from collections.abc import Callable, Mapping
from datetime import datetime

from adapters.port import Adapter
from gateway.bootstrap.corrections import act_witness
from gateway.bootstrap.reading import units_above
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.deliver.assignment import Shelves
from gateway.deliver.resend import Resender
from gateway.deliver.translate import Translates
from gateway.model.clock import VIETNAM
from gateway.model.ids import Destination, RandomBytes, new_uuid7
from gateway.model.replaying import Limits
from gateway.operations.replays.desk import ReplayDesk
from gateway.operations.replays.drive import ReplayDriver
from gateway.operations.replays.perform import Performer
from gateway.operations.replays.resend import Resending
from gateway.operations.schedule import Chore
from gateway.settings import Settings, policy_settings
from gateway.storage.sql.replays import SqlReplays


def replay_limits(settings: Settings) -> Limits:
    """What holds unless a replay says otherwise."""
    wanted = policy_settings(settings).replay
    return Limits(
        ramp=wanted.ramp,
        error_percent=wanted.error_percent,
        outcomes_min=wanted.outcomes_min,
        live_due_seconds=wanted.live_due_seconds,
    )


def build_replay_desk(
    stores: Stores, settings: Settings, random_bytes: RandomBytes
) -> ReplayDesk[StoreTransaction]:
    """For the API and the commands."""
    wanted = settings.delivery.replay
    return ReplayDesk(
        database=stores.database,
        replays=SqlReplays(),
        covers=covers_unit,
        new_id=lambda now: new_uuid7(now, random_bytes),
        items_max=wanted.items_max,
        needs_second_person=wanted.second_person,
    )


def replay_chore(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    catalog: Translates,
    adapters: Mapping[Destination, Adapter],
    on_moved: Callable[[], None],
) -> Chore:
    """Drives what is running; every process that delivers may, one does."""
    random_bytes = surroundings.random_bytes
    performer = Performer(
        stores.events,
        stores.queue,
        stores.acts,
        stores.feed,
        lambda now: new_uuid7(now, random_bytes),
        act_witness(stores, random_bytes),
    )
    shelves = Shelves(stores.events, stores.deliveries, stores.feed, stores.queue)
    resender = Resender(stores.database, shelves, stores.queue, catalog, adapters, random_bytes)
    driver = ReplayDriver(
        name=random_bytes(8).hex(),
        database=stores.database,
        replays=SqlReplays(),
        performer=performer,
        resending=Resending(stores.database, SqlReplays(), performer, resender),
        clock=surroundings.clock,
        on_moved=on_moved,
    )
    return Chore("replays", policy_settings(settings).replay.every_seconds, driver.drive)


def covers_unit(units: frozenset[str], authority_code: str, on: datetime) -> bool:
    """Whether one of the units is this one, or stood above it on that day."""
    if authority_code in units:
        return True
    return not units.isdisjoint(units_above(authority_code, on.astimezone(VIETNAM).date()))
