"""What is read from samples of a lane's counts."""

from collections.abc import Sequence

import pytest

from retry_queue.forecast import Assumption
from retry_queue.job import Lane, Track
from retry_queue.observation import Rates, Sample, Windows, next_sample, observe
from tests.support.forecasts import later

WINDOWS = Windows(short_seconds=300, long_seconds=3_600, capacity_per_second=2.0)


def _sample(
    minute: int, *, ready: int = 0, enqueued: int = 0, finished: int = 0, track: Track = Track.LIVE
) -> Sample:
    return Sample(Lane("ledger"), track, later(60 * minute), 60.0, 0, ready, ready, enqueued, finished)


def _observe(
    samples: Sequence[Sample], minute: int, *, is_down: bool = False, is_failing: bool = False
) -> Rates:
    return observe(samples, later(60 * minute), WINDOWS, is_down=is_down, is_failing=is_failing)


def test_a_lane_that_is_down_drains_nothing_whatever_was_seen_before() -> None:
    rates = _observe([_sample(minute, finished=600) for minute in range(3)], 3, is_down=True)
    assert (rates.drain_per_second, rates.basis) == (0.0, Assumption.STAYS_DOWN)


def test_an_untried_lane_is_believed_to_do_what_it_is_set_to() -> None:
    rates = _observe([], 0)
    assert (rates.drain_per_second, rates.basis) == (2.0, Assumption.DRAIN_AT_LEAST)
    assert rates.arrivals_per_second == {Track.LIVE: 0.0, Track.BULK: 0.0}


def test_a_lane_that_keeps_up_is_at_least_as_fast_as_its_best_minute() -> None:
    samples = [_sample(0, finished=6), _sample(1, finished=600), _sample(2, finished=12)]
    assert _observe(samples, 2).drain_per_second == pytest.approx(10.0)


def test_a_lane_with_work_left_over_is_as_fast_as_it_was_then() -> None:
    samples = [_sample(0, ready=500, finished=900), _sample(1, ready=470, finished=30)]
    rates = _observe([*samples, _sample(2, ready=410, finished=60)], 2)
    assert rates.drain_per_second == pytest.approx(0.75)
    assert rates.basis is Assumption.DRAIN_OBSERVED


def test_work_of_which_nothing_is_finished_means_that_nothing_drains() -> None:
    rates = _observe([_sample(0, ready=5), _sample(1, ready=5)], 1)
    assert (rates.drain_per_second, rates.basis) == (0.0, Assumption.NOTHING_DRAINS)


def test_failing_attempts_count_as_standstill_only_while_nothing_is_finished() -> None:
    assert _observe([_sample(0), _sample(1)], 1, is_failing=True).basis is Assumption.NOTHING_DRAINS
    samples = [_sample(0), _sample(1, finished=5)]
    assert _observe(samples, 1, is_failing=True).basis is Assumption.DRAIN_AT_LEAST


def test_drain_is_of_both_tracks_together_and_arrivals_are_apart() -> None:
    live = [_sample(minute, ready=9, enqueued=60, finished=30) for minute in range(2)]
    bulk = [_sample(minute, ready=9, finished=90, track=Track.BULK) for minute in range(2)]
    rates = _observe([*live, *bulk], 1)
    assert rates.drain_per_second == pytest.approx(2.0)
    assert rates.arrivals_per_second == {Track.LIVE: pytest.approx(1.0), Track.BULK: 0.0}


def test_what_lies_too_far_back_says_nothing() -> None:
    old = [_sample(0, ready=9, enqueued=60), _sample(1, ready=9, enqueued=60)]
    assert _observe(old, 30).basis is Assumption.DRAIN_AT_LEAST
    assert _observe(old, 62).arrivals_per_second[Track.LIVE] == 0


def test_what_was_finished_follows_from_what_was_there_what_came_and_what_is_left() -> None:
    before, now = _sample(0, ready=50), _sample(2, ready=20, enqueued=10)
    found = next_sample(before, now)
    assert (found.finished, found.seconds, found.enqueued) == (40, 120.0, 10)
    assert next_sample(None, before) == before


def test_a_count_that_does_not_add_up_never_turns_negative() -> None:
    assert next_sample(_sample(0, ready=5), _sample(1, ready=9)).finished == 0
