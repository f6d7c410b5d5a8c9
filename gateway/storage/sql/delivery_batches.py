"""Many deliveries at once on SQL: one statement for each kind of row."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from gateway.model.delivery import AttemptRow, Delivery, Fact, Watch
from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import FIRST_VERSION
from gateway.storage.sql.delivery_rows import attempt_row, delivery_of, fact_of, watch_row
from gateway.storage.sql.statements import in_parts
from gateway.storage.sql.tables import attempts, deliveries, facts, watches
from retry_queue.sql.inserts import Inserts, Taken

_DELIVERIES: BindParameter[str] = bindparam("of_deliveries", expanding=True)
_EVENTS: BindParameter[str] = bindparam("of_events", expanding=True)
_GET = select(deliveries).where(deliveries.c.delivery_id.in_(_DELIVERIES))
_NEWEST_VERSIONS = (
    select(deliveries.c.event_id, func.max(deliveries.c.version))
    .where(deliveries.c.event_id.in_(_EVENTS))
    .group_by(deliveries.c.event_id)
)
_FACTS = (
    select(facts)
    .where(facts.c.event_id.in_(_EVENTS), facts.c.replaced_at.is_(None))
    .order_by(facts.c.event_id, facts.c.name)
)
_BEGIN = Inserts(attempts)
_FINISH = Inserts(attempts, taken=Taken.REPLACE)
_WATCH = Inserts(watches, taken=Taken.REPLACE)


class SqlDeliveryBatches:
    """The part of the port that is there for speed."""

    def get_all(
        self, transaction: Connection, delivery_ids: Collection[DeliveryId]
    ) -> Mapping[DeliveryId, Delivery]:
        """Those that exist."""
        rows = (
            row
            for part in in_parts(delivery_ids)
            for row in transaction.execute(_GET, {"of_deliveries": part})
        )
        return {DeliveryId(row.delivery_id): delivery_of(row) for row in rows}

    def newest_versions(
        self, transaction: Connection, event_ids: Collection[EventId]
    ) -> Mapping[EventId, int]:
        """Over all deliveries of each event."""
        found = dict.fromkeys(event_ids, FIRST_VERSION)
        for part in in_parts(event_ids):
            rows = transaction.execute(_NEWEST_VERSIONS, {"of_events": part})
            found |= {EventId(event_id): version for event_id, version in rows}
        return found

    def begin_attempts(self, transaction: Connection, new: Sequence[AttemptRow]) -> None:
        """A number that was begun already is a mistake of the caller and raises."""
        _BEGIN.write(transaction, [attempt_row(each) for each in new])

    def finish_attempts(self, transaction: Connection, finished: Sequence[AttemptRow]) -> None:
        """Insert or replace."""
        _FINISH.write(transaction, [attempt_row(each) for each in finished])

    def facts_of_all(
        self, transaction: Connection, event_ids: Collection[EventId]
    ) -> Mapping[EventId, Mapping[str, Fact]]:
        """The values that hold now, by name."""
        found: dict[EventId, dict[str, Fact]] = {event_id: {} for event_id in event_ids}
        for part in in_parts(event_ids):
            for row in transaction.execute(_FACTS, {"of_events": part}):
                found[EventId(row.event_id)][row.name] = fact_of(row)
        return found

    def put_watches(self, transaction: Connection, new: Sequence[Watch]) -> None:
        """Insert or replace."""
        _WATCH.write(transaction, [watch_row(each) for each in new])
