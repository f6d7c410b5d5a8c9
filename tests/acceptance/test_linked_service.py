"""A birth of the linked service from the post to the hand-over at the desk, over real sockets."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import httpx

from tests.support.families import another_birth
from tests.support.gateway_process import GatewayProcess
from tests.support.sandbox import ACCOUNT_NAME, ACCOUNT_SECRET, Sandbox
from tests.support.waiting import wait_for

STATUS, STEP = "capNhatTrangThaiHoSoDVCLTHoTich", "CapNhatTienDoHoSoMC"
LINKED_CODE = "G22.99.01-261116-0001"
HANDED_OVER = "10"


def _states(sandbox: Sandbox) -> list[str]:
    return [each["body"]["trangThai"] for each in sandbox.records("one_stop") if each["operation"] == STATUS]


def _hand_over(sandbox: Sandbox, dossier_code: str) -> None:
    """What the desk itself reports when the citizen has the paper."""
    base = sandbox.addresses["one_stop"]
    account = {"username": ACCOUNT_NAME, "password": ACCOUNT_SECRET}
    session = httpx.post(f"{base}/api/login", json=account, trust_env=False).json()["session"]
    sample = files("adapters.one_stop") / "contract" / "samples" / f"{STEP}.json"
    body: dict[str, Any] = json.loads(sample.read_text("utf-8"))
    moment = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
    step = {**body["data"][0], "MaHoSo": dossier_code, "TrangThai": HANDED_OVER, "ThoiDiemXuLy": moment}
    answer = httpx.post(
        f"{base}/api/{STEP}", json={**body, "session": session, "data": [step]}, trust_env=False
    )
    assert answer.json()["error_code"] == "00", answer.text


def test_the_linked_service_hears_each_state_once_and_in_order_although_answers_are_lost(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    sandbox.plan({"system": "one_stop", "operation": STATUS, "kind": "answer_lost"})
    birth = another_birth(71)
    birth["dossier"]["linked_code"] = LINKED_CODE
    gateway.start()
    receipt = gateway.post(birth)
    assert receipt is not None
    event_id = receipt["event_id"]
    gateway.wait_until_complete(event_id, "linked_status.completed")
    assert _states(sandbox) == list("1374")
    assert sandbox.planted("one_stop")
    _hand_over(sandbox, birth["dossier"]["code"])
    gateway.wait_until_complete(event_id, "linked_status.handed_over")
    assert _states(sandbox) == list("13745")
    assert sandbox.summary("one_stop")["refused"] == 0
    assert wait_for(lambda: gateway.journey(event_id)["is_complete"], "the journey ends", 10)
