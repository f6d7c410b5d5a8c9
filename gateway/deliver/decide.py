"""What is to be done after an attempt: a pure function of outcome, job, policies, now and chance.

What follows from which fault stands in the table of `faults`; here is how a row becomes a decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import assert_never

from gateway.deliver.faults import (
    CONTRACT_BROKEN,
    FAULT_POLICIES,
    INTERNAL_ERROR,
    NOT_AUTHORIZED,
    NOT_MAPPED,
    OUTCOME_UNKNOWN,
    REFUSED_PREFIX,
    Fault,
    FaultClass,
    FaultOverride,
    FaultPolicy,
    Then,
    Wait,
    fault_class,
    overruled,
)
from gateway.model.outcome import (
    BrokenAnswer,
    Crashed,
    Delivered,
    LaterPlease,
    NotAskable,
    Outcome,
    RefusedThere,
)
from retry_queue.job import Lane, Lease
from retry_queue.policy import (
    Random,
    RetryPolicy,
    fault_retry_at,
    next_ask_at,
    next_attempt_at,
    retry_after_at,
)
from retry_queue.verdict import (
    AskAt,
    Decision,
    Done,
    GiveUp,
    Health,
    LaneHold,
    RetryAt,
    SendAgain,
    Verdict,
    usual_strain,
)

__all__ = [
    "CONTRACT_BROKEN",
    "INTERNAL_ERROR",
    "NOT_AUTHORIZED",
    "NOT_MAPPED",
    "OUTCOME_UNKNOWN",
    "REFUSED_PREFIX",
    "Circumstances",
    "DeliveryPolicies",
    "decide",
]

Overrides = Mapping[tuple[Lane, FaultClass], FaultOverride]
NO_OVERRIDES: Overrides = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class DeliveryPolicies:
    """How deliveries repeat themselves."""

    retry: RetryPolicy = field(default_factory=RetryPolicy)
    destination_fault_seconds: float = 20.0
    """Wait after a fault of the destination, which costs the item no attempt; its breaker may wait longer."""
    crashes_max: int = 20
    """After so many attempts that ended in our own unforeseen failure a person must look."""
    overrides: Overrides = field(default_factory=lambda: NO_OVERRIDES)
    """What single destinations do differently."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything besides the outcome that a decision hangs on."""

    lease: Lease
    policies: DeliveryPolicies
    now: datetime
    random: Random


def decide(outcome: Outcome, circumstances: Circumstances) -> Decision:
    """Delivered, or the row of its fault."""
    if isinstance(outcome, Delivered):
        return Decision(Done(), Health.ANSWERED)
    kind = fault_class(outcome)
    override = circumstances.policies.overrides.get((circumstances.lease.job.lane, kind))
    policy = overruled(FAULT_POLICIES[kind], override)
    at = _at(outcome, policy, circumstances)
    not_before = at if policy.wait is Wait.NAMED else None
    usual = usual_strain(policy.breaker, not_before)
    return Decision(
        _verdict(outcome, policy, at, circumstances),
        policy.breaker,
        LaneHold(policy.reason) if policy.holds_destination and policy.reason else None,
        not_before,
        None if policy.window is usual else policy.window,
    )


def _verdict(fault: Fault, policy: FaultPolicy, at: datetime | None, circumstances: Circumstances) -> Verdict:
    lease = circumstances.lease
    match policy.then:
        case Then.SEND_NOW:
            return SendAgain(circumstances.now)
        case Then.PERSON:
            return GiveUp(_reason(fault, policy), maybe_sent=_maybe_sent(fault, lease))
        case Then.ASK_LATER:
            return GiveUp(_reason(fault, policy), maybe_sent=True) if at is None else AskAt(at)
        case Then.SEND_LATER:
            if at is None:
                return GiveUp(_reason(fault, policy))
            # What is unknown stays so until the question got through, and that costs no question.
            counts = policy.wait is Wait.RETRIES
            return AskAt(at, counts=False) if lease.must_ask else RetryAt(at, counts=counts)
        case _:
            assert_never(policy.then)


def _at(fault: Fault, policy: FaultPolicy, circumstances: Circumstances) -> datetime | None:
    """When the next act is due; None when waiting has not helped, or is not what is needed."""
    job, policies, now = circumstances.lease.job, circumstances.policies, circumstances.now
    match policy.wait:
        case Wait.NONE:
            return None
        case Wait.FAULT:
            seconds = policy.wait_seconds or policies.destination_fault_seconds
            return fault_retry_at(policies.retry, seconds, now, job.due_at)
        case Wait.NAMED:
            seconds = fault.retry_after_seconds or 0.0 if isinstance(fault, LaterPlease) else 0.0
            return retry_after_at(policies.retry, seconds, now)
        case Wait.QUESTIONS:
            return next_ask_at(policies.retry, job.asks, now, job.due_at, circumstances.random)
        case Wait.RETRIES:
            if job.attempts + 1 >= policies.crashes_max:
                return None
            return next_attempt_at(policies.retry, job.attempts, now, job.due_at, circumstances.random)
        case _:
            assert_never(policy.wait)


def _reason(fault: Fault, policy: FaultPolicy) -> str:
    if isinstance(fault, RefusedThere):
        return f"{REFUSED_PREFIX}{fault.reason.value}"
    return policy.reason or OUTCOME_UNKNOWN


def _maybe_sent(fault: Fault, lease: Lease) -> bool:
    """A refusal is an answer; everything else leaves open what was open."""
    match fault:
        case RefusedThere():
            return False
        case BrokenAnswer(maybe_sent=maybe_sent) | Crashed(maybe_sent=maybe_sent):
            return maybe_sent
        case NotAskable():
            return True
        case _:
            return lease.must_ask
