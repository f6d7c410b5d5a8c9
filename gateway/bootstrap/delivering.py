"""The delivering corridor: workers for each destination, and the chores that only time sets off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from adapters.port import Adapter
from gateway.bootstrap.corrections import office_notice_chore
from gateway.bootstrap.declaring import registering_chore
from gateway.bootstrap.foresight import foresight_chores
from gateway.bootstrap.lanes import Lanes, Tools, build_lanes, build_tools
from gateway.bootstrap.replays import replay_chore
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.bootstrap.webhooks import webhook_chores, webhook_courier
from gateway.deliver.news import NewsDesk
from gateway.model.ids import Destination
from gateway.observability.metrics import Metrics
from gateway.operations.fetch import Fetcher
from gateway.operations.schedule import Chore, Schedule
from gateway.operations.webhooks.courier import Courier
from gateway.settings import Settings, policy_settings
from mappings.catalog import Catalog
from retry_queue.rescue import tend

FETCH_EVERY_SECONDS = 5.0
TOKENS_EVERY_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Delivering:
    """What brings accepted events to their destinations, and all that belongs to it once in a gateway."""

    lanes: Lanes
    schedule: Schedule
    courier: Courier[StoreTransaction] | None = None

    def start(self) -> None:
        """Begin to claim and to look after what waits."""
        self.lanes.start()
        self.schedule.start()

    def stop(self, timeout_seconds: float) -> None:
        """Finish what is under way; what is not finished by then is rescued at the next start."""
        self.schedule.stop()
        if self.courier is not None:
            self.courier.stop()
        self.lanes.stop(timeout_seconds)


@dataclass(frozen=True, slots=True)
class Outside:
    """What the corridor is given to work with."""

    adapters: Mapping[Destination, Adapter]
    metrics: Metrics
    forget_tokens: Callable[[], object]


def build_delivering(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    catalog: Catalog,
    outside: Outside,
) -> Delivering:
    """Workers, fetchers and chores over the given adapters."""
    tools = build_tools(surroundings, settings, stores, catalog, outside.adapters)
    lanes = build_lanes(surroundings, settings, stores, tools, outside.metrics.count_attempt)
    courier = webhook_courier(stores, settings, surroundings, outside.metrics)
    fetcher = _fetcher(surroundings, settings, stores, tools, lanes.notify)
    chores = [
        *_chores(surroundings, settings, stores, fetcher, lanes.notify),
        *foresight_chores(stores, settings, surroundings, outside.metrics),
        replay_chore(surroundings, settings, stores, tools.translator, tools.adapters, lanes.notify),
        office_notice_chore(surroundings, settings, stores),
        registering_chore(surroundings, settings, stores, catalog, lanes.notify),
        *webhook_chores(courier, settings),
        Chore("tokens", TOKENS_EVERY_SECONDS, outside.forget_tokens),
    ]
    return Delivering(lanes, Schedule(chores), courier)


def _fetcher(
    surroundings: Surroundings, settings: Settings, stores: Stores, tools: Tools, notify: Callable[[], None]
) -> Fetcher[StoreTransaction]:
    watch_schedule = policy_settings(settings).watch_schedule_seconds
    return Fetcher(
        database=stores.database,
        deliveries=stores.deliveries,
        lanes=stores.queue,
        desk=NewsDesk(stores.database, tools.shelves, tools.recorder, tools.translator, watch_schedule),
        adapters=tools.adapters,
        clock=surroundings.clock,
        on_news=notify,
    )


def _chores(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    fetcher: Fetcher[StoreTransaction],
    notify: Callable[[], None],
) -> list[Chore]:
    def upkeep() -> None:
        if tend(stores.queue, surroundings.clock()).moved:
            notify()

    fetch_seconds = max(FETCH_EVERY_SECONDS / settings.time_factor, policy_settings(settings).upkeep_seconds)
    return [
        Chore("upkeep", policy_settings(settings).upkeep_seconds, upkeep),
        *(
            Chore(f"fetch.{destination.value}", fetch_seconds, partial(fetcher.fetch, destination))
            for destination in Destination
        ),
    ]
