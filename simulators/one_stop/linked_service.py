"""The linked-service software (dịch vụ công liên thông): states of dossiers, in an enforced order."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from simulators.clock import Clock
from simulators.contract import Contract
from simulators.credentials import Credentials, Tickets
from simulators.exchange_values import Call, Reply, Request, json_reply
from simulators.faults import FaultKind
from simulators.formats import NotStrictJson, parse_json
from simulators.journal import EntryKind, Journal
from simulators.planting import Effects
from simulators.shape import find_faults

BASE: Final = "/api/lienthongdvclt"
STATUS: Final = "capNhatTrangThaiHoSoDVCLTHoTich"
TOKEN: Final = "linked_token"  # noqa: S105 - the name of an operation
ILLOGICAL: Final = "Logic xử lý không hợp lệ"
DOSSIER: Final = "hosolienthong"
_TOKEN_PATH, _STATUS_PATH, _DOSSIER_PATH = f"{BASE}/token", f"{BASE}/{STATUS}", f"{BASE}/{DOSSIER}/"
_ENDED: Final = {
    "6": "bị từ chối. Không thể cập nhật trạng thái",
    "5": "đã trả kết quả, không được cập nhật trạng thái",
    "4": "đã có kết quả xử lý. Không thể cập nhật trạng thái",
}
"""What is said once a state stands in the way, the most final first; the contract's sentences."""


_MAY_COME_AGAIN: Final = "2"
"""A supplement may be asked for more than once, at different times."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What must be there before a state, and what must not."""

    after: frozenset[str]
    not_after: frozenset[str]


class LinkedService:
    """Holds the states of each linked dossier; a state that is there already is absorbed."""

    def __init__(
        self,
        clock: Clock,
        contract: Contract,
        journal: Journal,
        credentials: Credentials,
        lifetime_seconds: int,
    ) -> None:
        self._clock = clock
        self._contract = contract
        self._journal = journal
        self._credentials = credentials
        self._tokens = Tickets(clock, lifetime_seconds)
        self._rules = {
            row["code"]: Rule(frozenset(row["after"].split()), frozenset(row["not_after"].split()))
            for row in contract.table("linked_status")
        }
        self._lock = threading.RLock()
        self._states: dict[str, list[tuple[str, str]]] = {}
        """Linked code → states with their times, as they came."""
        for entry in journal.entries(EntryKind.HELD):
            if entry.operation == STATUS:
                self._apply(entry.body)

    def find_call(self, request: Request) -> Call | None:
        """Name the call; None for a path that is not of this software."""
        if request.method == "GET" and request.path.startswith(_DOSSIER_PATH):
            code = request.path.removeprefix(_DOSSIER_PATH)
            return Call(DOSSIER, code, code, lambda _: self._show(request, code))
        if request.method != "POST" or request.path not in {_TOKEN_PATH, _STATUS_PATH}:
            return None
        sent = _find_object(request.body)
        if request.path == _TOKEN_PATH:
            name = str(sent.get("SecretId", ""))
            return Call(TOKEN, name, name, lambda _: self._give_token(sent), asks_for_credentials=True)
        subject = f"{sent.get('soHoSoLT', '')}/{sent.get('trangThai', '')}"
        return Call(STATUS, subject, subject, self._act_of(request, sent, subject))

    def expire_credentials(self, request: Request) -> None:
        """End the token of the request."""
        self._tokens.expire(_bearer(request))

    def reset(self) -> None:
        """Forget states and tokens; the journal is its owner's."""
        with self._lock:
            self._states.clear()
            self._tokens.reset()

    def _give_token(self, sent: Mapping[str, Any]) -> Reply:
        pair = (sent.get("SecretId"), sent.get("SecretPass"))
        if pair != (self._credentials.name, self._credentials.secret):
            return _said(401, errors="Thông tin xác thực không đúng")
        ends = self._clock.now() + timedelta(seconds=self._tokens.lifetime_seconds)
        return json_reply({"token": self._tokens.issue(), "expiration": ends.isoformat()})

    def _act_of(self, request: Request, sent: dict[str, Any], subject: str) -> Callable[[Effects], Reply]:
        def act(effects: Effects) -> Reply:
            if not self._tokens.is_valid(_bearer(request)):
                return _said(401, errors="Phiên làm việc không hợp lệ hoặc đã hết hạn")
            faults = find_faults(self._contract, STATUS, sent)
            if faults:
                errors = {each.path: [f"{each.path} không hợp lệ: {each.fault}"] for each in faults}
                return self._refuse(sent, subject, errors, is_planted=False)
            with self._lock:
                return self._update(sent, subject, effects)

        return act

    def _show(self, request: Request, code: str) -> Reply:
        """The dossier with its states; one of which no state was ever told is not there."""
        if not self._tokens.is_valid(_bearer(request)):
            return _said(401, errors="Phiên làm việc không hợp lệ hoặc đã hết hạn")
        with self._lock:
            states = list(self._states.get(code, []))
        if not states:
            return _said(404, errors=f"Hồ sơ {code} không tồn tại")
        told = [{"trangThai": status, "thoiGianThucHien": moment} for status, moment in states]
        return json_reply({"data": {"maHoSo": code, "danhSachTrangThai": told}})

    def _update(self, sent: dict[str, Any], subject: str, effects: Effects) -> Reply:
        code, status = sent["soHoSoLT"], sent["trangThai"]
        states = self._states.get(code, [])
        if _is_there(sent, states):
            self._journal.add(EntryKind.REPEAT, STATUS, subject, sent)
            return _said(200, title="Cập nhật trạng thái thành công")
        if effects.take(FaultKind.REFUSAL) is not None:
            return self._refuse(sent, subject, ILLOGICAL, is_planted=True)
        obstacle = self._obstacle(code, status, {each for each, _ in states})
        if obstacle:
            return self._refuse(sent, subject, obstacle, is_planted=False)
        self._journal.add(EntryKind.HELD, STATUS, subject, sent)
        self._apply(sent)
        return _said(200, title="Cập nhật trạng thái thành công")

    def _obstacle(self, code: str, status: str, states: set[str]) -> str:
        """Sentence of the contract that refuses this state now; empty when it may come."""
        rule = self._rules[status]
        ended = next(
            (said for ending, said in _ENDED.items() if ending in states and ending in rule.not_after), ""
        )
        if ended:
            return f"Hồ sơ {code} {ended}"
        missing = [each for each in self._rules if each in rule.after and each not in states]
        return f"Hồ sơ {code} chưa cập nhật trạng thái {', '.join(missing)}" if missing else ""

    def _refuse(
        self, sent: dict[str, Any], subject: str, errors: str | Mapping[str, list[str]], *, is_planted: bool
    ) -> Reply:
        self._journal.add(EntryKind.REFUSED, STATUS, subject, sent, errors=errors, planted=is_planted)
        return _said(400, errors=errors)

    def _apply(self, sent: Mapping[str, Any]) -> None:
        self._states.setdefault(sent["soHoSoLT"], []).append((sent["trangThai"], sent["thoiGianThucHien"]))


def _is_there(sent: Mapping[str, Any], states: list[tuple[str, str]]) -> bool:
    status, moment = sent["trangThai"], sent["thoiGianThucHien"]
    if status == _MAY_COME_AGAIN:
        return (status, moment) in states
    return status in {each for each, _ in states}


def _said(
    status: int, *, title: str = "Có lỗi xảy ra", errors: str | Mapping[str, list[str]] | None = None
) -> Reply:
    body = {"errors": errors, "type": None, "title": title, "status": status, "traceId": "00-sandbox"}
    return json_reply(body, status)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _find_object(body: bytes) -> dict[str, Any]:
    try:
        content = parse_json(body)
    except NotStrictJson:
        return {}
    return content if isinstance(content, dict) else {}
