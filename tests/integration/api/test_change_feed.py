"""GET /api/v1/changes: pages in commit order, cursors that stay good, codes only."""

import base64

import httpx
import pytest

from gateway.storage.ports import Role
from tests.support.edge_desk import EdgeDesk, expect_problem
from tests.support.submissions import another_birth

PATH = "/api/v1/changes"


def test_pages_follow_each_other_without_gap_or_repeat(desk_on_both: EdgeDesk) -> None:
    sent = [desk_on_both.accepted(another_birth())["event_id"] for _ in range(5)]
    reader = desk_on_both.badge("reader", Role.CONSUMER)
    read: list[str] = []
    after, has_more = "", True
    while has_more:
        page = desk_on_both.call("GET", f"{PATH}?limit=2{after}", reader).json()
        assert 1 <= len(page["changes"]) <= 2
        read += [change["event_id"] for change in page["changes"]]
        after, has_more = f"&after={page['cursor']}", page["has_more"]
    assert read == sent


def test_a_cursor_stays_good_and_shows_what_came_later(desk_on_both: EdgeDesk) -> None:
    desk_on_both.accepted(another_birth())
    reader = desk_on_both.badge("reader", Role.CONSUMER)
    cursor = desk_on_both.call("GET", PATH, reader).json()["cursor"]
    empty = desk_on_both.call("GET", f"{PATH}?after={cursor}", reader).json()
    assert empty == {"changes": [], "cursor": cursor, "has_more": False}
    later = desk_on_both.accepted(another_birth())["event_id"]
    for _ in range(2):
        page = desk_on_both.call("GET", f"{PATH}?after={cursor}", reader).json()
        assert [change["event_id"] for change in page["changes"]] == [later]


def test_an_accepted_event_is_told_by_codes(desk: EdgeDesk) -> None:
    receipt = desk.accepted(another_birth())
    (change,) = desk.call("GET", PATH, desk.operator()).json()["changes"]
    assert change == {
        "change": "event.accepted",
        "event_id": receipt["event_id"],
        "delivery_id": None,
        "happened_at": receipt["accepted_at"],
        "detail": {"event_type": "birth", "authority_code": "00691"},
    }


@pytest.mark.parametrize(
    "cursor",
    ["x", "AAAA", base64.urlsafe_b64encode(b"\x01" + bytes(12)).decode(), "é", "a" * 200],
)
def test_a_cursor_that_we_did_not_give_is_refused(desk: EdgeDesk, cursor: str) -> None:
    expect_problem(desk.call("GET", f"{PATH}?after={cursor}", desk.operator()), 400, "invalid_cursor")


def test_a_cursor_of_another_database_that_is_ahead_is_refused(desk: EdgeDesk) -> None:
    from gateway.feed.cursor import cursor_of  # noqa: PLC0415 - only this test forges one

    answer = desk.call("GET", f"{PATH}?after={cursor_of(1_000)}", desk.operator())
    expect_problem(answer, 400, "invalid_cursor")


def test_what_operators_wrote_is_not_in_the_feed(desk: EdgeDesk) -> None:
    receipt = desk.accepted(another_birth())
    delivery_id = next(
        each["delivery_id"] for each in receipt["deliveries"] if each["destination"] == "one_stop"
    )
    for act, reason in (("hold", "Phạm Thị Mẫu called us"), ("release", "she called again")):
        answer = desk.call(
            "POST", f"/api/v1/deliveries/{delivery_id}/{act}", desk.operator(), json={"reason": reason}
        )
        assert answer.status_code == httpx.codes.OK, answer.text
    answer = desk.call("GET", PATH, desk.operator())
    assert "called" not in answer.text
    assert desk.operator().client_id not in answer.text
    held, released = answer.json()["changes"][1:]
    assert (held["change"], released["change"]) == ("delivery.held", "delivery.released")
    assert held["detail"] == {"state": "held"}


def test_a_reader_passes_over_events_of_other_units(desk: EdgeDesk) -> None:
    desk.accepted(another_birth())
    hanoi = desk.badge("hanoi", Role.CONSUMER, authorities=frozenset({"01"}))
    page = desk.call("GET", PATH, hanoi).json()
    assert page["changes"] == []
    whole = desk.call("GET", PATH, desk.operator()).json()
    assert page["cursor"] == whole["cursor"]
