"""Worker threads on a storage: chaos on the way, every job done once and in the order of its keys."""

from random import Random
from threading import Lock

from retry_queue.breaker import BreakerSettings
from retry_queue.handler import Announce
from retry_queue.job import Lease
from retry_queue.rescue import tend
from retry_queue.verdict import AskAt, Decision, Done, Health, RetryAt, SendAgain
from retry_queue.work_round import LaneSettings, Surroundings
from retry_queue.worker import LaneWorker
from tests.support.queue_builders import LANE, START, new_job
from tests.support.queue_desk import Desk
from tests.support.waiting import wait_for

STOP_SECONDS = 30.0


class Destination:
    """Takes some at once, refuses some, and often does not say that it has taken one."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._lock = Lock()
        self.arrived: list[str] = []

    def attempt(self, lease: Lease, announce: Announce[object]) -> Decision:
        with self._lock:
            chance = self._random.random()
        if lease.must_ask:
            found = lease.job.job_id in self.arrived
            return Decision(Done() if found else SendAgain(START), Health.ANSWERED)
        if chance < 0.2:
            return Decision(RetryAt(START, counts=False), Health.UNREACHABLE)
        announce()
        if chance < 0.4:
            return Decision(AskAt(START), Health.SILENT)
        self.arrived.append(lease.job.job_id)
        return Decision(AskAt(START) if chance < 0.6 else Done(), Health.ANSWERED)

    def record(self, _transaction: object, _lease: Lease, attempt: Decision) -> Decision:
        return attempt


class TestWorkers:
    def test_each_job_arrives_once_and_in_key_order_whatever_happens_on_the_way(
        self, desk: Desk[object]
    ) -> None:
        names = [f"job-{number:02}" for number in range(60)]
        desk.enqueue(*(new_job(name, keys=[name[-1]]) for name in names))
        destination = Destination(seed=7)
        errors: list[Exception] = []
        settings = LaneSettings(
            LANE,
            threads=3,
            claim_limit=2,
            idle_poll_seconds=0.01,
            breaker=BreakerSettings(failures_to_open=3, open_seconds=0, open_seconds_max=0, probe_seconds=0),
        )
        around = Surroundings(lambda: START, lambda: 0.5, errors.append)
        worker = LaneWorker("test", desk.store, destination, settings, around)
        worker.start()

        def all_done() -> bool:
            tend(desk.store, START)
            return all(job.state.is_final for job in desk.list())

        try:
            wait_for(all_done, "every job is done")
        finally:
            assert worker.stop(STOP_SECONDS)
        assert errors == []
        assert sorted(destination.arrived) == names
        for digit in "0123456789":
            line = [name for name in destination.arrived if name.endswith(digit)]
            assert line == sorted(line)
