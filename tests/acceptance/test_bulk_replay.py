"""A wrong setting held 120 records; they are replayed against the real simulators, through a kill."""

from collections import Counter
from typing import Any

from tests.support.events import a_death, a_name
from tests.support.gateway_process import DEADLINE_SECONDS, GatewayProcess
from tests.support.journals import record_of
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for

HELD = 120
REPLAYS = "/api/v1/replays"
SELECTION = {"destination": "national_registry", "held_reason": "refused.content"}
REFUSAL = {"system": "national_registry", "kind": "refusal", "field": "nktHoTen", "times": 0}
MANY_SECONDS = 3 * DEADLINE_SECONDS


def _deaths(count: int) -> list[dict[str, Any]]:
    return [
        a_death(
            source_event_id=f"KT-LOAT-{number}",
            registration__number=str(5000 + number),
            dossier__code=f"H60.LOAT-{number:04}",
            deceased__personal_id=f"0990690{number:05}",
            deceased__name=a_name(number),
        )
        for number in range(count)
    ]


def _held(gateway: GatewayProcess) -> int:
    summary = gateway.get("/api/v1/deliveries?destination=national_registry&state=held&limit=500")
    return 0 if summary is None else len(summary["deliveries"])


def _story(gateway: GatewayProcess, replay_id: str) -> dict[str, Any]:
    found = gateway.get(f"{REPLAYS}/{replay_id}")
    assert found is not None, gateway.log_tail()
    return found


def _ledger(gateway: GatewayProcess, replay_id: str) -> list[dict[str, Any]]:
    found = gateway.get(f"{REPLAYS}/{replay_id}/ledger?limit=500")
    assert found is not None
    rows: list[dict[str, Any]] = found["items"]
    return rows


def _move(gateway: GatewayProcess, replay_id: str, move: str) -> dict[str, Any]:
    return gateway.operate("POST", f"{REPLAYS}/{replay_id}/{move}", {"reason": "đã sửa ở hệ thống đích"})


def _all_held(gateway: GatewayProcess, sandbox: Sandbox, count: int) -> list[dict[str, Any]]:
    sandbox.plan(REFUSAL)
    events = _deaths(count)
    gateway.start()
    for event in events:
        assert gateway.post(event) is not None
    wait_for(lambda: _held(gateway) == count, "all records are refused", MANY_SECONDS)
    return events


def _draft(gateway: GatewayProcess) -> str:
    body = {"act": "release", "reason": "bên nhận đã sửa", "selection": SELECTION, "ramp": [1, 10, 100]}
    story = gateway.operate("POST", REPLAYS, body)
    assert story["items"] == story["dry_run"]["allowed"] == HELD
    return str(story["replay_id"])


def test_records_held_by_a_wrong_setting_are_replayed_in_steps_through_errors_and_a_kill(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    events = _all_held(gateway, sandbox, HELD)
    replay_id = _draft(gateway)
    _move(gateway, replay_id, "start")
    stopped = wait_for(
        lambda: story if (story := _story(gateway, replay_id))["state"] == "paused" else None,
        "it stops itself, because the cause is not mended",
        MANY_SECONDS,
    )
    assert (stopped["stopped_because"], stopped["results"]) == ("failures", {"refused.content": 1})
    assert stopped["counts"]["pending"] == HELD - 1
    sandbox.clear_plan()
    _move(gateway, replay_id, "resume")
    wait_for(lambda: _story(gateway, replay_id)["step"] >= 4, "the step of a hundred begins", MANY_SECONDS)
    gateway.kill()
    gateway.start()
    story = wait_for(
        lambda: story if (story := _story(gateway, replay_id))["state"] == "done" else None,
        "another process ends it",
        MANY_SECONDS,
        lambda: (_story(gateway, replay_id), gateway.log_tail()),
    )
    assert (story["counts"]["succeeded"], story["counts"]["failed"]) == (HELD - 1, 1)
    sizes = Counter(row["step"] for row in _ledger(gateway, replay_id))
    assert sizes == {1: 1, 2: 1, 3: 10, 4: 100, 5: HELD - 112}
    assert {row["track"] for row in _ledger(gateway, replay_id)} == {"bulk"}
    (first,) = (row for row in _ledger(gateway, replay_id) if row["state"] == "failed")
    gateway.act(first["delivery_id"], "release")
    wait_for(lambda: _held(gateway) == 0, "the first one follows", DEADLINE_SECONDS)
    gateway.wait_for_state(first["event_id"], "registry_record", "done")
    records = [record["identity"] for record in sandbox.records("national_registry")]
    assert Counter(records) == Counter(record_of(event) for event in events)
    assert sandbox.summary("national_registry")["duplicates"] == 0
