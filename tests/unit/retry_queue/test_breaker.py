"""The breaker's steps."""

from dataclasses import replace

import pytest

from retry_queue.breaker import (
    Admission,
    BreakerSettings,
    admission,
    held,
    is_asked_for_peace,
    is_last_chance,
    learnt,
    may_probe_early,
    probing,
    released,
)
from retry_queue.store import BreakerState, LaneHealth
from retry_queue.verdict import Decision, Done, Health, LaneHold, RetryAt
from tests.support.queue_builders import LANE, START, after

SETTINGS = BreakerSettings(failures_to_open=3, open_seconds=10, open_seconds_max=60, probe_seconds=90)
LAST_CHANCES = BreakerSettings(last_chance_seconds=10, probe_gap_seconds=1)
HEALTHY = LaneHealth(LANE)
ANSWERED = Decision(Done(), Health.ANSWERED)
UNREACHABLE = Decision(RetryAt(START, counts=False), Health.UNREACHABLE)
SILENT = Decision(RetryAt(START, counts=False), Health.SILENT)
OPEN = LaneHealth(LANE, BreakerState.OPEN, 3, after(10))


def after_failures(count: int) -> LaneHealth:
    health = HEALTHY
    for _ in range(count):
        health = learnt(health, UNREACHABLE, START, SETTINGS)
    return health


def test_so_many_failures_in_a_row_open_it() -> None:
    assert after_failures(2) == replace(HEALTHY, failures_in_row=2)
    assert after_failures(3) == OPEN


def test_an_answer_in_between_starts_the_count_anew() -> None:
    assert learnt(after_failures(2), ANSWERED, START, SETTINGS) == HEALTHY


def test_success_on_a_healthy_lane_changes_nothing() -> None:
    assert learnt(HEALTHY, ANSWERED, START, SETTINGS) == HEALTHY


def test_attempts_that_began_before_it_opened_do_not_lengthen_the_peace() -> None:
    assert after_failures(8) == OPEN


def test_silence_changes_nothing() -> None:
    for health in (HEALTHY, after_failures(2), OPEN):
        assert learnt(health, SILENT, START, SETTINGS) == health


def test_open_lets_nothing_through_until_its_time_then_one_probe() -> None:
    assert admission(HEALTHY, START) is Admission.ALL
    assert admission(OPEN, after(9)) is Admission.NOTHING
    assert admission(OPEN, after(10)) is Admission.ONE_PROBE


def test_while_a_probe_is_under_way_nobody_else_goes() -> None:
    health = probing(OPEN, after(10), SETTINGS)
    assert health.breaker is BreakerState.HALF_OPEN
    assert admission(health, after(10)) is Admission.NOTHING


def test_vanished_probe_makes_room_for_the_next() -> None:
    health = probing(OPEN, after(10), SETTINGS)
    assert admission(health, after(10 + 90)) is Admission.ONE_PROBE


def test_answered_probe_closes_it() -> None:
    assert learnt(probing(OPEN, after(10), SETTINGS), ANSWERED, after(11), SETTINGS) == HEALTHY


def test_each_failed_probe_doubles_the_peace_up_to_a_cap() -> None:
    health, waits = OPEN, []
    for number in range(5):
        now = after(1000 * (number + 1))
        health = learnt(probing(health, now, SETTINGS), UNREACHABLE, now, SETTINGS)
        assert health.open_until is not None
        waits.append((health.open_until - now).total_seconds())
    assert waits == [20, 40, 60, 60, 60]


def test_probe_that_sent_nothing_leaves_the_question_open_for_the_next_at_once() -> None:
    health = learnt(probing(OPEN, after(10), SETTINGS), SILENT, after(11), SETTINGS)
    assert admission(health, after(11)) is Admission.ONE_PROBE


def test_wished_peace_opens_without_counting_as_a_failure() -> None:
    health = learnt(HEALTHY, replace(ANSWERED, not_before=after(30)), START, SETTINGS)
    assert health == LaneHealth(LANE, BreakerState.OPEN, 0, after(30))
    assert admission(health, after(30)) is Admission.ONE_PROBE


def test_wished_peace_is_bounded_and_never_shortens() -> None:
    greedy = learnt(HEALTHY, replace(ANSWERED, not_before=after(10**6)), START, SETTINGS)
    assert greedy.open_until == after(SETTINGS.peace_seconds_max)
    busy = replace(UNREACHABLE, not_before=after(2))
    assert learnt(OPEN, busy, START, SETTINGS) == OPEN


@pytest.mark.parametrize("health", [HEALTHY, OPEN])
def test_held_lane_lets_nothing_through_until_a_person_releases_it(health: LaneHealth) -> None:
    refused = Decision(RetryAt(START, counts=False), Health.ANSWERED, LaneHold("credentials"))
    stopped = learnt(health, refused, START, SETTINGS)
    assert (stopped.hold_reason, admission(stopped, after(10**6))) == ("credentials", Admission.NOTHING)
    later = learnt(stopped, ANSWERED, after(5), SETTINGS)
    assert admission(later, after(10**6)) is Admission.NOTHING
    assert admission(released(LANE), after(6)) is Admission.ALL


def test_person_can_hold_a_healthy_lane() -> None:
    assert admission(held(HEALTHY, "maintenance"), START) is Admission.NOTHING


def test_probe_may_go_early_only_some_time_after_the_one_before() -> None:
    opened = learnt(LaneHealth(LANE, failures_in_row=4), UNREACHABLE, START, LAST_CHANCES)
    assert opened.open_until == after(10)
    assert [may_probe_early(opened, after(seconds), LAST_CHANCES) for seconds in (0, 0.9, 1, 5)] == [
        False,
        False,
        True,
        True,
    ]
    on_its_way = probing(opened, after(3), LAST_CHANCES)
    assert not may_probe_early(on_its_way, after(3.9), LAST_CHANCES)
    assert may_probe_early(on_its_way, after(4), LAST_CHANCES)


def test_no_early_probe_on_a_healthy_or_held_lane_or_against_the_destinations_own_wish() -> None:
    opened = learnt(LaneHealth(LANE, failures_in_row=4), UNREACHABLE, START, LAST_CHANCES)
    busy = Decision(RetryAt(after(30), counts=False), Health.SILENT, not_before=after(30))
    for health in (HEALTHY, held(opened, "credentials"), learnt(HEALTHY, busy, START, LAST_CHANCES)):
        assert not may_probe_early(health, after(5), LAST_CHANCES)
    probed = learnt(probing(opened, after(10), LAST_CHANCES), busy, after(11), LAST_CHANCES)
    assert (probed.open_until, is_asked_for_peace(probed)) == (after(30), True)


def test_last_chance_is_the_time_shortly_before_a_deadline() -> None:
    assert is_last_chance(after(10), START, LAST_CHANCES)
    assert not is_last_chance(after(10.1), START, LAST_CHANCES)
    assert not is_last_chance(None, START, LAST_CHANCES)
