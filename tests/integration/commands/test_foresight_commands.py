"""`queue forecast` and `queue notices` at the command line."""

from datetime import UTC, datetime, timedelta

from gateway.bootstrap.foresight import build_escalator, build_herald
from gateway.bootstrap.surroundings import Surroundings
from gateway.observability.metrics import Metrics
from retry_queue.job import Lane
from retry_queue.store import BreakerState, LaneHealth
from tests.integration.commands.conftest import CommandLine
from tests.support.edge_desk import opened_edge
from tests.support.submissions import another_birth, counted_bytes


def _an_event_in_an_outage(command_line: CommandLine) -> datetime:
    """Registered an hour ago by the machine's own clock, which the command reads; gives its due time."""
    registered_at = (datetime.now(UTC) - timedelta(hours=1)).replace(microsecond=0)
    with opened_edge(command_line.database_url) as desk:
        desk.clock.now = registered_at
        receipt = desk.accepted(another_birth(registration__registered_at=registered_at.isoformat()))
        stores, due_at = desk.gateway.stores, datetime.fromisoformat(receipt["due_at"])
        with stores.database.write() as transaction:
            stores.queue.put_lane(
                transaction, LaneHealth(Lane("one_stop"), breaker=BreakerState.OPEN, failures_in_row=9)
            )
        desk.clock.now = due_at - timedelta(hours=6)
        surroundings = Surroundings(desk.clock, lambda: 0.5, counted_bytes())
        build_escalator(stores, desk.gateway.settings, surroundings, Metrics()).climb()
        build_herald(stores, desk.gateway.settings, desk.clock).send()
    return due_at


def test_the_forecast_names_the_first_breach_of_a_destination_that_is_down(command_line: CommandLine) -> None:
    due_at = _an_event_in_an_outage(command_line)
    outlooks = command_line.json("queue", "forecast")["forecasts"]
    live = {each["forecast"]["lane"]: each for each in outlooks if each["forecast"]["track"] == "live"}
    assert datetime.fromisoformat(live["one_stop"]["forecast"]["first_breach_at"]) == due_at
    assert live["one_stop"]["forecast"]["misses"] == 1
    assert live["national_registry"]["forecast"]["misses"] == 0
    assert live["one_stop"]["error"]["forecasts"] == 0


def test_people_get_the_forecast_as_a_table(command_line: CommandLine) -> None:
    _an_event_in_an_outage(command_line)
    command_line.set("COLUMNS", "300")
    shown = command_line.run("queue", "forecast").stdout
    assert "stays_down" in shown
    assert "first breach" in shown


def test_notices_are_shown_with_everybody_who_was_told(command_line: CommandLine) -> None:
    _an_event_in_an_outage(command_line)
    page = command_line.json("queue", "notices")
    assert {each["percent"] for each in page["notices"]} == {50}
    assert {each["role"] for each in page["notices"][0]["told"]} == {"commune_officer", "province_it"}
    command_line.set("COLUMNS", "300")
    assert "province_it/log accepted" in command_line.run("queue", "notices").stdout


def test_the_journey_at_the_command_line_shows_the_steps_too(command_line: CommandLine) -> None:
    _an_event_in_an_outage(command_line)
    delivery_id = command_line.json("queue", "list")["deliveries"][0]["delivery_id"]
    journey = command_line.json("queue", "show", delivery_id)
    assert journey["deliveries"][0]["escalation"][0]["percent"] == 50
