from datetime import datetime, timedelta
from typing import Any

import pytest

from gateway.deliver.decide import (
    CONTRACT_BROKEN,
    INTERNAL_ERROR,
    NOT_AUTHORIZED,
    NOT_MAPPED,
    OUTCOME_UNKNOWN,
)
from gateway.model.delivery import OutcomeCode, Watch
from gateway.model.ids import DeliveryId, EventId
from gateway.operations.reasons import HOLD_REASONS
from gateway.operations.why import Standing, why
from retry_queue.job import GateKey, Lane
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneHealth
from tests.support.deliveries import a_delivery, a_watch, an_attempt
from tests.support.jobs import NOON, a_job

LANE = Lane("national_registry")
HEALTHY = LaneHealth(LANE)
AT_ONE = NOON + timedelta(hours=1)
AT_ONE_ON_THE_WALL = "13:00:00 22/11/2026"


def said(
    state: State,
    *,
    lane: LaneHealth = HEALTHY,
    watch: Watch | None = None,
    **job: Any,  # noqa: ANN401 - passed on to the job
) -> str:
    standing = Standing(a_delivery(), a_job(state=state, **job), lane, watch=watch)
    return why(standing, NOON).en


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_sentence_in_both_languages(state: State) -> None:
    sentence = why(Standing(a_delivery(), a_job(state=state), HEALTHY), NOON)
    assert sentence.vi.strip()
    assert sentence.en.strip()
    assert sentence.vi != sentence.en


def test_a_ready_one_says_so() -> None:
    assert "Ready" in said(State.QUEUED)


def test_a_ready_one_behind_an_open_breaker_says_until_when() -> None:
    lane = LaneHealth(LANE, BreakerState.OPEN, 5, AT_ONE)
    assert AT_ONE_ON_THE_WALL in said(State.QUEUED, lane=lane)


def test_a_ready_one_at_a_held_destination_says_what_to_do() -> None:
    lane = LaneHealth(LANE, hold_reason=NOT_AUTHORIZED)
    assert "allow-list" in said(State.QUEUED, lane=lane)


def test_a_breaker_whose_time_is_over_is_being_tried() -> None:
    lane = LaneHealth(LANE, BreakerState.HALF_OPEN, 5, NOON)
    assert "trying" in said(State.QUEUED, lane=lane)


def test_waiting_behind_a_step_of_the_same_event_names_the_step() -> None:
    blocker = a_delivery(delivery_id=DeliveryId("delivery-0"), step="personal_id")
    standing = Standing(a_delivery(), a_job(state=State.WAITING), HEALTHY, blockers=[blocker])
    assert "step personal_id" in why(standing, NOON).en


def test_waiting_behind_another_event_names_its_delivery_and_nothing_else_of_it() -> None:
    blocker = a_delivery(delivery_id=DeliveryId("delivery-0"), event_id=EventId("other-event"))
    standing = Standing(a_delivery(), a_job(state=State.WAITING), HEALTHY, blockers=[blocker])
    sentence = why(standing, NOON).en
    assert "delivery-0" in sentence
    assert "other-event" not in sentence


def test_several_blockers_are_all_named() -> None:
    blockers = [a_delivery(step=step) for step in ("first_step", "second_step")]
    standing = Standing(a_delivery(), a_job(state=State.WAITING), HEALTHY, blockers=blockers)
    sentence = why(standing, NOON).en
    assert "first_step" in sentence
    assert "second_step" in sentence


@pytest.mark.parametrize(("opens_at", "expected"), [(AT_ONE, AT_ONE_ON_THE_WALL), (None, "is known")])
def test_waiting_at_a_gate_names_the_fact_and_when_the_gate_opens(
    opens_at: datetime | None, expected: str
) -> None:
    sentence = said(State.WAITING, gate=GateKey("event-1:personal_id.child"), gate_opens_at=opens_at)
    assert "personal_id.child" in sentence
    assert expected in sentence


def test_a_deferred_one_says_not_before_when_and_what_happened() -> None:
    attempts = [an_attempt(1, outcome=OutcomeCode.NOT_SENT)]
    job = a_job(state=State.DEFERRED, next_attempt_at=AT_ONE)
    sentence = why(Standing(a_delivery(), job, HEALTHY, attempts=attempts), NOON).en
    assert AT_ONE_ON_THE_WALL in sentence
    assert "could not be reached" in sentence


def test_an_unknown_one_says_when_it_is_asked_and_that_nothing_is_sent_blindly() -> None:
    sentence = said(State.UNKNOWN, next_attempt_at=AT_ONE, maybe_sent=True)
    assert AT_ONE_ON_THE_WALL in sentence
    assert "not send blindly" in sentence


def test_a_held_one_says_why_and_what_can_be_done() -> None:
    sentence = said(State.HELD, held_reason="refused.content")
    assert "refuses the content" in sentence
    assert "release" in sentence


def test_a_reason_that_a_person_wrote_is_repeated() -> None:
    assert "waiting for the court" in said(State.HELD, held_reason="waiting for the court")


def test_a_done_one_says_when_and_how_far_the_destination_has_come() -> None:
    sentence = said(State.DONE, finished_at=AT_ONE, watch=a_watch(stage="processing"))
    assert AT_ONE_ON_THE_WALL in sentence
    assert "works on it" in sentence


def test_a_cancelled_one_says_when() -> None:
    assert AT_ONE_ON_THE_WALL in said(State.CANCELLED, finished_at=AT_ONE)


def test_every_reason_of_the_decision_has_its_row() -> None:
    codes = {NOT_MAPPED, OUTCOME_UNKNOWN, CONTRACT_BROKEN, INTERNAL_ERROR, NOT_AUTHORIZED}
    assert codes <= HOLD_REASONS.keys()
