"""Many deliveries at once on SQL: one statement for each kind of row."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, func, select

from gateway.model.delivery import AttemptRow, Delivery, Fact, Watch
from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import FIRST_VERSION
from gateway.storage.sql.delivery_rows import attempt_row, delivery_of, fact_of, watch_row
from gateway.storage.sql.tables import attempts, deliveries, facts, watches
from retry_queue.sql.inserts import Inserts, Taken
from retry_queue.sql.rowsets import DIALECTS, Rowset

_IDS = Rowset(id=Text)


def _get(dialect: str) -> Select[*tuple[Any, ...]]:
    return select(deliveries).where(deliveries.c.delivery_id.in_(select(_IDS.source(dialect).c.id)))


def _newest_versions(dialect: str) -> Select[str, int]:
    return (
        select(deliveries.c.event_id, func.max(deliveries.c.version))
        .where(deliveries.c.event_id.in_(select(_IDS.source(dialect).c.id)))
        .group_by(deliveries.c.event_id)
    )


def _facts(dialect: str) -> Select[*tuple[Any, ...]]:
    return (
        select(facts)
        .where(facts.c.event_id.in_(select(_IDS.source(dialect).c.id)), facts.c.replaced_at.is_(None))
        .order_by(facts.c.event_id, facts.c.name)
    )


_GET = {each: _get(each) for each in DIALECTS}
_NEWEST_VERSIONS = {each: _newest_versions(each) for each in DIALECTS}
_FACTS = {each: _facts(each) for each in DIALECTS}
_BEGIN = Inserts(attempts)
_FINISH = Inserts(attempts, taken=Taken.REPLACE)
_WATCH = Inserts(watches, taken=Taken.REPLACE)


class SqlDeliveryBatches:
    """The part of the port that is there for speed."""

    def get_all(
        self, transaction: Connection, delivery_ids: Collection[DeliveryId]
    ) -> Mapping[DeliveryId, Delivery]:
        """Those that exist."""
        rows = _of_ids(transaction, _GET, delivery_ids)
        return {DeliveryId(row.delivery_id): delivery_of(row) for row in rows}

    def newest_versions(
        self, transaction: Connection, event_ids: Collection[EventId]
    ) -> Mapping[EventId, int]:
        """Over all deliveries of each event."""
        found = dict.fromkeys(event_ids, FIRST_VERSION)
        rows = _of_ids(transaction, _NEWEST_VERSIONS, event_ids)
        found.update((EventId(event_id), version) for event_id, version in rows)
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
        for row in _of_ids(transaction, _FACTS, event_ids):
            found[EventId(row.event_id)][row.name] = fact_of(row)
        return found

    def put_watches(self, transaction: Connection, new: Sequence[Watch]) -> None:
        """Insert or replace."""
        _WATCH.write(transaction, [watch_row(each) for each in new])


def _of_ids(
    transaction: Connection, statements: Mapping[str, Select[*tuple[Any, ...]]], ids: Collection[str]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One statement, however many ids."""
    if not ids:
        return ()
    dialect = transaction.dialect.name
    given = _IDS.values(dialect, [(each,) for each in sorted(set(ids))])
    return transaction.execute(statements[dialect], given).all()
