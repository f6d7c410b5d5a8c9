"""How much a thread takes at once and how many threads are of use, by how long an attempt takes."""

import pytest

from retry_queue.tempo import (
    HAND_SECONDS,
    LINGER_BELOW_SECONDS,
    LINGER_SECONDS_MAX,
    TURN_SECONDS,
    Tempo,
    crew,
    following,
    helping,
    lingering,
    portion,
)

MOST = 32
THREADS = 16


def test_as_long_as_nothing_is_known_one_thread_takes_one_job() -> None:
    assert (portion(None, MOST), crew(None, THREADS)) == (1, 1)


@pytest.mark.parametrize("seconds", [0.0, 0.0001, HAND_SECONDS / MOST])
def test_where_answers_come_at_once_a_thread_takes_its_fill_and_needs_no_other(seconds: float) -> None:
    assert portion(seconds, MOST) == MOST
    assert crew(min(seconds, TURN_SECONDS / 2), THREADS) == 1


@pytest.mark.parametrize("seconds", [HAND_SECONDS, 1.0, 600.0])
def test_where_answers_take_their_time_every_thread_waits_for_one(seconds: float) -> None:
    assert (portion(seconds, MOST), crew(seconds, THREADS)) == (1, THREADS)


@pytest.mark.parametrize("seconds", [0.0001, 0.003, 0.007, 0.02, 0.05, 0.3, 5.0])
def test_what_lies_ready_is_done_within_the_time_in_hand(seconds: float) -> None:
    taken = portion(seconds, MOST)
    assert 1 <= taken <= MOST
    assert taken == 1 or taken * seconds <= HAND_SECONDS
    assert 1 <= crew(seconds, THREADS) <= THREADS


@pytest.mark.parametrize(("seconds", "waits"), [(None, 0.0), (0.05, 0.05), (0.3, LINGER_SECONDS_MAX)])
def test_outcome_waits_for_others_about_as_long_as_an_attempt_takes(
    seconds: float | None, waits: float
) -> None:
    assert lingering(seconds) == waits


def test_outcome_of_a_slow_destination_does_not_wait_for_others() -> None:
    assert lingering(LINGER_BELOW_SECONDS + 0.001) == 0


def test_those_that_sleep_help_and_those_that_are_busy_do_not() -> None:
    assert helping(None, THREADS, 0) == 1
    assert helping(1.0, THREADS, 0) == THREADS
    assert helping(1.0, THREADS, THREADS - 2) == 2
    assert helping(0.0001, THREADS, 5) == 1


def test_what_lies_ready_for_busy_threads_is_begun_soon() -> None:
    assert following(None, 3) == 0
    assert following(HAND_SECONDS / 4, 3) == 12
    assert following(HAND_SECONDS / 4, 0) == 0
    assert following(HAND_SECONDS * 1.1, 3) == 0


def test_one_slow_answer_says_little_and_many_say_all() -> None:
    tempo = Tempo()
    for _ in range(10):
        tempo.heard(0.001)
    tempo.heard(30.0)
    assert portion(tempo.attempt_seconds, MOST) == MOST
    for _ in range(60):
        tempo.heard(0.05)
    assert tempo.attempt_seconds == pytest.approx(0.05, rel=0.3)


def test_quick_answers_are_believed_quickly() -> None:
    tempo = Tempo()
    tempo.heard(1.0)
    for _ in range(20):
        tempo.heard(0.001)
    assert tempo.attempt_seconds == pytest.approx(0.002, abs=0.001)


def test_a_clock_that_was_set_back_says_nothing_and_standing_still_is_no_end() -> None:
    tempo = Tempo()
    tempo.heard(-5.0)
    assert tempo.attempt_seconds is None
    tempo.heard(0.0)
    for _ in range(150):
        tempo.heard(0.05)
    assert tempo.attempt_seconds == pytest.approx(0.05, rel=0.3)
