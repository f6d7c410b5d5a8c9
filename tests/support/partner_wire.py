"""A partner at the end of a wire that is no wire: scripted answers by path, and what arrived is kept."""

import json
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx

from adapters.http import HttpChannel, HttpSettings
from tests.support.line import FIRST_BYTE, LineTo

START = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
BASE_URL = "http://partner.test"


class PartnerWire(httpx.BaseTransport):
    """Behaves like the real transport towards `adapters.http`: says when the first byte is about to leave."""

    def __init__(self) -> None:
        self._answers: dict[str, deque[httpx.Response | Exception]] = defaultdict(deque)
        self.arrived: list[httpx.Request] = []
        self.waited_seconds: list[float] = []
        self.now = START

    def will_answer(
        self,
        path: str,
        body: object = None,
        *,
        status: int = 200,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Script the next answer on this path: JSON, or raw bytes."""
        raw = json.dumps(body, ensure_ascii=False).encode() if content is None else content
        self._answers[path].append(httpx.Response(status, content=raw, headers=dict(headers or {})))

    def will_fail(self, path: str, error: Exception) -> None:
        """Script a failure: connection errors strike before the first byte, all others after it."""
        self._answers[path].append(error)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as scripted; an unexpected call fails the test."""
        trace = request.extensions["trace"]
        answer = self._answers[request.url.path].popleft()
        trace("connecting", {})
        if isinstance(answer, httpx.ConnectError | httpx.ConnectTimeout):
            raise answer
        trace(FIRST_BYTE, {})
        self.arrived.append(request)
        trace("sending", {})
        if isinstance(answer, Exception):
            raise answer
        return answer

    def channel(self, **settings: float) -> HttpChannel:
        """A channel that ends here, whose waits are only noted."""
        return HttpChannel(
            HttpSettings(BASE_URL, **settings),  # type: ignore[arg-type]  # numbers of either kind, checked there
            self.tell_time,
            sleep=self.waited_seconds.append,
            line=lambda: LineTo(self),
        )

    def tell_time(self) -> datetime:
        """The partner's and the gateway's common time."""
        return self.now

    def pass_time(self, seconds: float) -> None:
        """Move on."""
        self.now += timedelta(seconds=seconds)

    def bodies(self, path: str) -> list[dict[str, object]]:
        """What arrived on a path, as JSON."""
        return [json.loads(request.content) for request in self.arrived if request.url.path == path]

    def paths(self) -> list[str]:
        """The calls in their order."""
        return [request.url.path for request in self.arrived]


class Announcements:
    """Counts how often the adapter said "about to send", and what had arrived by then."""

    def __init__(self, wire: PartnerWire) -> None:
        self._wire = wire
        self.arrived_before: list[list[str]] = []

    def __call__(self) -> None:
        """Announce."""
        self.arrived_before.append(self._wire.paths())
