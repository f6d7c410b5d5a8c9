"""The HTTP edge on a real database, in this process, with a clock in the test's hand."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx

from gateway.bootstrap.gateway import Gateway, Roles, build_gateway
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.ids import ClientId
from gateway.settings import read_settings
from gateway.storage.ports import Role
from tests.support.submissions import PROVINCE, RECEIVED_AT, counted_bytes

BASE = "http://gateway.test"
EVENTS = "/api/v1/events"
ResultT = TypeVar("ResultT")


@dataclass
class HandClock:
    """Stands still until the test moves it."""

    now: datetime = RECEIVED_AT

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Badge:
    """A client with a token."""

    client_id: ClientId
    client_secret: str
    token: str

    @property
    def header(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class EdgeDesk:
    """Calls the application as its clients do."""

    gateway: Gateway
    clock: HandClock
    runner: asyncio.Runner
    badges: dict[str, Badge] = field(default_factory=dict)

    def badge(
        self, name: str = "office", *roles: Role, authorities: frozenset[str] = frozenset({PROVINCE})
    ) -> Badge:
        """A client of this name; made on first use, a sender unless told otherwise."""
        if name not in self.badges:
            wanted = frozenset(roles or (Role.SENDER,))
            new = self.gateway.clients.add(name, authorities, wanted, self.clock())
            given = self.gateway.clients.give_token(new.client_id, new.client_secret, self.clock())
            assert given is not None
            self.badges[name] = Badge(new.client_id, new.client_secret, given.token)
        return self.badges[name]

    def operator(self) -> Badge:
        """An operator of the whole province."""
        return self.badge("operator", Role.OPERATOR)

    def call(self, method: str, path: str, badge: Badge | None = None, **more: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes them
        """One request, with the badge's token if there is one."""
        headers = {**(badge.header if badge else {}), **more.pop("headers", {})}
        return self.run(self._request(method, path, headers=headers, **more))

    def post(
        self, event: Mapping[str, Any] | bytes, badge: Badge | None = None, **headers: str
    ) -> httpx.Response:
        """Hand in an event; `Idempotency_Key="x"` is a header."""
        body = event if isinstance(event, bytes) else self.encoded(event)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", EVENTS, badge or self.badge(), content=body, headers=named)

    def post_at_once(self, *events: Mapping[str, Any]) -> list[httpx.Response]:
        """Hand in events together, before any of them is answered."""
        badge = self.badge()

        async def together() -> list[httpx.Response]:
            return list(await asyncio.gather(*(self.post_later(event, badge) for event in events)))

        return self.run(together())

    async def post_later(self, event: Mapping[str, Any], badge: Badge) -> httpx.Response:
        """The same on the loop, for tests that do several things at once."""
        return await self._request("POST", EVENTS, content=self.encoded(event), headers=badge.header)

    def accepted(self, event: Mapping[str, Any], badge: Badge | None = None) -> dict[str, Any]:
        """The receipt of a new event."""
        answer = self.post(event, badge)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    @staticmethod
    def encoded(event: Mapping[str, Any]) -> bytes:
        """As a sender would write it."""
        return json.dumps(event, ensure_ascii=False).encode()

    @staticmethod
    def scope(method: str, path: str, badge: Badge) -> dict[str, Any]:
        """A request as the server hands it to the application, for what no HTTP client can do."""
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"authorization", f"Bearer {badge.token}".encode())],
            "server": ("gateway.test", 80),
            "client": ("127.0.0.1", 1),
        }

    def run(self, work: Coroutine[Any, Any, ResultT]) -> ResultT:
        """On the loop that all calls share."""
        return self.runner.run(work)

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes them
        transport = httpx.ASGITransport(app=self.gateway.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, **more)


async def in_parts(*parts: bytes) -> AsyncIterator[bytes]:
    """A body without a declared length."""
    for part in parts:
        yield part


@contextmanager
def opened_edge(database_url: str, *, starts: bool = True, **settings: str) -> Iterator[EdgeDesk]:
    """An accepting gateway; `SERVER__PORT="1"` sets a setting. It delivers nothing."""
    environment = {"HOTICH_DATABASE_URL": database_url}
    environment |= {f"HOTICH_{name}": value for name, value in settings.items()}
    clock = HandClock()
    surroundings = Surroundings(clock, lambda: 0.5, counted_bytes())
    gateway = build_gateway(surroundings, read_settings(environment), Roles(accepts=True, delivers=False))
    if starts:
        gateway.start()
    with asyncio.Runner() as runner:
        try:
            yield EdgeDesk(gateway, clock, runner)
        finally:
            gateway.stop(5)


def expect_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document, after a look at what all of them have in common."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code, document
    assert document["type"] == f"urn:hotich-gateway:problem:{code}"
    assert document["status"] == status
    assert document["title"]
    assert document["title_vi"]
    assert document["detail"]
    assert document["detail_vi"]
    return document
