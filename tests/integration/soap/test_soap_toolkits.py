"""Toolkits that know nothing but the WSDL, over real sockets: a receipt, a journey, five faults."""

import base64
import itertools
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import zeep
from zeep.wsse.username import UsernameToken

from mappings.canonical import EVENT_TYPES, sample_event
from tests.support import toolkits
from tests.support.database import sqlite_url
from tests.support.events import a_name
from tests.support.served import Served, run_command, served, settings_of

KEY = "a key of at least thirty-two characters"
FIVE = {
    "/registration/authority_code": "authority_unknown",
    "/child/sex": "not_in_list",
    "/child/nationality": "wrong_format",
    "/mother/personal_id": "wrong_format",
    "/copies_requested": "number_too_small",
}
FIVE_OF_TYPED = {**FIVE, "/registration/volume": "wrong_format"}
del FIVE_OF_TYPED["/child/sex"]  # a typed language has no word for a value that is not in the list

pytestmark = pytest.mark.timeout(240)  # the first test of the module starts the gateway, one compiles
_numbers = itertools.count(100)


@dataclass(frozen=True, slots=True)
class Desk:
    """A served gateway and somebody who may call it."""

    gateway: Served
    client_id: str
    client_secret: str
    soap_password: str

    @property
    def address(self) -> str:
        return f"{self.gateway.address}/soap/registry"

    @property
    def wsdl(self) -> str:
        return f"{self.address}?wsdl"

    def zeep(self, port: str = "RegistrySoap11", *, is_digest: bool = True) -> Any:  # noqa: ANN401 - made by zeep while running
        password = self.soap_password if is_digest else self.client_secret
        token = UsernameToken(self.client_id, password, use_digest=is_digest)  # type: ignore[no-untyped-call]  # zeep is not annotated
        return zeep.Client(self.wsdl, port_name=port, wsse=token)  # type: ignore[no-untyped-call]  # zeep is not annotated

    def arguments(self) -> tuple[str, ...]:
        """What the examples take."""
        return self.wsdl, self.client_id, self.soap_password, str(next(_numbers))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("soap")
    settings = settings_of(sqlite_url(folder), SOAP__PASSWORD_KEY=KEY)
    roles = ("--role", "sender", "--role", "consumer", "--authority", "08", "--authority", "MLA01")
    added = run_command("client", "add", "toolkits", *roles, "--json", settings=settings, cwd=folder)
    assert added.returncode == 0, added.stderr
    client = json.loads(added.stdout)
    with served(settings=settings, cwd=folder) as gateway:
        yield Desk(gateway, client["client_id"], client["client_secret"], client["soap_password"])


def _told(output: str) -> dict[str, list[list[str]]]:
    """Lines by their first word."""
    told: dict[str, list[list[str]]] = {}
    for line in output.splitlines():
        word, *rest = line.split(" ", 3)
        told.setdefault(word, []).append(rest)
    return told


def _check(output: str, five: dict[str, str]) -> None:
    """What each example must print, whatever its language."""
    told = _told(output)
    assert len(told["event_id"][0][0]) == 36
    assert told["due_at"]
    assert {destination for destination, *_ in told["delivery"]} == {"population_db", "national_registry"}
    assert told["refused"] == [["invalid_message"]]
    assert {pointer: code for pointer, code, _ in told["fault"]} == five
    assert all(message.strip() for *_, message in told["fault"])


def _with_bytes(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """As a toolkit's caller has it: files are bytes."""
    if isinstance(value, dict):
        return {key: _with_bytes(each, key) for key, each in value.items() if each != []}
    if isinstance(value, list):
        return [_with_bytes(each) for each in value]
    return base64.b64decode(value) if name.endswith("_base64") else value


@pytest.mark.parametrize("port", ["RegistrySoap11", "RegistrySoap12"])
def test_zeep_registers_every_type_over_both_versions(desk: Desk, port: str) -> None:
    client = desk.zeep(port)
    for event_type, model in EVENT_TYPES.items():
        register = client.service[f"Register{model.__name__}"]
        sample = sample_event(event_type)
        receipt = register(**{event_type: _with_bytes(sample)})
        again = desk.zeep("RegistrySoap11").service.FindEvents(source_event_id=sample["source_event_id"])
        assert [each.event_id for each in again] == [receipt.event_id], event_type


def test_the_python_example_does_what_it_says(desk: Desk) -> None:
    _check(toolkits.run(sys.executable, toolkits.EXAMPLES / "register_birth.py", *desk.arguments()), FIVE)


@pytest.mark.skipif(toolkits.php() is None, reason="PHP with SoapClient is not here: run tools/toolkits")
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_php_registers_a_birth_from_the_wsdl_alone(desk: Desk, version: str) -> None:
    program = (str(toolkits.php()), toolkits.EXAMPLES / "register_birth.php")
    _check(toolkits.run(*program, *desk.arguments(), environment={"SOAP_VERSION": version}), FIVE)


@pytest.mark.skipif(toolkits.node() is None, reason="node-soap is not here: run tools/toolkits")
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_node_registers_a_birth_from_the_wsdl_alone(desk: Desk, version: str) -> None:
    program = (str(toolkits.node()), toolkits.EXAMPLES / "register_birth.cjs")
    _check(toolkits.run(*program, *desk.arguments(), environment={"SOAP_VERSION": version}), FIVE)


@pytest.mark.skipif(toolkits.gsoap() is None, reason="gSOAP is not here: run tools/toolkits")
@pytest.mark.parametrize("asked", ["?wsdl", "?wsdl=1.1"], ids=["SOAP 1.2", "SOAP 1.1"])
def test_c_registers_a_birth_from_the_wsdl_alone(desk: Desk, asked: str, tmp_path: Path) -> None:
    program = toolkits.build_with_gsoap(str(toolkits.gsoap()), desk.address + asked, tmp_path)
    token = desk.gateway.token(desk.client_id, desk.client_secret)
    _check(toolkits.run(program, desk.address, token, str(next(_numbers))), FIVE_OF_TYPED)


@pytest.mark.skipif(toolkits.jaxws() is None, reason="JAX-WS is not here: run tools/toolkits")
def test_java_registers_a_birth_from_the_wsdl_alone(desk: Desk, tmp_path: Path) -> None:
    class_path = str(toolkits.jaxws())
    toolkits.build_with_jaxws(class_path, desk.wsdl, tmp_path)
    token = desk.gateway.token(desk.client_id, desk.client_secret)
    program = ("java", "-Dfile.encoding=UTF-8", "-cp", f".:{class_path}", "RegisterBirth")
    _check(toolkits.run(*program, desk.wsdl, token, str(next(_numbers)), cwd=tmp_path), FIVE_OF_TYPED)


@pytest.mark.skipif(toolkits.mono() is None, reason="Mono's web services are not here: run tools/toolkits")
def test_dot_net_classes_register_a_birth_from_the_wsdl_alone(desk: Desk, tmp_path: Path) -> None:
    program = toolkits.build_with_mono(str(toolkits.mono()), f"{desk.address}?wsdl=1.1", tmp_path)
    token = desk.gateway.token(desk.client_id, desk.client_secret)
    _check(toolkits.run("mono", program, desk.address, token, str(next(_numbers))), FIVE_OF_TYPED)


def test_zeep_hands_in_many_and_follows_the_feed(desk: Desk) -> None:
    client = desk.zeep("RegistrySoap12", is_digest=False)
    good = sample_event("birth") | {"source_event_id": "many", "dossier": None, "attachments": []}
    good["registration"] |= {"number": "4711"}
    good["child"] |= {"name": a_name(4711)}
    good["mother"] |= {"personal_id": "099197004711"}
    good["father"] |= {"personal_id": "099094004711"}
    items = [{"birth": good}, {"birth": {**good, "copies_requested": -1}}]
    results = client.service.RegisterMany(event=items)
    assert [each.outcome for each in results] == ["accepted", "refused"]
    assert [each.code for each in results[1].problem.errors] == ["number_too_small"]
    page = client.service.FetchChanges(limit=500)
    assert results[0].receipt.event_id in {each.event_id for each in page.change}


def test_a_nonce_sent_twice_is_refused(desk: Desk) -> None:
    client = desk.zeep()
    client.wsse.nonce = "the same nonce each time"
    client.service.FindEvents(source_event_id="x")
    with pytest.raises(zeep.exceptions.Fault) as refused:
        client.service.FindEvents(source_event_id="x")
    assert refused.value.code == "wsse:FailedAuthentication"
    problem = client.wsdl.types.deserialize(refused.value.detail[0])
    assert problem.code == "soap_nonce_replayed"
