"""Callers of a running sandbox over real sockets."""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from simulators.contract import ADAPTERS
from simulators.credentials import Credentials
from simulators.sandbox import Sandbox

ACCOUNT = Credentials()
DEADLINE_SECONDS = 20
PUSH_PATH = "/lgsp/Lienthonghotich/1.0/nhanHoSoDKHT"


def sample(system: str, name: str) -> str:
    return (ADAPTERS / system / "contract" / "samples" / name).read_text(encoding="utf-8")


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for a condition; the deadline only keeps a broken test from hanging."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < end, "the condition never came true"
        time.sleep(0.01)


class SandboxCaller:
    """One keep-alive client per system, as a gateway worker would have."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.addresses = sandbox.addresses
        self.http = httpx.Client(timeout=10)

    def close(self) -> None:
        self.http.close()

    def control(self, method: str, path: str, content: object = None) -> dict[str, Any]:
        reply = self.http.request(method, f"{self.addresses['control']}{path}", json=content)
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    def plant(self, *faults: Mapping[str, object]) -> None:
        self.control("PUT", "/faults", {"seed": 1, "faults": list(faults)})

    def held(self, system: str) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = self.control("GET", f"/journal?system={system}")["records"]
        return records

    def registry_headers(self) -> dict[str, str]:
        base = self.addresses["national_registry"]
        form = {"grant_type": "client_credentials"}
        auth = (ACCOUNT.name, ACCOUNT.secret)
        tokens = [
            self.http.post(f"{base}{path}", data=form, auth=auth).json()["access_token"]
            for path in ("/token", "/lgsp/token")
        ]
        return {"Authorization": f"Bearer {tokens[0]}", "lgspaccesstoken": tokens[1]}

    def push(self, code: str = "H08.1-1", headers: dict[str, str] | None = None) -> httpx.Response:
        body = {**json.loads(sample("national_registry", "push.json")), "maHoSoMCDT": code, "maHoSoLT": code}
        url = f"{self.addresses['national_registry']}{PUSH_PATH}"
        return self.http.post(url, json=body, headers=headers or self.registry_headers())

    def ask_number(self) -> httpx.Response:
        return self.population(sample("population_db", "capSoDinhDanh.xml"))

    def population(self, envelope: str) -> httpx.Response:
        url = self.addresses["population_db"]
        return self.http.post(url, content=envelope.encode(), headers=population_headers(url))

    def log_in(self) -> str:
        body = {"username": ACCOUNT.name, "password": ACCOUNT.secret}
        session: str = self.http.post(f"{self.addresses['one_stop']}/api/login", json=body).json()["session"]
        return session

    def synchronise(self, session: str | None = None) -> httpx.Response:
        body = {**json.loads(sample("one_stop", "DongBoHoSoMC.json")), "session": session or self.log_in()}
        return self.http.post(f"{self.addresses['one_stop']}/api/DongBoHoSoMC", json=body)


def population_headers(url: str) -> dict[str, str]:
    timestamp = str(int(time.time() * 1000))
    text = f"{url}{ACCOUNT.name}{timestamp}{ACCOUNT.secret}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    basic = base64.b64encode(f"{ACCOUNT.name}:{digest}".encode()).decode()
    return {"Timestamp": timestamp, "Authorization": f"Basic {basic}", "SOAPAction": '""'}
