"""What is counted renders in the text format, and the queue is read only when somebody asks."""

from datetime import UTC, datetime

from gateway.observability.metrics import Metrics
from retry_queue.job import Lane
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneCount, LaneHealth

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
