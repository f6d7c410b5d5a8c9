"""The shared memory of the breakers."""

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from retry_queue.job import Lane
from retry_queue.sql import locks
from retry_queue.store import BreakerState, LaneHealth
from retry_queue.tables import queue_lanes

_GET = select(
    queue_lanes.c.breaker, queue_lanes.c.failures_in_row, queue_lanes.c.open_until, queue_lanes.c.hold_reason
).where(queue_lanes.c.lane == bindparam("lane"))

_CHANGING = ("breaker", "failures_in_row", "open_until", "hold_reason")
_pg = postgresql.insert(queue_lanes)
_lite = sqlite.insert(queue_lanes)
_PUT = {
    "postgresql": _pg.on_conflict_do_update(
        index_elements=["lane"], set_={name: _pg.excluded[name] for name in _CHANGING}
    ),
    "sqlite": _lite.on_conflict_do_update(
        index_elements=["lane"], set_={name: _lite.excluded[name] for name in _CHANGING}
    ),
}


class SqlLanes:
    """The breakers' part of the port."""

    def get_lane(self, transaction: Connection, lane: Lane) -> LaneHealth:
        """A lane nobody has heard of is healthy."""
        row = transaction.execute(_GET, {"lane": lane}).one_or_none()
        if row is None:
            return LaneHealth(lane)
        return LaneHealth(
            lane=lane,
            breaker=BreakerState(row.breaker),
            failures_in_row=row.failures_in_row,
            open_until=row.open_until,
            hold_reason=row.hold_reason,
        )

    def lock_lane(self, transaction: Connection, lane: Lane) -> LaneHealth:
        """Also for a lane without a row, therefore not a row lock."""
        locks.lock_lane(transaction, lane)
        return self.get_lane(transaction, lane)

    def put_lane(self, transaction: Connection, health: LaneHealth) -> None:
        """Remember this for every process."""
        values = {
            "lane": health.lane,
            "breaker": health.breaker.value,
            "failures_in_row": health.failures_in_row,
            "open_until": health.open_until,
            "hold_reason": health.hold_reason,
        }
        transaction.execute(_PUT[transaction.dialect.name], values)
