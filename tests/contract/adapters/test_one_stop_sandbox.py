"""The one-stop adapter against the simulated one-stop system, over real sockets, with real faults."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from pydantic import SecretStr

from adapters.errors import Busy, NotAuthorized, NotSent, OutcomeUnknown, Refused
from adapters.http import HttpSettings
from adapters.one_stop.adapter import build
from adapters.one_stop.settings import OneStopSettings
from adapters.port import Absent, Accepted, Adapter, OutboundMessage, RequestId, Stage
from tests.support.sandbox import ACCOUNT_NAME, ACCOUNT_SECRET, Sandbox

SYSTEM = "one_stop"
DOSSIER, STEP = "DongBoHoSoMC", "CapNhatTienDoHoSoMC"
SAMPLES = files("adapters.one_stop") / "contract" / "samples"


class Announced:
    """Counts announcements."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def _build(sandbox: Sandbox, secret: str = ACCOUNT_SECRET) -> Adapter:
    http = HttpSettings(sandbox.addresses[SYSTEM], connect_wait_seconds_max=0.01)
    settings = OneStopSettings(http, ACCOUNT_NAME, SecretStr(secret), agency_code="000.00.00.H08")
    return build(settings, lambda: datetime.now(UTC))


def _message(operation: str, **changed: str) -> OutboundMessage:
    item = json.loads((SAMPLES / f"{operation}.json").read_text("utf-8"))["data"][0]
    return OutboundMessage(RequestId(operation), operation, {**item, **changed})


def _fault(kind: str, operation: str = STEP, **more: object) -> dict[str, object]:
    return {"system": SYSTEM, "kind": kind, "operation": operation, **more}


@pytest.fixture
def one_stop(sandbox: Sandbox) -> Iterator[Adapter]:
    adapter = _build(sandbox)
    yield adapter
    adapter.close()


@pytest.fixture
def announced() -> Announced:
    return Announced()


def test_a_dossier_and_its_step_are_held_once(
    sandbox: Sandbox, one_stop: Adapter, announced: Announced
) -> None:
    assert not one_stop.send(_message(DOSSIER), announced).already_there
    assert not one_stop.send(_message(STEP), announced).already_there
    assert isinstance(one_stop.ask(_message(DOSSIER)), Accepted)
    assert isinstance(one_stop.ask(_message(STEP)), Accepted)
    (news,) = one_stop.fetch([_message(STEP)])
    assert (news.stage, news.partner_code, announced.count) == (Stage.COMPLETED, "9", 2)
    assert (sandbox.summary(SYSTEM)["held"], sandbox.summary(SYSTEM)["duplicates"]) == (2, 0)


def test_a_repeated_dossier_becomes_an_update_in_the_same_attempt(
    sandbox: Sandbox, one_stop: Adapter, announced: Announced
) -> None:
    one_stop.send(_message(DOSSIER), announced)
    changed = _message(DOSSIER, ChuHoSo="TRẦN VĂN GIẢ")
    assert one_stop.send(changed, announced).already_there
    assert announced.count == 2
    assert any(record["body"]["ChuHoSo"] == "TRẦN VĂN GIẢ" for record in sandbox.records(SYSTEM))


@pytest.mark.parametrize("operation", [DOSSIER, STEP])
def test_a_lost_answer_is_unknown_and_asking_settles_it(
    sandbox: Sandbox, one_stop: Adapter, announced: Announced, operation: str
) -> None:
    if operation == STEP:
        one_stop.send(_message(DOSSIER), announced)
    sandbox.plan(_fault("answer_lost", operation))
    with pytest.raises(OutcomeUnknown):
        one_stop.send(_message(operation), announced)
    assert isinstance(one_stop.ask(_message(operation)), Accepted)
    assert sandbox.summary(SYSTEM)["duplicates"] == 0


@pytest.mark.parametrize("form", ["garbage", "html", "wrong_shape", "empty"])
def test_a_wrong_answer_after_the_commit_is_unknown_and_asking_settles_it(
    sandbox: Sandbox, one_stop: Adapter, announced: Announced, form: str
) -> None:
    one_stop.send(_message(DOSSIER), announced)
    sandbox.plan(_fault("wrong_answer", form=form, committed=True))
    with pytest.raises(OutcomeUnknown):
        one_stop.send(_message(STEP), announced)
    assert isinstance(one_stop.ask(_message(STEP)), Accepted)


def test_a_server_error_is_unknown_and_asking_finds_nothing(
    sandbox: Sandbox, one_stop: Adapter, announced: Announced
) -> None:
    one_stop.send(_message(DOSSIER), announced)
    sandbox.plan(_fault("server_error", status=500))
    with pytest.raises(OutcomeUnknown):
        one_stop.send(_message(STEP), announced)
    assert isinstance(one_stop.ask(_message(STEP)), Absent)


def test_unavailable_is_busy(sandbox: Sandbox, one_stop: Adapter, announced: Announced) -> None:
    sandbox.plan(_fault("outage", operation="", form="unavailable", to_seconds=3600))
    with pytest.raises(Busy):
        one_stop.send(_message(DOSSIER), announced)
    assert announced.count == 0


def test_a_refused_connection_sends_and_announces_nothing(
    sandbox: Sandbox, one_stop: Adapter, announced: Announced
) -> None:
    one_stop.ask(_message(DOSSIER))
    sandbox.plan(_fault("connection_refused", operation="", to_seconds=3600))
    with pytest.raises(NotSent):
        one_stop.send(_message(DOSSIER), announced)
    assert announced.count == 0
    assert sandbox.records(SYSTEM) == []


def test_a_step_of_a_dossier_that_is_not_there_is_refused_and_not_done(
    one_stop: Adapter, announced: Announced
) -> None:
    with pytest.raises(Refused) as caught:
        one_stop.send(_message(STEP), announced)
    assert "không tồn tại" in caught.value.faults[0].text
    assert isinstance(one_stop.ask(_message(STEP)), Absent)
    assert one_stop.fetch([_message(STEP)]) == []


def test_a_planted_refusal_is_refused(sandbox: Sandbox, one_stop: Adapter, announced: Announced) -> None:
    one_stop.send(_message(DOSSIER), announced)
    sandbox.plan(_fault("refusal"))
    with pytest.raises(Refused):
        one_stop.send(_message(STEP), announced)


def test_an_expired_session_is_renewed_unnoticed(
    sandbox: Sandbox, one_stop: Adapter, announced: Announced
) -> None:
    one_stop.send(_message(DOSSIER), announced)
    sandbox.plan(_fault("expired_token"))
    assert not one_stop.send(_message(STEP), announced).already_there
    assert announced.count == 2
    assert [each["kind"] for each in sandbox.planted(SYSTEM)] == ["expired_token"]


def test_a_wrong_password_is_not_authorised(sandbox: Sandbox, announced: Announced) -> None:
    adapter = _build(sandbox, secret="not-the-secret")
    with pytest.raises(NotAuthorized):
        adapter.send(_message(DOSSIER), announced)
    assert announced.count == 0
    adapter.close()
