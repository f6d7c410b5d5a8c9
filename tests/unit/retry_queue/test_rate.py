"""A rate limit that is one remembered instant."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retry_queue.policy import BadPolicy
from retry_queue.rate import RateLimit, next_free_at, startable, started
from tests.support.queue_builders import START, after

TEN = RateLimit(per_second=10, burst=3)


def test_after_a_pause_a_burst_may_begin_and_then_one_at_a_time() -> None:
    assert startable(TEN, None, START) == 3
    full = started(TEN, None, START, 3)
    assert (startable(TEN, full, START), startable(TEN, full, after(0.09))) == (0, 0)
    assert (startable(TEN, full, after(0.1)), startable(TEN, full, after(0.25))) == (1, 2)
    assert startable(TEN, full, after(3600)) == 3


def test_next_free_instant_is_exactly_when_one_may_begin() -> None:
    full = started(TEN, None, START, 3)
    free_at = next_free_at(TEN, full, START)
    assert free_at == after(0.1)
    assert startable(TEN, full, free_at) == 1
    assert next_free_at(TEN, None, START) == START


def test_clock_that_was_set_back_stops_the_lane_for_one_burst_at_most() -> None:
    far_ahead = started(TEN, None, after(86_400), 3)
    assert next_free_at(TEN, far_ahead, START) <= after(0.3)


@given(
    per_second=st.floats(0.1, 500),
    burst=st.integers(1, 20),
    steps=st.lists(st.tuples(st.floats(0, 5), st.integers(1, 30)), max_size=60),
)
def test_no_stretch_of_time_ever_sees_more_than_its_share(
    per_second: float, burst: int, steps: list[tuple[float, int]]
) -> None:
    limit = RateLimit(per_second, burst)
    remembered: datetime | None = None
    now, begun = START, []
    for seconds, wanted in steps:
        now += timedelta(seconds=seconds)
        count = min(wanted, startable(limit, remembered, now))
        if count:
            remembered = started(limit, remembered, now, count)
            begun += [now] * count
    for first in range(len(begun)):
        for last in range(first, len(begun)):
            span = (begun[last] - begun[first]).total_seconds()
            assert last - first + 1 <= burst + span * per_second + 0.01


@pytest.mark.parametrize(("per_second", "burst", "field"), [(0, 1, "per_second"), (1, 0, "burst")])
def test_bad_limit_names_its_field(per_second: float, burst: int, field: str) -> None:
    with pytest.raises(BadPolicy, match=field):
        RateLimit(per_second, burst)
