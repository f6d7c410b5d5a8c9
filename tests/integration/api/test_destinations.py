"""Stopping a whole destination, and letting it go on."""

import httpx

from gateway.storage.ports import Role
from tests.support.edge_desk import Badge, EdgeDesk, expect_problem

PATH = "/api/v1/destinations"


def _act(
    desk: EdgeDesk, destination: str, act: str, caller: Badge, reason: str = "as agreed"
) -> httpx.Response:
    return desk.call("POST", f"{PATH}/{destination}/{act}", caller, json={"reason": reason})


def _hold_reason(desk: EdgeDesk, destination: str) -> str | None:
    summary = desk.call("GET", "/api/v1/deliveries/summary", desk.operator()).json()
    found: str | None = next(
        each["hold_reason"] for each in summary["destinations"] if each["destination"] == destination
    )
    return found


def test_a_destination_is_stopped_and_goes_on_alone(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    held = _act(desk, "one_stop", "hold", desk.operator())
    assert (held.status_code, held.json()["hold_reason"]) == (httpx.codes.OK, "held_by_operator")
    assert (_hold_reason(desk, "one_stop"), _hold_reason(desk, "population_db")) == ("held_by_operator", None)
    released = _act(desk, "one_stop", "release", desk.operator())
    assert (released.json()["hold_reason"], released.json()["breaker"]) == (None, "closed")
    assert _hold_reason(desk, "one_stop") is None


def test_an_operator_of_one_commune_cannot_stop_a_destination_for_all(desk: EdgeDesk) -> None:
    commune = desk.badge("commune", Role.OPERATOR, authorities=frozenset({"00691"}))
    refused = _act(desk, "one_stop", "hold", commune)
    assert expect_problem(refused, httpx.codes.FORBIDDEN, "forbidden")["needed"] == ["08"]
    assert _hold_reason(desk, "one_stop") is None


def test_an_unknown_destination_and_a_missing_reason_are_refused(desk: EdgeDesk) -> None:
    assert _act(desk, "moon", "hold", desk.operator()).status_code == httpx.codes.BAD_REQUEST
    assert _act(desk, "one_stop", "hold", desk.operator(), reason="").status_code == httpx.codes.BAD_REQUEST
    assert _hold_reason(desk, "one_stop") is None
