"""Our own adapter pointed at our own façade, over a real socket: it cannot tell it from the registry."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from adapters.errors import NotAuthorized, Refused
from adapters.http import HttpSettings
from adapters.national_registry.adapter import build
from adapters.national_registry.code_lists import CodeListKind
from adapters.national_registry.code_lists import build as build_code_lists
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.port import Absent, Accepted, Adapter, OutboundMessage, RequestId, Stage
from gateway.api.dialects.xml_record import read_record
from tests.support.database import sqlite_url
from tests.support.dialects import golden, golden_cases, listening, registry_finished
from tests.support.edge_desk import Badge, EdgeDesk, opened_edge

NAMES = {
    "1": ("birth.record", "death.record", "civil_status_change.record", "guardianship_start.record"),
    "2": (
        "birth.record",
        "birth_with_recognition_linked.record_birth",
        "death.record",
        "marriage.record",
        "court_decision.record",
        "extract_copy.record",
        "guardianship_start.record",
        "foreign_divorce_note.record",
    ),
}
CASES = [pytest.param(each, name, id=f"{each}-{name}") for each, names in NAMES.items() for name in names]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EdgeDesk]:
    with opened_edge(sqlite_url(tmp_path)) as opened:
        yield opened


@pytest.fixture
def address(desk: EdgeDesk) -> Iterator[str]:
    with listening(desk.gateway.app) as base_url:
        yield base_url


def _settings(address: str, badge: Badge) -> NationalRegistrySettings:
    return NationalRegistrySettings(
        HttpSettings(address, connect_wait_seconds_max=0.01), badge.client_id, SecretStr(badge.client_secret)
    )


@pytest.fixture
def registry(desk: EdgeDesk, address: str) -> Iterator[Adapter]:
    adapter = build(_settings(address, desk.badge()), desk.clock)
    yield adapter
    adapter.close()


def _message(desk: EdgeDesk, generation: str, name: str) -> OutboundMessage:
    """As our own mapping makes it; the clock is then half an hour after the registration."""
    path = next(each for each in golden_cases(generation) if each.stem == name)
    body, _, arrived_at = golden(path)
    desk.clock.now = max(desk.clock.now, arrived_at)
    told = json.loads(path.read_text("utf-8"))
    record: Mapping[str, Any] = read_record(body["data"]) if generation == "1" else body["data"]
    return OutboundMessage(
        request_id=RequestId(f"GW-{name}"),
        operation=told["operation"],
        body={**body, "data": record},
        routing=told.get("routing", {}),
    )


def _announce() -> None:
    """Nobody listens."""


@pytest.mark.parametrize(("generation", "name"), CASES)
def test_a_dossier_is_delivered_found_and_its_result_collected(
    desk: EdgeDesk, registry: Adapter, generation: str, name: str
) -> None:
    message = _message(desk, generation, name)
    assert isinstance(registry.ask(message), Absent)
    accepted = registry.send(message, _announce)
    assert (accepted.pending, accepted.already_there) == (True, False)
    assert isinstance(registry.ask(message), Accepted)
    (waiting,) = registry.fetch([message])
    assert waiting.stage is Stage.RECEIVED
    receipt = _receipt(desk, message)
    registry_finished(desk, receipt, child="099226000003")
    (news,) = registry.fetch([message])
    assert news.stage is Stage.COMPLETED
    so = message.body["data"].get("so")  # type: ignore[union-attr]  # an object, see above
    assert news.facts.get("registration_number") == so


def _receipt(desk: EdgeDesk, message: OutboundMessage) -> dict[str, Any]:
    code = message.body.get("maHoSoMCDT") or message.body["maHoSo"]
    number = f"{message.body['module']}/{code}"
    events = desk.call("GET", f"/api/v1/events?source_event_id={number}", desk.badge()).json()["events"]
    (event,) = events
    found: dict[str, Any] = event
    return found


@pytest.mark.parametrize("generation", ["1", "2"])
def test_a_dossier_delivered_twice_is_there_once(desk: EdgeDesk, registry: Adapter, generation: str) -> None:
    message = _message(desk, generation, "death.record")
    registry.send(message, _announce)
    again = registry.send(message, _announce)
    assert again.already_there is (generation == "2")
    _receipt(desk, message)


@pytest.mark.parametrize("generation", ["1", "2"])
def test_the_adapter_reads_which_field_is_at_fault(
    desk: EdgeDesk, registry: Adapter, generation: str
) -> None:
    message = _message(desk, generation, "death.record")
    record = {**message.body["data"], "nktGioiTinh": "9", "nktNgayChet": "31.02.2026"}  # type: ignore[dict-item]  # an object
    broken = OutboundMessage(
        message.request_id, message.operation, {**message.body, "data": record}, message.routing
    )
    with pytest.raises(Refused) as refused:
        registry.send(broken, _announce)
    assert {fault.field for fault in refused.value.faults} == {"nktGioiTinh", "nktNgayChet"}


def test_wrong_credentials_are_told_as_such(desk: EdgeDesk, address: str) -> None:
    badge = desk.badge()
    wrong = Badge(badge.client_id, "another-secret", badge.token)
    adapter = build(_settings(address, wrong), desk.clock)
    with pytest.raises(NotAuthorized):
        adapter.send(_message(desk, "2", "death.record"), _announce)
    adapter.close()


@pytest.mark.parametrize("kind", list(CodeListKind))
def test_the_adapter_fetches_every_code_list(desk: EdgeDesk, address: str, kind: CodeListKind) -> None:
    lists = build_code_lists(_settings(address, desk.badge()), desk.clock)
    assert len(lists.fetch(kind)) > 5
    lists.close()


def test_a_plain_client_over_the_socket_gets_the_contracts_shape(desk: EdgeDesk, address: str) -> None:
    """As those programs do it: one HTTP call, their headers, a body that is not JSON."""
    answer = httpx.post(
        f"{address}/apiHoTichTuPhap/dangKyHoTich",
        content="<hotich/>",
        headers={**desk.badge().header, "content-type": "application/json"},
        trust_env=False,
    )
    assert (answer.status_code, answer.json()["status"], answer.json()["errorCode"]) == (200, 0, 500)
