from collections.abc import Callable

import httpx
import pytest
import respx

from simulators.local_registry.client import Credentials, GatewayClient, GatewayUnreachable

ADDRESS = "http://127.0.0.1:8080"
EVENTS = f"{ADDRESS}/api/v1/events"
TOKEN = {"access_token": "t-1", "token_type": "Bearer", "expires_in": 3600}


def _client(
    find_address: Callable[[], str] = lambda: ADDRESS, pauses: list[float] | None = None
) -> GatewayClient:
    heard = [] if pauses is None else pauses
    return GatewayClient(
        find_address, Credentials("commune", "secret"), give_up_seconds=5, sleep=heard.append
    )


@respx.mock
def test_a_token_is_fetched_once_and_used_for_every_message() -> None:
    tokens = respx.post(f"{ADDRESS}/oauth/token").respond(200, json=TOKEN)
    posts = respx.post(EVENTS).respond(202, json={"event_id": "e-1"})
    with _client() as client:
        answers = [client.post_event(b"{}") for _ in range(2)]
    assert [answer.status for answer in answers] == [202, 202]
    assert tokens.call_count == 1
    assert {call.request.headers["Authorization"] for call in posts.calls} == {"Bearer t-1"}


@respx.mock
def test_later_is_obeyed_with_the_same_content() -> None:
    respx.post(f"{ADDRESS}/oauth/token").respond(200, json=TOKEN)
    posts = respx.post(EVENTS)
    posts.side_effect = [
        httpx.Response(429, headers={"Retry-After": "3"}),
        httpx.Response(503),
        httpx.Response(202, json={}),
    ]
    pauses: list[float] = []
    with _client(pauses=pauses) as client:
        answer = client.post_event(b'{"a":1}')
    assert (answer.status, answer.tries) == (202, 3)
    assert pauses[0] == 3
    assert {call.request.content for call in posts.calls} == {b'{"a":1}'}


@respx.mock
def test_a_broken_connection_is_tried_again_at_the_new_address() -> None:
    moved = "http://127.0.0.1:9999"
    addresses = iter([ADDRESS, ADDRESS])
    for base in (ADDRESS, moved):
        respx.post(f"{base}/oauth/token").respond(200, json=TOKEN)
    respx.post(EVENTS).mock(side_effect=httpx.ConnectError("refused"))
    second = respx.post(f"{moved}/api/v1/events").respond(200, json={})
    with _client(lambda: next(addresses, moved)) as client:
        assert client.post_event(b"{}").status == 200
    assert second.call_count == 1


@respx.mock
def test_an_expired_token_is_renewed() -> None:
    tokens = respx.post(f"{ADDRESS}/oauth/token").respond(200, json=TOKEN)
    respx.post(EVENTS).mock(side_effect=[httpx.Response(401), httpx.Response(202, json={})])
    with _client() as client:
        assert client.post_event(b"{}").status == 202
    assert tokens.call_count == 2


@respx.mock
@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_a_refusal_is_final(status: int) -> None:
    respx.post(f"{ADDRESS}/oauth/token").respond(200, json=TOKEN)
    posts = respx.post(EVENTS).respond(status, json={"code": "x"})
    with _client() as client:
        assert client.post_event(b"{}").status == status
    assert posts.call_count == 1


@respx.mock
def test_when_nothing_helps_the_last_failure_is_told() -> None:
    respx.post(f"{ADDRESS}/oauth/token").mock(side_effect=httpx.ConnectError("refused"))
    client = GatewayClient(lambda: ADDRESS, Credentials("c", "s"), give_up_seconds=0.05, sleep=lambda _: None)
    with client, pytest.raises(GatewayUnreachable, match="ConnectError"):
        client.post_event(b"{}")
