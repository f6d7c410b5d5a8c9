"""What partners do wrong must cost neither records nor order, and trouble nobody else."""

from tests.support.events import a_death
from tests.support.families import a_family, another_birth
from tests.support.gateway_process import GatewayProcess
from tests.support.journals import assert_each_exactly_once, record_of, registry_order
from tests.support.sandbox import Sandbox

HOUR_SECONDS = 3600
LATE_SECONDS = 200
"""The sandbox's clock is pushed forward so far; clocks that differ by more than 300 seconds are refused."""
TIME_ENOUGH_SECONDS = 600
"""For the number to come first, on the slowest machine; one test is about what happens when it does not."""


def receipts_of(gateway: GatewayProcess, *events: dict[str, object]) -> list[str]:
    receipts = [gateway.post(event) for event in events]
    return [receipt["event_id"] for receipt in receipts if receipt is not None]


def test_answers_lost_after_commit_make_no_second_record(gateway: GatewayProcess, sandbox: Sandbox) -> None:
    lost = [
        {"system": system, "kind": "answer_lost"}
        for system in ("national_registry", "population_db", "one_stop")
    ]
    sandbox.plan(*lost)
    family = a_family()
    gateway.personal_id_wait_seconds = TIME_ENOUGH_SECONDS
    gateway.start()
    for event_id in receipts_of(gateway, *family):
        gateway.wait_until_complete(event_id)
    assert {planted["kind"] for planted in sandbox.planted("national_registry")} == {"answer_lost"}
    assert_each_exactly_once(sandbox, family)


def test_a_dead_destination_blocks_no_other_and_costs_no_attempts(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    sandbox.plan(
        {"system": "national_registry", "kind": "outage", "from_seconds": 0, "to_seconds": HOUR_SECONDS}
    )
    family = a_family()
    gateway.personal_id_wait_seconds = TIME_ENOUGH_SECONDS
    gateway.start()
    event_ids = receipts_of(gateway, *family)
    for event_id in event_ids:
        gateway.wait_for_state(event_id, "one_stop_dossier", "done")
    gateway.wait_for_state(event_ids[0], "personal_id", "done")
    for step in ("husband_notice", "wife_notice"):
        gateway.wait_for_state(event_ids[1], step, "done")
    gateway.wait_for_state(event_ids[2], "deceased_notice", "done")
    records = [gateway.get_story(event_id, "registry_record") for event_id in event_ids]
    assert {record["state"] for record in records} <= {"queued", "deferred", "waiting", "leased"}
    assert {record["attempts_counted"] for record in records} == {0}
    assert any(record["attempts"] for record in records)
    sandbox.clear_plan()
    for event_id in event_ids:
        gateway.wait_until_complete(event_id)
    assert_each_exactly_once(sandbox, family)


def test_a_refused_item_holds_its_own_people_and_nobody_else(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    refused, sibling, stranger = another_birth(51), another_birth(52), a_death()
    code = refused["dossier"]["code"]
    sandbox.plan(
        {"system": "national_registry", "kind": "refusal", "field": "nksHoTen", "match": code, "times": 0}
    )
    gateway.start()
    refused_id, sibling_id, stranger_id = receipts_of(gateway, refused, sibling, stranger)
    held = gateway.wait_for_state(refused_id, "registry_record", "held")
    assert held["reason"] == "refused.content"
    assert held["attempts"][-1]["faults"]
    gateway.wait_until_complete(stranger_id)
    waiting = gateway.wait_for_state(sibling_id, "registry_record", "waiting")
    assert held["delivery_id"] in waiting["why"]["en"]
    sandbox.clear_plan()
    gateway.act(held["delivery_id"], "release")
    for event_id in (refused_id, sibling_id):
        gateway.wait_until_complete(event_id)
    order = registry_order(sandbox)
    assert order.index(record_of(refused)) < order.index(record_of(sibling))


def test_a_late_number_delays_the_record_no_longer_than_set_and_follows_by_itself(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    sandbox.plan({"system": "population_db", "kind": "late_personal_id", "seconds": LATE_SECONDS})
    birth = another_birth(61)
    gateway.start()
    (event_id,) = receipts_of(gateway, birth)
    gateway.wait_for_state(event_id, "registry_record", "done")
    assert gateway.find_story(event_id, "registry_personal_id_update") is None
    sandbox.advance(LATE_SECONDS)
    gateway.wait_for_state(event_id, "registry_personal_id_update", "done")
    record, update = sandbox.records("national_registry")
    (number,) = [entry["facts"]["number"] for entry in sandbox.records("population_db")]
    assert "nksSoDDCN" not in str(record["body"])
    assert number in str(update["body"])
    assert update["facts"]["original_is_held"]


def test_a_number_that_comes_in_time_goes_with_the_record(gateway: GatewayProcess, sandbox: Sandbox) -> None:
    gateway.personal_id_wait_seconds = TIME_ENOUGH_SECONDS
    gateway.start()
    (event_id,) = receipts_of(gateway, another_birth(71))
    gateway.wait_until_complete(event_id)
    (record,) = sandbox.records("national_registry")
    (number,) = [entry["facts"]["number"] for entry in sandbox.records("population_db")]
    assert number in str(record["body"])
