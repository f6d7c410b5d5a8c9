"""Which deliveries go into a courier bundle, and why the others do not."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from gateway.model.delivery import Delivery
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.operations.acts import RESERVED, ActStores
from gateway.operations.journey import is_at_risk, promise_begins_at
from retry_queue.job import Job, JobId, Lane
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")

PAGE: Final = 500
BLOCKERS_MAX: Final = 50
UNFINISHED: Final = (
    State.QUEUED,
    State.DEFERRED,
    State.WAITING,
    State.LEASED,
    State.UNKNOWN,
    State.HELD,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator wants to give to the courier."""

    destination: Destination
    due_before: datetime | None = None
    at_risk: bool = False
    """Only what has little time left, or none."""
    delivery_ids: tuple[DeliveryId, ...] = ()
    """Only these; empty: all that fit the other wishes."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """A delivery that stays, and why."""

    delivery_id: str
    why: str
    """`under_way`, `maybe_sent`, `held`, `in_courier_bundle`, `waits_for_fact`, `behind_another`, …"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """In the order of their acceptance, so that order per key is kept."""

    pairs: tuple[tuple[Job, Delivery], ...]
    excluded: tuple[Excluded, ...]


@dataclass(frozen=True, slots=True)
class Choosing(Generic[TransactionT]):
    """Reads; moves nothing."""

    stores: ActStores[TransactionT]

    def choose(
        self,
        transaction: TransactionT,
        wanted: Wanted,
        limit: int,
        may_see: frozenset[EventId] | None,
        now: datetime,
    ) -> Chosen:
        """At most `limit`; what the asker may not see is left out silently (None: he may see all)."""
        chosen: dict[JobId, tuple[Job, Delivery]] = {}
        excluded: list[Excluded] = []
        for job in sorted(self._candidates(transaction, wanted, excluded), key=lambda each: each.sequence):
            delivery = self.stores.deliveries.get(transaction, DeliveryId(job.job_id))
            if may_see is not None and delivery.event_id not in may_see:
                continue
            if not self._is_meant(transaction, job, delivery, wanted, now):
                continue
            why = self._obstacle(transaction, job, delivery, chosen.keys(), now)
            if why is None and len(chosen) >= limit:
                why = "bundle_full"
            if why is None:
                chosen[job.job_id] = (job, delivery)
            else:
                excluded.append(Excluded(job.job_id, why))
        return Chosen(tuple(chosen.values()), tuple(excluded))

    def events_of(self, transaction: TransactionT, wanted: Wanted) -> frozenset[EventId]:
        """The events of everything that might go, for whoever decides what may be seen."""
        jobs = self._candidates(transaction, wanted, [])
        return frozenset(
            self.stores.deliveries.get(transaction, DeliveryId(job.job_id)).event_id for job in jobs
        )

    def _candidates(
        self, transaction: TransactionT, wanted: Wanted, excluded: list[Excluded]
    ) -> Sequence[Job]:
        if wanted.delivery_ids:
            return self._named(transaction, wanted, excluded)
        return [job for state in UNFINISHED for job in self._in_state(transaction, wanted, state)]

    def _named(self, transaction: TransactionT, wanted: Wanted, excluded: list[Excluded]) -> Sequence[Job]:
        ids = [JobId(each) for each in dict.fromkeys(wanted.delivery_ids)]
        found: Mapping[JobId, Job] = self.stores.queue.find_jobs(transaction, ids)
        jobs: list[Job] = []
        for job_id in ids:
            job = found.get(job_id)
            if job is None:
                excluded.append(Excluded(job_id, "not_found"))
            elif job.lane != Lane(wanted.destination.value):
                excluded.append(Excluded(job_id, "other_destination"))
            else:
                jobs.append(job)
        return jobs

    def _in_state(self, transaction: TransactionT, wanted: Wanted, state: State) -> Iterator[Job]:
        lane, after = Lane(wanted.destination.value), 0
        while True:
            page = self.stores.queue.list_jobs(transaction, lane, state, after, PAGE)
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].sequence

    def _is_meant(
        self, transaction: TransactionT, job: Job, delivery: Delivery, wanted: Wanted, now: datetime
    ) -> bool:
        if wanted.due_before is not None and job.due_at > wanted.due_before:
            return False
        if not wanted.at_risk:
            return True
        origin = self.stores.events.origins_of(transaction, [delivery.event_id])[delivery.event_id]
        return now > job.due_at or is_at_risk(job.due_at, promise_begins_at(job, origin.registered_at), now)

    def _obstacle(
        self,
        transaction: TransactionT,
        job: Job,
        delivery: Delivery,
        chosen: AbstractSet[JobId],
        now: datetime,
    ) -> str | None:
        if job.state.is_final:
            return "finished"
        if job.state is State.LEASED:
            return "under_way"
        if job.maybe_sent or job.state is State.UNKNOWN:
            return "maybe_sent"
        if job.state is State.HELD:
            return job.held_reason if job.held_reason in RESERVED else "held"
        if job.state is not State.WAITING:
            return None
        if self._waits_for_fact(transaction, job, delivery, now):
            return "waits_for_fact"
        blockers = self.stores.queue.list_blockers(transaction, job.job_id, BLOCKERS_MAX)
        is_cut_off = len(blockers) == BLOCKERS_MAX or any(each not in chosen for each in blockers)
        return "behind_another" if is_cut_off else None

    def _waits_for_fact(self, transaction: TransactionT, job: Job, delivery: Delivery, now: datetime) -> bool:
        if job.gate is None or (job.gate_opens_at is not None and job.gate_opens_at <= now):
            return False
        fact = str(job.gate).partition(":")[2]
        return fact not in self.stores.deliveries.facts_of(transaction, delivery.event_id)
