"""One attempt from end to end, and the row that proves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, assert_never

from adapters.port import Accepted, Evidence
from gateway.deliver.assignment import Assignment
from gateway.model.delivery import AttemptRow, OutcomeCode, Verb
from gateway.model.ids import DeliveryId
from gateway.model.outcome import (
    AbsentThere,
    BrokenAnswer,
    Crashed,
    Delivered,
    LaterPlease,
    LockedOut,
    NobodyKnows,
    NotAskable,
    NothingSent,
    NotTranslated,
    Outcome,
    RefusedThere,
)
from retry_queue.job import Lease


@dataclass(frozen=True, slots=True)
class Beginning:
    """An attempt as it stands before anything is known of its outcome."""

    lease: Lease
    verb: Verb
    started_at: datetime
    facts_used: tuple[str, ...] = ()
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class Attempted:
    """An attempt with what it came to; no assignment if even reading it failed."""

    beginning: Beginning
    assignment: Assignment | None
    outcome: Outcome
    finished_at: datetime


class _Findings(NamedTuple):
    code: OutcomeCode
    evidence: Evidence | None = None
    reference: str | None = None
    faults: tuple[Mapping[str, str], ...] = ()


def beginning_row(beginning: Beginning) -> AttemptRow:
    """Committed together with "about to send", so that a killed process leaves a trace."""
    return _row(beginning, None, None)


def finished_row(attempted: Attempted) -> AttemptRow:
    """The whole attempt."""
    return _row(attempted.beginning, attempted.finished_at, _findings(attempted.outcome))


def _row(beginning: Beginning, finished_at: datetime | None, findings: _Findings | None) -> AttemptRow:
    evidence = findings.evidence if findings else None
    return AttemptRow(
        delivery_id=DeliveryId(beginning.lease.job.job_id),
        number=int(beginning.lease.job.fence),  # grows with each claim: unique per delivery without a look-up
        verb=beginning.verb,
        started_at=beginning.started_at,
        finished_at=finished_at,
        outcome=findings.code if findings else None,
        facts_used=beginning.facts_used,
        operation=evidence.operation if evidence else beginning.operation,
        http_status=evidence.http_status if evidence else None,
        partner_code=evidence.partner_code if evidence else None,
        partner_text=evidence.partner_text if evidence else None,
        partner_reference=findings.reference if findings else None,
        request_sha256=evidence.request_sha256 if evidence else None,
        response_sha256=evidence.response_sha256 if evidence else None,
        faults=findings.faults if findings else (),
    )


def outcome_code(outcome: Outcome) -> OutcomeCode:
    """The outcome in the words of design and documentation."""
    return _arrival(outcome.answer) if isinstance(outcome, Delivered) else _findings(outcome).code


def _arrival(answer: Accepted) -> OutcomeCode:
    return OutcomeCode.ALREADY_THERE if answer.already_there else OutcomeCode.ACCEPTED


def facts_in(outcome: Outcome) -> Mapping[str, str]:
    """What the partner told besides its yes or no."""
    match outcome:
        case Delivered(answer=answer):
            return answer.facts
        case RefusedThere(facts=facts):
            return facts
        case _:
            return {}


def _findings(outcome: Outcome) -> _Findings:
    match outcome:
        case Delivered(answer=answer):
            return _Findings(_arrival(answer), answer.evidence, answer.partner_reference)
        case RefusedThere() | NotTranslated() | Crashed() | NotAskable():
            return _at_fault(outcome)
        case AbsentThere(evidence=evidence):
            return _Findings(OutcomeCode.ABSENT, evidence)
        case NothingSent(evidence=evidence):
            return _Findings(OutcomeCode.NOT_SENT, evidence)
        case LaterPlease(evidence=evidence):
            return _Findings(OutcomeCode.BUSY, evidence)
        case NobodyKnows(evidence=evidence):
            return _Findings(OutcomeCode.UNKNOWN, evidence)
        case BrokenAnswer(evidence=evidence):
            return _Findings(OutcomeCode.CONTRACT_BROKEN, evidence)
        case LockedOut(evidence=evidence):
            return _Findings(OutcomeCode.NOT_AUTHORIZED, evidence)
        case _:
            assert_never(outcome)


def _at_fault(outcome: RefusedThere | NotTranslated | Crashed | NotAskable) -> _Findings:
    """The outcomes that say what is wrong."""
    match outcome:
        case RefusedThere(faults=faults, evidence=evidence):
            named = tuple({"field": fault.field or "", "text": fault.text} for fault in faults)
            return _Findings(OutcomeCode.REFUSED, evidence, faults=named)
        case NotTranslated(violations=violations):
            ours = tuple(
                {
                    "field": each.path,
                    "code": each.code,
                    "message_vi": each.message_vi,
                    "message_en": each.message_en,
                }
                for each in violations
            )
            return _Findings(OutcomeCode.NOT_MAPPED, faults=ours)
        case NotAskable():
            return _Findings(OutcomeCode.NOT_ASKABLE)
        case Crashed(error_id=error_id):
            return _Findings(
                OutcomeCode.INTERNAL_ERROR, faults=({"code": "internal_error", "error_id": error_id},)
            )
        case _:
            assert_never(outcome)
