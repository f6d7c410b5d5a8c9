"""A handler that works together, and a round of it with everything around in reach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from retry_queue.admission import Pacing
from retry_queue.breaker import BreakerSettings
from retry_queue.handler import Announce, Prepared
from retry_queue.job import Lease
from retry_queue.store import LaneHealth
from retry_queue.timing import THREADS
from retry_queue.verdict import Decision, Health, RetryAt
from retry_queue.work_round import LaneSettings, Surroundings, WorkRound
from tests.support.queue_builders import LANE, LEASE_SECONDS, after, new_job
from tests.support.queue_desk import Desk
from tests.support.queue_workers import StandingClock, answered


def nothing(_name: str) -> None:
    """Sends at once."""


@dataclass
class BatchHandler:
    """Notes what it will send, sends what it is told to, and decides as it is told."""

    decide: Callable[[Lease], Decision] = answered
    send: Callable[[str], None] = nothing
    poisoned_note: str | None = None
    poisoned_record: str | None = None
    prepared: list[list[str]] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    recorded: list[list[str]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def attempt(self, lease: Lease, announce: Announce[object]) -> str:
        announce()
        return lease.job.job_id

    def prepare_together(self, leases: Sequence[Lease]) -> Sequence[Prepared[str]]:
        self.prepared.append([lease.job.job_id for lease in leases])
        return [Prepared(lease, lease.job.job_id, sends=not lease.must_ask) for lease in leases]

    def note_together(self, _transaction: object, works: Sequence[str]) -> None:
        if self.poisoned_note in works:
            raise ZeroDivisionError
        self.noted += works

    def attempt_prepared(self, prepared: Prepared[str], proceed: Callable[[], None]) -> str:
        try:
            if prepared.sends:
                proceed()
        except ZeroDivisionError:
            return "crashed"
        with self.lock:
            self.sent.append(prepared.work)
        self.send(prepared.work)
        return "done"

    def withdraw_together(self, _transaction: object, works: Sequence[str]) -> None:
        self.withdrawn += works

    def record(self, transaction: object, lease: Lease, attempt: str) -> Decision:
        return self.record_together(transaction, [(lease, attempt)])[0]

    def record_together(
        self, _transaction: object, outcomes: Sequence[tuple[Lease, str]]
    ) -> Sequence[Decision]:
        names: list[str] = [lease.job.job_id for lease, _ in outcomes]
        if self.poisoned_record in names:
            raise ZeroDivisionError
        self.recorded.append(names)
        return [
            Decision(RetryAt(after(60), counts=True), Health.SILENT)
            if attempt == "crashed"
            else self.decide(lease)
            for lease, attempt in outcomes
        ]


class Round:
    """A round with everything around it in reach; its tempo is that of quick attempts."""

    def __init__(
        self,
        desk: Desk[object],
        handler: BatchHandler | None = None,
        threads: int = 1,
        pacing: Pacing | None = None,
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self.desk = desk
        self.handler = handler or BatchHandler()
        self.clock = StandingClock()
        self.errors: list[Exception] = []
        self.settled: list[str] = []
        self.commits = 0
        self.is_stopping = False
        settings = LaneSettings(
            LANE,
            threads=threads,
            claim_limit=4,
            pacing=pacing,
            lease_seconds=LEASE_SECONDS,
            breaker=BreakerSettings(failures_to_open=2, open_seconds=10, probe_seconds=50),
        )
        around = Surroundings(
            self.clock,
            lambda: 0.5,
            self.errors.append,
            on_recorded=lambda lease, _decision: self.settled.append(lease.job.job_id),
            after_recorded=self._commit,
            timing=THREADS if monotonic is None else replace(THREADS, monotonic=monotonic),
        )
        self.round: WorkRound[str, object] = WorkRound(
            desk.store, self.handler, settings, around, lambda: self.is_stopping, self.clock.advance
        )
        desk.enqueue(new_job(f"first-{id(self)}", due_seconds=1))
        self.run()  # now it is known how long an attempt takes
        for told in (self.handler.prepared, self.handler.noted, self.handler.sent, self.handler.recorded):
            told.clear()
        self.settled.clear()
        self.commits = 0

    def run(self) -> None:
        self.round.work_off(self.round.claim("anna"))

    def put(self, *names: str) -> None:
        self.desk.enqueue(*(new_job(name, due_seconds=10 + at) for at, name in enumerate(names)))

    def know(self, health: LaneHealth) -> None:
        with self.desk.store.write() as transaction:
            self.desk.store.put_lane(transaction, health)

    def cut_to(self, window: float) -> None:
        self.know(LaneHealth(LANE, window=window, window_goal=window, window_changed_at=after(-1)))

    def kinds(self) -> list[type[Exception]]:
        return [type(error) for error in self.errors]

    def _commit(self) -> None:
        self.commits += 1
