"""What operators foresee over HTTP, and who was told, on a gateway whose destination is down."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.bootstrap.foresight import build_escalator, build_forecaster, build_herald
from gateway.bootstrap.surroundings import Surroundings
from gateway.observability.metrics import Metrics
from retry_queue.job import Lane
from retry_queue.store import BreakerState, LaneHealth
from tests.support.database import sqlite_url
from tests.support.edge_desk import EdgeDesk, expect_problem, opened_edge
from tests.support.submissions import another_birth, counted_bytes

LONG_TOKENS = str(2 * 86_400)
FORECAST, NOTICES = "/api/v1/destinations/forecast", "/api/v1/notices"
REGISTRY = "national_registry"


@pytest.fixture
def patient_desk(tmp_path: Path) -> Iterator[EdgeDesk]:
    """Its tokens outlast an outage."""
    with opened_edge(sqlite_url(tmp_path), SECURITY__TOKEN_SECONDS=LONG_TOKENS) as opened:
        yield opened


def _forecast(desk: EdgeDesk, destination: str = REGISTRY) -> dict[str, Any]:
    answer = desk.call("GET", FORECAST, desk.operator())
    assert answer.status_code == httpx.codes.OK, answer.text
    (found,) = (
        each
        for each in answer.json()["forecasts"]
        if (each["forecast"]["lane"], each["forecast"]["track"]) == (destination, "live")
    )
    return dict(found)


def _go_down(desk: EdgeDesk, destination: str = REGISTRY) -> None:
    stores = desk.gateway.stores
    with stores.database.write() as transaction:
        stores.queue.put_lane(transaction, LaneHealth(Lane(destination), breaker=BreakerState.OPEN))


def _climb(desk: EdgeDesk) -> None:
    """What the chores of a delivering process do."""
    gateway = desk.gateway
    surroundings = Surroundings(desk.clock, lambda: 0.5, counted_bytes())
    build_escalator(gateway.stores, gateway.settings, surroundings, Metrics()).climb()
    build_herald(gateway.stores, gateway.settings, desk.clock).send()


def test_in_a_total_outage_the_forecast_names_the_minute_of_the_first_breach(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    first = desk.accepted(another_birth(registration__registered_at="2026-11-16T08:47:00+07:00"))
    desk.accepted(another_birth(registration__registered_at="2026-11-16T09:12:30+07:00"))
    _go_down(desk)
    found = _forecast(desk)["forecast"]
    assert datetime.fromisoformat(found["first_breach_at"]) == datetime.fromisoformat(first["due_at"])
    assert datetime.fromisoformat(found["first_breach_at"]) == datetime.fromisoformat(
        "2026-11-16T20:47:00+07:00"
    )
    assert (found["waiting"], found["misses"], found["done_at"]) == (2, 2, None)
    assert found["assumptions"] == ["stays_down"]


def test_the_forecast_stays_true_as_the_outage_goes_on(patient_desk: EdgeDesk) -> None:
    desk = patient_desk
    due_at = datetime.fromisoformat(desk.accepted(another_birth())["due_at"])
    _go_down(desk)
    counting = build_forecaster(desk.gateway.stores, desk.gateway.settings, desk.clock)
    while desk.clock() < due_at:
        counting.count()
        found = _forecast(desk)["forecast"]
        assert datetime.fromisoformat(found["first_breach_at"]) == due_at
        desk.clock.advance(3_600)
    counting.count()
    later = _forecast(desk)["forecast"]
    assert (later["breached"], later["misses"], later["first_breach_at"]) == (1, 0, None)


def test_a_destination_that_works_is_foreseen_to_be_done(desk: EdgeDesk) -> None:
    desk.accepted(another_birth())
    found = _forecast(desk, "one_stop")["forecast"]
    assert (found["misses"], found["first_breach_at"]) == (0, None)
    assert found["done_at"] is not None


def test_notices_are_listed_with_the_proof_of_who_was_told(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    receipt = desk.accepted(another_birth())
    desk.accepted(another_birth())
    _go_down(desk)
    due_at = datetime.fromisoformat(receipt["due_at"])
    desk.clock.now = due_at - timedelta(hours=1)
    _climb(desk)
    page = desk.call("GET", NOTICES, desk.operator()).json()
    found = next(each for each in page["notices"] if each["destination"] == REGISTRY)
    assert (found["percent"], found["deliveries"], page["next_after"]) == (90, 2, None)
    assert datetime.fromisoformat(found["first_breach_at"]) == due_at
    assert {(each["role"], each["channel"], each["state"]) for each in found["told"]} == {
        (role, "log", "accepted")
        for role in ("commune_officer", "province_it", "justice_department", "province_head")
    }
    assert {datetime.fromisoformat(each["accepted_at"]) for each in found["told"]} == {desk.clock()}
    assert "Hệ thống đích đang dừng." in found["text"]["vi"]


def test_notices_are_paged(desk: EdgeDesk) -> None:
    desk.accepted(another_birth())
    desk.clock.advance(12 * 3_600)
    _climb(desk)
    first = desk.call("GET", f"{NOTICES}?limit=1", desk.operator()).json()
    rest = desk.call("GET", f"{NOTICES}?after={first['next_after']}", desk.operator()).json()
    assert len(first["notices"]) == 1
    assert len(rest["notices"]) == 2
    assert first["notices"][0]["notice_id"] not in {each["notice_id"] for each in rest["notices"]}


def test_the_journey_of_an_event_shows_its_steps_and_who_was_told(patient_desk: EdgeDesk) -> None:
    desk = patient_desk
    event_id = desk.accepted(another_birth())["event_id"]
    desk.clock.advance(9 * 3_600)
    _climb(desk)
    journey = desk.call("GET", f"/api/v1/events/{event_id}", desk.badge()).json()
    steps = journey["deliveries"][0]["escalation"]
    assert [each["percent"] for each in steps] == [50, 75]
    assert all(each["notice_id"] for each in steps)
    assert "province_it" in {told["role"] for told in steps[0]["told"]}
    assert journey["deliveries"][0]["timeliness"]["is_at_risk"]


def test_nothing_in_a_notice_names_a_person(desk: EdgeDesk) -> None:
    event = another_birth()
    desk.accepted(event)
    desk.clock.advance(12 * 3_600)
    _climb(desk)
    text = desk.call("GET", NOTICES, desk.operator()).text
    for private in (event["child"]["name"]["full"], event["mother"]["personal_id"], event["dossier"]["code"]):
        assert private not in text


def test_a_sender_sees_neither_forecast_nor_notices(desk: EdgeDesk) -> None:
    for path in (FORECAST, NOTICES):
        expect_problem(desk.call("GET", path, desk.badge()), httpx.codes.FORBIDDEN, "forbidden")


def test_metrics_tell_how_far_away_the_first_breach_is(desk: EdgeDesk) -> None:
    due_at = datetime.fromisoformat(desk.accepted(another_birth())["due_at"])
    _go_down(desk)
    lines = desk.call("GET", "/metrics", desk.operator()).text.splitlines()
    seconds = (due_at - desk.clock()).total_seconds()
    labels = '{destination="national_registry",track="live"}'
    assert f"hotich_forecast_first_breach_seconds{labels} {seconds}" in lines
    assert f"hotich_forecast_misses{labels} 1.0" in lines
    assert 'hotich_forecast_first_breach_seconds{destination="one_stop",track="bulk"} +Inf' in lines
