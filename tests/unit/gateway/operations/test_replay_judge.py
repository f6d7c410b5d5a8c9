"""What an act would do to a delivery, and what has become of one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.model.replaying import ItemState, Limits, ReplayAct, ReplayId, Selection
from gateway.operations.acts import HELD_BY_OPERATOR, IN_COURIER_BUNDLE
from gateway.operations.replays.judge import Came, Would, came_to, states_of, would
from gateway.operations.replays.stories import sample_of
from retry_queue.job import Fence, Job, JobId, Lane, Track
from retry_queue.states import State
from tests.support.deliveries import ACCEPTED_AT

NOW = ACCEPTED_AT
DUE = NOW + timedelta(hours=10)


def _job(state: State = State.HELD, *, due_at: datetime = DUE, **changes: object) -> Job:
    job = Job(
        job_id=JobId("delivery-1"),
        lane=Lane("one_stop"),
        kind="dossier",
        sequence=1,
        state=state,
        due_at=due_at,
        enqueued_at=NOW,
        updated_at=NOW,
        attempts=1,
        asks=0,
        fence=Fence(1),
        maybe_sent=False,
        next_attempt_at=None,
        lease_until=None,
        gate=None,
        gate_opens_at=None,
        held_reason="refused.content" if state is State.HELD else None,
        finished_at=None,
    )
    return replace(job, **changes)  # type: ignore[arg-type]  # the tests name a job's fields


def _would(act: ReplayAct, job: Job, selection: Selection | None = None) -> Would:
    return would(act, selection or Selection(), Limits(live_due_seconds=7200), job, NOW)


def test_what_may_have_been_sent_is_asked_about_first() -> None:
    assert _would(ReplayAct.RELEASE, _job()).code == "sends"
    assert _would(ReplayAct.RELEASE, _job(maybe_sent=True)).code == "asks_first"


@pytest.mark.parametrize(
    ("hours", "track"),
    [(10, Track.BULK), (2, Track.LIVE), (0, Track.LIVE), (-1, Track.BULK), (2.1, Track.BULK)],
)
def test_what_is_due_soon_stays_live_and_what_is_late_already_does_not(hours: float, track: Track) -> None:
    answer = _would(ReplayAct.RELEASE, _job(due_at=NOW + timedelta(hours=hours)))
    assert (answer.allowed, answer.track) == (True, track)


@pytest.mark.parametrize(
    ("act", "job", "code"),
    [
        (ReplayAct.RELEASE, _job(State.DONE), "is_done"),
        (ReplayAct.RELEASE, _job(State.LEASED), "in_the_hands_of_a_worker"),
        (ReplayAct.RELEASE, _job(State.DEFERRED), "is_deferred"),
        (ReplayAct.RELEASE, _job(held_reason=IN_COURIER_BUNDLE), IN_COURIER_BUNDLE),
        (ReplayAct.CANCEL, _job(maybe_sent=True), "may_have_been_sent"),
        (ReplayAct.RETRY, _job(), "is_held"),
        (ReplayAct.RESEND, _job(), "is_held"),
        (ReplayAct.HOLD, _job(), "is_held"),
    ],
)
def test_what_is_not_allowed_is_named(act: ReplayAct, job: Job, code: str) -> None:
    assert _would(act, job) == Would(allowed=False, code=code)


@pytest.mark.parametrize(
    ("act", "state", "code"),
    [
        (ReplayAct.RETRY, State.DEFERRED, "sends"),
        (ReplayAct.CANCEL, State.WAITING, "cancels"),
        (ReplayAct.HOLD, State.QUEUED, "holds"),
        (ReplayAct.RESEND, State.DONE, "asks_then_sends_what_is_absent"),
    ],
)
def test_what_is_allowed_says_what_would_happen(act: ReplayAct, state: State, code: str) -> None:
    answer = _would(act, _job(state))
    assert (answer.allowed, answer.code) == (True, code)


def test_what_was_held_again_for_another_reason_is_left_alone() -> None:
    selection = Selection(held_reason="not_mapped")
    assert _would(ReplayAct.RELEASE, _job(), selection).code == "held_for_another_reason"
    same = Selection(held_reason="refused.content")
    assert _would(ReplayAct.RELEASE, _job(), same).allowed


def test_an_act_that_cannot_move_the_selected_state_selects_nothing() -> None:
    assert states_of(ReplayAct.RELEASE, Selection(state=State.DONE)) == frozenset()
    assert states_of(ReplayAct.RELEASE, Selection(state=State.DEFERRED)) == {State.DEFERRED}
    assert states_of(ReplayAct.RELEASE, Selection()) == {State.HELD}
    assert states_of(ReplayAct.RETRY, Selection()) == {State.DEFERRED}
    assert states_of(ReplayAct.RESEND, Selection()) == {State.DONE}


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        (_job(State.DONE), Came(ItemState.SUCCEEDED, "delivered")),
        (_job(), Came(ItemState.FAILED, "refused.content")),
        (_job(held_reason=HELD_BY_OPERATOR), Came(ItemState.SET_ASIDE, HELD_BY_OPERATOR)),
        (_job(State.CANCELLED), Came(ItemState.SET_ASIDE, "cancelled")),
        (_job(State.WAITING), None),
        (_job(State.QUEUED), None),
        (_job(State.DEFERRED), None),
        (_job(State.UNKNOWN), None),
        (_job(State.LEASED), None),
    ],
)
def test_what_has_become_of_an_item(job: Job, expected: Came | None) -> None:
    assert came_to(job, waits_for_a_person=False) == expected


def test_what_waits_for_a_person_does_not_hold_up_the_replay() -> None:
    assert came_to(_job(State.WAITING), waits_for_a_person=True) == Came(ItemState.SET_ASIDE, "waits")


@pytest.mark.parametrize("items", [0, 1, 2, 5, 6, 7, 10, 11, 5000])
def test_the_sample_is_the_first_the_last_and_some_between(items: int) -> None:
    chosen = sample_of(ReplayId("replay-1"), items)
    assert chosen == sorted(set(chosen)) == sample_of(ReplayId("replay-1"), items)
    assert len(chosen) == min(items, 10)
    assert {1, items} <= set(chosen) or not items
