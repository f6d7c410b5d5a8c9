"""The forecast equals playing one job after the other, and never improves with more work or less speed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from retry_queue.forecast import Forecast, forecast_lane
from retry_queue.job import Track
from tests.support.forecasts import LEDGER, conditions, due, later, play_one_by_one

HORIZON_SECONDS = 600
HORIZON = timedelta(seconds=HORIZON_SECONDS)
Dues = st.lists(st.integers(-50, HORIZON_SECONDS), max_size=40)
SecondsAJob = st.integers(1, 40)


def _forecast(dues: list[int], drain: float, arrivals: float = 0.0) -> Forecast:
    given_now = conditions(
        drain,
        horizon=HORIZON,
        promise=timedelta(seconds=HORIZON_SECONDS // 2),
        arrivals={Track.LIVE: arrivals},
    )
    return forecast_lane(LEDGER, [due(each) for each in dues], given_now)[0]


@given(dues=Dues.filter(bool), seconds_a_job=SecondsAJob)
def test_it_equals_one_job_after_the_other(dues: list[int], seconds_a_job: int) -> None:
    played = play_one_by_one(dues, seconds_a_job, 10_000)
    whole = conditions(1 / seconds_a_job, horizon=timedelta(seconds=10_000))
    found = forecast_lane(LEDGER, [due(each) for each in dues], whole)[0]
    assert found.misses == played.misses
    assert found.first_breach_at == (None if played.first_breach is None else later(played.first_breach))
    assert played.done is not None
    assert found.done_at is not None
    assert abs((found.done_at - later(played.done)).total_seconds()) < 0.001


@given(dues=Dues)
def test_without_drain_everything_that_falls_due_misses(dues: list[int]) -> None:
    found = _forecast(dues, 0.0)
    ahead = [each for each in dues if each >= 0]
    assert (found.misses, found.breached) == (len(ahead), len(dues) - len(ahead))
    assert found.first_breach_at == (later(min(ahead)) if ahead else None)


@given(dues=Dues, slow=SecondsAJob, fast=SecondsAJob, arrivals=st.floats(0, 2))
def test_more_speed_never_makes_it_worse(dues: list[int], slow: int, fast: int, arrivals: float) -> None:
    slow, fast = max(slow, fast), min(slow, fast)
    worse, better = _forecast(dues, 1 / slow, arrivals), _forecast(dues, 1 / fast, arrivals)
    _check_not_worse(better, worse)


@given(dues=Dues, more=Dues, seconds_a_job=SecondsAJob, arrivals=st.floats(0, 2))
def test_more_work_never_makes_it_better(
    dues: list[int], more: list[int], seconds_a_job: int, arrivals: float
) -> None:
    better = _forecast(dues, 1 / seconds_a_job, arrivals)
    worse = _forecast(dues + more, 1 / seconds_a_job, arrivals)
    _check_not_worse(better, worse)


def _check_not_worse(better: Forecast, worse: Forecast) -> None:
    assert better.misses + better.misses_to_come <= worse.misses + worse.misses_to_come
    if worse.first_breach_at is None:
        assert better.first_breach_at is None
    elif better.first_breach_at is not None:
        assert better.first_breach_at >= worse.first_breach_at
    if worse.done_at is not None:
        assert better.done_at is not None
        assert better.done_at <= worse.done_at
