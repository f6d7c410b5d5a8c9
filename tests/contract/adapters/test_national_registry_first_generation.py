"""Generation 1 of the registry's adapter against the simulated registry, over real sockets."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from adapters.errors import Busy, NotSent, OutcomeUnknown, Refused
from adapters.http import HttpSettings
from adapters.national_registry.adapter import build
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.port import Absent, Accepted, Adapter, Stage
from tests.support.first_generation import first_message
from tests.support.sandbox import ACCOUNT_NAME, ACCOUNT_SECRET, Sandbox

SYSTEM = "national_registry"
PUSH = "dangKyHoTich"


def _fault(kind: str, operation: str = PUSH, **more: object) -> dict[str, object]:
    return {"system": SYSTEM, "kind": kind, "operation": operation, **more}


def _announce() -> None:
    """Nobody listens."""


@pytest.fixture
def registry(sandbox: Sandbox) -> Iterator[Adapter]:
    http = HttpSettings(sandbox.addresses[SYSTEM], connect_wait_seconds_max=0.01)
    settings = NationalRegistrySettings(http, ACCOUNT_NAME, SecretStr(ACCOUNT_SECRET))
    adapter = build(settings, lambda: datetime.now(UTC))
    yield adapter
    adapter.close()


@pytest.mark.parametrize("module", ["KS", "KT", "KH", "CMC", "HN", "TDCC"])
def test_a_dossier_is_held_once_and_its_result_comes_back(
    sandbox: Sandbox, registry: Adapter, module: str
) -> None:
    message = first_message(module=module)
    accepted = registry.send(message, _announce)
    (news,) = registry.fetch([message])
    assert (accepted.pending, accepted.already_there) == (True, False)
    assert news.stage is Stage.COMPLETED
    assert sandbox.summary(SYSTEM)["held"] == 1


def test_a_repeated_push_is_already_there(sandbox: Sandbox, registry: Adapter) -> None:
    registry.send(first_message(), _announce)
    assert registry.send(first_message(), _announce).already_there
    assert (sandbox.summary(SYSTEM)["held"], sandbox.summary(SYSTEM)["repeats_absorbed"]) == (1, 1)


def test_a_lost_answer_is_unknown_and_asking_settles_it(sandbox: Sandbox, registry: Adapter) -> None:
    sandbox.plan(_fault("answer_lost"))
    with pytest.raises(OutcomeUnknown):
        registry.send(first_message(), _announce)
    assert isinstance(registry.ask(first_message()), Accepted)
    assert isinstance(registry.ask(first_message("H08.129-250612-0099")), Absent)


@pytest.mark.parametrize("name", ["LÊ & <THỬ>", "H'HEN NIÊ", "ĐẶNG THỊ ƯỜNG"])
def test_any_name_arrives_as_it_was_sent(sandbox: Sandbox, registry: Adapter, name: str) -> None:
    registry.send(first_message(nksHoTen=name), _announce)
    (record,) = sandbox.records(SYSTEM)
    assert record["body"]["data"]["nksHoTen"] == name


def test_a_refusal_names_its_fields(sandbox: Sandbox, registry: Adapter) -> None:
    with pytest.raises(Refused) as caught:
        registry.send(first_message(nksGioiTinh="7", meLoaiCuTru="9"), _announce)
    assert {fault.field for fault in caught.value.faults} == {"nksGioiTinh", "meLoaiCuTru"}
    assert sandbox.records(SYSTEM) == []


def test_an_expired_token_is_renewed_unnoticed(sandbox: Sandbox, registry: Adapter) -> None:
    sandbox.plan(_fault("expired_token"))
    registry.send(first_message(), _announce)
    assert [each["kind"] for each in sandbox.planted(SYSTEM)] == ["expired_token"]
    assert sandbox.summary(SYSTEM)["held"] == 1


def test_unavailable_says_when_to_come_back(sandbox: Sandbox, registry: Adapter) -> None:
    sandbox.plan(_fault("server_error", status=503, retry_after_seconds=7))
    with pytest.raises(Busy) as caught:
        registry.send(first_message(), _announce)
    assert caught.value.retry_after_seconds == 7


def test_a_refused_connection_sends_nothing(sandbox: Sandbox, registry: Adapter) -> None:
    sandbox.plan(_fault("connection_refused", operation="", to_seconds=3600))
    with pytest.raises(NotSent):
        registry.send(first_message(), _announce)
    assert sandbox.records(SYSTEM) == []
