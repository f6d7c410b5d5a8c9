from dataclasses import replace

import pytest

from gateway.errors import DeliveryNotFound, EventNotFound
from gateway.model.ids import ClientId, DeliveryId, Destination, EventId
from gateway.model.submission import Violation
from gateway.operations.read_journey import JourneyReader
from gateway.operations.summary import SummaryReader
from retry_queue.memory.transactions import MemoryTransaction
from tests.support.events import a_birth
from tests.support.families import another_birth
from tests.support.house import DOSSIER, RECORD, House
from tests.support.submissions import a_submission, an_accepted

REGISTRY = Destination.NATIONAL_REGISTRY


def reader_of(house: House) -> JourneyReader[MemoryTransaction]:
    return JourneyReader(house.database, house.events, house.deliveries, house.queue)


def test_a_journey_tells_every_delivery_with_its_attempts() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD, DOSSIER)
    house.deliver(REGISTRY)
    journey = reader_of(house).get(event.event_id, house.now)
    assert [story.step for story in journey.deliveries] == [
        "registry_record",
        "one_stop_dossier",
        "one_stop_progress.received",
    ]
    assert [story.state for story in journey.deliveries] == ["done", "queued", "waiting"]
    assert len(journey.deliveries[0].attempts) == 1
    assert "one_stop_dossier" in journey.deliveries[2].why.en


def test_a_delivery_behind_another_event_names_what_it_waits_for() -> None:
    house = House()
    first = house.accept(another_birth(1), RECORD)
    second = house.accept(another_birth(2), RECORD)
    story = reader_of(house).get(second.event_id, house.now).deliveries[0]
    blocker = house.delivery(first.event_id, "registry_record").delivery_id
    assert story.state == "waiting"
    assert blocker in story.why.en


def test_a_journey_repeats_the_warnings_of_the_receipt() -> None:
    house = House()
    warned = Violation("/mother/personal_id", "personal_id_other_sex", "Số định danh …", "The personal ID …")
    submission = replace(a_submission(), warnings=(warned,))
    new = an_accepted(submission)
    with house.database.write() as transaction:
        house.events.insert(transaction, [replace(new, receipt=replace(new.receipt, warnings=(warned,)))])
    assert reader_of(house).get(new.receipt.event_id, house.now).warnings == (warned,)


def test_an_unknown_event_is_an_error_that_names_it() -> None:
    with pytest.raises(EventNotFound):
        reader_of(House()).get(EventId("nobody"), House().now)


def test_an_event_is_found_by_the_senders_own_number() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    found = reader_of(house).list_by_source(ClientId("client-1"), event.event.source_event_id, house.now)
    assert [journey.event_id for journey in found] == [event.event_id]
    assert reader_of(house).list_by_source(ClientId("other"), event.event.source_event_id, house.now) == []


def test_one_delivery_can_be_read_alone() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    delivery_id = house.delivery(event.event_id, "registry_record").delivery_id
    assert reader_of(house).get_delivery(delivery_id, house.now).step == "registry_record"
    with pytest.raises(DeliveryNotFound):
        reader_of(house).get_delivery(DeliveryId("nobody"), house.now)


def test_the_summary_counts_what_is_in_the_queue() -> None:
    house = House()
    house.accept(a_birth(), RECORD, DOSSIER)
    summary = SummaryReader(house.database, house.deliveries, house.queue, lambda: house.now).read()
    unfinished = {each.destination: each.unfinished for each in summary.destinations}
    assert unfinished == {"national_registry": 1, "population_db": 0, "one_stop": 1}
