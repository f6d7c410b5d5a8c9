"""What the queue needs from whoever does the work: two steps, and it never learns what the work is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, runtime_checkable

from retry_queue.job import Lease
from retry_queue.verdict import Decision

AttemptT = TypeVar("AttemptT")
TransactionT_co = TypeVar("TransactionT_co", covariant=True)
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)
AttemptT_contra = TypeVar("AttemptT_contra", contravariant=True)
AttemptT_co = TypeVar("AttemptT_co", covariant=True)
WorkT = TypeVar("WorkT")


class Announce(Protocol[TransactionT_co]):
    """Commits "about to send" for the leased job; raises `LeaseLost` when another worker has it."""

    def __call__(self, note: Callable[[TransactionT_co], None] | None = None) -> None:
        """With `note`, the handler's own record of what it will send is committed together with it."""
        ...


class Handler(Protocol[AttemptT, TransactionT_contra]):
    """Does one job of one lane."""

    def attempt(self, lease: Lease, announce: Announce[TransactionT_contra]) -> AttemptT:
        """Do the work with no transaction open; call `announce` before the first byte leaves.

        Turns every failure into a value, except `LeaseLost`, which it lets through.
        """
        ...

    def record(self, transaction: TransactionT_contra, lease: Lease, attempt: AttemptT) -> Decision:
        """Write what came of it and decide; committed together with the job's new state."""
        ...


@runtime_checkable
class RecordsTogether(Protocol[AttemptT_contra, TransactionT_contra]):
    """A handler that records several outcomes in one go, which is cheaper than one after the other.

    If its `record` locks rows it should be one of these, and lock them in one order: otherwise two processes
    that record several outcomes each may wait for each other; the database then refuses one of them, and its
    outcomes are recorded one by one.
    """

    def record_together(
        self, transaction: TransactionT_contra, outcomes: Sequence[tuple[Lease, AttemptT_contra]]
    ) -> Sequence[Decision]:
        """As `record` for each, in the order given."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared(Generic[WorkT]):
    """A leased job with everything that its attempt needs."""

    lease: Lease
    work: WorkT
    sends: bool
    """Whether the attempt will send something: "about to send" must be on the disk before it begins."""


@runtime_checkable
class WorksTogether(Protocol[WorkT, AttemptT_co, TransactionT_contra]):
    """A handler that gets several jobs ready in one go and has them announced in one transaction.

    Its jobs then wait in the process, announced, for a free thread. What is not begun after all is withdrawn.
    """

    def prepare_together(self, leases: Sequence[Lease]) -> Sequence[Prepared[WorkT]]:
        """One for each lease, in this order, with no transaction open; a failure ends its attempt."""
        ...

    def note_together(self, transaction: TransactionT_contra, works: Sequence[WorkT]) -> None:
        """The handler's own record of what will be sent, committed together with "about to send"."""
        ...

    def attempt_prepared(self, prepared: Prepared[WorkT], proceed: Callable[[], None]) -> AttemptT_co:
        """As `Handler.attempt`; calls `proceed` before the first byte leaves; what it raises stops it."""
        ...

    def withdraw_together(self, transaction: TransactionT_contra, works: Sequence[WorkT]) -> None:
        """What was noted is not sent after all; committed together with the job's way back."""
        ...
