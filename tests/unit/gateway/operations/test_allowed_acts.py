"""What a page offers is what the state table allows."""

import pytest

from gateway.model.operating import Act
from gateway.operations.acts import IN_COURIER_BUNDLE
from gateway.operations.allowed_acts import allowed_acts
from retry_queue.states import State
from tests.support.jobs import a_job

GO_ON = {Act.RETRY, Act.RELEASE}


@pytest.mark.parametrize(
    ("state", "maybe_sent", "expected"),
    [
        (State.QUEUED, False, {Act.HOLD, Act.CANCEL}),
        (State.WAITING, False, {Act.HOLD, Act.CANCEL}),
        (State.DEFERRED, False, GO_ON | {Act.HOLD, Act.CANCEL}),
        (State.LEASED, True, set()),
        (State.UNKNOWN, True, {Act.HOLD, Act.CONFIRM_DELIVERED, Act.CONFIRM_ABSENT}),
        (State.HELD, False, GO_ON | {Act.EDIT, Act.CANCEL, Act.CONFIRM_DELIVERED}),
        (State.HELD, True, GO_ON | {Act.CONFIRM_DELIVERED, Act.CONFIRM_ABSENT}),
        (State.DONE, False, set()),
        (State.CANCELLED, False, set()),
    ],
)
def test_each_state_offers_its_acts(state: State, expected: set[Act], *, maybe_sent: bool) -> None:
    job = a_job(state=state, maybe_sent=maybe_sent, held_reason="refused.content")
    assert {each.act for each in allowed_acts(job)} == expected


def test_what_a_courier_has_is_left_to_him() -> None:
    assert allowed_acts(a_job(state=State.HELD, held_reason=IN_COURIER_BUNDLE)) == ()


def test_releasing_what_may_have_arrived_says_that_it_asks_first() -> None:
    doubtful = {each.act: each for each in allowed_acts(a_job(state=State.HELD, maybe_sent=True))}
    certain = {each.act: each for each in allowed_acts(a_job(state=State.HELD, maybe_sent=False))}
    assert "asked again" in doubtful[Act.RELEASE].consequence.en
    assert "as soon as it is its turn" in certain[Act.RELEASE].consequence.en
