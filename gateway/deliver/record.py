"""Writing what came of an attempt, and everything that follows from it, in one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from adapters.port import FACT_PERSONAL_ID, Accepted, Stage
from gateway.deliver import follow_up
from gateway.deliver.assignment import Assignment, Shelves
from gateway.deliver.attempted import Attempted, facts_in, finished_row, outcome_code
from gateway.deliver.follow_up import StageReport
from gateway.deliver.known import Known, read_known
from gateway.model.delivery import Delivery, Fact, StoredEvent, Watch
from gateway.model.ids import DeliveryId, RandomBytes
from gateway.model.outcome import Delivered, Outcome, RefusedThere
from gateway.model.planning import (
    REGISTRY_RECORD,
    PlannedStep,
    build_delivery,
    fact_name,
    gate_key,
    ordering_keys,
)
from gateway.storage.ports import FeedEntry
from retry_queue.job import JobId, NewJob, OrderingKey
from retry_queue.verdict import Decision, GiveUp

TransactionT = TypeVar("TransactionT")

Steps = Iterable[PlannedStep | None]
Following = tuple[Assignment, Steps]
"""What is to be planned for an event."""


@dataclass(frozen=True, slots=True)
class Recorder(Generic[TransactionT]):
    """Facts, gates, watches, follow-ups and feed entries; whoever calls it has locked the event."""

    shelves: Shelves[TransactionT]
    random_bytes: RandomBytes
    first_fetch_after_seconds: float

    def lock(self, transaction: TransactionT, assignment: Assignment, facts: Iterable[str]) -> None:
        """Before several acts on one event: event, then gates and keys, so that nobody waits crosswise."""
        self.lock_all(transaction, [(assignment, facts)])

    def lock_all(
        self, transaction: TransactionT, assignments: Sequence[tuple[Assignment, Iterable[str]]]
    ) -> None:
        """The same for several events: all events in one order, then all gates and keys."""
        event_ids = {assignment.stored.event_id for assignment, _ in assignments}
        self.shelves.events.lock_all(transaction, event_ids)
        gates = {
            gate_key(assignment.stored.event_id, _full_name(assignment.delivery, fact))
            for assignment, facts in assignments
            for fact in facts
        }
        job_ids = [JobId(assignment.delivery.delivery_id) for assignment, _ in assignments]
        keys = self._keys(transaction, [assignment.stored for assignment, _ in assignments])
        self.shelves.queue.lock_keys(transaction, keys=keys, gates=gates, job_ids=job_ids)

    def _keys(self, transaction: TransactionT, events: Sequence[StoredEvent]) -> Iterator[OrderingKey]:
        """Read only where somebody locks them: with one writer nobody does."""
        persons = self.shelves.events.persons_of_all(transaction, {stored.event_id for stored in events})
        for stored in events:
            yield from ordering_keys(
                stored.event.entry(), persons[stored.event_id], stored.event.other_entries()
            )

    def finish_all(
        self, transaction: TransactionT, outcomes: Sequence[tuple[Attempted, Decision]], now: datetime
    ) -> None:
        """Attempts first, feed last: the feed makes other writers wait until we commit."""
        self.shelves.deliveries.finish_attempts(
            transaction, [finished_row(attempted) for attempted, _ in outcomes]
        )
        told = [
            (attempted.assignment, attempted.outcome, decision)
            for attempted, decision in outcomes
            if attempted.assignment is not None
        ]
        known = self._known(
            transaction, [assignment for assignment, outcome, _ in told if _teaches(assignment, outcome)]
        )
        self.shelves.deliveries.put_watches(
            transaction, [watch for each in told for watch in self._watches(each[0], each[1], now)]
        )
        entries: list[FeedEntry] = []
        following: list[Following] = []
        for assignment, outcome, decision in told:
            found, steps = self._consequences(transaction, assignment, outcome, decision, known, now)
            entries += found
            following.append((assignment, steps))
        entries += self._plan_all(transaction, following, known, now)
        if entries:
            self.shelves.feed.append(transaction, entries)

    def learn(
        self, transaction: TransactionT, assignment: Assignment, facts: Mapping[str, str], now: datetime
    ) -> list[FeedEntry]:
        """Keep new facts, open the gates that waited for them, send a late number after its record."""
        return self._learn(transaction, assignment, facts, self._known(transaction, [assignment]), now)

    def plan(
        self,
        transaction: TransactionT,
        assignment: Assignment,
        steps: Iterable[PlannedStep | None],
        now: datetime,
    ) -> list[FeedEntry]:
        """Deliveries that follow later; one that exists already is not made again."""
        known = self._known(transaction, [assignment])
        return self._plan_all(transaction, [(assignment, steps)], known, now)

    def delivered(
        self, transaction: TransactionT, assignment: Assignment, answer: Accepted, now: datetime
    ) -> list[FeedEntry]:
        """What follows from it that the destination has the message."""
        known = self._known(transaction, [assignment])
        self.shelves.deliveries.put_watches(transaction, self._watches(assignment, Delivered(answer), now))
        entries, steps = self._delivered(transaction, assignment, answer, known, now)
        return entries + self._plan_all(transaction, [(assignment, steps)], known, now)

    def _known(self, transaction: TransactionT, assignments: Iterable[Assignment]) -> Known:
        return read_known(self.shelves, transaction, {each.stored.event_id for each in assignments})

    def _plan_all(
        self, transaction: TransactionT, following: Sequence[Following], known: Known, now: datetime
    ) -> list[FeedEntry]:
        built: list[tuple[Delivery, NewJob]] = []
        for assignment, steps in following:
            stored, event_id = assignment.stored, assignment.stored.event_id
            built += [
                build_delivery(
                    stored,
                    known.persons[event_id],
                    step,
                    now,
                    self.random_bytes,
                    version=known.versions[event_id],
                )
                for step in steps
                if step is not None
            ]
        if not built:
            return []
        written = set(self.shelves.deliveries.insert(transaction, [delivery for delivery, _ in built]))
        fresh = [(delivery, job) for delivery, job in built if delivery.delivery_id in written]
        self.shelves.queue.enqueue(transaction, [job for _, job in fresh], now)
        return [delivery_entry("delivery.planned", delivery, now) for delivery, _ in fresh]

    def _consequences(
        self,
        transaction: TransactionT,
        assignment: Assignment,
        outcome: Outcome,
        decision: Decision,
        known: Known,
        now: datetime,
    ) -> tuple[list[FeedEntry], Steps]:
        entries: list[FeedEntry] = []
        steps: Steps = ()
        if isinstance(outcome, Delivered):
            code = outcome_code(outcome).value
            entries.append(delivery_entry("delivery.done", assignment.delivery, now, outcome=code))
            found, steps = self._delivered(transaction, assignment, outcome.answer, known, now)
            entries += found
        elif isinstance(outcome, RefusedThere):
            entries += self._learn(transaction, assignment, outcome.facts, known, now)
        if isinstance(decision.verdict, GiveUp):
            reason = decision.verdict.reason
            entries.append(delivery_entry("delivery.held", assignment.delivery, now, reason=reason))
        return entries, steps

    def _delivered(
        self,
        transaction: TransactionT,
        assignment: Assignment,
        answer: Accepted,
        known: Known,
        now: datetime,
    ) -> tuple[list[FeedEntry], Steps]:
        delivery = assignment.delivery
        entries = self._learn(transaction, assignment, answer.facts, known, now)
        if delivery.step != REGISTRY_RECORD:
            return entries, ()
        report = StageReport(Stage.RECEIVED, now)
        return entries, (
            follow_up.progress_step(assignment.stored, report),
            follow_up.linked_step(assignment.stored, report),
            self._update_for(transaction, assignment, delivery.delivery_id, known),
        )

    def _learn(
        self,
        transaction: TransactionT,
        assignment: Assignment,
        facts: Mapping[str, str],
        known: Known,
        now: datetime,
    ) -> list[FeedEntry]:
        entries: list[FeedEntry] = []
        for fact, value in facts.items():
            name = _full_name(assignment.delivery, fact)
            new = Fact(assignment.delivery.event_id, name, value, assignment.delivery.destination, now)
            if self.shelves.deliveries.add_fact(transaction, new):
                known.learn(new)
                entries += self._learnt(transaction, assignment, fact, new, known)
        return entries

    def _learnt(
        self, transaction: TransactionT, assignment: Assignment, fact: str, new: Fact, known: Known
    ) -> list[FeedEntry]:
        """What a fact that is new brings about."""
        delivery, shelves, now = assignment.delivery, self.shelves, new.recorded_at
        told = {"fact": new.name}
        entries = [FeedEntry(delivery.event_id, "fact.recorded", delivery.delivery_id, told, now)]
        if fact == FACT_PERSONAL_ID and delivery.subject:
            person = known.persons[delivery.event_id][delivery.subject]
            shelves.events.attach_personal_id(transaction, person, new.value, now)
            shelves.queue.open_gate(transaction, gate_key(delivery.event_id, new.name), now)
        if new.name == follow_up.late_number_fact(assignment.stored):
            record_id = self._registry_record(transaction, assignment)
            update = self._update_for(transaction, assignment, record_id, known)
            entries += self._plan_all(transaction, [(assignment, [update])], known, now)
        return entries

    def _registry_record(self, transaction: TransactionT, assignment: Assignment) -> DeliveryId | None:
        siblings = self.shelves.deliveries.list_of_event(transaction, assignment.stored.event_id)
        return next((each.delivery_id for each in siblings if each.step == REGISTRY_RECORD), None)

    def _update_for(
        self,
        transaction: TransactionT,
        assignment: Assignment,
        record_id: DeliveryId | None,
        known: Known,
    ) -> PlannedStep | None:
        """The late number's own delivery, once there are both: the fact, and a record that went without."""
        fact = follow_up.late_number_fact(assignment.stored)
        if fact is None or record_id is None or fact not in known.facts[assignment.stored.event_id]:
            return None
        attempts = self.shelves.deliveries.list_attempts(transaction, record_id)
        went_without = follow_up.arrived_without(fact, attempts)
        return follow_up.number_update_step(assignment.stored) if went_without else None

    def _watches(self, assignment: Assignment, outcome: Outcome, now: datetime) -> list[Watch]:
        """Of a delivery whose result is still to come."""
        if isinstance(outcome, Delivered) and outcome.answer.pending:
            return [self._new_watch(assignment.delivery, outcome.answer, now)]
        return []

    def _new_watch(self, delivery: Delivery, answer: Accepted, now: datetime) -> Watch:
        return Watch(
            delivery_id=delivery.delivery_id,
            event_id=delivery.event_id,
            destination=delivery.destination,
            stage=Stage.RECEIVED.value,
            text=None,
            partner_code=answer.evidence.partner_code,
            next_fetch_at=now + timedelta(seconds=self.first_fetch_after_seconds),
            updated_at=now,
        )


def _teaches(assignment: Assignment, outcome: Outcome) -> bool:
    """Whether anything may follow for the event: only then need be known what is known of it."""
    has_arrived = isinstance(outcome, Delivered)
    return bool(facts_in(outcome)) or (has_arrived and assignment.delivery.step == REGISTRY_RECORD)


def _full_name(delivery: Delivery, fact: str) -> str:
    """A fact belongs to the party that the message is about."""
    return fact_name(fact, delivery.subject) if delivery.subject else fact


def delivery_entry(change: str, delivery: Delivery, now: datetime, **detail: str) -> FeedEntry:
    """A feed entry about one delivery; codes only."""
    codes = {"destination": delivery.destination.value, "step": delivery.step, **detail}
    return FeedEntry(delivery.event_id, change, delivery.delivery_id, codes, now)
