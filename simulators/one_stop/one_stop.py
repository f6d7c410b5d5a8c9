"""The one-stop system's doors: login, and one per service; the linked-service software beside them."""

import threading
from pathlib import Path
from typing import Any

from simulators.clock import Clock
from simulators.contract import contract_of
from simulators.credentials import Credentials, Tickets
from simulators.exchange import wrong_reply
from simulators.exchange_values import Call, Reply, Request, json_reply
from simulators.faults import FaultKind
from simulators.formats import NotStrictJson, parse_json
from simulators.journal import EntryKind, Journal
from simulators.one_stop.dossiers import LOOK_UP, STEP, SYNCHRONISE, Dossiers, Refused
from simulators.one_stop.linked_service import LinkedService
from simulators.planting import Effects
from simulators.shape import find_faults

NAME = "one_stop"
REFUSED, SESSION_EXPIRED = "3", "-3"
ILLOGICAL = "Logic xử lý không hợp lệ"
_SERVICES = (SYNCHRONISE, STEP, LOOK_UP)


class OneStop:
    """Holds dossiers and steps; nothing absorbs a step that is sent twice."""

    def __init__(
        self,
        clock: Clock,
        journal_directory: Path | None = None,
        *,
        credentials: Credentials | None = None,
        session_seconds: int = 1800,
    ) -> None:
        self.name = NAME
        self._credentials = credentials or Credentials()
        self._contract = contract_of(NAME)
        self.body_bytes_max = self._contract.limit("body_bytes_max")
        self._items_max = self._contract.limit("items_per_call_max")
        self.journal = Journal(NAME, clock, journal_directory)
        self._sessions = Tickets(clock, session_seconds)
        self._dossiers = Dossiers(self.journal)
        self._dossiers.restore(self.journal.entries(EntryKind.HELD, EntryKind.DUPLICATE))
        self._linked_service = LinkedService(
            clock, self._contract, self.journal, self._credentials, session_seconds
        )
        self._lock = threading.RLock()

    def open(self, request: Request) -> Call:
        """Name the call; unknown paths answer 404."""
        linked = self._linked_service.find_call(request)
        if linked is not None:
            return linked
        service = request.path.removeprefix("/api/")
        if request.method != "POST" or service not in {*_SERVICES, "login"}:
            return Call("unknown", request.path, request.path, lambda _: _said("404", "Not found", 404))
        sent = _find_object(request.body)
        if sent is None:
            broken = _said(REFUSED, "Dữ liệu không phải là JSON", 400)
            return Call(service, "", "", lambda _: broken)
        if service == "login":
            name = str(sent.get("username", ""))
            return Call(service, name, name, lambda _: self._login(sent), asks_for_credentials=True)
        identity, subject = _identity_of(service, sent)
        return Call(service, identity, subject, lambda effects: self._act(service, identity, sent, effects))

    def expire_credentials(self, request: Request) -> Reply | None:
        """End the session or token of the request; the call then meets the usual -3 or 401."""
        self._linked_service.expire_credentials(request)
        sent = _find_object(request.body) or {}
        self._sessions.expire(str(sent.get("session", "")))
        return None

    def failure(self, status: int) -> Reply:
        """Answer of a server in trouble."""
        return Reply(status, b"<html><body><h1>Server Error</h1></body></html>", "text/html")

    def wrong_answer(self, form: str) -> Reply:
        """Answer that breaks the contract."""
        return wrong_reply(
            form,
            garbage=b'{"error_code": "00", "mess',
            wrong_shape=b'{"data": [], "success": "maybe"}',
            content_type="application/json; charset=utf-8",
        )

    def reset(self) -> None:
        """Forget dossiers and sessions."""
        with self._lock:
            self.journal.reset()
            self._dossiers.reset()
            self._linked_service.reset()
            self._sessions.reset()

    def _login(self, sent: dict[str, Any]) -> Reply:
        if (sent.get("username"), sent.get("password")) != (self._credentials.name, self._credentials.secret):
            return json_reply({"error_code": 3})
        return json_reply({"session": self._sessions.issue(), "error_code": 0})

    def _act(self, service: str, identity: str, sent: dict[str, Any], effects: Effects) -> Reply:
        if not self._sessions.is_valid(str(sent.get("session", ""))):
            return _said(SESSION_EXPIRED, "Phiên làm việc không hợp lệ hoặc đã hết hạn")
        faults = self._faults(service, sent)
        with self._lock:
            if faults:
                return self._refuse(service, identity, sent, "; ".join(faults), is_planted=False)
            if service == LOOK_UP:
                result = self._dossiers.look_up(sent["mahoso"])
                return json_reply({"error_code": "00", "message": "Thành công", "result": result})
            if effects.take(FaultKind.REFUSAL) is not None:
                return self._refuse(service, identity, sent, ILLOGICAL, is_planted=True)
            try:
                self._commit(service, sent)
            except Refused as refused:
                return self._refuse(service, identity, sent, refused.sentence, is_planted=False)
        return _said("00", "Cập nhật thành công")

    def _commit(self, service: str, sent: dict[str, Any]) -> None:
        if service == SYNCHRONISE:
            self._dossiers.synchronise(sent["data"], is_update=sent["isUpdating"] == "True")
        else:
            self._dossiers.report_steps(sent["data"])

    def _refuse(
        self, service: str, identity: str, sent: dict[str, Any], sentence: str, *, is_planted: bool
    ) -> Reply:
        if "đã tồn tại" not in sentence:  # that one is journalled as an absorbed repeat
            self.journal.add(
                EntryKind.REFUSED, service, identity, sent.get("data"), errors=sentence, planted=is_planted
            )
        return _said(REFUSED, sentence)

    def _faults(self, service: str, sent: dict[str, Any]) -> list[str]:
        faults = [f"{each.path}: {each.fault}" for each in find_faults(self._contract, "envelope", sent)]
        if not faults and sent["service"] != service:
            faults.append("service: không khớp với đường dẫn")
        if faults or service == LOOK_UP:
            return faults if faults or sent.get("mahoso") else ["mahoso: missing"]
        if service == SYNCHRONISE and not sent.get("isUpdating"):
            faults.append("isUpdating: missing")
        items = sent.get("data") or []
        if not 0 < len(items) <= self._items_max:
            faults.append(f"data: 1 đến {self._items_max} phần tử")
        for position, item in enumerate(items):
            found = find_faults(self._contract, service, item)
            faults += [f"data[{position}].{each.path}: {each.fault}" for each in found]
        return faults


def _identity_of(service: str, sent: dict[str, Any]) -> tuple[str, str]:
    """Identity for the journal, and the subject that is the same in every run."""
    if service == LOOK_UP:
        code = str(sent.get("mahoso", ""))
        return code, code
    items = sent.get("data")
    dossiers = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    codes = ",".join(str(item.get("MaHoSo", "")) for item in dossiers)
    if service == SYNCHRONISE:
        return codes, codes
    subject = ",".join(f"{item.get('MaHoSo', '')}/{item.get('TrangThai', '')}" for item in dossiers)
    return subject, subject


def _find_object(body: bytes) -> dict[str, Any] | None:
    try:
        content = parse_json(body)
    except NotStrictJson:
        return None
    return content if isinstance(content, dict) else None


def _said(code: str, message: str, status: int = 200) -> Reply:
    return json_reply({"error_code": code, "message": message}, status)
