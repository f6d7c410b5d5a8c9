"""How many attempts at once: found out from the answers."""

from collections.abc import Iterable
from datetime import datetime
from random import Random

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


def learn_all(health: LaneHealth, strains: Iterable[Strain]) -> list[LaneHealth]:
    """One attempt after the other, a second each."""
    seen = []
    for second, strain in enumerate(strains):
        health = learn(health, strain, second, second + 1)
        seen.append(health)
    return seen


def test_healthy_lane_has_no_window_and_answers_write_nothing() -> None:
    assert learn(HEALTHY, Strain.WELL, 0, 1) == HEALTHY
    assert window.limit(HEALTHY, SETTINGS) == 16


def test_strain_halves_once_per_round_trip_however_many_attempts_tell_it() -> None:
    first = learn(HEALTHY, Strain.OVERLOADED, 0, 1)
    assert window.limit(first, SETTINGS) == 8
    for strain in Strain:
        assert learn(first, strain, 0.5, 1.1) == first
    assert window.limit(learn(first, Strain.OVERLOADED, 1.2, 2), SETTINGS) == 4


def test_failure_that_tells_of_no_overload_cuts_only_with_others_of_the_last_answers() -> None:
    seen = learn_all(HEALTHY, [Strain.STRAINED] * 5)
    assert [each.window for each in seen] == [None, None, None, None, 8.0]
    assert (seen[-1].recent_failures, seen[-1].window_cut_at) == (0, after(5))


def test_failures_too_far_from_each_other_do_not_cut_and_are_forgotten() -> None:
    spread = ([Strain.STRAINED] + [Strain.WELL] * 4) * 60
    assert {each.window for each in learn_all(HEALTHY, spread)} == {None}
    close = ([Strain.STRAINED] + [Strain.WELL] * 4) * 3 + [Strain.STRAINED] + [Strain.WELL] * 3
    assert [each.window for each in learn_all(HEALTHY, [*close, Strain.STRAINED])][-2:] == [None, 8.0]
    assert learn_all(HEALTHY, [Strain.STRAINED] + [Strain.WELL] * 20)[-1] == HEALTHY


def test_failures_of_the_wider_window_do_not_count_against_the_narrower_one() -> None:
    cut = learn(HEALTHY, Strain.OVERLOADED, 0, 1)
    for _ in range(9):
        cut = learn(cut, Strain.STRAINED, 0.5, 1.5)
    assert cut.recent_failures == 0


def test_failures_count_also_while_the_window_grows() -> None:
    growing = learn(window.shut(HEALTHY, START, SETTINGS), Strain.WELL, 0.1, 1)
    for _ in range(5):
        growing = learn(
            growing, Strain.STRAINED, 0.5, 1.5
        )  # begun before the window grew, with nobody cut yet
    assert (growing.window, growing.window_goal) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("share", "at_least", "at_most"),
    [(0.0, 1.0, 1.0), (0.01, 1.0, 1.0), (0.05, 0.99, 1.0), (0.5, 0.0, 0.5), (1.0, 0.0, 0.1)],
)
def test_few_failures_leave_the_window_wide_and_many_keep_it_small(
    share: float, at_least: float, at_most: float
) -> None:
    """One attempt after the other at a destination that fails by chance: the average window."""
    random, health, sum_of_limits, answers = Random(7), HEALTHY, 0, 20_000
    for second in range(answers):
        strain = Strain.STRAINED if random.random() < share else Strain.WELL
        health = learn(health, strain, second, second + 1)
        sum_of_limits += window.limit(health, SETTINGS)
    assert at_least <= sum_of_limits / answers / SETTINGS.ceiling <= at_most


def test_as_many_answers_pass_between_two_cuts_as_the_module_says() -> None:
    def answers_for_a_cut(share: float, cuts: int) -> float:
        random, health, answers, made = Random(11), HEALTHY, 0, 0
        while made < cuts:
            strain = Strain.STRAINED if random.random() < share else Strain.WELL
            after_it = learn(health, strain, answers, answers + 1)
            made += strain is Strain.STRAINED and after_it.recent_failures == 0
            health, answers = after_it, answers + 1
        return answers / cuts

    assert 1_000 <= answers_for_a_cut(0.05, 40) <= 2_000
    assert answers_for_a_cut(0.5, 200) == pytest.approx(10, abs=1)
    assert answers_for_a_cut(1.0, 200) == 5


def whole_rounds(share: float, ceiling: int, rounds: int) -> float:
    """All that the window lets through begins at once and ends one after the other; the average window."""
    settings, random, health, limits = WindowSettings(ceiling=ceiling), Random(3), HEALTHY, 0
    for began in range(rounds):
        at_once = window.limit(health, settings)
        limits += at_once
        for place in range(at_once):
            strain = Strain.STRAINED if random.random() < share else Strain.WELL
            ended = after(began + 0.5 + place / 1000)
            health = window.learnt(health, strain, after(began + place / 10_000), ended, settings)
    return limits / rounds / ceiling


@pytest.mark.parametrize("ceiling", [8, 16, 64])
def test_one_error_in_a_hundred_keeps_no_destination_slow(ceiling: int) -> None:
    assert whole_rounds(0.01, ceiling, 1000) > 0.99


def test_wide_window_bears_one_error_in_twenty_and_not_one_in_two() -> None:
    assert whole_rounds(0.05, 64, 1000) > 0.6
    assert whole_rounds(0.5, 64, 1000) < 0.1


def test_good_round_trips_add_one_each_until_the_ceiling_is_reached() -> None:
    health, began = learn(HEALTHY, Strain.OVERLOADED, 0, 1), 1.0
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
    cut = learn(HEALTHY, Strain.OVERLOADED, 0, 1)
    assert learn(cut, Strain.NONE, 2, 3) == cut
    failed = learn(HEALTHY, Strain.STRAINED, 0, 1)
    assert learn(failed, Strain.NONE, 2, 3) == failed


def test_clock_that_was_set_back_does_not_freeze_the_window() -> None:
    cut = learn(HEALTHY, Strain.OVERLOADED, 86_400, 86_401)
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
        if health.window_cut_at == after(now):
            assert {learn(health, other, began, now + 0.1) for other in Strain} == {health}
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
        strain = Strain.OVERLOADED if at_once > 4 else Strain.WELL
        health = learn(health, strain, now - 0.9, now)
    assert sent >= 200 * 4 * 0.7
    assert overrun <= 200 * 0.4


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ceiling", 0),
        ("added", 0),
        ("factor", 1),
        ("slow_seconds", 0),
        ("judged_answers", 32),
        ("failures_to_cut", 21),
        ("failures_to_cut", 0),
    ],
)
def test_bad_settings_name_their_field(field: str, value: int) -> None:
    with pytest.raises(BadPolicy, match=field):
        WindowSettings(**{field: value})


def test_the_instant_of_a_change_is_the_one_given() -> None:
    changed: datetime | None = learn(HEALTHY, Strain.OVERLOADED, 0, 7).window_changed_at
    assert changed == after(7)
