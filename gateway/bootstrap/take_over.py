"""Starting where a killed predecessor stopped, without waiting for what only it could have finished."""

from dataclasses import replace
from datetime import datetime

from gateway.bootstrap.stores import StoreTransaction
from gateway.model.ids import Destination
from gateway.storage.replay_ports import Replays
from retry_queue.job import Lane
from retry_queue.store import BreakerState, Store


def take_over(queue: Store[StoreTransaction], replays: Replays[StoreTransaction], now: datetime) -> None:
    """End every lease, every probe and every drive: on SQLite nobody else can be at work."""
    with queue.write() as transaction:
        queue.end_leases(transaction, now)
        for destination in Destination:
            health = queue.get_lane(transaction, Lane(destination.value))
            if health.breaker is BreakerState.HALF_OPEN:
                queue.put_lane(transaction, replace(health, open_until=now))
        for replay in replays.list_driven(transaction):
            replays.put(transaction, replace(replay, driven_until=now))
