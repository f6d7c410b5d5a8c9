"""Everything that was committed, told by job: what the invariants and the oracle are computed from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from retry_queue.job import GateKey, Job, JobId, Lane, Lease, NewJob, Track
from retry_queue.proof.inmate import true_time
from retry_queue.proof.oracle import Micros
from retry_queue.proof.scheduler import Process, Scheduler
from retry_queue.states import State
from retry_queue.store import LaneHealth

Span = tuple[Micros, Micros]
NEVER: Micros = 2**61


@dataclass(frozen=True, slots=True)
class Cause:
    """A job exists, or a gate opens, so long after another job was there."""

    job_id: str
    delay: Micros = 0


@dataclass
class Life:
    """One job from its receipt to its end."""

    new: NewJob
    number: int
    enqueued_at: Micros
    causes: tuple[Cause, ...]
    brought_by: str
    """The process that enqueued it."""
    fence: int = 0
    state: State = State.QUEUED
    lease_until: datetime | None = None
    holder: Process | None = None
    finished_at: Micros | None = None
    cancelled_at: Micros | None = None
    held_since: Micros | None = None
    lost: list[Span] = field(default_factory=list)
    """When nobody could have worked on it: held by a person, or in the hands of a dead process."""

    @property
    def due(self) -> Micros:
        """In true time."""
        return true_time(self.new.due_at)

    @property
    def opens_at(self) -> Micros:
        """When its gate opens by itself."""
        return NEVER if self.new.gate_opens_at is None else true_time(self.new.gate_opens_at)

    @property
    def is_live(self) -> bool:
        """Its deadline counts."""
        return self.new.track is Track.LIVE


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken."""

    promise: str
    job_id: str
    at: Micros
    detail: str


Tell = Callable[[Micros], None]


class Chronicle:
    """Hears of every commit and keeps what concerns the promises."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.lives: dict[str, Life] = {}
        self.causes: dict[str, tuple[Cause, ...]] = {}
        """Of jobs that are about to be enqueued; whoever plans a follow-up writes it here first."""
        self.openers: dict[GateKey, Cause] = {}
        self.gates: dict[GateKey, Micros] = {}
        self.violations: list[Violation] = []
        self.unfinished = 0
        self.lane_lost: dict[str, list[Span]] = {}
        self.health: dict[str, LaneHealth] = {}
        self.on_ready: Callable[[str], None] = lambda _lane: None
        self.on_due: Tell = lambda _at: None
        self.on_leased: Callable[[Process, Lane, int], None] = lambda _process, _lane, _jobs: None
        self.on_held: Callable[[Life, Job], None] = lambda _life, _job: None
        self.found: dict[tuple[str, str], list[Micros]] = {}
        """(Process, lane) -> when it has looked for work there and found some."""
        self.backlog: dict[str, list[tuple[Micros, int]]] = {}
        self._waiting: dict[str, int] = {}

    def enqueued(self, process: Process, jobs: Sequence[NewJob]) -> None:
        """New jobs, brought in by that process."""
        now = self._scheduler.now
        for job in jobs:
            causes = self.causes.pop(job.job_id, ())
            self.lives[job.job_id] = Life(job, len(self.lives), now, causes, process.name)
            self.unfinished += 1
            self._count(job.lane, 1)
            if job.gate_opens_at is not None:
                self.on_due(true_time(job.gate_opens_at))
            self.on_ready(job.lane)

    def claimed(self, process: Process, leases: Sequence[Lease]) -> None:
        """A worker has them."""
        for lane in {lease.job.lane for lease in leases}:
            self.found.setdefault((process.name, lane), []).append(self._scheduler.now)
        for lease in leases:
            life = self.lives[lease.job.job_id]
            if life.finished_at is not None:
                self.violate("nothing twice", life, "claimed after its end")
            self._let_go(life)
            life.fence, life.holder, life.state = lease.job.fence, process, State.LEASED
            self.on_leased(process, lease.job.lane, 1)
            if lease.job.lease_until is not None:
                self.extended(lease, lease.job.lease_until)

    def extended(self, lease: Lease, lease_until: datetime) -> None:
        """It has it for longer."""
        life = self.lives[lease.job.job_id]
        life.lease_until = lease_until
        self._scheduler.call_at(
            true_time(lease_until), lambda: self._lease_over(life, lease.job.fence, lease_until)
        )

    def settled(self, lease: Lease, job: Job) -> None:
        """A worker's verdict was accepted, or it gave the job back."""
        life = self.lives[lease.job.job_id]
        if lease.job.fence < life.fence:
            self.violate("leases fenced", life, f"fence {lease.job.fence} accepted after {life.fence}")
        self._stands(life, job)

    def moved(self, job: Job) -> None:
        """A person's act."""
        self._stands(self.lives[job.job_id], job)
        self.on_ready(job.lane)

    def gate_opened(self, gate: GateKey) -> None:
        """What waits at it may go."""
        self.gates.setdefault(gate, self._scheduler.now)
        for lane in self.backlog:
            self.on_ready(lane)

    def lane_changed(self, health: LaneHealth) -> None:
        """Work may be let through again."""
        self.on_ready(health.lane)

    def lane_known(self, health: LaneHealth) -> None:
        """What is known of a destination."""
        self.health[health.lane] = health

    def health_of(self, lane: Lane) -> LaneHealth:
        """What was committed last about a lane; one that nobody has heard of is healthy."""
        known = self.health.get(lane)
        return LaneHealth(lane) if known is None else known

    def asks_came(self) -> None:
        """Upkeep will find questions to put."""
        self.on_due(self._scheduler.now)

    def upkeep_moved(self, jobs: int) -> None:
        """Time has moved so many jobs; the house notifies by itself."""

    def died(self, process: Process) -> None:
        """What it had in its hands is lost until the leases run out."""
        now = self._scheduler.now
        for life in self.lives.values():
            if life.holder is process and life.state is State.LEASED and life.lease_until is not None:
                life.lost.append((now, true_time(life.lease_until)))
                health = self.health.get(life.new.lane)
                if health is not None and health.open_until is not None:
                    # It may have been the probe that everybody waits for.
                    self.lane_lost.setdefault(life.new.lane, []).append((now, true_time(health.open_until)))

    def froze(self, process: Process, until: Micros) -> None:
        """What it has in its hands stands still until it goes on, or the leases run out."""
        now = self._scheduler.now
        for life in self.lives.values():
            if life.holder is process and life.state is State.LEASED and life.lease_until is not None:
                life.lost.append((now, max(until, true_time(life.lease_until))))

    def violate(self, promise: str, life: Life, detail: str) -> None:
        """Keep it."""
        self.violations.append(Violation(promise, life.new.job_id, self._scheduler.now, detail))

    def find(self, job_id: JobId | str) -> Life | None:
        """If it was ever committed."""
        return self.lives.get(job_id)

    def counts(self) -> Mapping[str, int]:
        """Unfinished jobs by lane."""
        return dict(self._waiting)

    def _stands(self, life: Life, job: Job) -> None:
        now = self._scheduler.now
        if life.held_since is not None and job.state is not State.HELD:
            life.lost.append((life.held_since, now))
            life.held_since = None
        if job.state is State.HELD and life.held_since is None:
            life.held_since = now
            self.on_held(life, job)
        self._let_go(life)
        life.state = job.state
        if job.next_attempt_at is not None:
            self.on_due(true_time(job.next_attempt_at))
        if job.state.is_final and life.finished_at is None:
            life.finished_at = now
            life.cancelled_at = now if job.state is State.CANCELLED else None
            self.unfinished -= 1
            self._count(job.lane, -1)
        if job.state is not State.DEFERRED:
            self.on_ready(job.lane)

    def _let_go(self, life: Life) -> None:
        if life.holder is not None:
            self.on_leased(life.holder, life.new.lane, -1)
            life.holder = None

    def _lease_over(self, life: Life, fence: int, lease_until: datetime) -> None:
        if life.state is State.LEASED and life.fence == fence and life.lease_until == lease_until:
            self.on_due(self._scheduler.now)

    def _count(self, lane: str, change: int) -> None:
        self._waiting[lane] = self._waiting.get(lane, 0) + change
        self.backlog.setdefault(lane, []).append((self._scheduler.now, self._waiting[lane]))
