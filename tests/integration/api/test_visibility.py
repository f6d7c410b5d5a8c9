"""Who sees what: a sender his own events, an operator and a consumer those of their units, nobody else's."""

from typing import Any

import httpx
import pytest

from gateway.api import event_views
from gateway.storage.ports import Role
from tests.support.edge_desk import Badge, EdgeDesk, expect_problem
from tests.support.submissions import another_birth

HANOI = frozenset({"01"})
OTHER_COMMUNE = frozenset({"00706"})


def _event_ids(answer: httpx.Response) -> set[str]:
    assert answer.status_code == httpx.codes.OK, answer.text
    return {each["event_id"] for each in answer.json()["events"]}


def _by_source(desk: EdgeDesk, event: dict[str, Any], badge: Badge) -> set[str]:
    return _event_ids(desk.call("GET", f"/api/v1/events?source_event_id={event['source_event_id']}", badge))


def test_a_sender_sees_his_own_event(desk_on_both: EdgeDesk) -> None:
    event = another_birth()
    event_id = desk_on_both.accepted(event)["event_id"]
    answer = desk_on_both.call("GET", f"/api/v1/events/{event_id}", desk_on_both.badge())
    assert answer.json()["source_event_id"] == event["source_event_id"]
    assert _by_source(desk_on_both, event, desk_on_both.badge()) == {event_id}


def test_another_sender_of_the_same_unit_does_not_see_it(desk: EdgeDesk) -> None:
    event = another_birth()
    event_id = desk.accepted(event)["event_id"]
    neighbour = desk.badge("neighbour")
    expect_problem(desk.call("GET", f"/api/v1/events/{event_id}", neighbour), 404, "not_found")
    assert _by_source(desk, event, neighbour) == set()


def test_a_sender_finds_his_event_among_many_of_the_same_number(
    desk: EdgeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_views, "SAME_NUMBER_MAX", 2)
    event = another_birth()
    for number in range(3):
        desk.accepted(another_birth(source_event_id=event["source_event_id"]), desk.badge(f"office-{number}"))
    own = desk.accepted(event)["event_id"]
    assert _by_source(desk, event, desk.badge()) == {own}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CONSUMER])
def test_who_answers_for_a_unit_sees_its_events_and_those_below(desk: EdgeDesk, role: Role) -> None:
    event_id = desk.accepted(another_birth())["event_id"]
    path = f"/api/v1/events/{event_id}"
    for name, authorities in (("province", {"08"}), ("commune", {"00691"})):
        badge = desk.badge(f"{role.value} of {name}", role, authorities=frozenset(authorities))
        assert desk.call("GET", path, badge).status_code == httpx.codes.OK
    for name, others in (("hanoi", HANOI), ("other", OTHER_COMMUNE)):
        badge = desk.badge(f"{role.value} of {name}", role, authorities=others)
        expect_problem(desk.call("GET", path, badge), 404, "not_found")


def test_a_unit_covers_by_the_code_of_the_day_of_registration(desk: EdgeDesk) -> None:
    old_province = desk.badge("old", Role.OPERATOR, authorities=frozenset({"02"}))
    event_id = desk.accepted(another_birth())["event_id"]
    expect_problem(desk.call("GET", f"/api/v1/events/{event_id}", old_province), 404, "not_found")


def test_an_operator_lists_and_moves_only_deliveries_of_his_units(desk: EdgeDesk) -> None:
    receipt = desk.accepted(another_birth())
    delivery_id = receipt["deliveries"][0]["delivery_id"]
    hanoi = desk.badge("hanoi", Role.OPERATOR, authorities=HANOI)
    assert desk.call("GET", "/api/v1/deliveries", hanoi).json() == {"deliveries": [], "next_after": None}
    for act in ("retry", "release", "hold", "cancel"):
        answer = desk.call(
            "POST", f"/api/v1/deliveries/{delivery_id}/{act}", hanoi, json={"reason": "not mine"}
        )
        expect_problem(answer, 404, "not_found")
    listed = desk.call("GET", "/api/v1/deliveries", desk.operator()).json()["deliveries"]
    assert {each["delivery_id"] for each in listed} == {each["delivery_id"] for each in receipt["deliveries"]}
    assert "cancelled" not in {each["state"] for each in listed}


def test_the_attention_list_names_only_what_the_operator_may_see(desk: EdgeDesk) -> None:
    receipt = desk.accepted(another_birth())
    delivery_id = next(
        each["delivery_id"] for each in receipt["deliveries"] if each["destination"] == "one_stop"
    )
    held = desk.call(
        "POST", f"/api/v1/deliveries/{delivery_id}/hold", desk.operator(), json={"reason": "to be looked at"}
    )
    assert held.status_code == httpx.codes.OK, held.text
    own = desk.call("GET", "/api/v1/deliveries/summary", desk.operator()).json()
    assert [item["delivery_id"] for item in own["attention"]] == [delivery_id]
    hanoi = desk.badge("hanoi", Role.OPERATOR, authorities=HANOI)
    assert desk.call("GET", "/api/v1/deliveries/summary", hanoi).json()["attention"] == []


@pytest.mark.parametrize(
    "event_id", ["019a8a5c-0000-7000-8000-000000000001", "x", "%00", "a%2Fb", "' OR 1=1"]
)
def test_an_unknown_event_is_not_found(desk_on_both: EdgeDesk, event_id: str) -> None:
    answer = desk_on_both.call("GET", f"/api/v1/events/{event_id}", desk_on_both.operator())
    expect_problem(answer, 404, "not_found")


@pytest.mark.parametrize("number", ["", "%00", "a%0Ab", "x" * 101])
def test_a_source_event_id_that_none_can_be_is_a_wrong_parameter(desk_on_both: EdgeDesk, number: str) -> None:
    answer = desk_on_both.call("GET", f"/api/v1/events?source_event_id={number}", desk_on_both.operator())
    expect_problem(answer, 400, "invalid_parameter")
