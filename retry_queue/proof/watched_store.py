"""The real store as one simulated process sees it; any commit may be the last thing that the process does."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Generic, NoReturn, Protocol, TypeVar

from retry_queue.job import GateKey, Job, JobId, Lane, Lease, NewJob
from retry_queue.proof.scheduler import Killed, Process
from retry_queue.store import Appetite, LaneHealth, Settled, Store
from retry_queue.verdict import Verdict

TransactionT = TypeVar("TransactionT")


class Witness(Protocol):
    """Hears of everything that was committed, in the order of the commits."""

    def enqueued(self, process: Process, jobs: Sequence[NewJob]) -> None:
        """New jobs, brought in by that process."""
        ...

    def claimed(self, process: Process, leases: Sequence[Lease]) -> None:
        """A worker has them."""
        ...

    def extended(self, lease: Lease, lease_until: datetime) -> None:
        """It has it for longer."""
        ...

    def settled(self, lease: Lease, job: Job) -> None:
        """A worker's verdict was accepted, or it gave the job back."""
        ...

    def moved(self, job: Job) -> None:
        """A person's act."""
        ...

    def gate_opened(self, gate: GateKey) -> None:
        """What waits at it may go."""
        ...

    def lane_known(self, health: LaneHealth) -> None:
        """The same, before anything else of that commit is told: whoever hears of that may look."""
        ...

    def lane_changed(self, health: LaneHealth) -> None:
        """What is known of a destination."""
        ...

    def asks_came(self) -> None:
        """Upkeep will find questions to put."""
        ...

    def upkeep_moved(self, jobs: int) -> None:
        """Time has moved so many jobs."""
        ...


class DeathAt:
    """Kills the process at one of its commits, before or after it; 0 means never."""

    def __init__(self) -> None:
        self.commits_left = 0
        self.before = False

    def comes(self) -> bool:
        """Whether it is this commit."""
        if self.commits_left > 0:
            self.commits_left -= 1
            return self.commits_left == 0
        return False


class WatchedStore(Generic[TransactionT]):
    """Hands everything on; of a process that is dead nothing reaches the store."""

    def __init__(self, store: Store[TransactionT], process: Process, witness: Witness) -> None:
        self._store = store
        self._process = process
        self._witness = witness
        self._told: list[Callable[[], None]] = []
        self.death = DeathAt()
        self.on_death: Callable[[], None] = lambda: None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is not watched is the store's own
        return getattr(self._store, name)

    def write(self) -> AbstractContextManager[TransactionT]:
        """As the store's, and perhaps the last."""
        self._process.check_alive()
        return _Watched(self, self._store.write())

    def begins(self) -> bool:
        """A transaction; says whether the process dies at its end."""
        self._told = []
        return self.death.comes()

    def committed(self) -> None:
        """What was done in it is true now."""
        told, self._told = self._told, []
        for tell in told:
            tell()

    def read(self) -> AbstractContextManager[TransactionT]:
        """As the store's."""
        self._process.check_alive()
        return self._store.read()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Done when the open transaction has been committed, and only then."""
        self._told.append(act)

    def enqueue(self, transaction: TransactionT, jobs: Sequence[NewJob], now: datetime) -> None:
        """Watched."""
        self._store.enqueue(transaction, jobs, now)
        self._told.append(lambda: self._witness.enqueued(self._process, jobs))

    def open_gate(self, transaction: TransactionT, gate: GateKey, now: datetime) -> None:
        """Watched."""
        self._store.open_gate(transaction, gate, now)
        self._told.append(lambda: self._witness.gate_opened(gate))

    def claim(
        self,
        transaction: TransactionT,
        lane: Lane,
        worker: str,
        appetite: Appetite,
        now: datetime,
        lease_until: datetime,
    ) -> Sequence[Lease]:
        """Watched."""
        leases = self._store.claim(transaction, lane, worker, appetite, now, lease_until)
        if leases:
            self._told.append(lambda: self._witness.claimed(self._process, leases))
        return leases

    def extend(self, transaction: TransactionT, lease: Lease, lease_until: datetime, now: datetime) -> None:
        """Watched."""
        self._store.extend(transaction, lease, lease_until, now)
        self._told.append(lambda: self._witness.extended(lease, lease_until))

    def extend_all(
        self, transaction: TransactionT, leases: Sequence[Lease], lease_until: datetime, now: datetime
    ) -> Sequence[Lease]:
        """Watched."""
        lost = self._store.extend_all(transaction, leases, lease_until, now)
        for lease in leases:
            if lease not in lost:
                self._told.append(partial(self._witness.extended, lease, lease_until))
        return lost

    def complete(self, transaction: TransactionT, lease: Lease, verdict: Verdict, now: datetime) -> Job:
        """Watched."""
        job = self._store.complete(transaction, lease, verdict, now)
        self._told.append(lambda: self._witness.settled(lease, job))
        return job

    def complete_all(
        self, transaction: TransactionT, completions: Sequence[tuple[Lease, Verdict]], now: datetime
    ) -> Settled:
        """Watched."""
        settled = self._store.complete_all(transaction, completions, now)
        leases = [lease for lease, _ in completions]
        self._told.append(lambda: self._tell_settled(leases, settled))
        return settled

    def give_back(self, transaction: TransactionT, lease: Lease, now: datetime) -> Job:
        """Watched."""
        job = self._store.give_back(transaction, lease, now)
        self._told.append(lambda: self._witness.settled(lease, job))
        return job

    def give_back_all(self, transaction: TransactionT, leases: Sequence[Lease], now: datetime) -> Settled:
        """Watched."""
        settled = self._store.give_back_all(transaction, leases, now)
        self._told.append(lambda: self._tell_settled(leases, settled))
        return settled

    def release(self, transaction: TransactionT, job_id: JobId, now: datetime) -> Job:
        """Watched."""
        return self._moved(self._store.release(transaction, job_id, now))

    def hold(self, transaction: TransactionT, job_id: JobId, reason: str, now: datetime) -> Job:
        """Watched."""
        return self._moved(self._store.hold(transaction, job_id, reason, now))

    def cancel(self, transaction: TransactionT, job_id: JobId, now: datetime) -> Job:
        """Watched."""
        return self._moved(self._store.cancel(transaction, job_id, now))

    def put_lane(self, transaction: TransactionT, health: LaneHealth) -> None:
        """Watched."""
        self._store.put_lane(transaction, health)
        self._told.insert(0, lambda: self._witness.lane_known(health))
        self._told.append(lambda: self._witness.lane_changed(health))

    def promote_due(self, transaction: TransactionT, now: datetime, limit: int) -> int:
        """Watched."""
        return self._time_moved(self._store.promote_due(transaction, now, limit))

    def ask_soon(self, transaction: TransactionT, lane: Lane, now: datetime, limit: int) -> int:
        """Watched."""
        jobs = self._store.ask_soon(transaction, lane, now, limit)
        if jobs:
            self._told.append(self._witness.asks_came)
        return jobs

    def rescue_expired(self, transaction: TransactionT, now: datetime, limit: int) -> int:
        """Watched."""
        return self._time_moved(self._store.rescue_expired(transaction, now, limit))

    def _tell_settled(self, leases: Sequence[Lease], settled: Settled) -> None:
        by_job = {lease.job.job_id: lease for lease in leases}
        for job in settled.jobs:
            self._witness.settled(by_job[job.job_id], job)

    def _moved(self, job: Job) -> Job:
        self._told.append(lambda: self._witness.moved(job))
        return job

    def _time_moved(self, jobs: int) -> int:
        if jobs:
            self._told.append(lambda: self._witness.upkeep_moved(jobs))
        return jobs

    def die(self) -> NoReturn:
        """The process ends here. Raises `Killed`."""
        self.on_death()
        self._process.kill()
        raise Killed


class _Watched(Generic[TransactionT]):
    """A writing transaction of the real store; a class, because simulations open a million of them."""

    __slots__ = ("_dies", "_real", "_store")

    def __init__(self, store: WatchedStore[TransactionT], real: AbstractContextManager[TransactionT]) -> None:
        self._store = store
        self._real = real
        self._dies = False

    def __enter__(self) -> TransactionT:
        self._dies = self._store.begins()
        return self._real.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._real.__exit__(kind, error, trace)
            return
        if self._dies and self._store.death.before:
            self._die_before_commit()
        self._real.__exit__(None, None, None)
        self._store.committed()
        if self._dies:
            self._store.die()

    def _die_before_commit(self) -> NoReturn:
        try:
            self._store.die()
        except Killed as killed:
            self._real.__exit__(type(killed), killed, killed.__traceback__)
            raise
