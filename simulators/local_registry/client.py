"""One connection of a commune's software to the gateway: token, posting, obeying "later"."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

import httpx

LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE})
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 0.2, 5.0


class GatewayUnreachable(Exception):
    """No answer in time, although everything was tried again and again."""

    def __init__(self, what: str, seconds: float, last: str) -> None:
        super().__init__(f"{what}: no usable answer of the gateway for {seconds:.0f} s; last: {last}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What `hotich-gateway client add` printed."""

    client_id: str
    client_secret: str
    soap_password: str = ""
    """Empty: the gateway has no key for SOAP passwords."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The final answer to one message; `tries` counts how often it was sent."""

    status: int
    content: bytes
    body: Mapping[str, Any]
    tries: int
    way: str = "REST"


class GatewayClient:
    """Used by one thread; `find_address` is asked before each call, because a restart may change it."""

    def __init__(
        self,
        find_address: Callable[[], str],
        credentials: Credentials,
        *,
        give_up_seconds: float = 60.0,
        answer_seconds: float = 10.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._find_address = find_address
        self._credentials = credentials
        self._give_up_seconds = give_up_seconds
        self._sleep = sleep
        self._http = httpx.Client(timeout=answer_seconds, trust_env=False)
        self._token = ""
        self._last_failure = "nothing was sent"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def post_event(self, content: bytes) -> Answer:
        """Hand in one event until there is an answer that is not "later"; always under the same key.

        Raises `GatewayUnreachable`.
        """
        return self._persist("POST", "/api/v1/events", content)

    def get(self, path: str) -> Mapping[str, Any]:
        """Read a resource; raises `GatewayUnreachable`, and `httpx.HTTPStatusError` on a refusal."""
        answer = self._persist("GET", path, b"")
        if answer.status != HTTPStatus.OK:
            request = httpx.Request("GET", f"{self._find_address()}{path}")
            response = httpx.Response(answer.status, content=answer.content, request=request)
            response.raise_for_status()
        return answer.body

    def _persist(self, method: str, path: str, content: bytes) -> Answer:
        last_moment = time.monotonic() + self._give_up_seconds
        tries = 0
        while time.monotonic() < last_moment:
            tries += 1
            response = self._try(method, path, content)
            if response is None:
                self._sleep(PAUSE_SECONDS)
                continue
            self._last_failure = f"status {response.status_code}"
            if response.status_code == HTTPStatus.UNAUTHORIZED:
                self._token = ""
                self._sleep(PAUSE_SECONDS)
            elif response.status_code in LATER:
                self._sleep(_pause_seconds(response))
            else:
                return Answer(response.status_code, response.content, _object_in(response), tries)
        what = f"{method} {path}"
        raise GatewayUnreachable(what, self._give_up_seconds, self._last_failure)

    def _try(self, method: str, path: str, content: bytes) -> httpx.Response | None:
        """One try; None when no answer came, which says nothing about what became of the message."""
        try:
            headers = {"Authorization": f"Bearer {self._bearer()}", "Content-Type": "application/json"}
            return self._http.request(
                method, f"{self._find_address()}{path}", headers=headers, content=content or None
            )
        except httpx.HTTPError as error:
            self._last_failure = f"{type(error).__name__}: {error}"
            return None

    def _bearer(self) -> str:
        if not self._token:
            response = self._http.post(
                f"{self._find_address()}/oauth/token",
                data={"grant_type": "client_credentials"},
                auth=(self._credentials.client_id, self._credentials.client_secret),
            )
            response.raise_for_status()
            self._token = str(response.json()["access_token"])
        return self._token


def _pause_seconds(response: httpx.Response) -> float:
    wanted = response.headers.get("Retry-After", "")
    return min(float(wanted), PAUSE_SECONDS_MAX) if wanted.isdigit() else PAUSE_SECONDS


def _object_in(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
