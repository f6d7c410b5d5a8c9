"""The shared memory of the breakers."""

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from retry_queue.job import Lane
from retry_queue.sql import locks
from retry_queue.store import BreakerState, LaneHealth
from retry_queue.tables import queue_lanes

_CHANGING = tuple(column.name for column in queue_lanes.c if not column.primary_key)
_GET = select(*(queue_lanes.c[name] for name in _CHANGING)).where(queue_lanes.c.lane == bindparam("lane"))
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
            window=row.window,
            window_goal=row.window_goal,
            window_changed_at=row.window_changed_at,
            next_start_at=row.next_start_at,
            window_cut_at=row.window_cut_at,
            recent_failures=row.recent_failures,
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
            "window": health.window,
            "window_goal": health.window_goal,
            "window_changed_at": health.window_changed_at,
            "next_start_at": health.next_start_at,
            "window_cut_at": health.window_cut_at,
            "recent_failures": health.recent_failures,
        }
        transaction.execute(_PUT[transaction.dialect.name], values)
