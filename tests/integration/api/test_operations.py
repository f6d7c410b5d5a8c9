"""What operators see of deliveries, and what they may do with them."""

from typing import Any

import httpx
import pytest

from mappings.matters import list_matters
from tests.support.edge_desk import EdgeDesk, expect_problem
from tests.support.submissions import another_birth

PATH = "/api/v1/deliveries"


def _act(desk: EdgeDesk, delivery_id: str, act: str, reason: str = "as agreed") -> httpx.Response:
    return desk.call("POST", f"{PATH}/{delivery_id}/{act}", desk.operator(), json={"reason": reason})


def _delivery(desk: EdgeDesk, destination: str = "one_stop") -> str:
    deliveries: list[dict[str, str]] = desk.accepted(another_birth())["deliveries"]
    return next(each["delivery_id"] for each in deliveries if each["destination"] == destination)


def _list(desk: EdgeDesk, query: str = "") -> dict[str, Any]:
    answer = desk.call("GET", PATH + query, desk.operator())
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_deliveries_are_listed_page_by_page_in_the_order_of_acceptance(desk_on_both: EdgeDesk) -> None:
    expected = [
        each["delivery_id"] for _ in range(3) for each in desk_on_both.accepted(another_birth())["deliveries"]
    ]
    read: list[str] = []
    after: int | None = 0
    while after is not None:
        page = _list(desk_on_both, f"?limit=2&after={after}")
        read += [each["delivery_id"] for each in page["deliveries"]]
        after = page["next_after"]
    assert sorted(read) == sorted(expected)
    assert len(read) == len(expected)


def test_a_list_can_be_narrowed_by_destination_and_state(desk: EdgeDesk) -> None:
    delivery_id = _delivery(desk)
    assert [each["delivery_id"] for each in _list(desk, "?destination=one_stop")["deliveries"]] == [
        delivery_id
    ]
    assert _list(desk, "?destination=one_stop&state=held")["deliveries"] == []
    _act(desk, delivery_id, "hold")
    assert [each["state"] for each in _list(desk, "?state=held")["deliveries"]] == ["held"]


def test_hold_release_and_cancel_move_a_delivery_and_show_it_as_it_stands(desk_on_both: EdgeDesk) -> None:
    delivery_id = _delivery(desk_on_both)
    states = []
    for act in ("hold", "release", "hold", "retry", "cancel"):
        answer = _act(desk_on_both, delivery_id, act)
        assert answer.status_code == httpx.codes.OK, answer.text
        assert answer.json()["delivery_id"] == delivery_id
        states.append(answer.json()["state"])
    assert states == ["held", "queued", "held", "queued", "cancelled"]


@pytest.mark.parametrize("act", ["retry", "release", "hold", "cancel"])
def test_a_final_delivery_cannot_be_moved(desk: EdgeDesk, act: str) -> None:
    delivery_id = _delivery(desk)
    assert _act(desk, delivery_id, "cancel").status_code == httpx.codes.OK
    document = expect_problem(_act(desk, delivery_id, act), 409, "not_allowed_now")
    assert (document["state"], document["act"]) == ("cancelled", act)


@pytest.mark.parametrize("delivery_id", ["019a8a5c-0000-7000-8000-000000000001", "x", "%00"])
def test_an_unknown_delivery_is_not_found(desk_on_both: EdgeDesk, delivery_id: str) -> None:
    expect_problem(_act(desk_on_both, delivery_id, "hold"), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"", "/body"),
        (b"[]", "/body"),
        (b'{"reason": "x"}', "/body/reason"),
        (b'{"reason": "     "}', "/body/reason"),
        (b'{"reason": 3}', "/body/reason"),
        (b"{}", "/body/reason"),
        (b'{"reason": "because", "a/b~": 1}', "/body/a~1b~0"),
    ],
)
def test_an_act_without_a_good_reason_is_refused(desk: EdgeDesk, body: bytes, pointer: str) -> None:
    answer = desk.call("POST", f"{PATH}/{_delivery(desk)}/hold", desk.operator(), content=body)
    assert [each["pointer"] for each in expect_problem(answer, 400, "invalid_parameter")["errors"]] == [
        pointer
    ]


def test_a_reason_of_any_size_is_not_read_and_never_before_the_token(desk: EdgeDesk) -> None:
    path = f"{PATH}/{_delivery(desk)}/hold"
    expect_problem(desk.call("POST", path, content=b"x" * 10_000), 401, "unauthenticated")
    expect_problem(desk.call("POST", path, desk.operator(), content=b"x" * 10_000), 413, "body_too_large")


def test_the_reason_and_who_gave_it_are_kept_with_the_act(desk: EdgeDesk) -> None:
    delivery_id = _delivery(desk)
    _act(desk, delivery_id, "hold", "waits for a telephone call")
    stores = desk.gateway.stores
    with stores.database.read() as transaction:
        entry = stores.feed.list_after(transaction, 0, 100)[-1].entry
    assert entry.change == "delivery.held"
    assert entry.detail["why"] == "waits for a telephone call"
    assert entry.detail["by"] == desk.operator().client_id


def test_the_summary_counts_and_names_what_a_person_must_decide(desk: EdgeDesk) -> None:
    delivery_id = _delivery(desk)
    _act(desk, delivery_id, "hold")
    summary = desk.call("GET", f"{PATH}/summary", desk.operator()).json()
    one_stop = next(each for each in summary["destinations"] if each["destination"] == "one_stop")
    assert one_stop["unfinished"] == 1
    assert [(each["state"], each["deliveries"]) for each in one_stop["states"]] == [("held", 1)]
    (item,) = summary["attention"]
    assert item["delivery_id"] == delivery_id
    assert item["remedy"]["vi"] != item["remedy"]["en"]


def test_metrics_render_counts_of_submissions_and_of_the_queue(desk: EdgeDesk) -> None:
    event = another_birth()
    desk.accepted(event)
    desk.post(event)
    desk.post(b"[]")
    desk.post(another_birth(registration__number=event["registration"]["number"]))
    answer = desk.call("GET", "/metrics", desk.operator())
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = set(answer.text.splitlines())
    assert {
        'hotich_submissions_total{result="accepted"} 1.0',
        'hotich_submissions_total{result="repeated"} 1.0',
        'hotich_submissions_total{result="invalid"} 1.0',
        'hotich_submissions_total{result="conflict"} 1.0',
        'hotich_jobs{destination="one_stop",state="queued"} 1.0',
        'hotich_destination_stopped{by="breaker",destination="one_stop"} 0.0',
        "hotich_intake_batch_messages_count 3.0",
    } <= lines


def test_schemas_are_listed_and_shown_with_their_media_type(desk: EdgeDesk) -> None:
    listed = desk.call("GET", "/api/v1/schemas", desk.badge()).json()["event_types"]
    assert {each["event_type"] for each in listed} == {matter.event_type for matter in list_matters()}
    for each in listed:
        answer = desk.call("GET", each["schema"], desk.badge())
        assert answer.headers["content-type"] == "application/schema+json"
        assert answer.json()["title"]


def test_the_documentation_page_needs_no_internet(desk: EdgeDesk) -> None:
    page = desk.call("GET", "/docs").text
    assert "https://" not in page.replace("https://fastapi.tiangolo.com", "")
    assert desk.call("GET", "/openapi.json").json()["info"]["title"] == "Hộ tịch Gateway"
