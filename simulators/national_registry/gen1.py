"""Generation 1 of the registry's interface: XML text in JSON, and questions about one dossier or one day."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from simulators.administrative_units import is_unit
from simulators.clock import Clock, vietnam_time
from simulators.contract import Contract
from simulators.exchange_values import Call, Reply, Request, json_reply
from simulators.faults import FaultKind
from simulators.formats import NotStrictJson, parse_json
from simulators.journal import Entry, EntryKind
from simulators.national_registry import code_lists
from simulators.national_registry.clerk import ISSUED, PROCESSING, REFUSED, SUPPLEMENT, result_of, status_of
from simulators.national_registry.gen1_xml import NotAHotich, read_record
from simulators.national_registry.holdings import Holdings
from simulators.national_registry.records import find_unit
from simulators.national_registry.sentences import glue
from simulators.planting import Effects
from simulators.shape import FaultOfShape, ShapeFault, find_faults

BASE: Final = "/apiHoTichTuPhap/"
PUSH: Final = "dangKyHoTich"
RECEIVED_ALREADY: Final = "Hồ sơ đã được tiếp nhận"
AUTHEN, AGENCY, PROVINCE = (100, "AUTHEN_ERROR"), (106, "AGENCY_ID_INCORRECT"), (108, "PROVINCE_ID_INCORRECT")
UNCOMPLETE, NOT_FOUND, INCORRECT = (200, "RECORD_UNCOMPLETE"), (201, "RECORD_NOT_FOUND"), 500

Answer = Callable[[Mapping[str, Any]], Reply]


class FirstGeneration:
    """Seven operations over the same holdings as generation 2."""

    def __init__(
        self,
        clock: Clock,
        contract: Contract,
        holdings: Holdings,
        is_authorised: Callable[[Request], bool],
        clerk_seconds: float,
    ) -> None:
        self._clock = clock
        self._contract = contract
        self._holdings = holdings
        self._is_authorised = is_authorised
        self._clerk_seconds = clerk_seconds
        self._questions: Mapping[str, tuple[str, Answer]] = {
            "traTrangThaiHoSo": ("gen1_status", self._status),
            "ketQuaDangKyHS": ("gen1_status", self._result),
            "dsHoSoDangKy": ("gen1_day", self._changed_on),
            "traHoSo": ("gen1_record", self._record),
            "traDanhSachHoSo": ("gen1_records", self._records),
            code_lists.OPERATION: (code_lists.MESSAGE, self._code_list),
        }

    def find_call(self, request: Request) -> Call | None:
        """Name the call; None for a path that is not one of these operations."""
        operation = request.path.removeprefix(BASE)
        if not request.path.startswith(BASE) or request.method != "POST":
            return None
        sent = _find_object(request.body)
        subject = f"{(sent or {}).get('module', '')}/{(sent or {}).get('maHoSo', '')}"
        if operation == PUSH:
            return Call(PUSH, subject, subject, lambda effects: self._push(request, sent, subject, effects))
        if operation not in self._questions:
            return None
        message, answer = self._questions[operation]
        return Call(operation, subject, subject, lambda _: self._told(request, sent, message, answer))

    def _told(self, request: Request, sent: Mapping[str, Any] | None, message: str, answer: Answer) -> Reply:
        if not self._is_authorised(request):
            return _failed(*AUTHEN)
        faults = find_faults(self._contract, message, sent)
        if faults or sent is None:
            return _failed(INCORRECT, glue(self._contract, faults))
        return answer(sent)

    def _push(self, request: Request, sent: dict[str, Any] | None, identity: str, effects: Effects) -> Reply:
        if not self._is_authorised(request):
            return _failed(*AUTHEN)
        if sent is None:
            return _failed(INCORRECT, "Nội dung không phải là JSON")
        faults, record = self._check(sent)
        with self._holdings.lock:
            if not faults and identity in self._holdings:
                self._holdings.journal.add(EntryKind.REPEAT, PUSH, identity, {**sent, "data": record})
                return _failed(INCORRECT, RECEIVED_ALREADY)
            if not faults and find_unit(sent["maDonVi"], date.fromisoformat(sent["ngayTiepNhan"])) is None:
                self._refuse(identity, sent, AGENCY[1], is_planted=False)
                return _failed(*AGENCY)
            planted = effects.take(FaultKind.REFUSAL)
            if planted is not None:
                faults.append(ShapeFault(planted.field or "nycQuanHe", FaultOfShape.NOT_IN_CODE_LIST))
            if faults:
                errors = glue(self._contract, faults)
                self._refuse(identity, sent, errors, is_planted=planted is not None)
                return _failed(INCORRECT, errors)
            self._holdings.commit(PUSH, identity, {**sent, "data": record}, effects)
        return _done("Thành công")

    def _refuse(self, identity: str, sent: Mapping[str, Any], errors: str, *, is_planted: bool) -> None:
        self._holdings.journal.add(
            EntryKind.REFUSED, PUSH, identity, dict(sent), errors=errors, planted=is_planted
        )

    def _check(self, sent: Mapping[str, Any]) -> tuple[list[ShapeFault], dict[str, str]]:
        faults = find_faults(self._contract, "gen1_envelope", sent)
        if faults:
            return faults, {}
        try:
            record = read_record(sent["data"])
        except NotAHotich:
            return [ShapeFault("data", FaultOfShape.WRONG_FORMAT)], {}
        return find_faults(self._contract, f"gen1_{sent['module']}", record), record

    def _find(self, sent: Mapping[str, Any]) -> Entry | None:
        """A dossier by its code and unit alone: the question names no module."""
        for entry in self._holdings.visible():
            code = entry.body.get("maHoSo") or entry.body.get("maHoSoMCDT")
            if code == sent["maHoSo"] and _number_of(entry) == sent["maDonVi"]:
                return entry
        return None

    def _standing(self, entry: Entry) -> str:
        return status_of(entry, self._clock.now(), self._clerk_seconds)

    def _status(self, sent: Mapping[str, Any]) -> Reply:
        entry = self._find(sent)
        if entry is None:
            return _failed(*NOT_FOUND)
        standing = self._standing(entry)
        if standing == REFUSED:  # this generation has no such status: the clerk asks for a supplement
            standing = SUPPLEMENT
        words = {SUPPLEMENT: "Yêu cầu bổ sung hồ sơ", PROCESSING: "Đang xử lý", ISSUED: "Đã đăng ký"}
        return json_reply({"status": int(standing), "value": words.get(standing, "Chờ tiếp nhận")})

    def _result(self, sent: Mapping[str, Any]) -> Reply:
        entry = self._find(sent)
        if entry is None:
            return _failed(*NOT_FOUND)
        if self._standing(entry) != ISSUED:
            return _failed(*UNCOMPLETE)
        return _done(self._shown(entry))

    def _changed_on(self, sent: Mapping[str, Any]) -> Reply:
        entries = self._holdings.visible(sent["module"])
        day = sent["ngayCapNhat"]
        found = [each for each in entries if vietnam_time(each.received_at, "%Y-%m-%d") == day]
        return _done([{"id": each.position, "maDonVi": _number_of(each)} for each in found])

    def _record(self, sent: Mapping[str, Any]) -> Reply:
        return self._finished(sent["module"], [sent["maHoSo"]])

    def _records(self, sent: Mapping[str, Any]) -> Reply:
        if not is_unit(sent["maTinh"], self._clock.now().date()):
            return _failed(*PROVINCE)
        return self._finished(sent["module"], sent["dsMaHoSo"])

    def _code_list(self, sent: Mapping[str, Any]) -> Reply:
        today = date.fromisoformat(vietnam_time(self._clock.now(), "%Y-%m-%d"))
        return code_lists.code_list_reply(self._contract, sent, today)

    def _finished(self, module: str, numbers: list[int]) -> Reply:
        found = [each for each in self._holdings.visible(module) if each.position in numbers]
        if not found:
            return _failed(*NOT_FOUND)
        finished = [each for each in found if self._standing(each) == ISSUED]
        return _done([self._shown(each) for each in finished]) if finished else _failed(*UNCOMPLETE)

    def _shown(self, entry: Entry) -> dict[str, Any]:
        record = self._holdings.record_of(entry)
        book = {name: record[name] for name in ("so", "quyenSo", "trangSo") if record.get(name)}
        result = result_of(entry.body["module"], record)
        return {"id": entry.position, "maDonVi": _number_of(entry), **result, **book}


def _number_of(entry: Entry) -> int | None:
    """The unit as this generation writes it; a mission abroad has none."""
    code = str(entry.body["maDonVi"])
    return int(code) if code.isascii() and code.isdigit() else None


def _find_object(body: bytes) -> dict[str, Any] | None:
    try:
        content = parse_json(body)
    except NotStrictJson:
        return None
    return content if isinstance(content, dict) else None


def _done(value: object) -> Reply:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return json_reply({"status": 1, "value": text})


def _failed(code: int, description: str) -> Reply:
    return json_reply({"status": 0, "errorCode": code, "errorDescription": description})
