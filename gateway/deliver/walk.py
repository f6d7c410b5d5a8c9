"""The way of a delivery: claim → translate → send (or ask) → record outcome → feed. One attempt per claim."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from adapters.port import Adapter, OutboundMessage
from gateway.deliver.assignment import Assignment, Shelves, read_assignment
from gateway.deliver.attempted import Attempted, Beginning, beginning_row, facts_in, outcome_code
from gateway.deliver.decide import Circumstances, DeliveryPolicies, decide
from gateway.deliver.faults import FAULT_POLICIES, Tell, fault_class
from gateway.deliver.next_act import NextAct, next_act
from gateway.deliver.record import Recorder
from gateway.deliver.send import Trail, ask, send, shielded
from gateway.deliver.translate import Translates, translate
from gateway.model.clock import Clock
from gateway.model.delivery import Verb
from gateway.model.ids import DeliveryId, Destination
from gateway.model.outcome import Delivered, NotAskable, NotTranslated, Outcome
from gateway.observability.logging import get_log
from gateway.storage.ports import Database
from retry_queue.handler import Announce
from retry_queue.job import Lease
from retry_queue.policy import Random
from retry_queue.verdict import Decision

TransactionT = TypeVar("TransactionT")

log = get_log("deliver.walk")


class _Walked:
    """What one attempt has gathered so far; it survives a crash in the middle."""

    def __init__(self, beginning: Beginning) -> None:
        self.beginning = beginning
        self.assignment: Assignment | None = None
        self.trail = Trail(maybe_sent=beginning.lease.must_ask)


@dataclass(frozen=True, slots=True)
class DeliveryHandler(Generic[TransactionT]):
    """Does the jobs of every lane: the lane is the destination."""

    database: Database[TransactionT]
    shelves: Shelves[TransactionT]
    recorder: Recorder[TransactionT]
    catalog: Translates
    adapters: Mapping[Destination, Adapter]
    policies: DeliveryPolicies
    clock: Clock
    random: Random
    new_error_id: Callable[[], str]

    def attempt(self, lease: Lease, announce: Announce[TransactionT]) -> Attempted:
        """No transaction is open while a partner is called; every failure but `LeaseLost` is a value."""
        verb = Verb.ASK if lease.must_ask else Verb.SEND
        walked = _Walked(Beginning(lease=lease, verb=verb, started_at=self.clock()))
        outcome = shielded(lambda: self._walk(walked, announce), walked.trail, self.new_error_id())
        return Attempted(walked.beginning, walked.assignment, outcome, self.clock())

    def record(self, transaction: TransactionT, lease: Lease, attempt: Attempted) -> Decision:
        """What came of it, what follows from it and what is next are committed together, feed last."""
        return self.record_together(transaction, [(lease, attempt)])[0]

    def record_together(
        self, transaction: TransactionT, outcomes: Sequence[tuple[Lease, Attempted]]
    ) -> Sequence[Decision]:
        """All events are locked in one order, all that follows is planned at once."""
        now = self.clock()
        decisions = [
            decide(attempt.outcome, Circumstances(lease, self.policies, now, self.random))
            for lease, attempt in outcomes
        ]
        self.recorder.lock_all(
            transaction,
            [
                (attempt.assignment, facts_in(attempt.outcome))
                for _, attempt in outcomes
                if attempt.assignment is not None
            ],
        )
        attempts = [attempt for _, attempt in outcomes]
        self.recorder.finish_all(transaction, list(zip(attempts, decisions, strict=True)), now)
        for (lease, attempt), decision in zip(outcomes, decisions, strict=True):
            _tell(lease, attempt.outcome, decision)
        return decisions

    def _walk(self, walked: _Walked, announce: Announce[TransactionT]) -> Outcome:
        """The rooms in their order: claim → translate → send, or ask where something may have arrived."""
        assignment = walked.assignment = self._claimed(walked.beginning.lease)
        message = translate(assignment, self.catalog, self.clock())
        if isinstance(message, NotTranslated):
            walked.beginning = replace(walked.beginning, verb=Verb.TRANSLATE)
            return message
        walked.beginning = replace(
            walked.beginning, facts_used=tuple(sorted(assignment.facts)), operation=message.operation
        )
        adapter = self.adapters[assignment.delivery.destination]
        match next_act(adapter.repeats, must_ask=walked.beginning.lease.must_ask):
            case NextAct.ASK:
                return ask(adapter, message, walked.trail)
            case NextAct.PERSON:
                return NotAskable()
            case NextAct.SEND | NextAct.REPEAT:
                walked.beginning = replace(walked.beginning, verb=Verb.SEND)
                return self._send(adapter, message, walked, announce)

    def _claimed(self, lease: Lease) -> Assignment:
        with self.database.read() as transaction:
            return read_assignment(self.shelves, transaction, DeliveryId(lease.job.job_id))

    def _send(
        self, adapter: Adapter, message: OutboundMessage, walked: _Walked, announce: Announce[TransactionT]
    ) -> Outcome:
        row = beginning_row(walked.beginning)

        def about_to_send() -> None:
            announce(lambda transaction: self.shelves.deliveries.begin_attempt(transaction, row))

        return send(adapter, message, about_to_send, walked.trail)


def _tell(lease: Lease, outcome: Outcome, decision: Decision) -> None:
    """One line per attempt; what a person must hear of at once is an error with an alarm."""
    fields = {
        "delivery_id": lease.job.job_id,
        "destination": lease.job.lane,
        "outcome": outcome_code(outcome).value,
        "verdict": type(decision.verdict).__name__,
    }
    if not isinstance(outcome, Delivered) and FAULT_POLICIES[fault_class(outcome)].tell is Tell.ALARM:
        log.error("delivery.alarm", **fields)
    else:
        log.info("delivery.attempted", **fields)
