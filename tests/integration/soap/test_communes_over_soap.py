"""The communes' SOAP client against a served gateway: receipts, refusals, what a toolkit will not write."""

import json
from collections.abc import Iterator

import pytest

from simulators.local_registry.client import Credentials, GatewayUnreachable
from simulators.local_registry.soap_client import CannotWrite, SoapGatewayClient
from tests.support.database import sqlite_url
from tests.support.served import NOWHERE, Served, run_command, served, settings_of
from tests.support.submissions import another_birth

pytestmark = pytest.mark.timeout(180)  # the first test of the module starts the gateway


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Credentials]]:
    folder = tmp_path_factory.mktemp("communes")
    settings = settings_of(sqlite_url(folder), SOAP__PASSWORD_KEY="a key of at least thirty-two characters")
    added = run_command(
        "client", "add", "communes", "--authority", "08", "--json", settings=settings, cwd=folder
    )
    assert added.returncode == 0, added.stderr
    made = json.loads(added.stdout)
    with served(settings=settings, cwd=folder) as gateway:
        yield gateway, Credentials(made["client_id"], made["client_secret"], made["soap_password"])


def _content(**changes: object) -> bytes:
    return json.dumps(another_birth(**changes), ensure_ascii=False).encode()


@pytest.mark.parametrize("port", ["RegistrySoap11", "RegistrySoap12"])
def test_the_same_again_is_the_same_answer(office: tuple[Served, Credentials], port: str) -> None:
    gateway, credentials = office
    content = _content()
    with SoapGatewayClient(lambda: gateway.address, credentials, port=port) as client:
        first, second = client.post_event(content), client.post_event(content)
    assert (first.status, first.way, first.tries) == (200, "SOAP", 1)
    assert first.content == second.content
    assert first.body["event_id"]
    assert isinstance(first.body["due_at"], str)


def test_a_refusal_has_the_status_and_the_pointers_of_rest(office: tuple[Served, Credentials]) -> None:
    gateway, credentials = office
    with SoapGatewayClient(lambda: gateway.address, credentials) as client:
        answer = client.post_event(_content(child__sex="nam", copies_requested=-1))
    assert answer.status == 422
    assert {each["pointer"] for each in answer.body["errors"]} == {"/child/sex", "/copies_requested"}


def test_what_the_contract_has_no_place_for_is_not_written(office: tuple[Served, Credentials]) -> None:
    gateway, credentials = office
    with SoapGatewayClient(lambda: gateway.address, credentials) as client:
        for broken in ({"ghi_chu": "x"}, {"child__name": None}, {"event_type": "census"}):
            with pytest.raises(CannotWrite):
                client.post_event(_content(**broken))


def test_a_gateway_that_moved_is_found_again(office: tuple[Served, Credentials]) -> None:
    gateway, credentials = office
    addresses = iter([gateway.address, NOWHERE])
    pauses: list[float] = []
    with SoapGatewayClient(
        lambda: next(addresses, gateway.address), credentials, sleep=pauses.append
    ) as client:
        assert client.post_event(_content()).tries == 1
        assert client.post_event(_content()).tries == 2
    assert len(pauses) == 1


def test_nobody_there_is_said_after_a_while() -> None:
    client = SoapGatewayClient(lambda: NOWHERE, Credentials("a", "b", "c"), give_up_seconds=0.2)
    with client, pytest.raises(GatewayUnreachable):
        client.post_event(_content())
