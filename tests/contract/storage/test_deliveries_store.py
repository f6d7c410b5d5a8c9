"""Every store of deliveries keeps these."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from adapters.port import RequestId
from gateway.errors import DeliveryNotFound
from gateway.model.delivery import AttemptRow, Delivery, Fact, OutcomeCode, Verb, Watch
from gateway.model.ids import DeliveryId, Destination, EventId
from tests.contract.storage.conftest import Backend
from tests.support.deliveries import an_attempt
from tests.support.submissions import RECEIVED_AT, an_accepted

RACERS = 6


def _event(backend: Backend) -> EventId:
    new = an_accepted()
    with backend.database.write() as transaction:
        backend.events.insert(transaction, [new])
    return new.receipt.event_id


def _delivery(event_id: EventId, step: str, planned_at: datetime = RECEIVED_AT) -> Delivery:
    return Delivery(
        delivery_id=DeliveryId(f"{event_id}-{step}"),
        event_id=event_id,
        destination=Destination.ONE_STOP,
        step=step,
        message="progress",
        subject=None,
        request_id=RequestId(f"GW-{event_id}-{step}"),
        facts={"stage": "received", "stage_text": "Đã tiếp nhận"},
        planned_at=planned_at,
    )


def _planned(backend: Backend, *steps: str) -> list[Delivery]:
    event_id = _event(backend)
    deliveries = [_delivery(event_id, step) for step in steps]
    with backend.database.write() as transaction:
        backend.deliveries.insert(transaction, deliveries)
    return deliveries


def test_a_delivery_comes_back_as_it_was_planned(backend: Backend) -> None:
    (delivery,) = _planned(backend, "registry_record")
    with backend.database.read() as transaction:
        assert backend.deliveries.get(transaction, delivery.delivery_id) == delivery


def test_an_unknown_delivery_is_an_error(backend: Backend) -> None:
    with backend.database.read() as transaction, pytest.raises(DeliveryNotFound):
        backend.deliveries.get(transaction, DeliveryId("nobody"))


def test_deliveries_are_listed_in_the_order_they_were_planned(backend: Backend) -> None:
    first = _planned(backend, "zebra", "ape", "mouse")
    late = _delivery(first[0].event_id, "bee", RECEIVED_AT + timedelta(seconds=1))
    with backend.database.write() as transaction:
        backend.deliveries.insert(transaction, [late])
    with backend.database.read() as transaction:
        listed = backend.deliveries.list_of_event(transaction, late.event_id)
    assert [each.step for each in listed] == ["zebra", "ape", "mouse", "bee"]


def test_a_step_is_planned_once_and_the_second_time_says_so(backend: Backend) -> None:
    (delivery,) = _planned(backend, "one_stop_progress.completed")
    again = replace(delivery, delivery_id=DeliveryId("again"), request_id=RequestId("GW-again"))
    other = _delivery(delivery.event_id, "one_stop_progress.received")
    with backend.database.write() as transaction:
        written = backend.deliveries.insert(transaction, [again, other])
    assert written == [other.delivery_id]


def test_of_many_who_plan_one_step_exactly_one_does(backend: Backend) -> None:
    event_id = _event(backend)
    line = Barrier(RACERS)

    def race(number: int) -> int:
        line.wait()
        delivery = _delivery(event_id, "update")
        mine = replace(delivery, delivery_id=DeliveryId(f"d-{number}"), request_id=RequestId(f"GW-{number}"))
        with backend.database.write() as transaction:
            return len(backend.deliveries.insert(transaction, [mine]))

    with ThreadPoolExecutor(RACERS) as threads:
        assert sum(threads.map(race, range(RACERS))) == 1


def _attempt(delivery: Delivery, number: int, outcome: OutcomeCode | None) -> AttemptRow:
    return an_attempt(
        number,
        delivery_id=delivery.delivery_id,
        outcome=outcome,
        facts_used=("personal_id", "stage"),
        faults=({"field": "hoTen", "text": "Họ tên không hợp lệ"},) if outcome else (),
    )


def test_an_attempt_is_kept_before_and_after_it_ends(backend: Backend) -> None:
    (delivery,) = _planned(backend, "registry_record")
    begun, ended = _attempt(delivery, 1, None), _attempt(delivery, 1, OutcomeCode.REFUSED)
    with backend.database.write() as transaction:
        backend.deliveries.begin_attempt(transaction, begun)
    with backend.database.read() as transaction:
        assert backend.deliveries.list_attempts(transaction, delivery.delivery_id) == [begun]
    with backend.database.write() as transaction:
        backend.deliveries.finish_attempt(transaction, ended)
    with backend.database.read() as transaction:
        assert backend.deliveries.list_attempts(transaction, delivery.delivery_id) == [ended]


def test_an_attempt_that_sent_nothing_is_written_when_it_ends(backend: Backend) -> None:
    (delivery,) = _planned(backend, "registry_record")
    second = replace(_attempt(delivery, 2, OutcomeCode.NOT_SENT), verb=Verb.ASK)
    with backend.database.write() as transaction:
        for attempt in (second, _attempt(delivery, 1, OutcomeCode.UNKNOWN)):
            backend.deliveries.finish_attempt(transaction, attempt)
    with backend.database.read() as transaction:
        listed = backend.deliveries.list_attempts(transaction, delivery.delivery_id)
    assert [(each.number, each.verb) for each in listed] == [(1, Verb.SEND), (2, Verb.ASK)]


def test_a_fact_is_new_once(backend: Backend) -> None:
    event_id = _event(backend)
    fact = Fact(event_id, "personal_id.child", "099226000001", Destination.POPULATION_DB, RECEIVED_AT)
    later = replace(fact, recorded_at=RECEIVED_AT + timedelta(hours=1))
    with backend.database.write() as transaction:
        assert backend.deliveries.add_fact(transaction, fact)
        assert not backend.deliveries.add_fact(transaction, later)
    with backend.database.read() as transaction:
        assert backend.deliveries.facts_of(transaction, event_id) == {fact.name: fact}


def test_the_newest_value_of_a_fact_holds_even_if_it_was_known_before(backend: Backend) -> None:
    event_id = _event(backend)
    with backend.database.write() as transaction:
        for hours, value in enumerate(["099226000001", "099226000002", "099226000001"]):
            moment = RECEIVED_AT + timedelta(hours=hours)
            fact = Fact(event_id, "personal_id.child", value, Destination.POPULATION_DB, moment)
            assert backend.deliveries.add_fact(transaction, fact)
    with backend.database.read() as transaction:
        facts = backend.deliveries.facts_of(transaction, event_id)
    assert [(fact.value, fact.recorded_at) for fact in facts.values()] == [
        ("099226000001", RECEIVED_AT + timedelta(hours=2))
    ]


def _watch(delivery: Delivery, next_fetch_at: datetime | None) -> Watch:
    return Watch(
        delivery_id=delivery.delivery_id,
        event_id=delivery.event_id,
        destination=delivery.destination,
        stage="received",
        text=None,
        partner_code="1",
        next_fetch_at=next_fetch_at,
        updated_at=RECEIVED_AT,
    )


def test_due_watches_come_longest_waiting_first_and_ended_ones_never(backend: Backend) -> None:
    a, b, c, d = _planned(backend, "a", "b", "c", "d")
    soon, sooner = RECEIVED_AT - timedelta(minutes=1), RECEIVED_AT - timedelta(minutes=2)
    watches = [
        _watch(a, soon),
        _watch(b, sooner),
        _watch(c, None),
        _watch(d, RECEIVED_AT + timedelta(seconds=1)),
    ]
    with backend.database.write() as transaction:
        for watch in watches:
            backend.deliveries.put_watch(transaction, watch)
    with backend.database.read() as transaction:
        due = backend.deliveries.list_due_watches(transaction, Destination.ONE_STOP, RECEIVED_AT, 10)
        one = backend.deliveries.list_due_watches(transaction, Destination.ONE_STOP, RECEIVED_AT, 1)
        other = backend.deliveries.list_due_watches(transaction, Destination.POPULATION_DB, RECEIVED_AT, 10)
        every = backend.deliveries.watches_of(transaction, a.event_id)
    assert [watch.delivery_id for watch in due] == [b.delivery_id, a.delivery_id]
    assert (list(one), list(other)) == ([due[0]], [])
    assert len(every) == len(watches)


def test_a_watch_is_replaced(backend: Backend) -> None:
    (delivery,) = _planned(backend, "a")
    ended = replace(_watch(delivery, None), stage="completed", text="Hoàn thành")
    with backend.database.write() as transaction:
        backend.deliveries.put_watch(transaction, _watch(delivery, RECEIVED_AT))
        backend.deliveries.put_watch(transaction, ended)
    with backend.database.read() as transaction:
        assert backend.deliveries.watches_of(transaction, delivery.event_id) == [ended]
