"""What becomes of forecasts, and how wrong they were."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from gateway.model.foresight import KeptForecast
from gateway.operations.forecast_errors import compared, error_of
from retry_queue.job import Lane, Track
from retry_queue.profile import DueCount
from retry_queue.states import State
from tests.support.notices import NOON

LANE = Lane("one_stop")
MINUTE = timedelta(minutes=1)


def _kept(**changes: Any) -> KeptForecast:  # noqa: ANN401 - any of its values
    values: dict[str, Any] = {
        "lane": LANE,
        "track": Track.LIVE,
        "made_at": NOON,
        "until": NOON + timedelta(hours=24),
        "waiting": 10,
        "misses": 0,
        "first_breach_at": None,
        "done_at": NOON + 30 * MINUTE,
        "drain_per_second": 1.0,
        "arrivals_per_second": 0.5,
        "basis": "drain_observed",
    }
    return KeptForecast(**(values | changes))


def _due(minutes: float, *, state: State = State.QUEUED, track: Track = Track.LIVE) -> DueCount:
    return DueCount(LANE, track, state, NOON + minutes * MINUTE, 1)


def _after(minutes: float, kept: KeptForecast, *standing: DueCount) -> KeptForecast:
    return compared(kept, standing, NOON + minutes * MINUTE)


def test_while_work_is_ready_nothing_is_known_yet() -> None:
    assert _after(5, _kept(), _due(60)) == _kept()


def test_a_backlog_is_done_when_nothing_is_ready_any_more() -> None:
    found = _after(40, _kept(), _due(60, state=State.HELD), _due(60, track=Track.BULK))
    assert (found.actual_done_at, found.settled_at) == (NOON + 40 * MINUTE, NOON + 40 * MINUTE)


def test_the_first_breach_is_the_earliest_due_time_that_went_by_and_it_stays() -> None:
    found = _after(20, _kept(), _due(-5), _due(15), _due(12), _due(30))
    assert (found.actual_first_breach_at, found.settled_at) == (NOON + 12 * MINUTE, None)
    assert _after(50, found, _due(3)).actual_first_breach_at == NOON + 12 * MINUTE


def test_what_is_held_is_no_breach_of_a_forecast() -> None:
    assert _after(20, _kept(), _due(10, state=State.HELD), _due(60)).actual_first_breach_at is None


def test_a_forecast_is_settled_when_its_horizon_is_over() -> None:
    found = _after(24 * 60, _kept(), _due(2_000))
    assert (found.actual_done_at, found.settled_at) == (None, NOON + timedelta(hours=24))


def _error(settled: Sequence[KeptForecast]) -> tuple[int, float | None, float | None, int, int]:
    found = error_of(settled)
    return found.forecasts, found.done_minutes, found.breach_minutes, found.averted, found.unforeseen


def test_the_error_is_the_median_difference_in_minutes_early_or_late() -> None:
    ends = (27, 31, 60)
    settled = [_kept(actual_done_at=NOON + minutes * MINUTE) for minutes in ends]
    assert _error(settled) == (3, 3.0, None, 0, 0)


def test_breaches_that_did_not_come_or_were_not_foreseen_are_counted() -> None:
    at = NOON + 90 * MINUTE
    hit = _kept(first_breach_at=at, actual_first_breach_at=at + 2 * MINUTE, done_at=None)
    averted, unforeseen = _kept(first_breach_at=at, done_at=None), _kept(actual_first_breach_at=at)
    assert _error([hit, averted, unforeseen]) == (3, None, 2.0, 1, 1)


def test_without_forecasts_there_is_no_error() -> None:
    assert _error([]) == (0, None, None, 0, 0)
