"""The workers of every destination: what each delivering process has, and all that a further one has."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

from adapters.port import Adapter
from gateway.bootstrap.counting import CountedHandler
from gateway.bootstrap.office import speaking_office
from gateway.bootstrap.policies import delivery_policies, lane_settings
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.deliver.assignment import Shelves
from gateway.deliver.attempted import Attempted
from gateway.deliver.record import Recorder
from gateway.deliver.translate import Translates
from gateway.deliver.walk import DeliveryHandler
from gateway.model.error_ids import new_error_id
from gateway.model.ids import Destination
from gateway.observability.logging import get_log
from gateway.observability.metrics import AttemptCount
from gateway.settings import Settings, policy_settings
from mappings.catalog import Catalog
from retry_queue.errors import LeaseLost
from retry_queue.work_round import Surroundings as WorkerSurroundings
from retry_queue.worker import LaneWorker

log = get_log("bootstrap.lanes")

LaneWorkers: TypeAlias = Mapping[Destination, LaneWorker[Attempted, StoreTransaction]]


@dataclass(frozen=True, slots=True)
class Tools:
    """What deliveries are made and recorded with, also by chores."""

    shelves: Shelves[StoreTransaction]
    recorder: Recorder[StoreTransaction]
    translator: Translates
    adapters: Mapping[Destination, Adapter]


@dataclass(frozen=True, slots=True)
class Lanes:
    """What carries accepted events to their destinations."""

    workers: LaneWorkers
    adapters: Mapping[Destination, Adapter]

    @property
    def are_alive(self) -> bool:
        """False as soon as any thread has died."""
        return all(worker.is_alive for worker in self.workers.values())

    def notify(self) -> None:
        """There may be work on any lane."""
        for worker in self.workers.values():
            worker.notify()

    def start(self) -> None:
        """Begin to claim."""
        for worker in self.workers.values():
            worker.start()

    def stop(self, timeout_seconds: float) -> None:
        """Finish what is under way; what is not finished by then is rescued when its lease has ended."""
        with ThreadPoolExecutor(max_workers=len(self.workers), thread_name_prefix="stopping") as together:
            for worker in self.workers.values():
                together.submit(worker.stop, timeout_seconds)
        for adapter in self.adapters.values():
            adapter.close()


def build_tools(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    catalog: Catalog,
    adapters: Mapping[Destination, Adapter],
) -> Tools:
    """Over the given adapters."""
    shelves = Shelves(stores.events, stores.deliveries, stores.feed, stores.queue)
    watch_schedule = policy_settings(settings).watch_schedule_seconds
    recorder = Recorder(shelves, surroundings.random_bytes, watch_schedule[0])
    return Tools(shelves, recorder, speaking_office(catalog, settings), adapters)


def build_lanes(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    tools: Tools,
    count_attempt: Callable[[AttemptCount], None],
) -> Lanes:
    """A worker for each destination."""
    handler = DeliveryHandler(
        database=stores.database,
        shelves=tools.shelves,
        recorder=tools.recorder,
        catalog=tools.translator,
        adapters=tools.adapters,
        policies=delivery_policies(settings),
        clock=surroundings.clock,
        random=surroundings.random,
        new_error_id=lambda: new_error_id(surroundings.random_bytes),
    )
    counted = CountedHandler(handler, count_attempt)
    workers: dict[Destination, LaneWorker[Attempted, StoreTransaction]] = {}
    for destination in Destination:
        around = WorkerSurroundings(
            clock=surroundings.clock,
            random=surroundings.random,
            on_error=_tell_error,
            on_recorded=lambda lease, _decision: counted.count(lease),
            after_recorded=_notifier(workers, besides=destination),
        )
        workers[destination] = LaneWorker(
            "worker", stores.queue, counted, lane_settings(settings, destination), around
        )
    return Lanes(workers, tools.adapters)


def _notifier(workers: LaneWorkers, besides: Destination) -> Callable[[], None]:
    """Who has just recorded something looks for more anyway; the others may have got work by it."""

    def notify() -> None:
        for destination, worker in workers.items():
            if destination is not besides:
                worker.notify()

    return notify


def _tell_error(error: Exception) -> None:
    """What a worker survives; the text of an error may name people and stays out."""
    if isinstance(error, LeaseLost):
        log.warning("worker.lease_lost", delivery_id=error.job_id)
    else:
        log.error("worker.survived", error_type=type(error).__qualname__)
