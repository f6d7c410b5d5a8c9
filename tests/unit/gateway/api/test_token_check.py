"""Tokens are looked up once and trusted for a short while, by the clock that is handed in."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from gateway.api import authenticate
from gateway.api.authenticate import Caller, TokenCheck
from gateway.api.problems import Problem
from gateway.model.ids import ClientId
from gateway.storage.ports import Client, Role

START = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)


class _Desk:
    """Knows some tokens and counts how often it is asked."""

    def __init__(self) -> None:
        self.now = START
        self.known = {"good": _client("one")}
        self.asked: list[str] = []
        self.check = TokenCheck(self._look_up, lambda: self.now, cache_seconds=5)

    def caller(self, authorization: str | None) -> Caller:
        return asyncio.run(self.check.caller_of(authorization))

    def _look_up(self, token: str, _now: datetime) -> Client | None:
        self.asked.append(token)
        return self.known.get(token)


def _client(name: str) -> Client:
    return Client(
        client_id=ClientId(name),
        name=name,
        roles=frozenset({Role.SENDER}),
        authorities=frozenset({"08"}),
        secret_hash="",
        created_at=START,
        revoked_at=None,
    )


def test_a_good_token_is_looked_up_once_within_the_cache_time() -> None:
    desk = _Desk()
    for _ in range(3):
        assert desk.caller("Bearer good").client_id == "one"
    assert desk.asked == ["good"]
    desk.now += timedelta(seconds=5)
    desk.caller("Bearer good")
    assert desk.asked == ["good", "good"]


def test_a_token_that_is_no_longer_known_dies_with_the_cache() -> None:
    desk = _Desk()
    desk.caller("Bearer good")
    desk.known.clear()
    desk.now += timedelta(seconds=4.9)
    assert desk.caller("Bearer good").client_id == "one"
    desk.now += timedelta(seconds=0.1)
    with pytest.raises(Problem, match="unauthenticated"):
        desk.caller("Bearer good")


def test_a_bad_token_is_never_remembered_as_good() -> None:
    desk = _Desk()
    for _ in range(2):
        with pytest.raises(Problem, match="unauthenticated"):
            desk.caller("Bearer bad")
    assert desk.asked == ["bad", "bad"]


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic good", "good"])
def test_without_a_bearer_token_nothing_is_looked_up(authorization: str | None) -> None:
    desk = _Desk()
    with pytest.raises(Problem, match="unauthenticated"):
        desk.caller(authorization)
    assert desk.asked == []


def test_the_memory_of_tokens_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authenticate, "CACHED_TOKENS_MAX", 2)
    desk = _Desk()
    desk.known |= {f"t{number}": _client(str(number)) for number in range(3)}
    for number in range(3):
        desk.caller(f"Bearer t{number}")
    desk.caller("Bearer t0")
    assert desk.asked == ["t0", "t1", "t2", "t0"]
