"""The delivering corridor: workers for each destination, and the chores that only time sets off."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from adapters.port import Adapter
from gateway.bootstrap.corrections import office_notice_chore
from gateway.bootstrap.counting import CountedHandler
from gateway.bootstrap.declaring import registering_chore
from gateway.bootstrap.foresight import foresight_chores
from gateway.bootstrap.office import speaking_office
from gateway.bootstrap.policies import delivery_policies, lane_settings
from gateway.bootstrap.replays import replay_chore
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.bootstrap.webhooks import webhook_chores, webhook_courier
from gateway.deliver.assignment import Shelves
from gateway.deliver.attempted import Attempted
from gateway.deliver.news import NewsDesk
from gateway.deliver.record import Recorder
from gateway.deliver.walk import DeliveryHandler
from gateway.model.error_ids import new_error_id
from gateway.model.ids import Destination
from gateway.observability.logging import get_log
from gateway.observability.metrics import Metrics
from gateway.operations.fetch import Fetcher
from gateway.operations.schedule import Chore, Schedule
from gateway.operations.webhooks.courier import Courier
from gateway.settings import Settings, policy_settings
from mappings.catalog import Catalog
from retry_queue.errors import LeaseLost
from retry_queue.rescue import tend
from retry_queue.work_round import Surroundings as WorkerSurroundings
from retry_queue.worker import LaneWorker

log = get_log("bootstrap.delivering")

FETCH_EVERY_SECONDS = 5.0
TOKENS_EVERY_SECONDS = 600.0

Workers = Mapping[Destination, LaneWorker[Attempted, StoreTransaction]]


@dataclass(frozen=True, slots=True)
class Delivering:
    """What brings accepted events to their destinations."""

    adapters: Mapping[Destination, Adapter]
    workers: Workers
    schedule: Schedule
    courier: Courier[StoreTransaction] | None = None

    def notify(self) -> None:
        """There may be work on any lane."""
        for worker in self.workers.values():
            worker.notify()

    def start(self) -> None:
        """Begin to claim and to look after what waits."""
        for worker in self.workers.values():
            worker.start()
        self.schedule.start()

    def stop(self, timeout_seconds: float) -> None:
        """Finish what is under way; what is not finished by then is rescued at the next start."""
        self.schedule.stop()
        if self.courier is not None:
            self.courier.stop()
        with ThreadPoolExecutor(max_workers=len(self.workers), thread_name_prefix="stopping") as together:
            for worker in self.workers.values():
                together.submit(worker.stop, timeout_seconds)
        for adapter in self.adapters.values():
            adapter.close()


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
    adapters = outside.adapters
    shelves = Shelves(stores.events, stores.deliveries, stores.feed, stores.queue)
    watch_schedule = policy_settings(settings).watch_schedule_seconds
    recorder = Recorder(shelves, surroundings.random_bytes, watch_schedule[0])
    translator = speaking_office(catalog, settings)
    handler = DeliveryHandler(
        database=stores.database,
        shelves=shelves,
        recorder=recorder,
        catalog=translator,
        adapters=adapters,
        policies=delivery_policies(settings),
        clock=surroundings.clock,
        random=surroundings.random,
        new_error_id=lambda: new_error_id(surroundings.random_bytes),
    )
    workers = _build_workers(surroundings, settings, stores, CountedHandler(handler, outside.metrics))
    delivering_notify = _notifier(workers)
    fetcher = Fetcher(
        database=stores.database,
        deliveries=stores.deliveries,
        lanes=stores.queue,
        desk=NewsDesk(stores.database, shelves, recorder, translator, watch_schedule),
        adapters=adapters,
        clock=surroundings.clock,
        on_news=delivering_notify,
    )
    courier = webhook_courier(stores, settings, surroundings, outside.metrics)
    chores = [
        *_chores(surroundings, settings, stores, fetcher, delivering_notify),
        *foresight_chores(stores, settings, surroundings, outside.metrics),
        replay_chore(surroundings, settings, stores, translator, adapters, delivering_notify),
        office_notice_chore(surroundings, settings, stores),
        registering_chore(surroundings, settings, stores, catalog, delivering_notify),
        *webhook_chores(courier, settings),
        Chore("tokens", TOKENS_EVERY_SECONDS, outside.forget_tokens),
    ]
    return Delivering(adapters, workers, Schedule(chores), courier)


def _build_workers(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    handler: CountedHandler[StoreTransaction],
) -> Workers:
    workers: dict[Destination, LaneWorker[Attempted, StoreTransaction]] = {}
    for destination in Destination:
        around = WorkerSurroundings(
            clock=surroundings.clock,
            random=surroundings.random,
            on_error=_tell_error,
            on_recorded=lambda lease, _decision: handler.count(lease),
            after_recorded=_notifier(workers, besides=destination),
        )
        workers[destination] = LaneWorker(
            "worker", stores.queue, handler, lane_settings(settings, destination), around
        )
    return workers


def _notifier(workers: Workers, besides: Destination | None = None) -> Callable[[], None]:
    """Who has just recorded something looks for more anyway; the others may have got work by it."""

    def notify() -> None:
        for destination, worker in workers.items():
            if destination is not besides:
                worker.notify()

    return notify


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


def _tell_error(error: Exception) -> None:
    """What a worker survives; the text of an error may name people and stays out."""
    if isinstance(error, LeaseLost):
        log.warning("worker.lease_lost", delivery_id=error.job_id)
    else:
        log.error("worker.survived", error_type=type(error).__qualname__)
