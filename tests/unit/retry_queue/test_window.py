"""How many attempts at once: found out from the answers."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retry_queue import window
from retry_queue.policy import BadPolicy
from retry_queue.store import LaneHealth
from retry_queue.verdict import Strain
from retry_queue.window import WindowSettings
from tests.support.queue_builders import LANE, START, after

SETTINGS = WindowSettings(ceiling=16)
HEALTHY = LaneHealth(LANE)


def learn(health: LaneHealth, strain: Strain, began: float, ended: float) -> LaneHealth:
    return window.learnt(health, strain, after(began), after(ended), SETTINGS)


def test_healthy_lane_has_no_window_and_answers_write_nothing() -> None:
    assert learn(HEALTHY, Strain.WELL, 0, 1) == HEALTHY
    assert window.limit(HEALTHY, SETTINGS) == 16


def test_strain_halves_once_per_round_trip_however_many_attempts_tell_it() -> None:
    first = learn(HEALTHY, Strain.STRAINED, 0, 1)
    assert window.limit(first, SETTINGS) == 8
    assert learn(first, Strain.STRAINED, 0.5, 1.1) == first
    assert learn(first, Strain.WELL, 0.5, 1.1) == first
    assert window.limit(learn(first, Strain.STRAINED, 1.2, 2), SETTINGS) == 4


def test_good_round_trips_add_one_each_until_the_ceiling_is_reached() -> None:
    health, began = learn(HEALTHY, Strain.STRAINED, 0, 1), 1.0
    limits = []
    while health.window is not None:
        health = learn(health, Strain.WELL, began, began + 1)
        began += 1
        limits.append(window.limit(health, SETTINGS))
    assert limits == [9, 10, 11, 12, 13, 14, 15, 16]
    assert health == HEALTHY


def test_after_an_outage_it_doubles_up_to_half_the_ceiling_and_then_feels_its_way() -> None:
    health, began = window.shut(HEALTHY, START, SETTINGS), 0.0
    limits = [window.limit(health, SETTINGS)]
    for _ in range(5):
        health = learn(health, Strain.WELL, began, began + 1)
        began += 1
        limits.append(window.limit(health, SETTINGS))
    assert limits == [1, 2, 4, 8, 9, 10]


def test_failures_during_an_outage_write_nothing_more() -> None:
    once = window.shut(HEALTHY, START, SETTINGS)
    assert window.shut(once, after(60), SETTINGS) == once
    assert once.window_goal == 8


def test_faults_that_have_nothing_to_do_with_load_change_nothing() -> None:
    cut = learn(HEALTHY, Strain.STRAINED, 0, 1)
    assert learn(cut, Strain.NONE, 2, 3) == cut


def test_clock_that_was_set_back_does_not_freeze_the_window() -> None:
    cut = learn(HEALTHY, Strain.STRAINED, 86_400, 86_401)
    assert learn(cut, Strain.WELL, 0, 1).window == 9


@given(st.lists(st.tuples(st.sampled_from(list(Strain)), st.booleans()), max_size=200))
def test_window_never_leaves_its_bounds_and_no_round_trip_cuts_twice(
    steps: list[tuple[Strain, bool]],
) -> None:
    health, now = HEALTHY, 0.0
    for strain, opens in steps:
        now += 1
        began = now - 0.5
        before = window.limit(health, SETTINGS)
        health = learn(health, strain, began, now)
        assert learn(health, strain, began, now + 0.1) == health or health.window is None
        if opens:
            health = window.shut(health, after(now), SETTINGS)
        assert 1 <= window.limit(health, SETTINGS) <= 16
        assert opens or window.limit(health, SETTINGS) >= before // 2


def test_destination_that_bears_four_is_kept_at_work_and_seldom_overrun() -> None:
    health, now, overrun, sent = window.shut(HEALTHY, START, SETTINGS), 0.0, 0, 0
    for _ in range(200):
        now += 1
        at_once = window.limit(health, SETTINGS)
        sent += min(at_once, 4)
        overrun += at_once > 4
        strain = Strain.STRAINED if at_once > 4 else Strain.WELL
        health = learn(health, strain, now - 0.9, now)
    assert sent >= 200 * 4 * 0.7
    assert overrun <= 200 * 0.4


@pytest.mark.parametrize(
    ("field", "value"), [("ceiling", 0), ("added", 0), ("factor", 1), ("slow_seconds", 0)]
)
def test_bad_settings_name_their_field(field: str, value: int) -> None:
    with pytest.raises(BadPolicy, match=field):
        WindowSettings(**{field: value})


def test_the_instant_of_a_change_is_the_one_given() -> None:
    changed: datetime | None = learn(HEALTHY, Strain.STRAINED, 0, 7).window_changed_at
    assert changed == after(7)
