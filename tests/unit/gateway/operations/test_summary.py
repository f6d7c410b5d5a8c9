from datetime import timedelta

from gateway.model.ids import DeliveryId
from gateway.operations.summary import summarise
from retry_queue.job import Lane
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneCount, LaneHealth
from tests.support.deliveries import a_delivery
from tests.support.jobs import NOON, a_job

REGISTRY, ONE_STOP = Lane("national_registry"), Lane("one_stop")
LANES = [LaneHealth(REGISTRY, BreakerState.OPEN, 5, NOON), LaneHealth(ONE_STOP, hold_reason="not_authorized")]
COUNTS = [
    LaneCount(REGISTRY, State.QUEUED, 3, NOON - timedelta(hours=1)),
    LaneCount(REGISTRY, State.HELD, 1, NOON + timedelta(hours=1)),
    LaneCount(ONE_STOP, State.WAITING, 2, NOON + timedelta(hours=2)),
]


def test_unfinished_work_is_counted_by_destination_and_state() -> None:
    registry, one_stop = summarise(COUNTS, LANES, [], NOON).destinations
    assert (registry.unfinished, one_stop.unfinished) == (4, 2)
    assert {state.state: state.deliveries for state in registry.states} == {"queued": 3, "held": 1}


def test_the_oldest_due_time_shows_what_is_late() -> None:
    registry, one_stop = summarise(COUNTS, LANES, [], NOON).destinations
    assert registry.earliest_due_at == NOON - timedelta(hours=1)
    assert [state.has_overdue for state in registry.states] == [True, False]
    assert not any(state.has_overdue for state in one_stop.states)


def test_a_destination_without_work_has_no_due_time() -> None:
    (registry, _) = summarise([], LANES, [], NOON).destinations
    assert (registry.unfinished, registry.earliest_due_at) == (0, None)


def test_a_held_destination_says_what_to_do() -> None:
    registry, one_stop = summarise([], LANES, [], NOON).destinations
    assert (registry.breaker, registry.hold_remedy) == (BreakerState.OPEN, None)
    assert one_stop.hold_remedy is not None


def test_what_needs_a_person_is_listed_most_urgent_first() -> None:
    held = [
        (
            a_job(state=State.HELD, held_reason="refused.content", due_at=NOON + timedelta(hours=hours)),
            a_delivery(delivery_id=DeliveryId(name)),
        )
        for name, hours in (("later", 5), ("overdue", -1), ("soon", 1))
    ]
    attention = summarise([], LANES, held, NOON).attention
    assert [item.delivery_id for item in attention] == ["overdue", "soon", "later"]
    assert [item.is_overdue for item in attention] == [True, False, False]
