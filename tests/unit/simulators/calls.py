"""Callers of the simulated systems without a socket, and a clock that moves only when told."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from simulators.contract import ADAPTERS
from simulators.credentials import Credentials
from simulators.exchange import Exchange
from simulators.exchange_values import Cut, Reply, Request
from simulators.fault_plan_file import parse_plan
from simulators.national_registry.registry import NationalRegistry
from simulators.one_stop.one_stop import OneStop
from simulators.partner import Partner
from simulators.planting import FaultBook
from simulators.population_db.database import PATH, PopulationDatabase

ACCOUNT = Credentials("tester", "invented")
START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
BASE = "/lgsp/Lienthonghotich/1.0"


class FrozenClock:
    """Moves when told, and while somebody waits."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def sample(system: str, name: str) -> dict[str, Any]:
    path = ADAPTERS / system / "contract" / "samples" / name
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def sample_xml(name: str) -> str:
    return (ADAPTERS / "population_db" / "contract" / "samples" / name).read_text(encoding="utf-8")


def post(path: str, body: bytes, headers: Mapping[str, str] | None = None) -> Request:
    return Request("POST", path, {}, headers or {}, body)


def answered(reply: Reply | Cut) -> Reply:
    assert isinstance(reply, Reply)
    return reply


class _Caller:
    def __init__(self, partner: Partner, clock: FrozenClock, plan: object) -> None:
        self.clock = clock
        self._journal = partner.journal
        self.book = FaultBook(clock, parse_plan(plan))
        self._exchange = Exchange(partner, self.book, clock)

    def send(self, request: Request) -> Reply | Cut:
        return self._exchange.respond(request)

    def held(self) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = self._journal.as_json()["records"]
        return records

    def summary(self) -> dict[str, Any]:
        summary: dict[str, Any] = self._journal.summary()
        return summary


def faults(*rules: dict[str, Any], seed: int = 1) -> dict[str, Any]:
    return {"seed": seed, "faults": list(rules)}


class RegistryCaller(_Caller):
    """Has both tokens and pushes the sample messages."""

    def __init__(
        self,
        plan: object = None,
        directory: Path | None = None,
        *,
        seed: int = 1,
        clerk_seconds: float = 0.0,
        token_seconds: int = 3600,
    ) -> None:
        clock = FrozenClock()
        registry = NationalRegistry(
            clock,
            directory,
            credentials=ACCOUNT,
            seed=seed,
            clerk_seconds=clerk_seconds,
            token_seconds=token_seconds,
        )
        super().__init__(registry, clock, plan or faults())
        self.log_in()

    def log_in(self) -> None:
        self.token = self.ask_token("/token")["access_token"]
        self.lgsp_token = self.ask_token("/lgsp/token")["access_token"]

    def ask_token(self, path: str, secret: str = ACCOUNT.secret) -> dict[str, Any]:
        basic = base64.b64encode(f"{ACCOUNT.name}:{secret}".encode()).decode()
        form = b"grant_type=client_credentials"
        reply = answered(self.send(post(path, form, {"authorization": f"Basic {basic}"})))
        answer: dict[str, Any] = json.loads(reply.body)
        return answer

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}", "lgspaccesstoken": self.lgsp_token}

    def push(
        self, module: str = "KS", code: str = "H08.1-1", unit: str = "00691", **changes: object
    ) -> Reply:
        return answered(self.try_push(module, code, unit, **changes))

    def push_remark(self, module: str = "KH", code: str = "H08.1-1", **changes: object) -> Reply:
        record = {**sample("national_registry", "remark.json"), **changes}
        return answered(self._push(module, code, "00691", record))

    def try_push(
        self, module: str = "KS", code: str = "H08.1-1", unit: str = "00691", **changes: object
    ) -> Reply | Cut:
        record = {**sample("national_registry", f"{module}.json"), **changes}
        return self._push(module, code, unit, record)

    def _push(self, module: str, code: str, unit: str, record: Mapping[str, object]) -> Reply | Cut:
        body = {
            **sample("national_registry", "push.json"),
            "maDonVi": unit,
            "module": module,
            "maHoSoMCDT": code,
            "maHoSoLT": code,
            "data": json.dumps(record),
        }
        return self.send(post(f"{BASE}/nhanHoSoDKHT", json.dumps(body).encode(), self.headers))

    def poll(self, *codes: str, module: str = "KS") -> dict[str, Any]:
        body = {"maDinhDanhHoSo": list(codes), "maTinh": "08", "module": module}
        reply = answered(
            self.send(post(f"{BASE}/layKetQuaHoSoDKHT", json.dumps(body).encode(), self.headers))
        )
        answer: dict[str, Any] = json.loads(reply.body)
        return answer


class PopulationCaller(_Caller):
    """Signs its headers and sends envelopes."""

    def __init__(
        self, plan: object = None, directory: Path | None = None, *, known_only: bool = False
    ) -> None:
        clock = FrozenClock()
        self.database = PopulationDatabase(clock, directory, credentials=ACCOUNT, known_only=known_only)
        super().__init__(self.database, clock, plan or faults())

    def signed_headers(self, secret: str = ACCOUNT.secret, age_seconds: float = 0) -> dict[str, str]:
        moment = self.clock.now() - timedelta(seconds=age_seconds)
        timestamp = str(int(moment.timestamp() * 1000))
        url = f"http://population.test{PATH}"
        digest = hashlib.sha256(f"{url}{ACCOUNT.name}{timestamp}{secret}".encode()).hexdigest()
        basic = base64.b64encode(f"{ACCOUNT.name}:{digest}".encode()).decode()
        return {"host": "population.test", "timestamp": timestamp, "authorization": f"Basic {basic}"}

    def ask(self, envelope: str, headers: Mapping[str, str] | None = None) -> Reply:
        return answered(self.try_ask(envelope, headers))

    def try_ask(self, envelope: str, headers: Mapping[str, str] | None = None) -> Reply | Cut:
        return self.send(post(PATH, envelope.encode(), headers or self.signed_headers()))


class OneStopCaller(_Caller):
    """Has a session and sends dossiers and steps."""

    def __init__(
        self, plan: object = None, directory: Path | None = None, *, session_seconds: int = 3600
    ) -> None:
        clock = FrozenClock()
        one_stop = OneStop(clock, directory, credentials=ACCOUNT, session_seconds=session_seconds)
        super().__init__(one_stop, clock, plan or faults())
        self.log_in()

    def log_in(self) -> None:
        body = {"username": ACCOUNT.name, "password": ACCOUNT.secret}
        reply = answered(self.send(post("/api/login", json.dumps(body).encode())))
        self.session = json.loads(reply.body)["session"]

    def ask(self, service: str, **content: object) -> dict[str, Any]:
        body = {"session": self.session, "madonvi": "000.00.00.H08", "service": service, **content}
        reply = answered(self.send(post(f"/api/{service}", json.dumps(body).encode())))
        answer: dict[str, Any] = json.loads(reply.body)
        return answer

    def synchronise(self, *, is_updating: bool = False, **changes: object) -> dict[str, Any]:
        dossier = {**sample("one_stop", "DongBoHoSoMC.json")["data"][0], **changes}
        return self.ask("DongBoHoSoMC", isUpdating=str(is_updating), data=[dossier])

    def step(self, **changes: object) -> dict[str, Any]:
        step = {**sample("one_stop", "CapNhatTienDoHoSoMC.json")["data"][0], **changes}
        return self.ask("CapNhatTienDoHoSoMC", data=[step])

    def linked_token(self, secret: str = ACCOUNT.secret) -> dict[str, Any]:
        body = json.dumps({"SecretId": ACCOUNT.name, "SecretPass": secret}).encode()
        reply = answered(self.send(post("/api/lienthongdvclt/token", body)))
        answer: dict[str, Any] = json.loads(reply.body)
        return answer

    def linked(self, status: str, token: str | None = None, **changes: object) -> Reply:
        return answered(self.try_linked(status, token, **changes))

    def linked_dossier(self, code: str, token: str | None = None) -> Reply:
        headers = {"authorization": f"Bearer {token or self.linked_token()['token']}"}
        path = f"/api/lienthongdvclt/hosolienthong/{code}"
        return answered(self.send(Request("GET", path, {}, headers, b"")))

    def try_linked(self, status: str, token: str | None = None, **changes: object) -> Reply | Cut:
        name = "capNhatTrangThaiHoSoDVCLTHoTich"
        body = {**sample("one_stop", f"{name}.json"), "trangThai": status, **changes}
        headers = {"authorization": f"Bearer {token or self.linked_token()['token']}"}
        return self.send(post(f"/api/lienthongdvclt/{name}", json.dumps(body).encode(), headers))
