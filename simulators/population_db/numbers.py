"""Giving out personal numbers: one per request, never a second one for the same child."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulators.clock import Clock
from simulators.faults import FaultKind
from simulators.journal import Entry, EntryKind, Journal
from simulators.personal_number import number_of
from simulators.planting import Effects
from simulators.population_db.people import Person, Register, folded

OPERATION = "capSoDinhDanh"
ISSUED, PENDING, DUPLICATE, REFUSED, TECHNICAL = (
    *("DA_CAP", "CHO_XU_LY", "NGHI_TRUNG", "TU_CHOI", "LOI_KY_THUAT"),
)


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """What the operation answers; empty texts are left out."""

    status: str
    number: str = ""
    existing: str = ""
    code: str = ""
    text: str = ""

    def children(self) -> list[tuple[str, object]]:
        """Elements of the answer, in the schema's order."""
        found: list[tuple[str, object]] = [("trangThai", self.status)]
        if self.number:
            found.append(("soDinhDanh", self.number))
        if self.existing:
            found.append(("nghiTrung", [("soDinhDanh", self.existing), ("mucDo", "CAO")]))
        if self.code:
            found.append(("maLoi", self.code))
        if self.text:
            found.append(("moTa", self.text))
        return found


class NumberDesk:
    """Keeps the first outcome of each `maYeuCau`; its owner holds the lock."""

    def __init__(self, clock: Clock, journal: Journal, register: Register) -> None:
        self._clock = clock
        self._journal = journal
        self._register = register
        self._held: dict[str, Entry] = {}
        self._children: dict[str, tuple[str, str]] = {}

    def restore(self, entries: Iterable[Entry]) -> None:
        """Take over what a journal file says was given out."""
        for entry in entries:
            if entry.operation == OPERATION:
                self._remember(entry)

    def reset(self) -> None:
        """Forget all requests."""
        self._held.clear()
        self._children.clear()

    def ask(self, sent: dict[str, Any], effects: Effects) -> NumberAnswer:
        """Answer one request; the same `maYeuCau` gets its number again, never another."""
        request_id = sent["maYeuCau"]
        held = self._held.get(request_id)
        if held is not None:
            self._journal.add(
                EntryKind.REPEAT, OPERATION, request_id, sent, content_differs=sent != held.body
            )
            return self._outcome(held)
        refusal = self._find_refusal(sent, effects)
        if refusal is not None:
            self._journal.add(
                EntryKind.REFUSED, OPERATION, request_id, sent, status=refusal.status, code=refusal.code
            )
            return refusal
        number = self._register.new_number(request_id, sent["gioiTinh"], sent["ngaySinh"][:4])
        facts: dict[str, object] = {"number": number}
        late = effects.take(FaultKind.LATE_PERSONAL_ID)
        if late is not None:
            facts["number_from"] = (self._clock.now() + timedelta(seconds=late.seconds)).isoformat()
        entry = self._journal.add(EntryKind.HELD, OPERATION, request_id, sent, **facts)
        self._remember(entry)
        return self._outcome(entry)

    def _find_refusal(self, sent: dict[str, Any], effects: Effects) -> NumberAnswer | None:
        refusal = effects.take(FaultKind.REFUSAL)
        if refusal is not None and refusal.form == "technical":
            return NumberAnswer(TECHNICAL, code="DOWN", text="Upstream service temporarily unavailable")
        if refusal is not None or sent["gioiTinh"] == "0" or sent["quocTich"] != "VN":
            text = "Birth data does not pass validation"
            return NumberAnswer(REFUSED, code="BAD_REQUEST", text=text)
        planted = effects.take(FaultKind.SUSPECTED_DUPLICATE)
        existing = "" if planted is None else planted.number or self._some_number(sent)
        known = self._children.get(_child_key(sent))
        if known is not None and not _is_other_twin(sent, known[1]):
            existing = known[0]
        if not existing:
            return None
        text = f"Nghi trùng với số định danh đã cấp {existing}"
        return NumberAnswer(DUPLICATE, existing=existing, code="DUPLICATE_SUSPECTED", text=text)

    def _some_number(self, sent: Mapping[str, Any]) -> str:
        """Number that an earlier entry of this child would have."""
        block = sum(sent["maHoSo"].encode()) % 1_000_000
        return number_of(sent["gioiTinh"], sent["ngaySinh"][:4], block)

    def _outcome(self, entry: Entry) -> NumberAnswer:
        from_ = entry.facts.get("number_from")
        if from_ is not None and self._clock.now() < datetime.fromisoformat(from_):
            return NumberAnswer(PENDING, text="Yêu cầu đã được ghi nhận, số sẽ được cấp sau")
        return NumberAnswer(ISSUED, number=entry.facts["number"])

    def _remember(self, entry: Entry) -> None:
        sent, number = entry.body, entry.facts["number"]
        self._held[entry.identity] = entry
        self._children[_child_key(sent)] = (number, _twin_order(sent))
        self._register.put(
            Person(
                personal_id=number,
                full_name=_full_name(sent["hoTen"]),
                birth=sent["ngaySinh"],
                sex=sent["gioiTinh"],
                ethnic_group=sent.get("danToc", "01"),
                marital_status="1",
                province=sent["noiDangKyKhaiSinh"].get("maTinh", ""),
                commune=sent["noiDangKyKhaiSinh"].get("maXa", ""),
            )
        )


def _full_name(name: Mapping[str, str]) -> str:
    return " ".join(part for part in (name.get("Ho"), name.get("ChuDem"), name["Ten"]) if part)


def _child_key(sent: Mapping[str, Any]) -> str:
    """Name, birth and parents: the same of all of them is the same child, or a twin with the same name."""
    parents = [sent.get(who, {}) for who in ("me", "cha")]
    numbers = [
        parent.get("soDinhDanh") or folded(_full_name(parent["hoTen"])) for parent in parents if parent
    ]
    name = folded(_full_name(sent["hoTen"]))
    return "|".join((name, sent["ngaySinh"], sent["gioiTinh"], *numbers, sent["maDonVi"]))


def _twin_order(sent: Mapping[str, Any]) -> str:
    twin = sent.get("sinhDoi", {})
    return str(twin.get("thuTu", "")) if twin.get("laSinhDoi") in {"true", "1"} else ""


def _is_other_twin(sent: Mapping[str, Any], known_order: str) -> bool:
    order = _twin_order(sent)
    return bool(order and known_order and order != known_order)
