"""What is counted renders in the text format, and the queue is read only when somebody asks."""

from datetime import UTC, datetime, timedelta

from gateway.model.pace import pace_of
from gateway.observability.metrics import Metrics
from retry_queue.admission import Pacing
from retry_queue.forecast import Assumption, Conditions, forecast_lane
from retry_queue.job import Lane, Track
from retry_queue.maintenance import Once
from retry_queue.profile import DueCount
from retry_queue.rate import RateLimit
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneCount, LaneHealth
from retry_queue.window import WindowSettings

NOW = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)


def _health(lane: str, *, breaker: BreakerState, hold_reason: str | None) -> LaneHealth:
    return LaneHealth(Lane(lane), breaker=breaker, hold_reason=hold_reason)


def test_the_queue_is_read_at_each_scrape_and_never_before() -> None:
    reads = 0

    def count() -> tuple[list[LaneCount], list[LaneHealth]]:
        nonlocal reads
        reads += 1
        return [LaneCount(Lane("one_stop"), State.HELD, reads, NOW)], []

    metrics = Metrics()
    metrics.watch_queue(count)
    assert reads == 0
    for expected in (1, 2):
        line = f'hotich_jobs{{destination="one_stop",state="held"}} {expected}.0'
        assert line in metrics.render().decode()


def test_a_destination_is_stopped_by_its_breaker_or_by_a_person() -> None:
    metrics = Metrics()
    lanes = [
        _health("one_stop", breaker=BreakerState.OPEN, hold_reason=None),
        _health("population_db", breaker=BreakerState.CLOSED, hold_reason="not_authorized"),
    ]
    metrics.watch_queue(lambda: ([], lanes))
    found = {line for line in metrics.render().decode().splitlines() if "stopped{" in line}
    assert found == {
        'hotich_destination_stopped{by="breaker",destination="one_stop"} 1.0',
        'hotich_destination_stopped{by="person",destination="one_stop"} 0.0',
        'hotich_destination_stopped{by="breaker",destination="population_db"} 0.0',
        'hotich_destination_stopped{by="person",destination="population_db"} 1.0',
    }


def test_two_gateways_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.submissions.labels("accepted").inc()
    assert 'result="accepted"' in one.render().decode()
    assert 'result="accepted"' not in other.render().decode()


def test_the_forecast_is_made_at_each_scrape_and_no_breach_is_infinitely_far_away() -> None:
    metrics = Metrics()
    standing = [DueCount(Lane("one_stop"), Track.LIVE, State.QUEUED, NOW + timedelta(hours=1), 7)]
    given = Conditions(NOW, timedelta(hours=24), timedelta(hours=12), 0.0, Assumption.STAYS_DOWN)
    metrics.watch_forecast(lambda: forecast_lane(Lane("one_stop"), standing, given))
    lines = metrics.render().decode().splitlines()
    assert 'hotich_forecast_first_breach_seconds{destination="one_stop",track="live"} 3600.0' in lines
    assert 'hotich_forecast_first_breach_seconds{destination="one_stop",track="bulk"} +Inf' in lines
    assert 'hotich_forecast_misses{destination="one_stop",track="live"} 7.0' in lines


def test_steps_up_the_ladder_are_counted_by_rung() -> None:
    metrics = Metrics()
    metrics.escalations.labels("one_stop", 90).inc()
    line = 'hotich_escalations_total{destination="one_stop",percent="90"} 1.0'
    assert line in metrics.render().decode().splitlines()


def test_pace_of_a_destination_is_shown_as_it_was_learnt() -> None:
    metrics = Metrics()
    cut = LaneHealth(Lane("one_stop"), failures_in_row=3, window=2.5)
    pacing = Pacing(
        WindowSettings(ceiling=8),
        rate=RateLimit(per_second=20),
        maintenance=(Once(NOW, NOW + timedelta(hours=1)),),
    )
    metrics.watch_paces(lambda: [pace_of(cut, pacing, NOW)])
    lines = metrics.render().decode().splitlines()
    assert 'hotich_destination_concurrency{destination="one_stop",of="allowed"} 2.0' in lines
    assert 'hotich_destination_concurrency{destination="one_stop",of="max"} 8.0' in lines
    assert 'hotich_destination_rate_per_second{destination="one_stop"} 20.0' in lines
    assert 'hotich_destination_failures_in_row{destination="one_stop"} 3.0' in lines
    assert 'hotich_destination_in_maintenance{destination="one_stop"} 1.0' in lines
