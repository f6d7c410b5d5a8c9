from datetime import datetime, timedelta

import pytest

from gateway.model.delivery import OutcomeCode
from gateway.operations.journey import DeliveryStory, Timeliness, tell_delivery, tell_journey
from gateway.operations.plain import plain
from gateway.operations.why import Standing
from retry_queue.job import Lane
from retry_queue.states import State
from retry_queue.store import LaneHealth
from tests.support.deliveries import a_delivery, a_stored_event, a_watch, an_attempt
from tests.support.events import a_birth
from tests.support.jobs import NOON, a_job

HEALTHY = LaneHealth(Lane("national_registry"))
REGISTERED_AT = NOON
DUE_AT = NOON + timedelta(hours=12)


def told(state: State, now: datetime, *, finished_at: datetime | None = None) -> DeliveryStory:
    job = a_job(state=state, due_at=DUE_AT, finished_at=finished_at)
    return tell_delivery(Standing(a_delivery(), job, HEALTHY), REGISTERED_AT, now)


@pytest.mark.parametrize(
    ("hours", "is_at_risk", "is_overdue"),
    [(0, False, False), (8.9, False, False), (9, True, False), (12, True, False), (12.1, False, True)],
)
def test_an_open_delivery_is_at_risk_in_the_last_quarter_and_overdue_after_it(
    hours: float, *, is_at_risk: bool, is_overdue: bool
) -> None:
    story = told(State.DEFERRED, NOON + timedelta(hours=hours))
    assert (story.timeliness.is_at_risk, story.timeliness.is_overdue) == (is_at_risk, is_overdue)


@pytest.mark.parametrize("state", [State.DONE, State.CANCELLED])
def test_what_is_finished_is_neither_at_risk_nor_overdue(state: State) -> None:
    story = told(state, DUE_AT + timedelta(days=1), finished_at=NOON)
    assert story.timeliness == Timeliness(is_overdue=False, is_at_risk=False, finished_late=False)


def test_a_breach_is_recorded_when_it_was_finished_late() -> None:
    story = told(State.DONE, DUE_AT + timedelta(days=1), finished_at=DUE_AT + timedelta(seconds=1))
    assert story.timeliness.finished_late


def test_a_held_delivery_names_reason_and_remedy() -> None:
    job = a_job(state=State.HELD, held_reason="not_mapped")
    story = tell_delivery(Standing(a_delivery(), job, HEALTHY), REGISTERED_AT, NOON)
    assert story.reason == "not_mapped"
    assert story.remedy is not None


def test_attempts_are_numbered_for_people_and_carry_the_answers() -> None:
    attempts = [
        an_attempt(3, outcome=OutcomeCode.UNKNOWN),
        an_attempt(7, outcome=OutcomeCode.ACCEPTED, partner_text="Thành công"),
    ]
    standing = Standing(a_delivery(), a_job(state=State.DONE), HEALTHY, attempts=attempts)
    story = tell_delivery(standing, REGISTERED_AT, NOON)
    assert [attempt.number for attempt in story.attempts] == [1, 2]
    assert story.attempts[1].partner_text == "Thành công"


def test_a_journey_is_complete_when_every_delivery_is_done() -> None:
    stored = a_stored_event(a_birth())
    done = Standing(a_delivery(), a_job(state=State.DONE, finished_at=NOON), HEALTHY, watch=a_watch())
    waiting = Standing(a_delivery(), a_job(state=State.WAITING), HEALTHY)
    assert tell_journey(stored, [done, done], (), NOON).is_complete
    assert not tell_journey(stored, [done, waiting], (), NOON).is_complete


def test_a_journey_becomes_plain_json() -> None:
    stored = a_stored_event(a_birth())
    standing = Standing(a_delivery(), a_job(state=State.QUEUED), HEALTHY, attempts=[an_attempt(1)])
    found = plain(tell_journey(stored, [standing], (), NOON))
    assert isinstance(found, dict)
    assert found["due_at"] == stored.due_at.isoformat()
    (delivery,) = found["deliveries"]
    assert delivery["state"] == "queued"
    assert set(delivery["why"]) == {"vi", "en"}
    assert delivery["attempts"][0]["outcome"] == "accepted"
