"""What a running replay does next, from the ledger in numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.replaying import ItemCount, ItemState, Limits, Tally
from gateway.operations.replays.ramp import (
    Act,
    Finish,
    Move,
    NextStep,
    Stop,
    Wait,
    is_too_many,
    next_move,
    size_of,
)

LIMITS = Limits(ramp=(1, 10, 100))
STEP = 3


def _tally(pending: int = 0, earlier: int = 0, **of_step: int) -> Tally:
    counts = [ItemCount(STEP, ItemState(state), None, items) for state, items in of_step.items()]
    counts.append(ItemCount(None, ItemState.PENDING, None, pending))
    counts.append(ItemCount(STEP - 1, ItemState.SUCCEEDED, None, earlier))
    return Tally(tuple(counts))


def _move(rung: int, tally: Tally) -> Move:
    return next_move(LIMITS, STEP, rung, tally)


@pytest.mark.parametrize(
    ("rung", "tally", "expected"),
    [
        (0, _tally(pending=9), Act(1)),
        (1, _tally(pending=99, under_way=4), Act(6)),
        (1, _tally(pending=2), Act(2)),
        (1, _tally(pending=99, skipped=7, succeeded=10), NextStep(2)),
        (1, _tally(pending=99, skipped=7, succeeded=3), Act(7)),
        (1, _tally(pending=99, under_way=1, succeeded=9), Wait()),
        (1, _tally(pending=99, set_aside=10), NextStep(1)),
        (2, _tally(pending=999, succeeded=100), NextStep(3)),
        (7, _tally(pending=999), Act(100)),
        (1, _tally(succeeded=10), Finish()),
        (1, _tally(under_way=1, succeeded=9), Wait()),
        (1, _tally(failed=10), Finish()),
        (0, _tally(pending=9, failed=1), Stop(1, 1)),
        (1, _tally(pending=9, failed=1, succeeded=3, under_way=6), Wait()),
        (1, _tally(pending=9, failed=2, succeeded=8), Stop(2, 10)),
        (1, _tally(pending=9, failed=1, succeeded=9), NextStep(2)),
        (2, _tally(pending=9, failed=5, under_way=50), Stop(5, 5)),
        (1, _tally(pending=9, earlier=500, failed=5), Stop(5, 5)),
    ],
)
def test_the_next_move(rung: int, tally: Tally, expected: Move) -> None:
    assert _move(rung, tally) == expected


def test_a_few_failures_among_many_do_not_stop_it() -> None:
    assert not is_too_many(LIMITS, 19, 100, is_over=True)
    assert is_too_many(LIMITS, 20, 100, is_over=False)
    assert not is_too_many(LIMITS, 4, 4, is_over=False)
    assert not is_too_many(LIMITS, 0, 0, is_over=True)


ANY_LIMITS = st.builds(
    Limits,
    ramp=st.lists(st.integers(1, 50), min_size=1, max_size=5).map(tuple),
    error_percent=st.floats(1, 100),
    outcomes_min=st.integers(1, 10),
)


@given(
    limits=ANY_LIMITS,
    outcomes=st.lists(st.sampled_from(["ok", "bad", "aside", "skip"]), min_size=1, max_size=200),
)
def test_whatever_comes_of_the_items_a_replay_ends_or_stops_and_no_step_outgrows_the_ramp(
    limits: Limits, outcomes: list[str]
) -> None:
    state = {"ok": ItemState.SUCCEEDED, "bad": ItemState.FAILED, "aside": ItemState.SET_ASIDE}
    settled: dict[int, list[ItemState]] = {}
    step, rung, taken = 1, 0, 0
    for _ in range(4 * len(outcomes) + 10):
        counts = [
            ItemCount(number, each, None, states.count(each))
            for number, states in settled.items()
            for each in set(states)
        ]
        counts.append(ItemCount(None, ItemState.PENDING, None, len(outcomes) - taken))
        match next_move(limits, step, rung, Tally(tuple(counts))):
            case Act(items=items):
                assert 0 < items <= size_of(limits, rung)
                for name in outcomes[taken : taken + items]:
                    settled.setdefault(step, []).append(state.get(name, ItemState.SKIPPED))
                taken += items
            case NextStep(rung=after):
                assert after in {rung, rung + 1}
                assert ItemState.SUCCEEDED in settled[step] or after == rung
                step, rung = step + 1, after
            case Stop(failed=failed, outcomes=seen):
                assert taken < len(outcomes)
                assert failed * 100 >= limits.error_percent * seen
                break
            case Finish():
                assert taken == len(outcomes)
                break
            case Wait():
                pytest.fail("nothing is under way")
    else:
        pytest.fail("it goes on for ever")
    for states in settled.values():
        acted = [each for each in states if each is not ItemState.SKIPPED]
        assert len(acted) <= max(limits.ramp)


@given(
    limits=ANY_LIMITS, pending=st.integers(1, 500), failed=st.integers(0, 50), succeeded=st.integers(0, 50)
)
def test_nothing_larger_begins_while_something_is_under_way_or_too_much_has_failed(
    limits: Limits, pending: int, failed: int, succeeded: int
) -> None:
    for under_way in (0, 1):
        tally = _tally(pending=pending, failed=failed, succeeded=succeeded, under_way=under_way)
        move = next_move(limits, STEP, 0, tally)
        if isinstance(move, NextStep):
            assert not under_way
            outcomes = failed + succeeded
            assert outcomes < limits.outcomes_min or failed * 100 < limits.error_percent * outcomes
