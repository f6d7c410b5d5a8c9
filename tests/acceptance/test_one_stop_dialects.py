"""From an old client through the façade to the registry and back: real processes, real sockets."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from pydantic import SecretStr

from adapters.http import HttpSettings
from adapters.national_registry.adapter import build
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.port import Adapter, News, OutboundMessage, RequestId, Stage
from mappings.canonical import parse_event
from mappings.catalog import TranslatedMessage, TranslationContext, load_catalog
from tests.support.events import a_name
from tests.support.families import another_birth
from tests.support.gateway_process import GatewayProcess
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for

REGISTRY = "national_registry"


@pytest.fixture
def client(gateway: GatewayProcess) -> Iterator[Adapter]:
    """Software that speaks to the registry, pointed at the gateway instead."""
    gateway.start()
    assert gateway.client is not None
    client_id, secret = gateway.client
    http = HttpSettings(gateway.address, connect_wait_seconds_max=0.1)
    adapter = build(NationalRegistrySettings(http, client_id, SecretStr(secret)), lambda: datetime.now(UTC))
    yield adapter
    adapter.close()


def _message(generation: str, number: int) -> OutboundMessage:
    event = parse_event(another_birth(number))
    context = TranslationContext("GW-client", {}, event.registration.registered_at)
    made = load_catalog().translate_in(generation, event, REGISTRY, "record", context)
    assert isinstance(made, TranslatedMessage)
    return OutboundMessage(RequestId("GW-client"), made.operation, made.body, made.routing)


def _announce() -> None:
    """Nobody listens."""


def _finished(client: Adapter, message: OutboundMessage) -> News | None:
    found = [each for each in client.fetch([message]) if each.stage is Stage.COMPLETED]
    return found[0] if found else None


@pytest.mark.parametrize(("generation", "number"), [("1", 81), ("2", 82)])
def test_a_dossier_pushed_to_the_facade_reaches_the_registry_and_its_result_comes_back(
    gateway: GatewayProcess, client: Adapter, sandbox: Sandbox, generation: str, number: int
) -> None:
    message = _message(generation, number)
    assert client.send(message, _announce).pending
    news = wait_for(lambda: _finished(client, message), "the registry finishes")
    assert news.facts["registration_number"] == str(number)
    assert news.facts["personal_id"].startswith("099")
    records = [each for each in sandbox.records(REGISTRY) if each["operation"] == "nhanHoSoDKHT"]
    (held,) = [each["body"] for each in records if each["body"]["module"] == "KS"]
    told, sent = _record_of(held), dict(message.body["data"])  # type: ignore[arg-type]  # an object
    assert told.pop("nksSoDDCN") == news.facts["personal_id"]
    if generation == "2":
        assert told == sent
    else:  # generation 1 says places in words, of which the gateway has found the codes, and no copies
        words = {name: value for name, value in told.items() if isinstance(value, str)}
        assert words.pop("soLuongBanSao") == "0"
        assert words.items() <= sent.items()
        assert told["nksNoiSinh"]["maXa"] == sent["nksNoiSinhDVHC"]
    assert str(sent["nksHoTen"]) not in gateway.log.read_text("utf-8")


def _record_of(body: dict[str, Any]) -> dict[str, Any]:
    data = body["data"]
    found: dict[str, Any] = json.loads(data) if isinstance(data, str) else dict(data)
    return found


_ENTRY_FIELDS: Final = ("so", "quyenSo", "trangSo", "ngayDangKy", "loaiDangKy")


def _before_registration(generation: str, number: int) -> OutboundMessage:
    """The same dossier as it is pushed before it stands in a book, without a number for the child."""
    message = _message(generation, number)
    sent = dict(message.body["data"])  # type: ignore[arg-type]  # an object
    record = {name: value for name, value in sent.items() if name not in {*_ENTRY_FIELDS, "nksSoDDCN"}}
    return replace(message, body={**message.body, "data": record})


@pytest.mark.parametrize(("generation", "number"), [("1", 83), ("2", 84)])
def test_a_dossier_before_its_registration_comes_back_as_an_entry_and_becomes_one_event(
    gateway: GatewayProcess, client: Adapter, sandbox: Sandbox, generation: str, number: int
) -> None:
    message = _before_registration(generation, number)
    assert client.send(message, _announce).pending
    news = wait_for(lambda: _finished(client, message), "the registry registers it")
    told = news.facts
    assert told["registration_number"].isdigit()
    assert told["personal_id"].startswith("099")
    source = f"KS/{another_birth(number)['dossier']['code']}"
    (journey,) = wait_for(lambda: _journeys(gateway, source), "the event is made of it")
    assert journey["declaration"]["state"] == "registered"
    assert journey["declaration"]["registered_event_id"] == journey["event_id"]
    wait_for(lambda: all(each["is_complete"] for each in _journeys(gateway, source)), "everybody has it")
    pushes = [each for each in sandbox.records(REGISTRY) if each["operation"] == "nhanHoSoDKHT"]
    named = [(each, _record_of(each["body"])) for each in pushes]
    (record,) = [found for _, found in named if found.get("nksHoTen") == a_name(number)["full"].upper()]
    assert not set(_ENTRY_FIELDS[:4]) & record.keys()


def _journeys(gateway: GatewayProcess, source: str) -> list[dict[str, Any]]:
    found = gateway.get(f"/api/v1/events?source_event_id={source}") or {}
    return list(found.get("events", []))
