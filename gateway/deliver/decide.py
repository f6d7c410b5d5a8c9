"""What is to be done after an attempt: a pure function of outcome, job, policies, now and chance."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from gateway.model.outcome import (
    AbsentThere,
    Answered,
    BrokenAnswer,
    Crashed,
    Delivered,
    LaterPlease,
    LockedOut,
    NobodyKnows,
    NothingSent,
    NotTranslated,
    Outcome,
    RefusedThere,
    Unanswered,
)
from retry_queue.job import Lease
from retry_queue.policy import Random, RetryPolicy, next_ask_at, next_attempt_at, retry_after_at
from retry_queue.verdict import AskAt, Decision, Done, GiveUp, Health, LaneHold, RetryAt, SendAgain, Verdict

NOT_MAPPED = "not_mapped"
OUTCOME_UNKNOWN = "outcome_unknown"
CONTRACT_BROKEN = "contract_broken"
INTERNAL_ERROR = "internal_error"
NOT_AUTHORIZED = "not_authorized"
REFUSED_PREFIX = "refused."


@dataclass(frozen=True, slots=True)
class DeliveryPolicies:
    """How deliveries repeat themselves; one value for all destinations."""

    retry: RetryPolicy = field(default_factory=RetryPolicy)
    destination_fault_seconds: float = 20.0
    """Wait after a fault of the destination, which costs the item no attempt; its breaker may wait longer."""
    crashes_max: int = 20
    """After so many attempts that ended in our own unforeseen failure a person must look."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything besides the outcome that a decision hangs on."""

    lease: Lease
    policies: DeliveryPolicies
    now: datetime
    random: Random


def decide(outcome: Outcome, circumstances: Circumstances) -> Decision:
    """One clause per outcome."""
    if isinstance(outcome, NotTranslated | NothingSent | NobodyKnows | Crashed):
        return _decide_unanswered(outcome, circumstances)
    return _decide_answered(outcome, circumstances)


def _decide_answered(outcome: Answered, circumstances: Circumstances) -> Decision:
    match outcome:
        case Delivered():
            return Decision(Done(), Health.ANSWERED)
        case AbsentThere():
            return Decision(SendAgain(circumstances.now), Health.ANSWERED)
        case RefusedThere(reason=reason):
            return Decision(GiveUp(f"{REFUSED_PREFIX}{reason.value}"), Health.ANSWERED)
        case LaterPlease(retry_after_seconds=seconds):
            return _leave_in_peace(seconds, circumstances)
        case BrokenAnswer(maybe_sent=maybe_sent):
            # Unreachable: a proxy answering nonsense to everything opens the breaker and so holds few items.
            return Decision(GiveUp(CONTRACT_BROKEN, maybe_sent=maybe_sent), Health.UNREACHABLE)
        case LockedOut():
            return Decision(_try_later(circumstances), Health.SILENT, LaneHold(NOT_AUTHORIZED))
        case _:
            assert_never(outcome)


def _decide_unanswered(outcome: Unanswered, circumstances: Circumstances) -> Decision:
    match outcome:
        case NotTranslated():
            return Decision(GiveUp(NOT_MAPPED, maybe_sent=circumstances.lease.must_ask), Health.SILENT)
        case NothingSent():
            return Decision(_try_later(circumstances), Health.UNREACHABLE)
        case NobodyKnows():
            return Decision(_ask_later(circumstances), Health.UNREACHABLE)
        case Crashed(maybe_sent=maybe_sent):
            return Decision(_after_crash(circumstances, maybe_sent=maybe_sent), Health.SILENT)
        case _:
            assert_never(outcome)


def _try_later(circumstances: Circumstances) -> Verdict:
    """The destination's fault costs no attempt; what is unknown stays so until the question got through."""
    at = circumstances.now + timedelta(seconds=circumstances.policies.destination_fault_seconds)
    return AskAt(at, counts=False) if circumstances.lease.must_ask else RetryAt(at, counts=False)


def _leave_in_peace(seconds: float | None, circumstances: Circumstances) -> Decision:
    """With a time the lane keeps still until then; without one it counts as unreachable."""
    if seconds is None:
        return Decision(_try_later(circumstances), Health.UNREACHABLE)
    at = retry_after_at(circumstances.policies.retry, seconds, circumstances.now)
    verdict = AskAt(at, counts=False) if circumstances.lease.must_ask else RetryAt(at, counts=False)
    return Decision(verdict, Health.SILENT, not_before=at)


def _ask_later(circumstances: Circumstances) -> Verdict:
    """Ask by the schedule; when asking has not helped so often, a person must."""
    job = circumstances.lease.job
    at = next_ask_at(
        circumstances.policies.retry, job.asks, circumstances.now, job.due_at, circumstances.random
    )
    return GiveUp(OUTCOME_UNKNOWN, maybe_sent=True) if at is None else AskAt(at)


def _after_crash(circumstances: Circumstances, *, maybe_sent: bool) -> Verdict:
    """Our own failure is the only one that costs an attempt."""
    if maybe_sent:
        return _ask_later(circumstances)
    job = circumstances.lease.job
    if job.attempts + 1 >= circumstances.policies.crashes_max:
        return GiveUp(INTERNAL_ERROR)
    policy, now = circumstances.policies.retry, circumstances.now
    return RetryAt(next_attempt_at(policy, job.attempts, now, job.due_at, circumstances.random), counts=True)
