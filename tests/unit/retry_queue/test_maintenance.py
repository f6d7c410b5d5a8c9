"""Maintenance windows of a destination."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retry_queue.maintenance import MaintenanceWindow, Once, Weekly, closed_until, closures
from retry_queue.policy import BadPolicy

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 3, 2, tzinfo=ZONE)
SUNDAY_NIGHT = Weekly(frozenset({6}), time(22), timedelta(hours=6), ZONE)


def on(day: int, hour: float) -> datetime:
    return (MONDAY + timedelta(days=day, hours=hour)).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "hour", "until"),
    [(6, 21.99, None), (6, 22, on(7, 4)), (7, 3.99, on(7, 4)), (7, 4, None), (2, 23, None), (0, 1, on(0, 4))],
)
def test_weekly_window_runs_past_midnight_by_the_clock_of_its_zone(
    day: int, hour: float, until: datetime | None
) -> None:
    assert closed_until((SUNDAY_NIGHT,), on(day, hour)) == until


def test_window_from_an_instant_to_another_happens_once() -> None:
    once = Once(on(1, 9), on(1, 12))
    assert closed_until((once,), on(1, 11)) == on(1, 12)
    assert closed_until((once,), on(8, 11)) is None
    assert closed_until((), on(1, 11)) is None


def test_windows_that_touch_count_as_one() -> None:
    windows = (Once(on(0, 4), on(0, 5)), SUNDAY_NIGHT, Once(on(0, 5), on(0, 7)))
    assert closed_until(windows, on(0, 1)) == on(0, 7)
    assert closures(windows, on(0, 2), on(0, 6)) == [(on(0, 2), on(0, 6))]


def test_closures_of_a_span_are_cut_to_it_and_in_order() -> None:
    windows = (Once(on(1, 9), on(1, 12)), SUNDAY_NIGHT)
    assert closures(windows, on(0, 2), on(8, 0)) == [
        (on(0, 2), on(0, 4)),
        (on(1, 9), on(1, 12)),
        (on(6, 22), on(7, 4)),
    ]


_HOURS = st.integers(0, 400)
_WINDOWS = st.lists(
    st.one_of(
        st.builds(
            lambda begin, length: Once(on(0, begin), on(0, begin + length)), _HOURS, st.integers(1, 100)
        ),
        st.builds(
            lambda days, hour, length: Weekly(days, time(hour), timedelta(hours=length), ZONE),
            st.frozensets(st.integers(0, 6), min_size=1),
            st.integers(0, 23),
            st.integers(1, 167),
        ),
    ),
    max_size=4,
)


@given(windows=_WINDOWS, at_hour=_HOURS)
def test_end_of_a_closure_is_the_first_open_instant(windows: list[MaintenanceWindow], at_hour: int) -> None:
    now = on(0, at_hour + 0.5)
    until = closed_until(windows, now)
    if until is None:
        assert closures(windows, now, now + timedelta(microseconds=1)) == []
    elif until < now + timedelta(weeks=100):
        assert closures(windows, now, until) == [(now, until)]
        assert closed_until(windows, until) is None


@pytest.mark.parametrize("days", [frozenset[int](), frozenset({7})])
def test_weekdays_must_be_days_of_the_week(days: frozenset[int]) -> None:
    with pytest.raises(BadPolicy, match="weekdays"):
        Weekly(days, time(1), timedelta(hours=1), ZONE)


def test_windows_must_have_a_length_and_a_zone() -> None:
    with pytest.raises(BadPolicy, match="duration"):
        Weekly(frozenset({0}), time(1), timedelta(days=7), ZONE)
    with pytest.raises(BadPolicy, match="ends_at"):
        Once(on(0, 1), on(0, 1))
    with pytest.raises(BadPolicy, match="begins_at"):
        Once(on(0, 1).replace(tzinfo=None), on(0, 2))
