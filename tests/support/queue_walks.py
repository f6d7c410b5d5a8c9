"""Seeded walks through the queue: one seed makes the same choices on every storage that behaves alike."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Generic, TypeVar

from retry_queue.errors import QueueError
from retry_queue.job import Job, Lane, Lease, NewJob, Track
from retry_queue.states import Cause, State
from retry_queue.store import Appetite
from retry_queue.verdict import AskAt, Done, GiveUp, RetryAt, SendAgain, Verdict
from tests.support.queue_builders import LANE, OTHER_LANE, START, new_job
from tests.support.queue_desk import Desk

TransactionT = TypeVar("TransactionT")

LANES = (LANE, OTHER_LANE)
KEYS = ("k0", "k1", "k2", "k3")
PARTIES = ("", "p1", "p2")
GATES = ("g0", "g1", "g2")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an onlooker sees after a step: the act, its result, and every job."""

    act: str
    result: object
    jobs: tuple[Job, ...]
    now: datetime


CAUSES: dict[str, frozenset[Cause]] = {
    "claim": frozenset({Cause.CLAIMED}),
    "complete": frozenset({Cause.COMPLETED, Cause.POSTPONED, Cause.OUTCOME_LOST, Cause.FAULT_FOUND}),
    "complete_all": frozenset({Cause.COMPLETED, Cause.POSTPONED, Cause.OUTCOME_LOST, Cause.FAULT_FOUND}),
    "give_back": frozenset({Cause.GIVEN_BACK}),
    "give_back_all": frozenset({Cause.GIVEN_BACK}),
    "promote": frozenset({Cause.TIME_CAME}),
    "rescue": frozenset({Cause.LEASE_EXPIRED}),
    "release": frozenset({Cause.RELEASED}),
    "hold": frozenset({Cause.PAUSED}),
    "cancel": frozenset({Cause.WITHDRAWN}),
    "confirm": frozenset({Cause.CONFIRMED}),
    "deny": frozenset({Cause.RELEASED}),
}
"""Which arrows an act may use, besides clearing the way of followers."""


class Undone(Exception):
    """Thrown on purpose, to have a transaction rolled back."""


class Walker(Generic[TransactionT]):
    """Remembers every lease it ever had, so that lost workers come back late."""

    def __init__(self, desk: Desk[TransactionT], seed: int) -> None:
        self._desk = desk
        self._random = Random(seed)
        self._leases: list[Lease] = []
        self._in_hand: Sequence[Lease] = []
        self._names: list[str] = []
        self._jobs: tuple[Job, ...] = ()
        self.new_jobs: dict[str, NewJob] = {}
        self.opened: set[str] = set()
        self.now = START

    def walk(self, steps: int) -> Iterator[Seen]:
        """So many acts at random."""
        acts: dict[str, tuple[Callable[[], object], int]] = {
            "enqueue": (self._enqueue, 20),
            "claim": (self._claim, 22),
            "announce": (self._announce, 12),
            "complete": (self._complete, 26),
            "extend": (self._extend, 3),
            "give_back": (self._give_back, 3),
            "complete_all": (self._complete_some, 8),
            "give_back_all": (self._give_back_some, 2),
            "extend_all": (self._extend_some, 2),
            "rerank": (self._rerank, 6),
            "promote": (self._promote, 8),
            "rescue": (self._rescue, 6),
            "pass_time": (self._pass_time, 12),
            "release": (self._release, 8),
            "hold": (self._hold, 5),
            "cancel": (self._cancel, 4),
            "confirm": (self._confirm, 3),
            "deny": (self._deny, 3),
            "open_gate": (self._open_some_gate, 5),
            "undone": (self._undone, 3),
        }
        weights = [weight for _, weight in acts.values()]
        for _ in range(steps):
            (name,) = self._random.choices(list(acts), weights)
            yield self._see(name, acts[name][0])

    def drain(self) -> Iterator[Seen]:
        """Everything that can still be done is done, until nothing is left or nothing moves."""
        for gate in GATES:
            yield self._see("open_gate", partial(self._open, gate))
        for _ in range(60):
            self.now += timedelta(seconds=1000)
            yield self._see("promote", self._promote)
            yield self._see("rescue", self._rescue)
            yield self._see("release", self._release_all)
            yield self._see("claim", self._claim_all)
            yield self._see("complete", self._complete_all)
            if all(job.state.is_final for job in self._desk.list()):
                return

    def _see(self, name: str, act: Callable[[], object]) -> Seen:
        try:
            result = act()
        except QueueError as error:
            result = type(error).__name__
        if name != "pass_time":
            self._jobs = tuple(_ranked(self._desk.list()))
        return Seen(name, _plain(result), self._jobs, self.now)

    def _enqueue(self) -> None:
        jobs = [self._new_job() for _ in range(self._random.randint(1, 3))]
        self._desk.enqueue(*jobs, now=self.now)
        for job in jobs:
            self._names.append(job.job_id)
            self.new_jobs[job.job_id] = job

    def _undone(self) -> None:
        """Acts in a transaction that is rolled back at its end."""
        with suppress(Undone), self._desk.store.write() as transaction:
            self._desk.store.enqueue(transaction, [self._new_job()], self.now)
            until = self.now + timedelta(seconds=60)
            self._desk.store.claim(transaction, self._lane(), "gone", Appetite(3, 3), self.now, until)
            raise Undone

    def _claim(self) -> object:
        limit, bulk = self._random.randint(1, 3), self._random.randint(0, 2)
        leases = self._desk.claim(limit, bulk, now=self.now, lane=self._lane())
        self._leases.extend(leases)
        return leases

    def _announce(self) -> object:
        return self._with_lease(lambda lease: self._desk.announce(lease, self.now))

    def _extend(self) -> object:
        until = self.now + timedelta(seconds=self._random.randint(1, 90))
        return self._with_lease(lambda lease: self._desk.extend(lease, until, self.now))

    def _give_back(self) -> object:
        return self._with_lease(lambda lease: self._desk.give_back(lease, self.now))

    def _complete(self) -> object:
        verdict = self._verdict()
        return self._with_lease(lambda lease: self._desk.complete(lease, verdict, self.now))

    def _complete_some(self) -> object:
        """Several at once, with a lost one among them now and then."""
        settled = self._desk.complete_all(
            *((lease, self._verdict()) for lease in self._some_leases()), now=self.now
        )
        return list(settled.jobs), settled.lost

    def _give_back_some(self) -> object:
        settled = self._desk.give_back_all(*self._some_leases(), now=self.now)
        return settled.jobs, settled.lost

    def _extend_some(self) -> object:
        until = self.now + timedelta(seconds=self._random.randint(1, 90))
        return self._desk.extend_all(*self._some_leases(), until=until, now=self.now)

    def _some_leases(self) -> list[Lease]:
        """Of different jobs."""
        recent = {lease.job.job_id: lease for lease in self._leases[-5:]}
        return self._random.sample(list(recent.values()), self._random.randint(0, len(recent)))

    def _rerank(self) -> object:
        return self._desk.rerank(self.now, self._random.randint(1, 5))

    def _promote(self) -> object:
        return self._desk.promote(self.now)

    def _rescue(self) -> object:
        return self._desk.rescue(self.now)

    def _pass_time(self) -> None:
        self.now += timedelta(seconds=self._random.randint(1, 60))

    def _release(self) -> object:
        return self._with_name(lambda name: self._desk.release(name, self.now))

    def _hold(self) -> object:
        return self._with_name(lambda name: self._desk.hold(name, "stopped", self.now))

    def _cancel(self) -> object:
        return self._with_name(lambda name: self._desk.cancel(name, self.now))

    def _confirm(self) -> object:
        return self._with_name(lambda name: self._desk.confirm(name, self.now))

    def _deny(self) -> object:
        return self._with_name(lambda name: self._desk.deny(name, self.now))

    def _open_some_gate(self) -> object:
        return self._open(self._random.choice(GATES))

    def _open(self, gate: str) -> object:
        self._desk.open_gate(gate, self.now)
        self.opened.add(gate)
        return gate

    def _release_all(self) -> object:
        held = self._desk.list(state=State.HELD)
        return [self._desk.release(job.job_id, self.now) for job in held]

    def _claim_all(self) -> object:
        leases = [lease for lane in LANES for lease in self._desk.claim(50, 50, now=self.now, lane=lane)]
        self._in_hand = leases
        return leases

    def _complete_all(self) -> object:
        return [self._desk.complete(lease, Done(), self.now) for lease in self._in_hand]

    def _with_lease(self, act: Callable[[Lease], object]) -> object:
        """Mostly one of the latest; sometimes one that was lost long ago."""
        if not self._leases:
            return None
        recent = self._leases if self._random.random() < 0.2 else self._leases[-3:]
        return act(self._random.choice(recent))

    def _with_name(self, act: Callable[[str], object]) -> object:
        return act(self._random.choice([*self._names, "nobody"]))

    def _lane(self) -> Lane:
        return LANES[int(self._random.random() < 0.2)]

    def _new_job(self) -> NewJob:
        random = self._random
        keys = random.sample(KEYS, random.choice((0, 1, 1, 1, 2)))
        gate = random.choice(GATES) if random.random() < 0.25 else None
        opens_at = self.now + timedelta(seconds=random.randint(0, 90)) if random.random() < 0.15 else None
        name = f"job-{len(self._names)}-{random.randrange(1_000_000):06}"
        return new_job(
            name,
            keys=keys,
            due_seconds=random.randint(0, 900),
            lane=self._lane(),
            gate=gate,
            gate_opens_at=opens_at,
            track=Track.BULK if random.random() < 0.3 else Track.LIVE,
            party=random.choice(PARTIES),
        )

    def _verdict(self) -> Verdict:
        at = self.now + timedelta(seconds=self._random.randint(-5, 60))
        counts = self._random.random() < 0.5
        return self._random.choice(
            (Done(), Done(), RetryAt(at, counts), AskAt(at, counts), SendAgain(at), GiveUp("fault", counts))
        )


def _ranked(jobs: Sequence[Job]) -> Iterator[Job]:
    """Storages number differently; only the order counts."""
    for rank, job in enumerate(jobs):
        yield replace(job, sequence=rank)


def _plain(result: object) -> object:
    """Without the storage's own numbers."""
    if isinstance(result, Lease):
        return (_plain(result.job), result.worker)
    if isinstance(result, Job):
        return replace(result, sequence=0)
    if isinstance(result, list | tuple):
        return [_plain(each) for each in result]
    return result
