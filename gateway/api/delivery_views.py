"""Deliveries as operators see and move them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast

from gateway.api.authenticate import Caller
from gateway.api.deliveries import ActBody, Page
from gateway.api.problems import Problem
from gateway.api.visibility import covers
from gateway.errors import DeliveryNotFound
from gateway.model.clock import Clock
from gateway.model.delivery import Delivery
from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import Act
from gateway.model.units import UnitsAbove
from gateway.operations.acts import Acts
from gateway.operations.decision import DecisionReader
from gateway.operations.orders import Asker, Order
from gateway.operations.plain import plain
from gateway.operations.read_journey import JourneyReader
from gateway.operations.summary import SummaryReader
from gateway.storage.ports import Database, Deliveries, Events
from retry_queue.errors import NotAllowed
from retry_queue.job import Job, Lane
from retry_queue.store import Inspection

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class DeliveryViews(Generic[TransactionT]):
    """Lists, counts and acts, within the caller's units."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    deliveries: Deliveries[TransactionT]
    queue: Inspection[TransactionT]
    journeys: JourneyReader[TransactionT]
    summary: SummaryReader[TransactionT]
    acts: Acts[TransactionT]
    decisions: DecisionReader[TransactionT]
    units_above: UnitsAbove
    clock: Clock

    def list_page(self, page: Page, caller: Caller) -> Mapping[str, Any]:
        """In the order of acceptance; `next_after` is None on the last page."""
        lane = Lane(page.destination.value) if page.destination else None
        with self.database.read() as transaction:
            jobs = self.queue.list_jobs(transaction, lane, page.state, page.after, page.limit)
            deliveries = [self.deliveries.get(transaction, DeliveryId(job.job_id)) for job in jobs]
            visible = self._visible(transaction, {each.event_id for each in deliveries}, caller)
        next_after = jobs[-1].sequence if len(jobs) == page.limit else None
        rows = zip(jobs, deliveries, strict=True)
        return {
            "deliveries": [_row(job, delivery) for job, delivery in rows if delivery.event_id in visible],
            "next_after": next_after,
        }

    def summarize(self, caller: Caller) -> Mapping[str, Any]:
        """Counts name nobody, so that every operator sees them; what is listed lies in the caller's units."""
        summary = self.summary.read()
        with self.database.read() as transaction:
            event_ids = {EventId(item.event_id) for item in summary.attention}
            visible = self._visible(transaction, event_ids, caller)
        attention = tuple(item for item in summary.attention if item.event_id in visible)
        return cast("dict[str, Any]", plain(replace(summary, attention=attention)))

    def perform(
        self, delivery_id: DeliveryId, act: Act, body: ActBody, caller: Caller, request_id: str
    ) -> Mapping[str, Any] | None:
        """Do it and show the delivery as it stands then. Raises `ActRefused`, a `not_allowed_now` problem."""
        if not self.may_move(delivery_id, caller):
            return None
        asker = Asker(caller.client_id, body.reason, request_id)
        order = Order(delivery_id, act, asker, body.expected.as_seen(), body.evidence, body.reference)
        try:
            performed = self.acts.perform(order, self.clock())
        except NotAllowed as refused:
            raise Problem("not_allowed_now", state=refused.state.value, act=act.value) from refused
        shown = plain(self.journeys.get_delivery(delivery_id, self.clock()))
        made = plain(performed.act)
        return {**cast("dict[str, Any]", shown), "act": made, "is_repeat": performed.is_repeat}

    def decide(self, delivery_id: DeliveryId, caller: Caller) -> Mapping[str, Any] | None:
        """The page for a person; None also where the caller may not know that it exists."""
        if not self.may_move(delivery_id, caller):
            return None
        page = cast("dict[str, Any]", plain(self.decisions.get(delivery_id, self.clock())))
        for proposal in page["past"]["proposals"]:
            del proposal["content"]
        return page

    def may_move(self, delivery_id: DeliveryId, caller: Caller) -> bool:
        """Whether it exists and lies in the caller's units."""
        with self.database.read() as transaction:
            try:
                delivery = self.deliveries.get(transaction, delivery_id)
            except DeliveryNotFound:
                return False
            return bool(self._visible(transaction, {delivery.event_id}, caller))

    def visible(self, event_ids: Collection[EventId], caller: Caller) -> frozenset[EventId]:
        """Those of them that lie in the caller's units."""
        with self.database.read() as transaction:
            return self._visible(transaction, event_ids, caller)

    def _visible(
        self, transaction: TransactionT, event_ids: Collection[EventId], caller: Caller
    ) -> frozenset[EventId]:
        """Those of them that lie in the caller's units."""
        origins = self.events.origins_of(transaction, event_ids)
        return frozenset(
            event_id
            for event_id, origin in origins.items()
            if covers(caller, origin.authority_code, origin.registered_at, self.units_above)
        )


def _row(job: Job, delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery_id": delivery.delivery_id,
        "event_id": delivery.event_id,
        "destination": delivery.destination.value,
        "step": delivery.step,
        "message": delivery.message,
        "state": job.state.value,
        "reason": job.held_reason,
        "due_at": job.due_at.isoformat(),
        "attempts": job.attempts,
        "next_attempt_at": job.next_attempt_at.isoformat() if job.next_attempt_at else None,
    }
