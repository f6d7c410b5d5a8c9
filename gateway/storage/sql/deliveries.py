"""Deliveries, attempts, facts and watches on SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select, update

from adapters.port import RequestId
from gateway.errors import DeliveryNotFound
from gateway.model.delivery import AttemptRow, Delivery, Fact, Watch
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.model.operating import FIRST_VERSION, EarlierRequest
from gateway.storage.sql.delivery_batches import SqlDeliveryBatches
from gateway.storage.sql.delivery_rows import attempt_of, delivery_of, delivery_row, fact_of, watch_of
from gateway.storage.sql.operating_tables import earlier_requests
from gateway.storage.sql.statements import upsert
from gateway.storage.sql.tables import attempts, deliveries, facts, watches
from retry_queue.sql.inserts import Inserts, Taken

_OF_EVENT: BindParameter[str] = bindparam("of_event")
_OF_DELIVERY: BindParameter[str] = bindparam("of_delivery")
_NEW = Inserts(deliveries, taken=Taken.LEAVE_OUT, place=("event_id", "step"))
_GET = select(deliveries).where(deliveries.c.delivery_id == _OF_DELIVERY)
_LIST_OF_EVENT = (
    select(deliveries)
    .where(deliveries.c.event_id == _OF_EVENT)
    .order_by(deliveries.c.planned_at, deliveries.c.ordinal, deliveries.c.delivery_id)
)
_NEWEST_VERSION = select(func.max(deliveries.c.version)).where(deliveries.c.event_id == _OF_EVENT)
_USE_VERSION = (
    update(deliveries)
    .where(deliveries.c.delivery_id == _OF_DELIVERY)
    .values(version=bindparam("new_version"), request_id=bindparam("new_request_id"))
)
_EARLIER_REQUESTS = (
    select(earlier_requests)
    .where(earlier_requests.c.delivery_id == _OF_DELIVERY)
    .order_by(earlier_requests.c.version)
)
_ATTEMPTS = select(attempts).where(attempts.c.delivery_id == _OF_DELIVERY).order_by(attempts.c.number)
_FACTS = (
    select(facts).where(facts.c.event_id == _OF_EVENT, facts.c.replaced_at.is_(None)).order_by(facts.c.name)
)
_REPLACE_FACT = (
    update(facts)
    .where(facts.c.event_id == _OF_EVENT, facts.c.name == bindparam("named"), facts.c.replaced_at.is_(None))
    .values(replaced_at=bindparam("at", type_=facts.c.replaced_at.type))
)
_WATCHES = select(watches).where(watches.c.event_id == _OF_EVENT).order_by(watches.c.delivery_id)
_DUE_WATCHES = (
    select(watches)
    .where(watches.c.destination == bindparam("at_destination"), watches.c.next_fetch_at <= bindparam("now"))
    .order_by(watches.c.next_fetch_at, watches.c.delivery_id)
    .limit(bindparam("most"))
)


class SqlDeliveries(SqlDeliveryBatches):
    """Everything that belongs to a delivery except its job."""

    def insert(self, transaction: Connection, new: Sequence[Delivery]) -> Sequence[DeliveryId]:
        """The unique (event, step) decides; which ids are there is asked only when not all of them are."""
        ids = [delivery.delivery_id for delivery in new]
        rows = [delivery_row(delivery, ordinal) for ordinal, delivery in enumerate(new)]
        if _NEW.write(transaction, rows) == len(rows):
            return ids
        written = self.get_all(transaction, ids)
        return [delivery_id for delivery_id in ids if delivery_id in written]

    def get(self, transaction: Connection, delivery_id: DeliveryId) -> Delivery:
        """Raises `DeliveryNotFound`."""
        row = transaction.execute(_GET, {"of_delivery": delivery_id}).one_or_none()
        if row is None:
            raise DeliveryNotFound(delivery_id=delivery_id)
        return delivery_of(row)

    def list_of_event(self, transaction: Connection, event_id: EventId) -> Sequence[Delivery]:
        """In the order they were planned."""
        return [delivery_of(row) for row in transaction.execute(_LIST_OF_EVENT, {"of_event": event_id})]

    def newest_version(self, transaction: Connection, event_id: EventId) -> int:
        """Over all deliveries of the event."""
        return transaction.scalar(_NEWEST_VERSION, {"of_event": event_id}) or FIRST_VERSION

    def use_version(
        self,
        transaction: Connection,
        delivery_id: DeliveryId,
        version: int,
        request_id: RequestId,
        now: datetime,
    ) -> None:
        """The earlier number is kept."""
        before = self.get(transaction, delivery_id)
        row = {
            "request_id": before.request_id,
            "delivery_id": delivery_id,
            "version": before.version,
            "replaced_at": now,
        }
        transaction.execute(insert(earlier_requests).values(row))
        values = {"of_delivery": delivery_id, "new_version": version, "new_request_id": request_id}
        transaction.execute(_USE_VERSION, values)

    def earlier_requests(self, transaction: Connection, delivery_id: DeliveryId) -> Sequence[EarlierRequest]:
        """Oldest first."""
        rows = transaction.execute(_EARLIER_REQUESTS, {"of_delivery": delivery_id})
        return [
            EarlierRequest(
                DeliveryId(row.delivery_id), RequestId(row.request_id), row.version, row.replaced_at
            )
            for row in rows
        ]

    def begin_attempt(self, transaction: Connection, attempt: AttemptRow) -> None:
        """A number that was begun already is a mistake of the caller and raises."""
        self.begin_attempts(transaction, (attempt,))

    def finish_attempt(self, transaction: Connection, attempt: AttemptRow) -> None:
        """Insert or replace."""
        self.finish_attempts(transaction, (attempt,))

    def list_attempts(self, transaction: Connection, delivery_id: DeliveryId) -> Sequence[AttemptRow]:
        """By number."""
        return [attempt_of(row) for row in transaction.execute(_ATTEMPTS, {"of_delivery": delivery_id})]

    def add_fact(self, transaction: Connection, fact: Fact) -> bool:
        """A new value replaces the earlier one, which stays as history; the caller holds the event's lock."""
        known = self.facts_of(transaction, fact.event_id).get(fact.name)
        if known is not None and known.value == fact.value:
            return False
        values = {"of_event": fact.event_id, "named": fact.name, "at": fact.recorded_at}
        transaction.execute(_REPLACE_FACT, values)
        upsert(transaction, facts, {**asdict(fact), "source": fact.source.value, "replaced_at": None})
        return True

    def facts_of(self, transaction: Connection, event_id: EventId) -> Mapping[str, Fact]:
        """The values that hold now, by name."""
        return {row.name: fact_of(row) for row in transaction.execute(_FACTS, {"of_event": event_id})}

    def put_watch(self, transaction: Connection, watch: Watch) -> None:
        """Insert or replace."""
        self.put_watches(transaction, (watch,))

    def watches_of(self, transaction: Connection, event_id: EventId) -> Sequence[Watch]:
        """All watches of an event, ended ones too."""
        return [watch_of(row) for row in transaction.execute(_WATCHES, {"of_event": event_id})]

    def list_due_watches(
        self, transaction: Connection, destination: Destination, now: datetime, limit: int
    ) -> Sequence[Watch]:
        """Those to be fetched now, longest waiting first."""
        values = {"at_destination": destination.value, "now": now, "most": limit}
        return [watch_of(row) for row in transaction.execute(_DUE_WATCHES, values)]
