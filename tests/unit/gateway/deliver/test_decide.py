from datetime import UTC, datetime, timedelta

import pytest

from adapters.errors import RefusalReason
from adapters.port import Accepted, Evidence
from gateway.deliver.decide import Circumstances, DeliveryPolicies, decide
from gateway.model.outcome import (
    AbsentThere,
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
)
from retry_queue.policy import RetryPolicy
from retry_queue.verdict import AskAt, Decision, Done, GiveUp, Health, LaneHold, RetryAt, SendAgain, Strain
from tests.support.jobs import a_lease

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
EVIDENCE = Evidence(operation="x")
POLICIES = DeliveryPolicies(
    retry=RetryPolicy(
        schedule_seconds=(10, 100),
        ask_schedule_seconds=(5, 50),
        jitter_fraction=0,
        asks_max=3,
        attempts_reserved=0,
    ),
    destination_fault_seconds=20,
    crashes_max=3,
)


def decided(outcome: Outcome, *, maybe_sent: bool = False, attempts: int = 0, asks: int = 0) -> Decision:
    lease = a_lease(maybe_sent=maybe_sent, attempts=attempts, asks=asks, due_at=NOW + timedelta(hours=12))
    return decide(outcome, Circumstances(lease, POLICIES, NOW, lambda: 0.5))


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("already_there", [False, True])
def test_what_the_destination_holds_is_done(*, already_there: bool) -> None:
    decision = decided(Delivered(Accepted(EVIDENCE, already_there=already_there)))
    assert decision == Decision(Done(), Health.ANSWERED)


def test_what_the_destination_does_not_have_is_sent_at_once() -> None:
    assert decided(AbsentThere(EVIDENCE), maybe_sent=True) == Decision(SendAgain(NOW), Health.ANSWERED)


@pytest.mark.parametrize("reason", RefusalReason)
def test_a_refusal_holds_the_item_under_its_reason(reason: RefusalReason) -> None:
    decision = decided(RefusedThere(reason, (), EVIDENCE))
    assert decision == Decision(GiveUp(f"refused.{reason.value}"), Health.ANSWERED)


def test_what_cannot_be_translated_says_nothing_of_the_destination() -> None:
    assert decided(NotTranslated(())) == Decision(GiveUp("not_mapped"), Health.SILENT)


def test_what_can_no_longer_be_translated_still_counts_as_maybe_sent() -> None:
    decision = decided(NotTranslated(()), maybe_sent=True)
    assert decision.verdict == GiveUp("not_mapped", maybe_sent=True)


def test_an_unreachable_destination_costs_no_attempt() -> None:
    assert decided(NothingSent(None)) == Decision(RetryAt(after(20), counts=False), Health.UNREACHABLE)


def test_a_busy_destination_that_names_a_time_is_left_in_peace_until_then() -> None:
    decision = decided(LaterPlease(EVIDENCE, retry_after_seconds=90))
    assert decision == Decision(RetryAt(after(90), counts=False), Health.SILENT, not_before=after(90))


def test_a_busy_destination_cannot_ask_for_more_peace_than_the_policy_allows() -> None:
    decision = decided(LaterPlease(EVIDENCE, retry_after_seconds=10**9))
    assert decision.not_before == after(POLICIES.retry.retry_after_seconds_max)


def test_a_busy_destination_without_a_time_counts_as_unreachable() -> None:
    decision = decided(LaterPlease(EVIDENCE))
    verdict = RetryAt(after(20), counts=False)
    assert decision == Decision(verdict, Health.UNREACHABLE, strain=Strain.OVERLOADED)


def test_a_lost_answer_is_asked_about_and_speaks_against_the_destination() -> None:
    assert decided(NobodyKnows(None)) == Decision(AskAt(after(5)), Health.UNREACHABLE)


def test_questions_follow_their_own_schedule() -> None:
    assert decided(NobodyKnows(None), maybe_sent=True, asks=1).verdict == AskAt(after(50))


def test_when_asking_has_not_helped_a_person_decides_and_it_may_have_arrived() -> None:
    decision = decided(NobodyKnows(None), maybe_sent=True, asks=3)
    assert decision.verdict == GiveUp("outcome_unknown", maybe_sent=True)


@pytest.mark.parametrize("outcome", [NothingSent(None), LaterPlease(None), LockedOut(None)])
def test_a_question_that_did_not_get_through_leaves_the_outcome_unknown(outcome: Outcome) -> None:
    assert decided(outcome, maybe_sent=True).verdict == AskAt(after(20), counts=False)


def test_a_busy_answer_to_a_question_leaves_the_outcome_unknown_until_the_named_time() -> None:
    decision = decided(LaterPlease(None, retry_after_seconds=60), maybe_sent=True)
    assert decision == Decision(AskAt(after(60), counts=False), Health.SILENT, not_before=after(60))


def test_an_outage_uses_up_no_questions() -> None:
    assert isinstance(decided(NothingSent(None), maybe_sent=True, asks=3).verdict, AskAt)


@pytest.mark.parametrize("maybe_sent", [False, True])
def test_a_broken_answer_goes_to_a_person_and_keeps_what_may_have_happened(*, maybe_sent: bool) -> None:
    decision = decided(BrokenAnswer(EVIDENCE, maybe_sent=maybe_sent))
    assert decision == Decision(GiveUp("contract_broken", maybe_sent=maybe_sent), Health.UNREACHABLE)


def test_refused_credentials_stop_the_destination_and_cost_the_item_nothing() -> None:
    decision = decided(LockedOut(EVIDENCE))
    assert decision.verdict == RetryAt(after(20), counts=False)
    assert decision.lane_hold == LaneHold("not_authorized")


def test_a_crash_before_sending_costs_an_attempt() -> None:
    decision = decided(Crashed("e1", maybe_sent=False), attempts=1)
    assert decision == Decision(RetryAt(after(100), counts=True), Health.SILENT)


def test_a_crash_that_comes_again_and_again_goes_to_a_person() -> None:
    assert decided(Crashed("e1", maybe_sent=False), attempts=2).verdict == GiveUp("internal_error")


def test_a_crash_after_the_announcement_is_asked_about() -> None:
    assert decided(Crashed("e1", maybe_sent=True)).verdict == AskAt(after(5))
