"""How much a worker may take from a lane."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retry_queue.admission import (
    NOTHING,
    Lesson,
    Look,
    Pacing,
    Scene,
    appetite,
    claimed,
    learnt,
    look,
    look_again_at,
    surplus,
)
from retry_queue.job import Track
from retry_queue.maintenance import Once
from retry_queue.policy import BadPolicy
from retry_queue.rate import RateLimit
from retry_queue.store import Appetite, BreakerState, LaneHealth
from retry_queue.verdict import Decision, Done, Health, RetryAt, Strain
from retry_queue.window import WindowSettings
from tests.support.queue_builders import LANE, START, after

EIGHT = Pacing(WindowSettings(ceiling=8, slow_seconds=10))
SHARED = replace(EIGHT, is_shared=True)
HEALTHY = LaneHealth(LANE)
CUT = LaneHealth(LANE, window=3.0, window_goal=3.0, window_changed_at=START)
OPEN = LaneHealth(LANE, BreakerState.OPEN, failures_in_row=5, open_until=after(8), window=1.0)
WELL = Decision(Done(), Health.ANSWERED)
GONE = Decision(RetryAt(START, counts=False), Health.UNREACHABLE)


def scene(health: LaneHealth, live: int = 0, bulk: int = 0, nearest_due_at: datetime | None = None) -> Scene:
    leased: Mapping[Track, int] = {Track.LIVE: live, Track.BULK: bulk}
    return Scene(health, leased, nearest_due_at)


def lesson(decision: Decision, began: float = 0, ended: float = 1) -> Lesson:
    return Lesson(decision, after(began), after(ended))


def test_healthy_lane_gives_what_is_wanted_but_bulk_never_gets_the_last_slots() -> None:
    assert look(HEALTHY, EIGHT, START) is Look.FREE
    assert appetite(scene(HEALTHY), 8, EIGHT, START) == Appetite(8, 7)
    assert appetite(scene(HEALTHY, bulk=7), 1, EIGHT, START) == Appetite(1, 0)
    assert appetite(scene(HEALTHY, live=4, bulk=2), 3, EIGHT, START) == Appetite(3, 3)


def test_window_counts_what_every_process_has_under_way() -> None:
    assert look(CUT, EIGHT, START) is Look.LIMITED
    assert appetite(scene(CUT, live=1), 8, EIGHT, START) == Appetite(2, 2)
    assert appetite(scene(CUT, live=1, bulk=1), 8, EIGHT, START) == Appetite(1, 1)
    assert appetite(scene(CUT, live=2, bulk=1), 8, EIGHT, START) == NOTHING
    assert appetite(scene(HEALTHY, live=7), 8, SHARED, START) == Appetite(1, 1)


def test_lane_that_bears_one_at_a_time_still_does_bulk_work() -> None:
    assert appetite(scene(replace(CUT, window=1.0)), 8, EIGHT, START) == Appetite(1, 1)


def test_rate_limit_bounds_what_begins_and_is_remembered() -> None:
    pacing = replace(EIGHT, rate=RateLimit(per_second=2, burst=3))
    assert appetite(scene(HEALTHY), 8, pacing, START) == Appetite(3, 3)
    spent = claimed(HEALTHY, 3, pacing, START)
    assert look(spent, pacing, START) is Look.NOTHING
    assert look_again_at(spent, pacing, START) == after(0.5)
    assert appetite(scene(spent), 8, pacing, after(0.5)) == Appetite(1, 1)
    assert claimed(HEALTHY, 0, pacing, START) == HEALTHY


def test_nothing_is_sent_during_maintenance() -> None:
    pacing = replace(EIGHT, maintenance=(Once(START, after(60)),))
    assert look(HEALTHY, pacing, after(59)) is Look.NOTHING
    assert look_again_at(HEALTHY, pacing, after(59)) == after(60)
    assert appetite(scene(OPEN, nearest_due_at=after(59)), 1, pacing, after(59)) == NOTHING
    assert look(HEALTHY, pacing, after(60)) is Look.FREE


def test_held_lane_gives_nothing_and_knows_no_time() -> None:
    stopped = replace(HEALTHY, hold_reason="credentials")
    assert (look(stopped, EIGHT, START), look_again_at(stopped, EIGHT, START)) == (Look.NOTHING, None)


def test_open_breaker_gives_one_probe_when_its_time_is_over() -> None:
    assert look_again_at(OPEN, EIGHT, START) == after(8)
    assert appetite(scene(OPEN), 8, EIGHT, after(7.9)) == NOTHING
    assert appetite(scene(OPEN), 8, EIGHT, after(8)) == Appetite(1, 1)
    probing = claimed(OPEN, 1, EIGHT, after(8))
    assert probing.breaker is BreakerState.HALF_OPEN
    assert appetite(scene(probing, live=1), 8, EIGHT, after(8)) == NOTHING


def test_job_at_its_last_chance_goes_as_a_probe_before_the_time_is_over() -> None:
    opened_earlier = replace(OPEN, open_until=after(8))
    assert appetite(scene(opened_earlier, nearest_due_at=after(17)), 8, EIGHT, after(6)) == NOTHING
    assert appetite(scene(opened_earlier, nearest_due_at=after(16)), 8, EIGHT, after(6)) == Appetite(1, 0)


def test_probes_that_do_not_come_back_do_not_pile_up() -> None:
    probing = claimed(OPEN, 1, EIGHT, after(8))
    near = after(12)
    assert appetite(scene(probing, live=3, nearest_due_at=near), 8, EIGHT, after(10)) == Appetite(1, 0)
    assert appetite(scene(probing, live=4, nearest_due_at=near), 8, EIGHT, after(10)) == NOTHING


def test_opening_shuts_the_window_and_the_probes_answer_begins_the_slow_start() -> None:
    health = HEALTHY
    for second in range(5):
        health = learnt(health, lesson(GONE, second, second + 0.5), EIGHT)
    assert (health.breaker, health.window, health.window_goal) == (BreakerState.OPEN, 1.0, 4.0)
    closed = learnt(claimed(health, 1, EIGHT, after(20)), lesson(WELL, 20, 21), EIGHT)
    assert (closed.breaker, closed.window) == (BreakerState.CLOSED, 2.0)


def test_slow_answer_is_an_answer_that_speaks_against_more() -> None:
    slow = learnt(HEALTHY, lesson(WELL, 0, 11), EIGHT)
    assert (slow.breaker, slow.window) == (BreakerState.CLOSED, 4.0)
    assert learnt(HEALTHY, lesson(WELL, 0, 10), EIGHT) == HEALTHY


@pytest.mark.parametrize(
    ("decision", "window"),
    [
        (Decision(RetryAt(START, counts=False), Health.SILENT), None),
        (Decision(RetryAt(START, counts=False), Health.SILENT, not_before=after(30)), 4.0),
        (GONE, None),
        (replace(GONE, strain=Strain.NONE), None),
        (replace(GONE, strain=Strain.OVERLOADED), 4.0),
        (replace(WELL, strain=Strain.STRAINED), None),
    ],
)
def test_only_a_sign_of_overload_cuts_at_once(decision: Decision, window: float | None) -> None:
    assert learnt(HEALTHY, lesson(decision), EIGHT).window == window


def test_destination_that_answers_every_other_one_is_relieved_though_no_breaker_opens() -> None:
    health = HEALTHY
    for second in range(9):
        health = learnt(health, lesson(WELL if second % 2 else GONE, 0, 1 + second), EIGHT)
    assert (health.breaker, health.window) == (BreakerState.CLOSED, 4.0)


def test_time_out_tells_of_overload_and_a_slip_of_our_own_of_nothing() -> None:
    assert learnt(HEALTHY, lesson(GONE, 0, 30), EIGHT).window == 4.0
    assert learnt(HEALTHY, lesson(replace(GONE, strain=Strain.NONE), 0, 30), EIGHT).window is None


def test_what_was_claimed_goes_back_when_the_door_is_shut_and_else_what_no_longer_fits() -> None:
    assert surplus(HEALTHY, 9, EIGHT, START) == 0
    assert surplus(CUT, 9, EIGHT, START) == 6
    assert surplus(CUT, 2, EIGHT, START) == 0
    assert surplus(OPEN, 9, EIGHT, START) == 9
    assert surplus(replace(HEALTHY, hold_reason="credentials"), 9, EIGHT, START) == 9
    assert surplus(HEALTHY, 9, replace(EIGHT, maintenance=(Once(START, after(60)),)), START) == 9


def test_what_was_claimed_under_a_rate_has_been_paid_for_and_stays() -> None:
    pacing = replace(EIGHT, rate=RateLimit(per_second=2, burst=3))
    assert surplus(claimed(HEALTHY, 3, pacing, START), 3, pacing, START) == 0


def test_batch_under_a_limit_is_no_larger_than_what_is_free() -> None:
    for each in (1, 4, 32):
        assert appetite(scene(CUT, live=1), 32, EIGHT, START, each) == Appetite(2, 2)
        assert appetite(scene(replace(HEALTHY), bulk=6), 32, SHARED, START, each) == Appetite(2, 1)
        assert appetite(scene(OPEN), 32, EIGHT, after(8), each) == Appetite(1, 1)


def test_reserve_cannot_be_negative() -> None:
    with pytest.raises(BadPolicy, match="live_reserve"):
        replace(EIGHT, live_reserve=-1)


_HEALTH = st.builds(
    LaneHealth,
    st.just(LANE),
    breaker=st.sampled_from(list(BreakerState)),
    failures_in_row=st.integers(0, 9),
    open_until=st.none() | st.integers(-100, 100).map(after),
    hold_reason=st.none() | st.just("stopped"),
    window=st.none() | st.floats(1, 8),
    window_goal=st.none() | st.floats(1, 8),
    window_changed_at=st.none() | st.integers(-100, 100).map(after),
    next_start_at=st.none() | st.integers(-100, 100).map(after),
)
_PACING = st.builds(
    Pacing,
    st.builds(WindowSettings, ceiling=st.integers(1, 8)),
    is_shared=st.booleans(),
    live_reserve=st.integers(0, 9),
    rate=st.none() | st.builds(RateLimit, st.floats(0.1, 50), st.integers(1, 10)),
    maintenance=st.just(()) | st.integers(-50, 50).map(lambda at: (Once(after(at), after(at + 20)),)),
)


@given(
    health=_HEALTH,
    pacing=_PACING,
    live=st.integers(0, 9),
    bulk=st.integers(0, 9),
    wanted=st.integers(1, 20),
    due=st.none() | st.floats(0, 60),
)
def test_no_circumstance_lets_more_through_than_any_limit(
    health: LaneHealth, pacing: Pacing, live: int, bulk: int, wanted: int, due: float | None
) -> None:
    given_scene = scene(health, live, bulk, None if due is None else after(due))
    given_appetite = appetite(given_scene, wanted, pacing, START)
    assert 0 <= given_appetite.bulk_jobs <= given_appetite.jobs <= wanted
    if look(health, pacing, START) is Look.NOTHING:
        assert given_appetite == NOTHING
    if health.breaker is not BreakerState.CLOSED:
        assert given_appetite.jobs <= 1
    elif pacing.is_shared and given_appetite.jobs:
        assert live + bulk + given_appetite.jobs <= pacing.window.ceiling
    again_at = look_again_at(health, pacing, START)
    if again_at is not None and given_appetite == NOTHING and health.breaker is BreakerState.CLOSED:
        assert again_at > START
        assert look(health, pacing, again_at + timedelta(microseconds=2)) is not Look.NOTHING or (
            look_again_at(health, pacing, again_at + timedelta(microseconds=2)) is not None
        )


@given(
    pacing=_PACING,
    steps=st.lists(
        st.tuples(st.sampled_from([WELL, GONE]), st.floats(0.01, 30), st.integers(1, 8)), max_size=80
    ),
)
def test_lane_never_gets_stuck(pacing: Pacing, steps: list[tuple[Decision, float, int]]) -> None:
    """Whatever has happened: without a hold, after the longest pause, something may go."""
    health, now = HEALTHY, 0.0
    for decision, seconds, jobs in steps:
        health = claimed(health, jobs, pacing, after(now))
        health = learnt(health, lesson(decision, now, now + seconds), pacing)
        now += seconds
    later = after(now + 2 * pacing.breaker.open_seconds_max + 200)
    assert appetite(scene(health), 1, pacing, later).jobs == 1
