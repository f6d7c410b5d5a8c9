"""The way of a delivery: claim → translate → send (or ask) → record outcome → feed. One attempt per claim."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from adapters.port import Adapter, OutboundMessage
from gateway.deliver.assignment import Assignment, Shelves, read_assignment, read_assignments
from gateway.deliver.attempted import (
    Attempted,
    Beginning,
    beginning_row,
    facts_in,
    finished_row,
    outcome_code,
)
from gateway.deliver.decide import Circumstances, DeliveryPolicies, decide
from gateway.deliver.faults import FAULT_POLICIES, Tell, fault_class
from gateway.deliver.next_act import NextAct, next_act
from gateway.deliver.record import Recorder
from gateway.deliver.send import Trail, ask, send, shielded
from gateway.deliver.translate import Translates, translate
from gateway.model.clock import Clock
from gateway.model.delivery import Verb
from gateway.model.ids import DeliveryId, Destination
from gateway.model.outcome import Delivered, NotAskable, NothingSent, NotTranslated, Outcome
from gateway.observability.logging import Log, get_log
from gateway.storage.ports import Database
from retry_queue.handler import Announce, Prepared
from retry_queue.job import Lease
from retry_queue.policy import Random
from retry_queue.verdict import Decision

TransactionT = TypeVar("TransactionT")

log = get_log("deliver.walk")

_SENDING = frozenset({NextAct.SEND, NextAct.REPEAT})


class Walked:
    """What one attempt has gathered so far; it survives a crash in the middle."""

    __slots__ = ("act", "assignment", "beginning", "message", "outcome", "trail")

    def __init__(self, beginning: Beginning) -> None:
        self.beginning = beginning
        self.assignment: Assignment | None = None
        self.message: OutboundMessage | None = None
        self.act = NextAct.SEND
        self.outcome: Outcome | None = None
        """Where it has ended before anything could be sent or asked."""
        self.trail = Trail(maybe_sent=beginning.lease.must_ask)

    @property
    def sends(self) -> bool:
        """What is left to do is to send."""
        return self.outcome is None and self.act in _SENDING


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
        (prepared,) = self.prepare_together((lease,))

        def proceed() -> None:
            announce(lambda transaction: self.note_together(transaction, (prepared.work,)))

        return self.attempt_prepared(prepared, proceed)

    def prepare_together(self, leases: Sequence[Lease]) -> Sequence[Prepared[Walked]]:
        """Claim → translate, for all; what stops one of them is its outcome and none of the others'."""
        walks = [Walked(Beginning(lease, _verb(lease), self.clock())) for lease in leases]
        found = self._assignments(walks)
        for walked in walks:
            self._prepare(walked, found)
        return [Prepared(walked.beginning.lease, walked, walked.sends) for walked in walks]

    def note_together(self, transaction: TransactionT, works: Sequence[Walked]) -> None:
        """The attempts as they begin, so that a killed process leaves a trace."""
        rows = [beginning_row(walked.beginning) for walked in works]
        self.shelves.deliveries.begin_attempts(transaction, rows)

    def attempt_prepared(self, prepared: Prepared[Walked], proceed: Callable[[], None]) -> Attempted:
        """Send or ask; no transaction is open while a partner is called."""
        walked = prepared.work
        outcome = walked.outcome
        if outcome is None:
            outcome = shielded(lambda: self._go(walked, proceed), walked.trail, self.new_error_id)
        return Attempted(walked.beginning, walked.assignment, outcome, self.clock())

    def withdraw_together(self, transaction: TransactionT, works: Sequence[Walked]) -> None:
        """Begun and certainly not sent: the attempts say so."""
        now = self.clock()
        rows = [
            finished_row(Attempted(walked.beginning, walked.assignment, NothingSent(None), now))
            for walked in works
        ]
        self.shelves.deliveries.finish_attempts(transaction, rows)

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
        bound = log.bind()
        for (lease, attempt), decision in zip(outcomes, decisions, strict=True):
            _tell(bound, lease, attempt.outcome, decision)
        return decisions

    def _assignments(self, walks: Sequence[Walked]) -> Mapping[DeliveryId, Assignment]:
        """All in one go; empty when that fails, for one of them may be why."""
        if len(walks) == 1:
            return {}
        delivery_ids = [_delivery_id(walked) for walked in walks]
        try:
            with self.database.read() as transaction:
                return read_assignments(self.shelves, transaction, delivery_ids)
        except Exception as error:  # noqa: BLE001 - each is read by itself then, and fails by itself
            log.warning("delivery.read_alone", error_type=type(error).__qualname__, deliveries=len(walks))
            return {}

    def _prepare(self, walked: Walked, found: Mapping[DeliveryId, Assignment]) -> None:
        def prepare() -> Outcome | None:
            assignment = walked.assignment = found.get(_delivery_id(walked)) or self._claimed(walked)
            return self._translated(walked, assignment)

        walked.outcome = shielded(prepare, walked.trail, self.new_error_id)

    def _translated(self, walked: Walked, assignment: Assignment) -> Outcome | None:
        message = translate(assignment, self.catalog, self.clock())
        if isinstance(message, NotTranslated):
            walked.beginning = replace(walked.beginning, verb=Verb.TRANSLATE)
            return message
        walked.message = message
        begun = walked.beginning
        repeats = self.adapters[assignment.delivery.destination].repeats
        walked.act = next_act(repeats, must_ask=begun.lease.must_ask)
        walked.beginning = Beginning(
            lease=begun.lease,
            verb=Verb.SEND if walked.act in _SENDING else begun.verb,
            started_at=begun.started_at,
            facts_used=tuple(sorted(assignment.facts)),
            operation=message.operation,
        )
        return NotAskable() if walked.act is NextAct.PERSON else None

    def _claimed(self, walked: Walked) -> Assignment:
        with self.database.read() as transaction:
            return read_assignment(self.shelves, transaction, _delivery_id(walked))

    def _go(self, walked: Walked, proceed: Callable[[], None]) -> Outcome:
        """Send, or ask where something may have arrived."""
        if walked.assignment is None or walked.message is None:
            raise TypeError
        adapter = self.adapters[walked.assignment.delivery.destination]
        if walked.act in _SENDING:
            return send(adapter, walked.message, proceed, walked.trail)
        return ask(adapter, walked.message, walked.trail)


def _verb(lease: Lease) -> Verb:
    return Verb.ASK if lease.must_ask else Verb.SEND


def _delivery_id(walked: Walked) -> DeliveryId:
    return DeliveryId(walked.beginning.lease.job.job_id)


def _tell(bound: Log, lease: Lease, outcome: Outcome, decision: Decision) -> None:
    """One line per attempt; what a person must hear of at once is an error with an alarm."""
    fields = {
        "delivery_id": lease.job.job_id,
        "destination": lease.job.lane,
        "outcome": outcome_code(outcome).value,
        "verdict": type(decision.verdict).__name__,
    }
    if not isinstance(outcome, Delivered) and FAULT_POLICIES[fault_class(outcome)].tell is Tell.ALARM:
        bound.error("delivery.alarm", **fields)
    else:
        bound.info("delivery.attempted", **fields)
