"""The same promises on PostgreSQL, also when the database itself goes away in the middle."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.offices import hand_in, live_through
from tests.support.families import a_family, another_birth
from tests.support.gateway_process import GatewayProcess
from tests.support.journals import assert_each_exactly_once, record_of, registry_order
from tests.support.postgres import PostgresServer
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for

pytestmark = pytest.mark.postgres


@pytest.fixture
def gateway(tmp_path: Path, sandbox: Sandbox, postgres_server: PostgresServer) -> Iterator[GatewayProcess]:
    name = postgres_server.create_database()
    process = GatewayProcess(
        tmp_path, sandbox, database_url=postgres_server.url(name), personal_id_wait_seconds=600
    )
    yield process
    process.kill()
    postgres_server.drop_database(name)


@pytest.mark.parametrize(
    ("place", "passages"),
    [("intake_committed", (1, 3)), ("announced", (1, 4)), ("record_not_committed", (2, 5))],
)
def test_a_gateway_killed_on_the_way_loses_nothing_and_sends_nothing_twice(
    gateway: GatewayProcess, sandbox: Sandbox, place: str, passages: tuple[int, ...]
) -> None:
    family = a_family()
    live_through(gateway, family, [f"{place}:{passage}" for passage in passages])
    assert_each_exactly_once(sandbox, family)
    order = registry_order(sandbox)
    _, marriage, death = family
    assert order.index(record_of(marriage)) < order.index(record_of(death))


@pytest.mark.parametrize("crash", [False, True], ids=["restart", "crash"])
def test_a_database_that_goes_away_in_the_middle_costs_nothing(
    gateway: GatewayProcess, sandbox: Sandbox, postgres_server: PostgresServer, *, crash: bool
) -> None:
    before, after = a_family(), [another_birth(81), another_birth(82)]
    gateway.start()
    receipts: dict[str, str] = {}
    hand_in(gateway, before, receipts)
    postgres_server.restart(crash=crash)
    wait_for(gateway.is_ready, "the gateway is ready again", explain=gateway.log_tail)
    hand_in(gateway, after, receipts)
    for event_id in receipts.values():
        gateway.wait_until_complete(event_id)
    assert len(receipts) == len(before) + len(after)
    assert_each_exactly_once(sandbox, [*before, *after])
