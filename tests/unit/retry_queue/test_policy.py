"""When the next attempt is due."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retry_queue.policy import (
    BadPolicy,
    RetryPolicy,
    fault_retry_at,
    next_ask_at,
    next_attempt_at,
    retry_after_at,
)
from tests.support.queue_builders import START, after

PLAIN = RetryPolicy(schedule_seconds=(10, 60, 600), jitter_fraction=0.0, attempts_reserved=4)
FAR = after(1_000_000)


def middle() -> float:
    return 0.5


def wait_seconds(policy: RetryPolicy, attempts: int, due_seconds: float, random: float = 0.5) -> float:
    at = next_attempt_at(policy, attempts, START, after(due_seconds), lambda: random)
    return (at - START).total_seconds()


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 10), (1, 60), (2, 600), (3, 600), (99, 600)])
def test_schedule_is_followed_and_its_last_value_repeats(attempts: int, seconds: float) -> None:
    assert next_attempt_at(PLAIN, attempts, START, FAR, middle) == after(seconds)


def test_jitter_spreads_to_either_side() -> None:
    policy = replace(PLAIN, jitter_fraction=0.2)
    assert wait_seconds(policy, 1, 1_000_000, random=0.0) == 48
    assert wait_seconds(policy, 1, 1_000_000, random=0.5) == 60
    assert wait_seconds(policy, 1, 1_000_000, random=0.75) == 66


def test_near_deadline_the_reserved_attempts_still_fit() -> None:
    assert wait_seconds(PLAIN, 2, 1000) == 200


def test_nearness_of_the_deadline_never_goes_below_the_floor() -> None:
    assert wait_seconds(PLAIN, 2, 0.5) == PLAIN.delay_seconds_min


def test_past_the_deadline_the_schedule_goes_on() -> None:
    assert wait_seconds(PLAIN, 2, -5) == 600
    assert wait_seconds(PLAIN, 2, 0) == 600


@given(
    attempts=st.integers(0, 50),
    left_seconds=st.floats(10, 100_000),
    random=st.floats(0, 1, exclude_max=True),
    reserved=st.integers(0, 12),
)
def test_so_many_further_attempts_really_happen_before_the_deadline(
    attempts: int, left_seconds: float, random: float, reserved: int
) -> None:
    policy = RetryPolicy(attempts_reserved=reserved, delay_seconds_min=0.01)
    due_at, now, made = after(left_seconds), START, 0
    while (now := next_attempt_at(policy, attempts + made, now, due_at, lambda: random)) < due_at:
        made += 1
        if made >= reserved:
            break
    assert made >= reserved


@pytest.mark.parametrize(("asked", "seconds"), [(0, 1), (5, 5), (86_400, 1800)])
def test_wish_of_the_destination_is_kept_within_bounds(asked: float, seconds: float) -> None:
    assert retry_after_at(PLAIN, asked, START) == after(seconds)


def test_questions_follow_their_own_schedule_until_a_person_must_look() -> None:
    policy = replace(PLAIN, ask_schedule_seconds=(2, 30), asks_max=3)
    found = [next_ask_at(policy, asks, START, FAR, middle) for asks in range(4)]
    assert found == [after(2), after(30), after(30), None]


def test_no_wait_for_a_question_jumps_over_the_deadline() -> None:
    policy = replace(PLAIN, ask_schedule_seconds=(900,), last_ask_seconds=30)
    assert next_ask_at(policy, 0, START, after(400), middle) == after(370)
    assert next_ask_at(policy, 0, START, after(30.5), middle) == after(900)
    assert next_ask_at(policy, 0, START, after(2000), middle) == after(900)


@given(fault_seconds=st.floats(0.1, 10_000), left_seconds=st.floats(-100, 100_000))
def test_fault_of_the_destination_never_postpones_past_the_deadline(
    fault_seconds: float, left_seconds: float
) -> None:
    wait = (fault_retry_at(PLAIN, fault_seconds, START, after(left_seconds)) - START).total_seconds()
    assert PLAIN.delay_seconds_min <= wait <= max(PLAIN.delay_seconds_min, fault_seconds) + 1e-6
    if left_seconds >= PLAIN.delay_seconds_min:
        assert wait <= left_seconds + 1e-6


@given(
    attempts=st.integers(0, 60),
    left_seconds=st.floats(1, 1_000_000),
    random=st.floats(0, 1, exclude_max=True),
)
def test_backoff_never_goes_past_the_deadline(attempts: int, left_seconds: float, random: float) -> None:
    assert wait_seconds(PLAIN, attempts, left_seconds, random) <= left_seconds + 1e-6


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_ask_seconds", 0),
        ("schedule_seconds", ()),
        ("schedule_seconds", (5, 0)),
        ("ask_schedule_seconds", (-1,)),
        ("jitter_fraction", 1.0),
        ("attempts_reserved", -1),
        ("delay_seconds_min", 0),
        ("retry_after_seconds_min", 0),
        ("retry_after_seconds_max", 0.5),
        ("asks_max", 0),
    ],
)
def test_bad_policy_names_its_field(field: str, value: object) -> None:
    with pytest.raises(BadPolicy, match=field) as caught:
        RetryPolicy(**{field: value})  # type: ignore[arg-type]  # the field comes from the table above
    assert caught.value.field == field


def test_times_stay_aware() -> None:
    assert next_attempt_at(PLAIN, 0, START, FAR, middle).utcoffset() == timedelta(0)
