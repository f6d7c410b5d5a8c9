"""The linked service's side of the adapter against its simulator, over real sockets, with real faults."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from pydantic import SecretStr

from adapters.errors import Busy, OutcomeUnknown, Refused
from adapters.http import HttpSettings
from adapters.one_stop.adapter import build
from adapters.one_stop.linked_service import STATUS
from adapters.one_stop.settings import OneStopSettings
from adapters.port import Absent, Accepted, Adapter, OutboundMessage, RequestId
from tests.support.sandbox import ACCOUNT_NAME, ACCOUNT_SECRET, Sandbox

SYSTEM = "one_stop"
SAMPLES = files("adapters.one_stop") / "contract" / "samples"


def _message(status: str) -> OutboundMessage:
    body = json.loads((SAMPLES / f"{STATUS}.json").read_text("utf-8"))
    return OutboundMessage(RequestId(status), STATUS, {**body, "trangThai": status})


def _ready() -> None:
    """Announce to nobody."""


def _held(sandbox: Sandbox) -> str:
    return "".join(each["body"]["trangThai"] for each in sandbox.records(SYSTEM))


@pytest.fixture
def one_stop(sandbox: Sandbox) -> Iterator[Adapter]:
    http = HttpSettings(sandbox.addresses[SYSTEM], connect_wait_seconds_max=0.01)
    settings = OneStopSettings(http, ACCOUNT_NAME, SecretStr(ACCOUNT_SECRET), agency_code="000.00.00.H08")
    adapter = build(settings, lambda: datetime.now(UTC))
    yield adapter
    adapter.close()


def test_the_states_are_held_in_their_order(sandbox: Sandbox, one_stop: Adapter) -> None:
    for status in "13745":
        assert one_stop.send(_message(status), _ready).pending is (status == "4")
        assert isinstance(one_stop.ask(_message(status)), Accepted)
    assert _held(sandbox) == "13745"


def test_a_state_too_early_is_not_applied(sandbox: Sandbox, one_stop: Adapter) -> None:
    one_stop.send(_message("1"), _ready)
    with pytest.raises(Busy):
        one_stop.send(_message("7"), _ready)
    assert isinstance(one_stop.ask(_message("7")), Absent)
    assert _held(sandbox) == "1"


@pytest.mark.parametrize("committed", [True, False])
def test_a_lost_answer_is_settled_by_asking(sandbox: Sandbox, one_stop: Adapter, committed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    fault = {"kind": "answer_lost"} if committed else {"kind": "server_error", "status": 500}
    sandbox.plan({"system": SYSTEM, "operation": STATUS, **fault})
    with pytest.raises(OutcomeUnknown):
        one_stop.send(_message("1"), _ready)
    assert isinstance(one_stop.ask(_message("1")), Accepted if committed else Absent)


def test_a_refused_state_is_refused(sandbox: Sandbox, one_stop: Adapter) -> None:
    sandbox.plan({"system": SYSTEM, "operation": STATUS, "kind": "refusal"})
    with pytest.raises(Refused):
        one_stop.send(_message("1"), _ready)


def test_an_expired_token_is_renewed_unnoticed(sandbox: Sandbox, one_stop: Adapter) -> None:
    one_stop.send(_message("1"), _ready)
    sandbox.plan({"system": SYSTEM, "operation": STATUS, "kind": "expired_token"})
    assert not one_stop.send(_message("3"), _ready).already_there
    assert _held(sandbox) == "13"
