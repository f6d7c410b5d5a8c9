"""A clock that stands still and a handler that does as it is told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from retry_queue.handler import Announce
from retry_queue.job import Lease
from retry_queue.verdict import Decision, Done, Health
from tests.support.queue_builders import START

TransactionT = TypeVar("TransactionT")


class StandingClock:
    """Moves only when told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def answered(_lease: Lease) -> Decision:
    return Decision(Done(), Health.ANSWERED)


def nothing(_lease: Lease) -> None:
    """Sends at once."""


@dataclass
class ObedientHandler(Generic[TransactionT]):
    """Announces, sends what it is told to, and decides as it is told."""

    decide: Callable[[Lease], Decision] = answered
    send: Callable[[Lease], None] = nothing
    is_announcing: bool = True
    note: Callable[[TransactionT], None] | None = None
    sent: list[str] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    record_errors: list[Exception] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def attempt(self, lease: Lease, announce: Announce[TransactionT]) -> str:
        if self.is_announcing:
            announce(self.note)
        with self.lock:
            self.sent.append(lease.job.job_id)
        self.send(lease)
        return lease.job.job_id

    def record(self, _transaction: TransactionT, lease: Lease, attempt: str) -> Decision:
        assert attempt == lease.job.job_id
        with self.lock:
            if self.record_errors:
                raise self.record_errors.pop(0)
            self.recorded.append(attempt)
        return self.decide(lease)
