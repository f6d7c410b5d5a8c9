"""The gateway's part in the simulated world: what it takes in, what it sends, decides and plans.

Plans, follow-ups, ids, keys, gates and decisions are the real ones. Translation and wire are left out; in
their place stands the answer of a simulated destination.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any, Final, Generic, TypeVar

from adapters.errors import RefusalReason
from adapters.port import FACT_PERSONAL_ID, Accepted, Evidence, Stage
from bench.simulation import events
from bench.simulation.scenario import HOUR, PROMISE, Arrival
from gateway.deliver import follow_up
from gateway.deliver.decide import Circumstances, DeliveryPolicies, decide
from gateway.deliver.follow_up import StageReport
from gateway.model.delivery import Delivery, StoredEvent
from gateway.model.ids import EventId, PersonId
from gateway.model.outcome import (
    AbsentThere,
    Delivered,
    LaterPlease,
    NobodyKnows,
    NothingSent,
    Outcome,
    RefusedThere,
)
from gateway.model.planning import (
    REGISTRY_RECORD,
    PlannedStep,
    build_delivery,
    fact_name,
    gate_key,
    ordering_keys,
)
from retry_queue.handler import Announce
from retry_queue.job import JobId, Lease, NewJob, Track
from retry_queue.proof.chronicle import Cause, Chronicle
from retry_queue.proof.inmate import Inmate, wall
from retry_queue.proof.oracle import Micros
from retry_queue.proof.scheduler import Process, Scheduler
from retry_queue.proof.watched_store import WatchedStore
from retry_queue.proof.world import Answer, Coins, Destination, Told
from retry_queue.verdict import Decision

TransactionT = TypeVar("TransactionT")
EVIDENCE: Final = Evidence("simulated")
NUMBER_AT_ONCE: Final = 0.85
"""So many children get their personal ID with the first answer; the others hours later."""
NUMBER_LATE_MAX: Final = 6 * HOUR
OLD_BOOKS_DUE: Final = 30 * 24 * HOUR
SILENT_SHARE: Final = 0.5
"""Of the records: the registry says no more about them."""
PERSONAL_ID: Final = "personal_id"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery with its event."""

    arrival: Arrival
    stored: StoredEvent
    persons: Mapping[str, PersonId]
    delivery: Delivery

    @property
    def name(self) -> str:
        """The same in every run, unlike the id."""
        return f"{self.arrival.name}/{self.delivery.step}"


class Ledger:
    """What the gateway's own tables would hold: written only after the commit."""

    def __init__(self) -> None:
        self.parcels: dict[str, Parcel] = {}
        self.accepted: set[str] = set()
        self.facts: dict[tuple[str, str], str] = {}
        """(Event, fact) -> the delivery that brought it."""
        self.recorded: dict[str, str] = {}
        """Event -> its record, once the registry has it."""
        self.went_without: set[str] = set()
        """Records that may have arrived without a fact that came later."""
        self.planned: set[tuple[str, str]] = set()


@dataclass
class BatchCount:
    """What was done for several deliveries at once: a simulation without batches proves nothing of them."""

    announced: Counter[int] = field(default_factory=Counter)
    """Size of a batch -> how often so many were announced in one transaction."""
    withdrawn: int = 0
    """Deliveries that were announced and not sent after all."""
    recorded_together: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one attempt."""

    outcome: Outcome
    parcel: Parcel


class Desk(Generic[TransactionT]):
    """One gateway process; a handler for the queue."""

    def __init__(
        self,
        office: "Office[TransactionT]",
        process: Process,
        store: WatchedStore[TransactionT],
        clock: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._office = office
        self._process = process
        self._store = store
        self._clock = clock
        self._random = random

    def attempt(self, lease: Lease, announce: Announce[TransactionT]) -> Attempt:
        """Ask where something may have arrived, else announce and send."""
        parcel = self._office.ledger.parcels[lease.job.job_id]
        if not self._sends(lease):
            return self._ask(lease, parcel)
        announce()
        return self._send(lease, parcel, lacks_fact=self._lacks_fact(parcel))

    def record(self, transaction: TransactionT, lease: Lease, attempt: Attempt) -> Decision:
        """What follows is planned in the same transaction."""
        now = self._clock()
        circumstances = Circumstances(lease, self._office.policies, now, self._random.random)
        decision = self._office.decide(attempt.outcome, circumstances)
        if isinstance(attempt.outcome, Delivered):
            self._delivered(transaction, attempt.parcel, now)
        return decision

    def take_in(self, arrival: Arrival) -> None:
        """The receipt is the commit; the same event handed in again changes nothing."""
        now = self._clock()
        event = events.sample(arrival.event_type, arrival.variant)
        registration = event.registration.model_copy(update={"number": arrival.entry})
        due_at = wall(arrival.registered_at + (OLD_BOOKS_DUE if arrival.party else PROMISE))
        stored = StoredEvent(
            EventId(arrival.name),
            "",
            event.model_copy(update={"registration": registration}),
            "",
            now,
            due_at,
        )
        roles = zip(stored.event.parties(), arrival.persons, strict=False)
        persons = {role: PersonId(person) for role, person in roles}
        with self._store.write() as transaction:
            if arrival.name in self._office.ledger.accepted:
                return
            self._plan(
                transaction,
                arrival,
                (stored, persons),
                events.steps(arrival.event_type, arrival.variant),
                (),
                now,
            )
            self._store.after_commit(lambda: self._office.ledger.accepted.add(arrival.name))

    def hear(self, parcel: Parcel, fact: str) -> None:
        """A number that comes late, or a stage that the registry has reached."""
        with self._store.write() as transaction:
            self._lock(transaction, parcel)
            if fact == PERSONAL_ID:
                self._learn(transaction, parcel, self._clock())
            else:
                self._progress(transaction, parcel, Stage(fact), self._clock())

    def _sends(self, lease: Lease) -> bool:
        return self._office.is_blind or not lease.must_ask

    def _ask(self, lease: Lease, parcel: Parcel) -> Attempt:
        destination = self._office.destinations[lease.job.lane]
        return Attempt(_outcome(destination.ask(self._process, lease.job.job_id)), parcel)

    def _send(self, lease: Lease, parcel: Parcel, *, lacks_fact: bool) -> Attempt:
        destination = self._office.destinations[lease.job.lane]
        answer = destination.send(self._process, lease.job.job_id, parcel.name)
        if lacks_fact and answer.told in {Told.ACCEPTED, Told.NO_ANSWER}:
            self._office.ledger.went_without.add(parcel.delivery.delivery_id)
        return Attempt(_outcome(answer), parcel)

    def _lacks_fact(self, parcel: Parcel) -> bool:
        fact = follow_up.late_number_fact(parcel.stored)
        is_record = parcel.delivery.step == REGISTRY_RECORD
        return is_record and fact is not None and (parcel.arrival.name, fact) not in self._office.ledger.facts

    def _delivered(self, transaction: TransactionT, parcel: Parcel, now: datetime) -> None:
        self._lock(transaction, parcel)
        job_id = parcel.delivery.delivery_id
        if parcel.delivery.step == PERSONAL_ID or parcel.delivery.step.endswith("_lookup"):
            delay = self._office.number_delay(parcel)
            if delay == 0:
                self._learn(transaction, parcel, now)
            else:
                self._store.after_commit(lambda: self._office.news_after(delay, parcel, PERSONAL_ID))
        if parcel.delivery.step == REGISTRY_RECORD:
            self._progress(transaction, parcel, Stage.RECEIVED, now)
            self._update(transaction, parcel, job_id, now)
            self._store.after_commit(lambda: self._recorded(parcel))

    def _recorded(self, parcel: Parcel) -> None:
        self._office.ledger.recorded[parcel.arrival.name] = parcel.delivery.delivery_id
        delay = self._office.stage_delay(parcel)
        if parcel.stored.event.dossier is not None and delay > 0:
            self._office.news_after(delay, parcel, Stage.COMPLETED.value)

    def _learn(self, transaction: TransactionT, parcel: Parcel, now: datetime) -> None:
        ledger, subject = self._office.ledger, parcel.delivery.subject or ""
        name = fact_name(FACT_PERSONAL_ID, subject)
        if (parcel.arrival.name, name) in ledger.facts:
            return
        job_id, delay = parcel.delivery.delivery_id, self._office.number_delay(parcel)
        gate = gate_key(parcel.stored.event_id, name)
        self._office.chronicle.openers[gate] = Cause(job_id, delay)
        self._store.open_gate(transaction, gate, now)
        self._store.after_commit(lambda: ledger.facts.__setitem__((parcel.arrival.name, name), job_id))
        record = ledger.recorded.get(parcel.arrival.name)
        if record is not None and name == follow_up.late_number_fact(parcel.stored):
            self._update(transaction, parcel, record, now, Cause(job_id, delay))

    def _update(
        self, transaction: TransactionT, parcel: Parcel, record: str, now: datetime, also: Cause | None = None
    ) -> None:
        """The late number's own delivery, once there are both: the fact, and a record that went without."""
        fact = follow_up.late_number_fact(parcel.stored)
        known = also is not None or (parcel.arrival.name, fact) in self._office.ledger.facts
        if known and record in self._office.ledger.went_without:
            causes = (Cause(record), *((also,) if also else ()))
            self._follow(transaction, parcel, follow_up.number_update_step(parcel.stored), causes, now)

    def _progress(self, transaction: TransactionT, parcel: Parcel, stage: Stage, now: datetime) -> None:
        step = follow_up.progress_step(parcel.stored, StageReport(stage, now))
        if step is not None:
            delay = 0 if stage is Stage.RECEIVED else self._office.stage_delay(parcel)
            self._follow(transaction, parcel, step, (Cause(parcel.delivery.delivery_id, delay),), now)

    def _follow(
        self,
        transaction: TransactionT,
        parcel: Parcel,
        step: PlannedStep,
        causes: tuple[Cause, ...],
        now: datetime,
    ) -> None:
        if (parcel.arrival.name, step.name) not in self._office.ledger.planned:
            self._plan(transaction, parcel.arrival, (parcel.stored, parcel.persons), (step,), causes, now)

    def _plan(
        self,
        transaction: TransactionT,
        arrival: Arrival,
        known: tuple[StoredEvent, Mapping[str, PersonId]],
        steps: Iterable[PlannedStep],
        causes: tuple[Cause, ...],
        now: datetime,
    ) -> None:
        office, jobs = self._office, []
        for step in steps:
            delivery, job = build_delivery(*known, step, now, self._random.randbytes)
            parcel = Parcel(arrival, *known, delivery)
            office.ledger.parcels[job.job_id] = parcel
            office.chronicle.causes[job.job_id] = causes
            jobs.append(_as_bulk(job, arrival.party) if arrival.party else job)
        self._store.enqueue(transaction, jobs, now)
        names = {(arrival.name, step.name) for step in steps}
        self._store.after_commit(lambda: office.ledger.planned.update(names))

    def _lock(self, transaction: TransactionT, parcel: Parcel) -> None:
        self._store.lock_keys(
            transaction,
            keys=ordering_keys(parcel.stored.event.entry(), parcel.persons),
            job_ids=[JobId(parcel.delivery.delivery_id)],
        )


class Office(Generic[TransactionT]):
    """What all processes of the gateway share: one database, one outside world."""

    def __init__(
        self,
        scheduler: Scheduler,
        chronicle: Chronicle,
        destinations: Mapping[str, Destination],
        policies: DeliveryPolicies,
        coins: Coins,
    ) -> None:
        self.chronicle = chronicle
        self.destinations = destinations
        self.policies = policies
        self.ledger = Ledger()
        self.decide: Callable[[Outcome, Circumstances], Decision] = decide
        self.make_desk: type[Desk[TransactionT]] = Desk
        self.batches = BatchCount()
        self.is_blind = False
        """Never in truth: sends without asking, to show that this is found out."""
        self.news: int = 0
        """News that is still to come."""
        self.find_inmate: Callable[[], Inmate[Any] | None] = lambda: None
        self._scheduler = scheduler
        self._coins = coins
        self._desks: dict[str, Desk[TransactionT]] = {}

    def desk(
        self,
        process: Process,
        store: WatchedStore[TransactionT],
        clock: Callable[[], datetime],
        random: Random,
    ) -> Desk[TransactionT]:
        """The handler of a new process."""
        self._desks[process.name] = self.make_desk(self, process, store, clock, random)
        return self._desks[process.name]

    def at_a_desk(self, act: Callable[[Desk[TransactionT]], None], is_done: Callable[[], bool]) -> None:
        """In some process that is alive; if that dies over it, or stands still, in another one."""
        inmate = self.find_inmate()
        if inmate is not None:
            desk = self._desks[inmate.process.name]
            inmate.process.spawn("desk", lambda: act(desk))
        self._scheduler.call_at(
            self._scheduler.now + _TRY_AGAIN, lambda: None if is_done() else self.at_a_desk(act, is_done)
        )

    def news_after(self, delay: Micros, parcel: Parcel, fact: str) -> None:
        """A destination will say more about something it has."""
        self.news += 1
        told: list[bool] = []

        def hear(desk: Desk[TransactionT]) -> None:
            if not told:
                desk.hear(parcel, fact)
                told.append(True)
                self.news -= 1

        self._scheduler.call_at(self._scheduler.now + delay, lambda: self.at_a_desk(hear, lambda: bool(told)))

    def number_delay(self, parcel: Parcel) -> Micros:
        """How long after the request the number is known."""
        coin = self._coins(f"{parcel.name}/number")
        if coin < NUMBER_AT_ONCE or parcel.delivery.step != PERSONAL_ID:
            return 0
        return round((coin - NUMBER_AT_ONCE) / (1 - NUMBER_AT_ONCE) * NUMBER_LATE_MAX)

    def stage_delay(self, parcel: Parcel) -> Micros:
        """How long after the record the registry has finished with it; 0: it does not say."""
        coin = self._coins(f"{parcel.name}/stage")
        return 0 if coin < SILENT_SHARE else round((coin - SILENT_SHARE) * 4 * HOUR)


_TRY_AGAIN: Final = 5_000_000


def _as_bulk(job: NewJob, party: str) -> NewJob:
    return replace(job, track=Track.BULK, party=party)


def _outcome(answer: Answer) -> Outcome:
    match answer.told:
        case Told.ACCEPTED | Told.PRESENT:
            return Delivered(Accepted(EVIDENCE))
        case Told.ABSENT:
            return AbsentThere(EVIDENCE)
        case Told.LATER:
            return LaterPlease(EVIDENCE, answer.retry_after_seconds)
        case Told.REFUSED:
            return RefusedThere(next(iter(RefusalReason)), (), EVIDENCE)
        case Told.NOT_REACHED:
            return NothingSent(None)
        case Told.NO_ANSWER:
            return NobodyKnows(None)
