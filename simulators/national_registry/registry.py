"""The registry's doors: tokens, taking a dossier in, telling what became of it; generation 1 beside them."""

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from simulators.administrative_units import is_unit
from simulators.clock import Clock
from simulators.contract import contract_of
from simulators.credentials import Credentials, Tickets, find_basic
from simulators.exchange import wrong_reply
from simulators.exchange_values import Call, Reply, Request, json_reply
from simulators.faults import FaultKind
from simulators.formats import NotStrictJson, parse_json
from simulators.journal import EntryKind, Journal
from simulators.national_registry.clerk import poll_item
from simulators.national_registry.gen1 import FirstGeneration
from simulators.national_registry.holdings import Holdings
from simulators.national_registry.records import identity_of, message_of
from simulators.national_registry.registrar import Registrar
from simulators.national_registry.sentences import glue, refusal
from simulators.planting import Effects
from simulators.shape import FaultOfShape, ShapeFault, find_faults

NAME = "national_registry"
PUSH, POLL = "nhanHoSoDKHT", "layKetQuaHoSoDKHT"
BASE = "/lgsp/Lienthonghotich/1.0"
RECEIVED_ALREADY = "Hồ sơ đã được tiếp nhận"


class NationalRegistry:
    """Holds dossiers by (module, one-stop code); a repeated push never makes a second one."""

    def __init__(
        self,
        clock: Clock,
        journal_directory: Path | None = None,
        *,
        credentials: Credentials | None = None,
        seed: int = 1,
        clerk_seconds: float = 2.0,
        token_seconds: int = 3600,
    ) -> None:
        self.name = NAME
        self._clock = clock
        self._credentials = credentials or Credentials()
        self._clerk_seconds = clerk_seconds
        self._contract = contract_of(NAME)
        self.body_bytes_max = self._contract.limit("body_bytes_max")
        self.journal = Journal(NAME, clock, journal_directory)
        self._tokens = Tickets(clock, token_seconds)
        self._lgsp_tokens = Tickets(clock, token_seconds)
        registrar = Registrar(self._contract, seed, clerk_seconds)
        self._holdings = Holdings(clock, self.journal, registrar)
        self._first_generation = FirstGeneration(
            clock, self._contract, self._holdings, self._has_bearer, clerk_seconds
        )

    def open(self, request: Request) -> Call:
        """Name the call; unknown paths answer 404."""
        match (request.method, request.path):
            case ("POST", "/token"):
                return self._token_call(request, "token", self._tokens)
            case ("POST", "/lgsp/token"):
                return self._token_call(request, "lgsp_token", self._lgsp_tokens)
            case ("POST", path) if path == f"{BASE}/{PUSH}":
                return self._open_push(request)
            case ("POST", path) if path == f"{BASE}/{POLL}":
                return self._open_poll(request)
            case _ if (call := self._first_generation.find_call(request)) is not None:
                return call
            case _:
                missing = _trouble(404, "No such resource")
                return Call("unknown", request.path, request.path, lambda _: missing)

    def expire_credentials(self, request: Request) -> Reply | None:
        """End the bearer token of the request; the call then meets the usual 401."""
        self._tokens.expire(_bearer(request))
        return None

    def failure(self, status: int) -> Reply:
        """Answer of the bus, which looks unlike a refusal although both may be HTTP 500."""
        return _trouble(status, "Runtime Error")

    def wrong_answer(self, form: str) -> Reply:
        """Answer that breaks the contract."""
        return wrong_reply(
            form,
            garbage=b'{"status": "1", "statusDescr',
            wrong_shape=b'{"ok": true, "value": "x"}',
            content_type="application/json; charset=utf-8",
        )

    def reset(self) -> None:
        """Forget dossiers and tokens."""
        with self._holdings.lock:
            self._holdings.reset()
            self._tokens.reset()
            self._lgsp_tokens.reset()

    def _token_call(self, request: Request, operation: str, tokens: Tickets) -> Call:
        form = parse_qs(request.body.decode("utf-8", "replace"))
        basic = find_basic(request.headers.get("authorization", ""))
        name = basic[0] if basic else ""

        def act(_: Effects) -> Reply:
            if basic != (self._credentials.name, self._credentials.secret):
                return json_reply({"error": "invalid_client"}, 401)
            if form.get("grant_type") != ["client_credentials"]:
                return json_reply({"error": "unsupported_grant_type"}, 400)
            return json_reply(
                {
                    "access_token": tokens.issue(),
                    "scope": "default",
                    "token_type": "Bearer",
                    "expires_in": tokens.lifetime_seconds,
                }
            )

        return Call(operation, name, name, act, asks_for_credentials=True)

    def _open_push(self, request: Request) -> Call:
        sent = _find_object(request.body)
        subject = _subject_of(sent or {})
        return Call(PUSH, subject, subject, lambda effects: self._push(request, sent, effects))

    def _push(self, request: Request, sent: dict[str, Any] | None, effects: Effects) -> Reply:
        if not self._is_authorised(request):
            return _push_answer("0", "100", "AUTHEN_ERROR", 401)
        if sent is None:
            return _push_answer("0", "500", "Nội dung không phải là JSON", 400)
        faults, record = self._check(sent)
        identity = _subject_of(sent) if faults else identity_of(sent, record)
        with self._holdings.lock:
            if not faults and identity in self._holdings:
                self.journal.add(EntryKind.REPEAT, PUSH, identity, {**sent, "data": record})
                return _push_answer("0", "99", RECEIVED_ALREADY)
            if not faults and not is_unit(sent["maDonVi"], _received_on(sent)):
                self.journal.add(EntryKind.REFUSED, PUSH, identity, sent, errors="106", planted=False)
                return _push_answer("0", "106", "AGENCY_ID_INCORRECT")
            planted = None if faults else effects.take(FaultKind.REFUSAL)
            if planted is not None:
                blamed = planted.field or self._fault_field(sent["module"], record)
                faults.append(ShapeFault(blamed, FaultOfShape.NOT_IN_CODE_LIST))
            if faults:
                errors = glue(self._contract, faults)
                self.journal.add(
                    EntryKind.REFUSED, PUSH, identity, sent, errors=errors, planted=planted is not None
                )
                return refusal(errors, sent)
            self._holdings.commit(PUSH, identity, {**sent, "data": record}, effects)
        return _push_answer("1", "", "")

    def _check(self, sent: dict[str, Any]) -> tuple[list[ShapeFault], Any]:
        faults = find_faults(self._contract, "envelope", sent)
        if faults:
            return faults, None
        record = parse_json(sent["data"])
        faults = find_faults(self._contract, message_of(sent["module"], record), record)
        if not faults and record.get("module", sent["module"]) != sent["module"]:
            faults = [ShapeFault("module", FaultOfShape.NOT_IN_CODE_LIST)]
        return faults, record

    def _fault_field(self, module: str, record: object) -> str:
        """A field that a planted refusal may blame: a coded one of the message."""
        usual = {"KS": "meLoaiGiayToTuyThan", "KT": "nktDanToc", "KH": "voDanToc", "TDCC": "ntdDanToc"}
        message = message_of(module, record)
        coded = (field.path for field in self._contract.message(message) if field.code_list)
        return usual.get(message) or next(coded)

    def _open_poll(self, request: Request) -> Call:
        sent = _find_object(request.body) or {}
        codes = sent.get("maDinhDanhHoSo")
        names = [str(code) for code in codes] if isinstance(codes, list) else []
        subject = f"{sent.get('module', '')}/{','.join(sorted(names))}"
        return Call(POLL, subject, subject, lambda _: self._poll(request, sent))

    def _poll(self, request: Request, sent: dict[str, Any]) -> Reply:
        if not self._is_authorised(request):
            return json_reply({"status": 0, "statusDescription": "AUTHEN_ERROR", "errorCode": "100"}, 401)
        faults = find_faults(self._contract, "poll", sent)
        if faults or len(sent["maDinhDanhHoSo"]) > self._contract.limit("codes_per_poll_max"):
            description = glue(self._contract, faults) or "Quá số lượng hồ sơ cho phép trong một lần hỏi"
            return json_reply({"status": 0, "statusDescription": description, "errorCode": "302"})
        now = self._clock.now()
        with self._holdings.lock:
            found = [self._holdings.of_dossier(sent["module"], code) for code in sent["maDinhDanhHoSo"]]
        items = [
            poll_item(entry, self._holdings.record_of(entry), now, self._clerk_seconds, sent["maTinh"])
            for entries in found
            for entry in entries
        ]
        return json_reply({"status": 1, "statusDescription": "Thành công", "value": items})

    def _is_authorised(self, request: Request) -> bool:
        second = request.headers.get("lgspaccesstoken", "")
        return self._has_bearer(request) and self._lgsp_tokens.is_valid(second)

    def _has_bearer(self, request: Request) -> bool:
        return self._tokens.is_valid(_bearer(request))


def _received_on(sent: dict[str, Any]) -> date:
    day, month, year = sent["ngayTiepNhan"][:10].split("/")
    return date(int(year), int(month), int(day))


def _subject_of(sent: dict[str, Any]) -> str:
    return f"{sent.get('module', '')}/{sent.get('maHoSoMCDT', '')}"


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _find_object(body: bytes) -> dict[str, Any] | None:
    try:
        content = parse_json(body)
    except NotStrictJson:
        return None
    return content if isinstance(content, dict) else None


def _push_answer(status: str, code: str, description: str, http_status: int = 200) -> Reply:
    said = "Thành công" if status == "1" else "Thất bại"
    body = {"status": status, "statusDescription": said, "errorCode": code, "errorDescription": description}
    return json_reply(body, http_status)


def _trouble(status: int, message: str) -> Reply:
    fault = {"code": 303001, "message": message, "description": "Error in the message flow of the bus"}
    return json_reply({"fault": fault}, status)
