"""How many stand where, what is late, and what a person must look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from gateway.model.clock import Clock
from gateway.model.delivery import Delivery
from gateway.model.ids import DeliveryId, Destination
from gateway.operations.queue_view import QueueView
from gateway.operations.reasons import hold_reason
from gateway.operations.sentences import Sentence
from gateway.storage.ports import Database, Deliveries
from retry_queue.job import Job, Lane
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneCount, LaneHealth

TransactionT = TypeVar("TransactionT")

ATTENTION_MAX = 100
"""Held deliveries that are listed; the counts tell of the rest."""


@dataclass(frozen=True, slots=True)
class StateCount:
    """Unfinished deliveries of one destination in one state."""

    state: str
    deliveries: int
    earliest_due_at: datetime
    has_overdue: bool


@dataclass(frozen=True, slots=True)
class DestinationSummary:
    """One destination at a glance."""

    destination: str
    unfinished: int
    earliest_due_at: datetime | None
    breaker: BreakerState
    open_until: datetime | None
    hold_reason: str | None
    hold_remedy: Sentence | None
    states: tuple[StateCount, ...]


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """Something that a person must decide."""

    delivery_id: str
    event_id: str
    destination: str
    step: str
    reason: str
    meaning: Sentence
    remedy: Sentence
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole gateway at a glance."""

    at: datetime
    destinations: tuple[DestinationSummary, ...]
    attention: tuple[AttentionItem, ...]
    """Held deliveries, at most a hundred, earliest due first."""


@dataclass(frozen=True, slots=True)
class SummaryReader(Generic[TransactionT]):
    """Reads in one consistent view."""

    database: Database[TransactionT]
    deliveries: Deliveries[TransactionT]
    queue: QueueView[TransactionT]
    clock: Clock

    def read(self) -> Summary:
        """Counts, lanes, and the held deliveries."""
        now = self.clock()
        with self.database.read() as transaction:
            counts = self.queue.count_lanes(transaction)
            lanes = [self.queue.get_lane(transaction, Lane(each.value)) for each in Destination]
            held = self.queue.list_jobs(transaction, None, State.HELD, 0, ATTENTION_MAX)
            items = [(job, self.deliveries.get(transaction, DeliveryId(job.job_id))) for job in held]
        return summarise(counts, lanes, items, now)


def summarise(
    counts: Sequence[LaneCount],
    lanes: Sequence[LaneHealth],
    held: Sequence[tuple[Job, Delivery]],
    now: datetime,
) -> Summary:
    """Pure: the same numbers always give the same summary."""
    attention = sorted(
        (_attention(job, delivery, now) for job, delivery in held), key=lambda item: item.due_at
    )
    return Summary(
        at=now,
        destinations=tuple(_destination(lane, counts, now) for lane in lanes),
        attention=tuple(attention),
    )


def _destination(lane: LaneHealth, counts: Sequence[LaneCount], now: datetime) -> DestinationSummary:
    own = [count for count in counts if count.lane == lane.lane]
    return DestinationSummary(
        destination=lane.lane,
        unfinished=sum(count.jobs for count in own),
        earliest_due_at=min((count.earliest_due_at for count in own), default=None),
        breaker=lane.breaker,
        open_until=lane.open_until,
        hold_reason=lane.hold_reason,
        hold_remedy=hold_reason(lane.hold_reason).remedy if lane.hold_reason else None,
        states=tuple(
            StateCount(count.state.value, count.jobs, count.earliest_due_at, now > count.earliest_due_at)
            for count in own
        ),
    )


def _attention(job: Job, delivery: Delivery, now: datetime) -> AttentionItem:
    reason = hold_reason(job.held_reason)
    return AttentionItem(
        delivery_id=delivery.delivery_id,
        event_id=delivery.event_id,
        destination=delivery.destination.value,
        step=delivery.step,
        reason=reason.code,
        meaning=reason.meaning,
        remedy=reason.remedy,
        due_at=job.due_at,
        is_overdue=now > job.due_at,
    )
