"""The state table as a whole."""

import pytest

from retry_queue.states import (
    ENTRY_STATES,
    FINAL,
    TRANSITIONS,
    Cause,
    State,
    is_allowed,
    states_before,
)


@pytest.mark.parametrize("state", sorted(set(State) - FINAL))
def test_every_unfinished_state_has_a_way_on(state: State) -> None:
    assert any(arrow.before is state for arrow in TRANSITIONS)


@pytest.mark.parametrize("state", sorted(FINAL))
def test_final_states_have_no_way_on(state: State) -> None:
    assert state.is_final
    assert not any(arrow.before is state for arrow in TRANSITIONS)


def test_every_state_can_be_reached_from_an_entry_state_and_reaches_a_final_one() -> None:
    reached = set(ENTRY_STATES)
    while more := {arrow.after for arrow in TRANSITIONS if arrow.before in reached} - reached:
        reached |= more
    assert reached == set(State)
    ending = set(FINAL)
    while more := {arrow.before for arrow in TRANSITIONS if arrow.after in ending} - ending:
        ending |= more
    assert ending == set(State)


def test_every_cause_is_used_and_every_arrow_stands_once_with_a_reason() -> None:
    assert {arrow.cause for arrow in TRANSITIONS} == set(Cause)
    arrows = [(arrow.before, arrow.cause, arrow.after) for arrow in TRANSITIONS]
    assert len(arrows) == len(set(arrows))
    assert all(arrow.why for arrow in TRANSITIONS)


def test_only_a_leased_job_is_completed() -> None:
    assert states_before(Cause.COMPLETED) == {State.LEASED}


def test_what_may_have_been_sent_cannot_be_withdrawn() -> None:
    assert states_before(Cause.WITHDRAWN).isdisjoint({State.LEASED, State.UNKNOWN})


def test_an_arrow_that_is_not_in_the_table_is_not_allowed() -> None:
    assert is_allowed(State.QUEUED, Cause.CLAIMED, State.LEASED)
    assert not is_allowed(State.HELD, Cause.CLAIMED, State.LEASED)
    assert not is_allowed(State.UNKNOWN, Cause.CLAIMED, State.QUEUED)
