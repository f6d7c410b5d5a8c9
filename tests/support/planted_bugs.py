"""Bugs put into the queue or its user on purpose, each as a wrapper: the proof must find them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bench.simulation.batch_desk import BatchDesk, Work
from bench.simulation.day import Plants
from bench.simulation.desk import Attempt, Office
from gateway.deliver.decide import Circumstances
from gateway.model.outcome import NobodyKnows, Outcome
from retry_queue.handler import Prepared
from retry_queue.job import Job, Lane, Lease, NewJob, Track
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.memory_store import MemoryStore
from retry_queue.proof.house import House
from retry_queue.states import State
from retry_queue.store import Appetite, Settled
from retry_queue.verdict import AskAt, Decision, RetryAt, Verdict


class _Wrapper:
    """The real store, but for what a planted bug changes."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._store, name)


class WithoutFence(_Wrapper):
    """Whoever comes with a result is believed, also after another worker has taken over."""

    def complete_all(
        self, transaction: MemoryTransaction, completions: Sequence[tuple[Lease, Verdict]], now: datetime
    ) -> Settled:
        fresh = [(self._fresh(transaction, lease), verdict) for lease, verdict in completions]
        return self._store.complete_all(transaction, fresh, now)

    def _fresh(self, transaction: MemoryTransaction, lease: Lease) -> Lease:
        job = self._store.find_job(transaction, lease.job.job_id)
        assert job is not None
        return replace(lease, job=replace(lease.job, fence=job.fence)) if job.state is State.LEASED else lease


class FollowerTooEarly(_Wrapper):
    """A job lets its followers go when it is taken, not when it is there."""

    def enqueue(self, transaction: MemoryTransaction, jobs: Sequence[NewJob], now: datetime) -> None:
        taken = self._store.list_jobs(transaction, None, State.LEASED, 0, 1000)
        free = [replace(job, keys=frozenset()) if _is_behind(job, taken) else job for job in jobs]
        self._store.enqueue(transaction, free, now)


def _is_behind(job: NewJob, taken: Sequence[Job]) -> bool:
    return any(other.lane == job.lane for other in taken)


class ForgottenDeadline(_Wrapper):
    """Whoever came first goes first, and nobody has a last chance."""

    def enqueue(self, transaction: MemoryTransaction, jobs: Sequence[NewJob], now: datetime) -> None:
        late = [replace(job, due_at=now + timedelta(days=30)) for job in jobs]
        self._store.enqueue(transaction, late, now)


class ForgottenTrack(_Wrapper):
    """Nobody ever takes bulk work."""

    def claim(
        self,
        transaction: MemoryTransaction,
        lane: Lane,
        worker: str,
        appetite: Appetite,
        now: datetime,
        lease_until: datetime,
    ) -> Sequence[Lease]:
        return self._store.claim(transaction, lane, worker, Appetite(appetite.jobs, 0), now, lease_until)

    def has_ready(self, lane: Lane) -> bool:
        return bool(self._store._ledger.indexes.ready(lane, Track.LIVE, limit=1))  # noqa: SLF001 - the bug's own door


def _forget_lane(house: House[Any]) -> None:
    """No worker for the one-stop shop in any process."""
    lanes = {lane: settings for lane, settings in house.building.lanes.items() if lane != "one_stop"}
    house.building = replace(house.building, lanes=lanes)


def _sleep_through_the_bell(house: House[Any]) -> None:
    """What a process has taken in itself it finds with its next poll only."""

    def came(lane: str) -> None:
        for inmate in house.inmates:
            house.rouse(inmate, Lane(lane))

    house.came = came  # type: ignore[method-assign]  # the bug's own door


def _work_alone(house: House[Any]) -> None:
    """One worker for each destination in each process, where there should be several."""
    lanes = {lane: replace(settings, threads=1) for lane, settings in house.building.lanes.items()}
    house.building = replace(house.building, lanes=lanes)


def _blindly(
    decide: Callable[[Outcome, Circumstances], Decision],
) -> Callable[[Outcome, Circumstances], Decision]:
    def decided(outcome: Outcome, circumstances: Circumstances) -> Decision:
        decision = decide(outcome, circumstances)
        if isinstance(outcome, NobodyKnows) and isinstance(decision.verdict, AskAt):
            return replace(decision, verdict=RetryAt(decision.verdict.at, counts=False))
        return decision

    return decided


def _retry_blindly(office: Office[Any]) -> None:
    """What may have arrived is sent again instead of asked about."""
    office.decide = _blindly(office.decide)


def _far(
    decide: Callable[[Outcome, Circumstances], Decision],
) -> Callable[[Outcome, Circumstances], Decision]:
    def decided(outcome: Outcome, circumstances: Circumstances) -> Decision:
        decision = decide(outcome, circumstances)
        if isinstance(decision.verdict, RetryAt):
            due_at = circumstances.lease.job.due_at
            return replace(decision, verdict=RetryAt(due_at + timedelta(minutes=10), counts=False))
        return decision

    return decided


def _back_off_past_the_deadline(office: Office[Any]) -> None:
    """After a fault the next attempt comes when it is too late."""
    office.decide = _far(office.decide)


class HastyDesk(BatchDesk[Any]):
    """Says of what it sends from a batch that it will send nothing: it is not announced."""

    def prepare_together(self, leases: Sequence[Lease]) -> Sequence[Prepared[Work]]:
        first, *others = super().prepare_together(leases)
        return [first, *(_Hasty(each.lease, each.work, sends=False) for each in others)]

    def attempt_prepared(self, prepared: Prepared[Work], proceed: Callable[[], None]) -> Attempt:
        if isinstance(prepared, _Hasty) and self._sends(prepared.lease):
            return self._send(prepared.lease, prepared.work.parcel, lacks_fact=prepared.work.lacks_fact)
        return super().attempt_prepared(prepared, proceed)


class _Hasty(Prepared[Work]):
    """One of a batch, but not its first."""


@dataclass(frozen=True, slots=True)
class _Sent(Work):
    """What a batch was answered before it was announced."""

    attempt: Attempt


class EagerDesk(BatchDesk[Any]):
    """Sends what it is to make ready: before the announcement, and what a stop withdraws was sent."""

    def _prepared(self, lease: Lease) -> Prepared[Work]:
        each = super()._prepared(lease)
        if not each.sends:
            return each
        attempt = self._send(lease, each.work.parcel, lacks_fact=each.work.lacks_fact)
        return replace(each, work=_Sent(each.work.parcel, each.work.lacks_fact, attempt))

    def attempt_prepared(self, prepared: Prepared[Work], proceed: Callable[[], None]) -> Attempt:
        if not isinstance(prepared.work, _Sent):
            return super().attempt_prepared(prepared, proceed)
        proceed()
        return prepared.work.attempt


def _send_before_announcing(office: Office[Any]) -> None:
    """A batch is sent while it is prepared; on a day without batches nothing is wrong."""
    if office.make_desk is BatchDesk:
        office.make_desk = EagerDesk


def _announce_only_the_first(office: Office[Any]) -> None:
    """Of a batch only the first is announced; on a day without batches nothing is wrong."""
    if office.make_desk is BatchDesk:
        office.make_desk = HastyDesk


@dataclass(frozen=True, slots=True)
class Bug:
    """How it is planted, from which day on to look, and the promises of which one must be seen broken."""

    plant: Callable[[], Plants]
    first_day: int
    promises: frozenset[str]


BUGS = {
    "completing without the fence": Bug(lambda: Plants(store=WithoutFence), 10, frozenset({"leases fenced"})),
    "retrying an unknown blindly": Bug(
        lambda: Plants(office=_retry_blindly), 0, frozenset({"nothing twice"})
    ),
    "releasing a follower too early": Bug(
        lambda: Plants(store=FollowerTooEarly), 3, frozenset({"order per key"})
    ),
    "announcing only the first of a batch": Bug(
        lambda: Plants(office=_announce_only_the_first), 98, frozenset({"nothing twice"})
    ),
    "sending a batch before it is announced": Bug(
        lambda: Plants(office=_send_before_announcing), 1, frozenset({"nothing twice"})
    ),
    "forgetting a track": Bug(lambda: Plants(store=ForgottenTrack), 7, frozenset({"nothing lost"})),
    "forgetting a lane": Bug(lambda: Plants(house=_forget_lane), 0, frozenset({"nothing lost"})),
    "sleeping through the bell": Bug(
        lambda: Plants(house=_sleep_through_the_bell), 106, frozenset({"regret"})
    ),
    "working alone": Bug(lambda: Plants(house=_work_alone), 106, frozenset({"regret"})),
    "forgetting the deadline": Bug(lambda: Plants(store=ForgottenDeadline), 65, frozenset({"regret"})),
    "backoff past the deadline": Bug(
        lambda: Plants(office=_back_off_past_the_deadline), 0, frozenset({"regret"})
    ),
}
