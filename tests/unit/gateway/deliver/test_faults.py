"""The table of faults, and what a destination may do differently."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.errors import RefusalReason
from adapters.port import Repeats
from gateway.deliver.decide import Circumstances, DeliveryPolicies, decide
from gateway.deliver.faults import (
    FAULT_POLICIES,
    Cost,
    Fault,
    FaultClass,
    FaultOverride,
    Tell,
    Then,
    Wait,
    fault_class,
)
from gateway.deliver.next_act import NextAct, next_act
from gateway.model.outcome import (
    AbsentThere,
    BrokenAnswer,
    Crashed,
    LaterPlease,
    LockedOut,
    NobodyKnows,
    NotAskable,
    NothingSent,
    NotTranslated,
    RefusedThere,
)
from gateway.operations.reasons import HOLD_REASONS
from retry_queue.policy import RetryPolicy
from retry_queue.verdict import AskAt, Decision, GiveUp, Health, RetryAt, Strain, usual_strain
from tests.support.jobs import a_lease
from tests.support.partner import EVIDENCE

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FAULTS: dict[FaultClass, Fault] = {
    FaultClass.NOT_SENT: NothingSent(None),
    FaultClass.BUSY: LaterPlease(None),
    FaultClass.BUSY_UNTIL: LaterPlease(None, retry_after_seconds=60),
    FaultClass.UNKNOWN: NobodyKnows(None),
    FaultClass.NOT_ASKABLE: NotAskable(),
    FaultClass.ABSENT: AbsentThere(EVIDENCE),
    FaultClass.REFUSED: RefusedThere(RefusalReason.CONTENT, (), None),
    FaultClass.NOT_MAPPED: NotTranslated(()),
    FaultClass.CONTRACT_BROKEN: BrokenAnswer(None, maybe_sent=True),
    FaultClass.NOT_AUTHORIZED: LockedOut(None),
    FaultClass.CRASHED_BEFORE: Crashed("e", maybe_sent=False),
    FaultClass.CRASHED_AFTER: Crashed("e", maybe_sent=True),
}


def decided(
    fault: Fault,
    override: FaultOverride | None = None,
    *,
    left_seconds: float = 43_200,
    must_ask: bool = False,
) -> Decision:
    lease = a_lease(maybe_sent=must_ask, due_at=NOW + timedelta(seconds=left_seconds))
    overrides = {} if override is None else {(lease.job.lane, fault_class(fault)): override}
    policies = DeliveryPolicies(RetryPolicy(jitter_fraction=0), overrides=overrides)
    return decide(fault, Circumstances(lease, policies, NOW, lambda: 0.5))


def test_every_class_has_a_row_and_a_fault_that_means_it() -> None:
    assert FAULT_POLICIES.keys() == set(FaultClass) == FAULTS.keys()
    assert {kind: fault_class(fault) for kind, fault in FAULTS.items()} == {kind: kind for kind in FaultClass}


@pytest.mark.parametrize("kind", FaultClass)
def test_decision_does_what_the_row_says(kind: FaultClass) -> None:
    policy, decision = FAULT_POLICIES[kind], decided(FAULTS[kind])
    assert decision.health is policy.breaker
    assert (decision.not_before is not None) == (policy.wait is Wait.NAMED)
    assert (decision.lane_hold is not None) == policy.holds_destination
    assert isinstance(decision.verdict, GiveUp) == (policy.then is Then.PERSON)
    if isinstance(decision.verdict, RetryAt | AskAt):
        assert decision.verdict.counts == (policy.cost is not Cost.NOTHING)


@pytest.mark.parametrize("kind", FaultClass)
def test_what_goes_to_a_person_is_told_and_its_reason_is_explained(kind: FaultClass) -> None:
    policy = FAULT_POLICIES[kind]
    if policy.then is Then.PERSON or policy.holds_destination:
        assert policy.tell is not Tell.NOBODY
        verdict = decided(FAULTS[kind]).verdict
        reason = verdict.reason if isinstance(verdict, GiveUp) else policy.reason
        assert reason in HOLD_REASONS


@pytest.mark.parametrize("kind", FaultClass)
@pytest.mark.parametrize("left_seconds", [2.0, 30.0, 100.0, 4000.0])
def test_no_wait_of_ours_goes_past_the_deadline_unless_questions_have_begun_late(
    kind: FaultClass, left_seconds: float
) -> None:
    if FAULT_POLICIES[kind].wait in {Wait.FAULT, Wait.RETRIES}:
        verdict = decided(FAULTS[kind], left_seconds=left_seconds).verdict
        assert isinstance(verdict, RetryAt)
        assert verdict.at <= NOW + timedelta(seconds=left_seconds)


def test_one_destination_may_wait_longer_after_a_fault() -> None:
    decision = decided(NothingSent(None), FaultOverride(wait_seconds=300))
    assert decision.verdict == RetryAt(NOW + timedelta(seconds=300), counts=False)


def test_one_destination_may_see_a_fault_as_nobodys() -> None:
    override = FaultOverride(against_breaker=False, against_window=False)
    decision = decided(NobodyKnows(None), override)
    assert (decision.health, decision.strain) == (Health.SILENT, None)
    against = decided(LockedOut(None), FaultOverride(against_breaker=True, against_window=True))
    assert (against.health, against.strain) == (Health.UNREACHABLE, None)
    only_breaker = decided(NothingSent(None), FaultOverride(against_window=False))
    assert (only_breaker.health, only_breaker.strain) == (Health.UNREACHABLE, Strain.NONE)


@pytest.mark.parametrize(
    ("fault", "strain"),
    [
        (LaterPlease(None), Strain.OVERLOADED),
        (LaterPlease(None, retry_after_seconds=30), Strain.OVERLOADED),
        (NothingSent(None), Strain.STRAINED),
        (NobodyKnows(None), Strain.STRAINED),
        (BrokenAnswer(None, maybe_sent=True), Strain.STRAINED),
    ],
)
def test_busy_cuts_the_window_at_once_and_other_faults_only_count(fault: Fault, strain: Strain) -> None:
    for override in (None, FaultOverride(against_window=True)):
        decision = decided(fault, override)
        told = decision.strain or usual_strain(decision.health, decision.not_before)
        assert told is strain


def test_what_can_neither_be_asked_nor_repeated_is_held_as_unknown() -> None:
    assert decided(NotAskable(), must_ask=True).verdict == GiveUp("outcome_unknown", maybe_sent=True)


@pytest.mark.parametrize(
    ("asks", "idempotent", "act"),
    [
        (True, True, NextAct.ASK),
        (True, False, NextAct.ASK),
        (False, True, NextAct.REPEAT),
        (False, False, NextAct.PERSON),
    ],
)
def test_unknown_outcome_is_asked_else_repeated_else_shown(
    *, asks: bool, idempotent: bool, act: NextAct
) -> None:
    assert next_act(Repeats(asks, idempotent), must_ask=True) is act
    assert next_act(Repeats(asks, idempotent), must_ask=False) is NextAct.SEND
