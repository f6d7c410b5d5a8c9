"""The desk of a gateway process that has several deliveries prepared, announced and recorded together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from bench.simulation.desk import Attempt, Desk, Parcel
from retry_queue.handler import Prepared
from retry_queue.job import Lease
from retry_queue.proof.oracle import Micros
from retry_queue.verdict import Decision

TransactionT = TypeVar("TransactionT")
PREPARING: Final[Micros] = 2_000
"""So long a batch takes to be read and translated; anything may happen meanwhile."""


@dataclass(frozen=True, slots=True)
class Work:
    """One delivery as it was made ready: what was not known by then is not in its message."""

    parcel: Parcel
    lacks_fact: bool


class BatchDesk(Desk[TransactionT]):
    """As the plain desk, but for the steps that it takes for several deliveries at once."""

    def prepare_together(self, leases: Sequence[Lease]) -> Sequence[Prepared[Work]]:
        """Reading takes its time, with no transaction open."""
        self._process.sleep(PREPARING)
        return [self._prepared(lease) for lease in leases]

    def note_together(self, transaction: TransactionT, works: Sequence[Work]) -> None:
        """Only counted: the attempts' own rows play no part in any promise."""
        del transaction
        counted = self._office.batches.announced
        self._store.after_commit(lambda: counted.update([len(works)]))

    def attempt_prepared(self, prepared: Prepared[Work], proceed: Callable[[], None]) -> Attempt:
        """Ask, or look once more and send what was made ready."""
        work = prepared.work
        if not prepared.sends:
            return self._ask(prepared.lease, work.parcel)
        proceed()
        return self._send(prepared.lease, work.parcel, lacks_fact=work.lacks_fact)

    def withdraw_together(self, transaction: TransactionT, works: Sequence[Work]) -> None:
        """Only counted, as what was noted."""
        del transaction

        def count() -> None:
            self._office.batches.withdrawn += len(works)

        self._store.after_commit(count)

    def record_together(
        self, transaction: TransactionT, outcomes: Sequence[tuple[Lease, Attempt]]
    ) -> Sequence[Decision]:
        """One after the other in the same transaction."""

        def count() -> None:
            self._office.batches.recorded_together += len(outcomes)

        self._store.after_commit(count)
        return [self.record(transaction, lease, attempt) for lease, attempt in outcomes]

    def _prepared(self, lease: Lease) -> Prepared[Work]:
        parcel = self._office.ledger.parcels[lease.job.job_id]
        return Prepared(lease, Work(parcel, self._lacks_fact(parcel)), self._sends(lease))
