"""The gateway is killed at every step between receive and record: nothing lost, nothing twice, order kept."""

import pytest

from tests.acceptance.offices import hand_in, live_through
from tests.support.families import a_family
from tests.support.gateway_process import GatewayProcess
from tests.support.journals import assert_each_exactly_once, record_of, registry_order
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for


@pytest.fixture
def gateway(gateway: GatewayProcess) -> GatewayProcess:
    """With time enough for the number: what happens when it is late is another test's matter."""
    gateway.personal_id_wait_seconds = 600
    return gateway


@pytest.mark.parametrize(
    ("place", "passages"),
    [
        ("intake_not_committed", (1, 2)),
        ("intake_committed", (1, 3)),
        ("claimed", (1, 4)),
        ("translated", (2, 5)),
        ("announced", (1, 4)),
        ("answered", (1, 4)),
        ("record_not_committed", (2, 5)),
        ("recorded", (1, 6)),
        ("news_heard", (1, 2)),
        ("news_recorded", (1, 2)),
    ],
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


@pytest.mark.parametrize(
    ("system", "operation"),
    [
        ("national_registry", "nhanHoSoDKHT"),
        ("population_db", "capSoDinhDanh"),
        ("population_db", "thongBaoHoTich"),
        ("one_stop", "DongBoHoSoMC"),
        ("one_stop", "CapNhatTienDoHoSoMC"),
    ],
)
def test_a_gateway_killed_after_the_partner_has_committed_does_not_send_again(
    gateway: GatewayProcess, sandbox: Sandbox, system: str, operation: str
) -> None:
    family = a_family()
    hang = {"system": system, "kind": "hang", "operation": operation, "committed": True, "seconds": 20}
    sandbox.plan(hang)
    gateway.start()
    receipts: dict[str, str] = {}
    hand_in(gateway, family, receipts)
    wait_for(
        lambda: [each for each in sandbox.records(system) if each["operation"] == operation],
        f"{system} has committed",
    )
    gateway.kill()
    sandbox.clear_plan()
    live_through(gateway, family, [])
    assert_each_exactly_once(sandbox, family)


def test_a_receipt_that_was_not_received_is_given_again(gateway: GatewayProcess, sandbox: Sandbox) -> None:
    family = a_family()
    gateway.start("intake_committed:1")
    assert gateway.post(family[0]) is None
    gateway.wait_until_killed()
    receipts = live_through(gateway, family, [])
    again = gateway.post(family[0])
    assert again is not None
    assert again["event_id"] == receipts[family[0]["source_event_id"]]
    assert_each_exactly_once(sandbox, family)
