"""POST /api/v1/events on real databases: receipts, repeats, conflicts."""

import json
from typing import Any

import httpx
import pytest

from gateway.model.ids import EventId
from tests.support.edge_desk import EdgeDesk, expect_problem
from tests.support.events import ABSENT, a_change
from tests.support.submissions import another_birth


def _spelled_otherwise(event: dict[str, Any]) -> bytes:
    """The same content with other blanks and another order of keys."""
    turned = json.loads(json.dumps(event), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    return json.dumps(turned, indent=3, ensure_ascii=True).encode()


def test_a_new_event_is_accepted_with_a_receipt_and_where_to_follow_it(desk_on_both: EdgeDesk) -> None:
    answer = desk_on_both.post(another_birth())
    assert answer.status_code == httpx.codes.ACCEPTED
    receipt = answer.json()
    assert answer.headers["location"] == f"/api/v1/events/{receipt['event_id']}"
    assert receipt["due_at"] == "2026-11-16T21:40:00+07:00"
    assert {each["destination"] for each in receipt["deliveries"]} == {
        "national_registry",
        "population_db",
        "one_stop",
    }
    followed = desk_on_both.call("GET", answer.headers["location"], desk_on_both.badge())
    assert followed.status_code == httpx.codes.OK
    assert {each["delivery_id"] for each in followed.json()["deliveries"]} == {
        each["delivery_id"] for each in receipt["deliveries"]
    }


def test_the_same_content_again_gets_the_first_receipt_byte_for_byte(desk_on_both: EdgeDesk) -> None:
    event = another_birth()
    first = desk_on_both.post(event)
    desk_on_both.clock.advance(600)
    again = desk_on_both.post(_spelled_otherwise(event))
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]


def test_the_same_key_with_other_content_is_a_conflict(desk_on_both: EdgeDesk) -> None:
    first = desk_on_both.post(another_birth(), Idempotency_Key="key-1").json()
    document = expect_problem(
        desk_on_both.post(another_birth(), Idempotency_Key="key-1"), 409, "idempotency_key_reused"
    )
    assert document["first_event_id"] == first["event_id"]


def test_the_same_source_event_id_with_other_content_is_a_conflict(desk_on_both: EdgeDesk) -> None:
    event = another_birth()
    desk_on_both.accepted(event)
    other = another_birth(source_event_id=event["source_event_id"])
    expect_problem(desk_on_both.post(other, Idempotency_Key="another-key"), 409, "source_event_reused")


def test_another_clients_entry_is_a_conflict_that_does_not_tell_his_event(desk_on_both: EdgeDesk) -> None:
    event = another_birth()
    first = desk_on_both.accepted(event)
    stranger = desk_on_both.badge("stranger")
    answer = desk_on_both.post(another_birth(registration__number=event["registration"]["number"]), stranger)
    document = expect_problem(answer, 409, "entry_already_registered")
    assert first["event_id"] not in answer.text
    assert "first_event_id" not in document
    assert document["first_authority_code"] == "00691"


def test_two_clients_may_use_the_same_number_of_their_own(desk: EdgeDesk) -> None:
    event = another_birth()
    desk.accepted(event)
    desk.accepted(another_birth(source_event_id=event["source_event_id"]), desk.badge("stranger"))
    found = desk.call("GET", f"/api/v1/events?source_event_id={event['source_event_id']}", desk.operator())
    assert len(found.json()["events"]) == 2


def test_the_receipt_is_on_disk_before_it_is_given(desk: EdgeDesk) -> None:
    event = another_birth()
    receipt = desk.accepted(event)
    with desk.gateway.stores.database.read() as transaction:
        found = desk.gateway.stores.events.find_by_source(transaction, None, event["source_event_id"])
    assert list(found) == [receipt["event_id"]]


def test_a_batch_of_simultaneous_posts_gives_each_its_own_receipt(desk: EdgeDesk) -> None:
    events = [another_birth() for _ in range(25)]
    answers = desk.post_at_once(*events)
    assert [answer.status_code for answer in answers] == [202] * 25
    assert len({answer.json()["event_id"] for answer in answers}) == 25


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_outside_the_limits_is_a_wrong_parameter(desk: EdgeDesk, key: str) -> None:
    document = expect_problem(desk.post(another_birth(), Idempotency_Key=key), 400, "invalid_parameter")
    assert [error["pointer"] for error in document["errors"]] == ["/header/Idempotency-Key"]


def test_a_warning_is_in_the_receipt_and_again_in_the_journey_and_the_repeated_receipt(
    desk_on_both: EdgeDesk,
) -> None:
    event = another_birth(
        mother__sex="female",
        mother__birth_date={"year": 1997, "certainty": "exact"},
        mother__personal_id="099097000001",
    )
    receipt = desk_on_both.accepted(event)
    assert [(each["code"], each["pointer"]) for each in receipt["warnings"]] == [
        ("personal_id_other_sex", "/mother/personal_id")
    ]
    assert desk_on_both.post(event).json() == receipt
    journey = desk_on_both.call("GET", f"/api/v1/events/{receipt['event_id']}", desk_on_both.badge()).json()
    assert journey["warnings"] == receipt["warnings"]


def test_an_earlier_event_named_by_number_is_found_in_the_store(desk_on_both: EdgeDesk) -> None:
    birth = another_birth()
    earlier = desk_on_both.accepted(birth)
    change = a_change(
        dossier=ABSENT,
        registration__registered_at="2026-11-16T09:50:00+07:00",
        amends={"source_event_id": birth["source_event_id"]},
    )
    receipt = desk_on_both.accepted(change)
    stores = desk_on_both.gateway.stores
    with stores.database.read() as transaction:
        stored = stores.events.get(transaction, EventId(receipt["event_id"]))
        first = stores.events.get(transaction, EventId(earlier["event_id"]))
    assert stored.event.amended_entry() == first.event.entry()
    assert desk_on_both.post(change).json() == receipt
    stranger = desk_on_both.badge("stranger")
    again = {**change, "source_event_id": "TD-2", "amends": {"event_id": earlier["event_id"]}}
    document = expect_problem(desk_on_both.post(again, stranger), 422, "invalid_message")
    assert [(each["code"], each["pointer"]) for each in document["errors"]] == [
        ("earlier_event_unknown", "/amends/event_id")
    ]
