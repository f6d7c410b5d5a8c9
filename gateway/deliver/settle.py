"""Recording that a destination has a message although no answer of its own came over the line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from adapters.port import FACT_PERSONAL_ID, Accepted, Evidence
from gateway.deliver.assignment import Assignment, Shelves, read_assignment
from gateway.deliver.record import Recorder, delivery_entry
from gateway.model.delivery import AttemptRow, Delivery, OutcomeCode, Verb
from gateway.model.ids import DeliveryId, Destination
from gateway.storage.ports import FeedEntry

TransactionT = TypeVar("TransactionT")

NUMBER_REQUEST = "personal_id_request"
"""The message whose result is a personal ID."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that the destination has it."""

    verb: Verb
    outcome: OutcomeCode
    text: str
    """What a person saw, or which bundle it went in; may name people: stored, never logged."""
    reference: str | None = None
    """The destination's own number for it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    facts_used: tuple[str, ...] = ()
    """What the message carried."""
    request_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Settler(Generic[TransactionT]):
    """Everything that an accepting answer would have brought about."""

    shelves: Shelves[TransactionT]
    recorder: Recorder[TransactionT]

    def lock(self, transaction: TransactionT, delivery_id: DeliveryId, facts: Mapping[str, str]) -> None:
        """First of all, so that nobody waits crosswise. Raises `DeliveryNotFound`."""
        self.recorder.lock(transaction, read_assignment(self.shelves, transaction, delivery_id), facts)

    def arrived(
        self, transaction: TransactionT, delivery_id: DeliveryId, number: int, proof: Proof, now: datetime
    ) -> list[FeedEntry]:
        """Attempt, watch, facts, follow-ups; the feed entries are the caller's to append, last."""
        assignment = read_assignment(self.shelves, transaction, delivery_id)
        self.shelves.deliveries.finish_attempt(transaction, _row(assignment, number, proof, now))
        outcome = proof.outcome.value
        entries = [delivery_entry("delivery.done", assignment.delivery, now, outcome=outcome)]
        return entries + self.recorder.delivered(transaction, assignment, _answer(assignment, proof), now)


def _row(assignment: Assignment, number: int, proof: Proof, now: datetime) -> AttemptRow:
    return AttemptRow(
        delivery_id=assignment.delivery.delivery_id,
        number=number,
        verb=proof.verb,
        started_at=now,
        finished_at=now,
        outcome=proof.outcome,
        facts_used=proof.facts_used,
        operation=None,
        http_status=None,
        partner_code=None,
        partner_text=proof.text,
        partner_reference=proof.reference,
        request_sha256=proof.request_sha256,
        response_sha256=None,
        faults=(),
    )


def _answer(assignment: Assignment, proof: Proof) -> Accepted:
    return Accepted(
        evidence=Evidence(operation=assignment.delivery.message),
        already_there=True,
        pending=_is_pending(assignment.delivery, proof.facts),
        partner_reference=proof.reference,
        facts=proof.facts,
    )


def _is_pending(delivery: Delivery, facts: Mapping[str, str]) -> bool:
    """Whether its result (a clerk's decision, a number) is still to come, so that it is asked for."""
    match delivery.destination:
        case Destination.NATIONAL_REGISTRY:
            return True
        case Destination.POPULATION_DB:
            return delivery.message == NUMBER_REQUEST and FACT_PERSONAL_ID not in facts
        case Destination.ONE_STOP:
            return False
