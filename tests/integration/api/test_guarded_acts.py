"""Acts of operators: once per request, only on what they saw, only where the state allows it, recorded."""

import httpx
import pytest

from gateway.storage.ports import Role
from tests.support.acting import act, in_doubt, page_of, planned, put_into, refused, second_operator
from tests.support.edge_desk import EdgeDesk, expect_problem


def test_the_same_request_again_is_the_same_act(desk_on_both: EdgeDesk) -> None:
    _, delivery_id = planned(desk_on_both)
    first = act(desk_on_both, delivery_id, "hold", key="my-1").json()
    act(desk_on_both, delivery_id, "release")
    again = act(desk_on_both, delivery_id, "hold", key="my-1").json()
    assert (first["is_repeat"], again["is_repeat"]) == (False, True)
    assert again["act"] == first["act"]
    assert again["state"] == "queued"


def test_a_request_number_stands_for_one_wish_of_one_person(desk: EdgeDesk) -> None:
    _, delivery_id = planned(desk)
    act(desk, delivery_id, "hold", key="my-1")
    document = expect_problem(act(desk, delivery_id, "cancel", key="my-1"), 409, "request_id_reused")
    assert document["act"] == "hold"
    other = act(desk, delivery_id, "release", second_operator(desk), "my-1")
    assert other.status_code == httpx.codes.OK


@pytest.mark.parametrize("key", ["", " x", "x" * 201, "dấu"])
def test_a_request_number_is_short_and_printable(desk: EdgeDesk, key: str) -> None:
    _, delivery_id = planned(desk)
    headers = {"Idempotency-Key": key.encode()}
    path = f"/api/v1/deliveries/{delivery_id}/hold"
    answer = desk.call("POST", path, desk.operator(), json={"reason": "because"}, headers=headers)
    expect_problem(answer, 400, "invalid_parameter")


def test_what_has_changed_since_the_operator_looked_refuses_the_act(desk_on_both: EdgeDesk) -> None:
    _, delivery_id = planned(desk_on_both)
    seen = page_of(desk_on_both, delivery_id)["expected"]
    act(desk_on_both, delivery_id, "hold")
    document = expect_problem(
        act(desk_on_both, delivery_id, "cancel", expected=seen), 409, "changed_meanwhile"
    )
    assert document["changed"] == {"state": {"expected": "queued", "found": "held"}}
    now = page_of(desk_on_both, delivery_id)["expected"]
    assert act(desk_on_both, delivery_id, "cancel", expected=now).status_code == httpx.codes.OK


def test_another_attempt_since_refuses_the_act(desk: EdgeDesk) -> None:
    _, delivery_id = planned(desk)
    document = expect_problem(act(desk, delivery_id, "hold", expected={"fence": 7}), 409, "changed_meanwhile")
    assert document["changed"]["fence"] == {"expected": 7, "found": 0}


def test_every_act_is_kept_with_who_why_and_what_it_changed(desk: EdgeDesk) -> None:
    _, delivery_id = planned(desk)
    act(desk, delivery_id, "hold")
    act(desk, delivery_id, "release", second_operator(desk))
    acts = page_of(desk, delivery_id)["past"]["acts"]
    assert [(each["act"], each["before_state"], each["after_state"]) for each in acts] == [
        ("hold", "queued", "held"),
        ("release", "held", "queued"),
    ]
    assert [each["actor"] for each in acts] == [desk.operator().client_id, second_operator(desk).client_id]


def test_an_outcome_that_nobody_knows_is_settled_by_a_person_who_saw_it_there(
    desk_on_both: EdgeDesk,
) -> None:
    event_id, delivery_id = in_doubt(desk_on_both, "population_db")
    expect_problem(act(desk_on_both, delivery_id, "confirm-delivered"), 422, "evidence_missing")
    done = act(
        desk_on_both, delivery_id, "confirm-delivered", evidence="Trực ban đọc lại mục 41", reference="BN-9"
    )
    assert done.status_code == httpx.codes.OK, done.text
    story = done.json()
    assert story["state"] == "done"
    last = story["attempts"][-1]
    assert (last["verb"], last["outcome"]) == ("check", "confirmed_by_person")
    assert (last["partner_text"], last["partner_reference"]) == ("Trực ban đọc lại mục 41", "BN-9")
    changes = desk_on_both.call("GET", "/api/v1/changes", desk_on_both.operator()).json()["changes"]
    assert {"delivery.done", "delivery.confirmed"} <= {each["change"] for each in changes}
    assert event_id == changes[-1]["event_id"]


def test_an_outcome_that_is_still_being_asked_about_can_be_settled_too(desk: EdgeDesk) -> None:
    _, delivery_id = planned(desk)
    put_into(desk, delivery_id, "unknown", maybe_sent=True)
    done = act(desk, delivery_id, "confirm-delivered", evidence="seen there").json()
    assert done["state"] == "done"


def test_what_a_person_did_not_find_there_is_sent_without_asking(desk_on_both: EdgeDesk) -> None:
    _, delivery_id = in_doubt(desk_on_both)
    answer = act(desk_on_both, delivery_id, "confirm-absent", evidence="no such dossier, 14:20")
    assert answer.json()["state"] == "queued"
    page = page_of(desk_on_both, delivery_id)
    assert not page["exchange"]["may_be_there"]


def test_what_was_certainly_not_sent_needs_no_confirmation_of_absence(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    answer = act(desk, delivery_id, "confirm-absent", evidence="no such dossier")
    expect_problem(answer, 409, "nothing_in_doubt")


def test_a_queued_delivery_cannot_be_confirmed(desk: EdgeDesk) -> None:
    _, delivery_id = planned(desk)
    answer = act(desk, delivery_id, "confirm-delivered", evidence="seen there")
    expect_problem(answer, 409, "not_allowed_now")
    assert page_of(desk, delivery_id)["delivery"]["attempts"] == []


def test_a_confirmed_registry_record_tells_the_one_stop_shop_and_is_watched(desk: EdgeDesk) -> None:
    event_id, delivery_id = in_doubt(desk, "national_registry")
    act(desk, delivery_id, "confirm-delivered", evidence="seen there")
    journey = desk.call("GET", f"/api/v1/events/{event_id}", desk.operator()).json()
    steps = {each["step"]: each for each in journey["deliveries"]}
    assert "one_stop_progress.received" in steps
    assert steps["registry_record"]["stage"] == "received"


def test_the_page_says_what_is_at_stake_and_what_each_act_would_do(desk: EdgeDesk) -> None:
    _, delivery_id = in_doubt(desk)
    page = page_of(desk, delivery_id)
    assert page["delivery"]["request_id"] in page["question"]["en"]
    assert page["seconds_left"] > 0
    assert page["exchange"]["may_be_there"]
    offered = {each["act"]: each for each in page["allowed"]}
    assert set(offered) == {"retry", "release", "confirm-delivered", "confirm-absent"}
    assert "asked again" in offered["release"]["consequence"]["en"]
    assert offered["confirm-absent"]["needs"] == ["reason", "evidence"]


@pytest.mark.parametrize("builder", [planned, refused, in_doubt])
def test_the_page_offers_exactly_the_acts_that_are_then_allowed(desk: EdgeDesk, builder: object) -> None:
    tried = ("retry", "release", "hold", "cancel", "confirm-delivered", "confirm-absent")
    for name in tried:
        _, delivery_id = builder(desk)  # type: ignore[operator]  # one of three functions of the same shape
        offered = {each["act"] for each in page_of(desk, delivery_id)["allowed"]}
        answer = act(desk, delivery_id, name, evidence="seen there")
        assert (answer.status_code == httpx.codes.OK) == (name in offered), (name, answer.text)


def test_a_page_of_another_province_is_not_shown(desk: EdgeDesk) -> None:
    _, delivery_id = planned(desk)
    stranger = desk.badge("stranger", Role.OPERATOR, authorities=frozenset({"01"}))
    answer = desk.call("GET", f"/api/v1/deliveries/{delivery_id}", stranger)
    expect_problem(answer, 404, "not_found")
    expect_problem(act(desk, delivery_id, "hold", stranger), 404, "not_found")
