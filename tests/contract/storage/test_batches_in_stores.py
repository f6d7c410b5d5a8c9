"""Many rows at once: every store gives and writes the same as one after another."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.port import RequestId
from gateway.model.delivery import Delivery, Fact, OutcomeCode, Watch
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.model.operating import EventVersion
from gateway.storage.ports import NewEvent
from mappings.canonical.declaration import parse_stored_json
from mappings.canonical.event import parse_event
from tests.contract.storage.conftest import Backend
from tests.support.deliveries import an_attempt
from tests.support.submissions import RECEIVED_AT, an_accepted

NOBODY = EventId("nobody")
LATER = RECEIVED_AT + timedelta(seconds=5)


def _events(backend: Backend, number: int) -> list[NewEvent]:
    new = [an_accepted() for _ in range(number)]
    with backend.database.write() as transaction:
        backend.events.insert(transaction, new)
    return new


def _deliveries(backend: Backend, number: int) -> list[Delivery]:
    deliveries = [
        Delivery(
            delivery_id=DeliveryId(f"{new.receipt.event_id}-record"),
            event_id=new.receipt.event_id,
            destination=Destination.NATIONAL_REGISTRY,
            step="registry_record",
            message="record",
            subject=None,
            request_id=RequestId(f"GW-{new.receipt.event_id}"),
            facts={"stage_text": "Đã tiếp nhận"},
            planned_at=RECEIVED_AT,
        )
        for new in _events(backend, number)
    ]
    with backend.database.write() as transaction:
        backend.deliveries.insert(transaction, deliveries)
    return deliveries


def test_events_and_their_people_come_back_as_one_by_one(backend: Backend) -> None:
    ids = [new.receipt.event_id for new in _events(backend, 3)]
    with backend.database.read() as transaction:
        got = backend.events.get_all(transaction, [(each, 1) for each in (*ids, NOBODY)])
        people = backend.events.persons_of_all(transaction, [*ids, NOBODY])
        assert got == {(each, 1): backend.events.get(transaction, each) for each in ids}
        assert people[NOBODY] == {}
        for each in ids:
            assert people[each] == backend.events.persons_of(transaction, each) != {}


def test_each_version_of_an_event_has_its_own_content(backend: Backend) -> None:
    first, other = _events(backend, 2)
    event_id = first.receipt.event_id
    edited = EventVersion(
        event_id=event_id,
        version=2,
        content=other.submission.content,
        content_sha256="e" * 64,
        based_on_version=1,
        proposed_by="anna",
        approved_by=None,
        reason="a mistake",
        created_at=LATER,
    )
    with backend.database.write() as transaction:
        backend.events.add_version(transaction, edited)
    with backend.database.read() as transaction:
        got = backend.events.get_all(transaction, [(event_id, 1), (event_id, 2), (event_id, 3)])
        assert got == {
            (event_id, 1): backend.events.get(transaction, event_id),
            (event_id, 2): backend.events.get(transaction, event_id, 2),
        }


def test_locking_many_events_is_no_error_and_none_of_none(backend: Backend) -> None:
    ids = [new.receipt.event_id for new in _events(backend, 3)]
    with backend.database.write() as transaction:
        backend.events.lock_all(transaction, [*ids, NOBODY])
        backend.events.lock_all(transaction, [])
        still_there = backend.events.origins_of(transaction, [*ids, NOBODY])
    assert set(still_there) == set(ids)


def test_deliveries_versions_and_facts_come_back_as_one_by_one(backend: Backend) -> None:
    one, two = _deliveries(backend, 2)
    facts = [
        Fact(one.event_id, name, value, Destination.POPULATION_DB, RECEIVED_AT)
        for name, value in (("a", "1"), ("a", "2"), ("b", "3"))
    ]
    with backend.database.write() as transaction:
        for fact in facts:
            backend.deliveries.add_fact(transaction, fact)
        backend.deliveries.use_version(transaction, two.delivery_id, 4, RequestId("GW-4"), LATER)
    with backend.database.read() as transaction:
        store = backend.deliveries
        got = store.get_all(transaction, [one.delivery_id, two.delivery_id, DeliveryId("nobody")])
        assert got == {each: store.get(transaction, each) for each in (one.delivery_id, two.delivery_id)}
        known = store.facts_of_all(transaction, [one.event_id, two.event_id])
        assert known == {one.event_id: {"a": facts[1], "b": facts[2]}, two.event_id: {}}
        versions = store.newest_versions(transaction, [one.event_id, two.event_id, NOBODY])
        assert versions == {one.event_id: 1, two.event_id: 4, NOBODY: 1}


def test_attempts_begin_and_finish_together(backend: Backend) -> None:
    deliveries = _deliveries(backend, 3)
    begun = [an_attempt(1, outcome=None, delivery_id=each.delivery_id) for each in deliveries[:2]]
    finished = [replace(each, outcome=OutcomeCode.ACCEPTED, finished_at=LATER) for each in begun]
    never_begun = an_attempt(1, outcome=OutcomeCode.NOT_SENT, delivery_id=deliveries[2].delivery_id)
    with backend.database.write() as transaction:
        backend.deliveries.begin_attempts(transaction, begun)
        backend.deliveries.begin_attempts(transaction, [])
    with backend.database.write() as transaction:
        backend.deliveries.finish_attempts(transaction, [*finished, never_begun])
        backend.deliveries.finish_attempts(transaction, [])
    with backend.database.read() as transaction:
        for each in (*finished, never_begun):
            assert backend.deliveries.list_attempts(transaction, each.delivery_id) == [each]


def test_one_attempt_that_was_begun_already_undoes_the_whole_batch(backend: Backend) -> None:
    one, two = _deliveries(backend, 2)
    first = an_attempt(1, outcome=None, delivery_id=one.delivery_id)
    with backend.database.write() as transaction:
        backend.deliveries.begin_attempts(transaction, [first])
    second = an_attempt(1, outcome=None, delivery_id=two.delivery_id)

    def begin_both() -> None:
        with backend.database.write() as transaction:
            backend.deliveries.begin_attempts(transaction, [second, first])

    with pytest.raises(Exception):  # noqa: B017, PT011 - each store its own
        begin_both()
    with backend.database.read() as transaction:
        assert backend.deliveries.list_attempts(transaction, two.delivery_id) == []


def test_watches_are_put_together(backend: Backend) -> None:
    deliveries = _deliveries(backend, 2)
    watches = [
        Watch(each.delivery_id, each.event_id, each.destination, "received", None, "1", LATER, RECEIVED_AT)
        for each in deliveries
    ]
    moved = [replace(each, stage="processing", text="Đang xử lý") for each in watches]
    with backend.database.write() as transaction:
        backend.deliveries.put_watches(transaction, watches)
        backend.deliveries.put_watches(transaction, moved)
        backend.deliveries.put_watches(transaction, [])
    with backend.database.read() as transaction:
        for each in moved:
            assert backend.deliveries.watches_of(transaction, each.event_id) == [each]


def test_stored_json_is_read_as_the_intake_read_it() -> None:
    new = an_accepted()
    assert parse_stored_json(new.submission.content) == new.submission.event
    assert type(parse_stored_json(new.submission.content)) is type(
        parse_event(new.submission.event.model_dump(mode="json", exclude_none=True))
    )
