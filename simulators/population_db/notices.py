"""Notices of civil-status events: taken once per `maYeuCau`, and what they change in the register."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from simulators.contract import Contract
from simulators.faults import FaultKind
from simulators.journal import Entry, EntryKind, Journal
from simulators.personal_number import PLACE
from simulators.planting import Effects
from simulators.population_db.people import Register

OPERATION: Final = "thongBaoHoTich"
TAKEN, REFUSED, NOT_FOUND, DOUBTFUL, NEW_NUMBER = (
    *("DA_NHAN", "TU_CHOI", "KHONG_TIM_THAY", "NGHI_SAI", "PHAI_CAP_LAI_SO"),
)
NOT_VALID: Final = "Event data does not pass validation"
_DEATH, _DEATH_CANCELLED, _DECLARATION = "DEATH", "DEATH_CANCELLED", "DECLARATION"
_DECLARED, _DECLARED_DEAD = "tuyenBo", "DA_CHET"
_MAY_CHANGE_NUMBER: Final = frozenset({"CHANGE", "CORRECTION", "BIRTH_CHANGE"})
_ALWAYS_CHANGES_NUMBER: Final = frozenset({"gioiTinh", "namSinh"})
_BIRTH_DATE: Final = "ngaySinh"
_MARITAL_STATUS: Final = {"MARRIAGE": "2", "DIVORCE": "3"}
_KEPT: Final = {
    "danToc": ("ethnic_group", "ethnic_group"),
    "tinhTrangHonNhan": ("marital_status", "marital_status"),
}
"""Changed field → what the register calls it, and the code list of its values."""
_YEAR_DIGITS: Final = 4

Sent = Mapping[str, Any]


class NoticeDesk:
    """Keeps the answer of each notice; its owner holds the lock."""

    def __init__(self, journal: Journal, register: Register, contract: Contract, *, known_only: bool) -> None:
        self._journal = journal
        self._register = register
        self._contract = contract
        self._known_only = known_only
        self._need_changes = {
            row["code"] for row in contract.table("event_kind") if row["changes"] == "required"
        }
        self._answers: dict[str, str] = {}
        self._deaths: dict[str, str] = {}
        """Number of who is dead → `maYeuCau` of the notice that said so."""

    def restore(self, entries: Iterable[Entry]) -> None:
        """Take over what a journal file says was taken."""
        for entry in entries:
            if entry.operation == OPERATION:
                self._apply(entry.body, entry.facts["status"])

    def reset(self) -> None:
        """Forget all notices."""
        self._answers.clear()
        self._deaths.clear()

    def take(self, sent: dict[str, Any], effects: Effects) -> tuple[str, str]:
        """Status and text of the answer to one notice."""
        request_id = sent["maYeuCau"]
        if request_id in self._answers:
            self._journal.add(EntryKind.REPEAT, OPERATION, request_id, sent)
            return self._answers[request_id], ""
        status, text = self._judge(sent, effects)
        if status in {TAKEN, NEW_NUMBER}:
            self._journal.add(EntryKind.HELD, OPERATION, request_id, sent, status=status)
            self._apply(sent, status)
        else:
            self._journal.add(EntryKind.REFUSED, OPERATION, request_id, sent, status=status)
        return status, text

    def _judge(self, sent: Sent, effects: Effects) -> tuple[str, str]:
        number, event = sent["soDinhDanh"], sent["loaiSuKien"]
        if effects.take(FaultKind.REFUSAL) is not None or not self._is_complete(sent):
            return REFUSED, NOT_VALID
        if not self._is_known(number):
            return NOT_FOUND, "Không tìm thấy công dân"
        if _tells_death(sent) and self._is_dead(number):
            return DOUBTFUL, "Công dân đã có thông tin khai tử"
        if event == _DEATH_CANCELLED and not self._can_be_taken_back(sent):
            return DOUBTFUL, "Không có thông tin khai tử tương ứng để hủy"
        if event in _MAY_CHANGE_NUMBER and any(_changes_number(each) for each in _changes(sent)):
            return NEW_NUMBER, "Phải hủy số cũ và xác lập lại số định danh"
        return TAKEN, ""

    def _is_complete(self, sent: Sent) -> bool:
        changes = _changes(sent)
        if sent["loaiSuKien"] == _DECLARATION:
            declared = {each.get("giaTriMoi") for each in changes if each["truong"] == _DECLARED}
            return bool(declared) and declared <= self._contract.codes("declaration")
        return bool(changes) or sent["loaiSuKien"] not in self._need_changes

    def _is_known(self, number: str) -> bool:
        if self._register.find(number) is not None:
            return True
        return not self._known_only and number.startswith(PLACE)

    def _is_dead(self, number: str) -> bool:
        person = self._register.find(number)
        return number in self._deaths or (person is not None and person.is_dead)

    def _can_be_taken_back(self, sent: Sent) -> bool:
        """A named notice must be the one that told the death; of strangers nothing is known."""
        number, replaced = sent["soDinhDanh"], sent.get("suKienBiThayThe")
        if replaced:
            return bool(self._deaths.get(number) == replaced)
        return self._is_dead(number) or self._register.find(number) is None

    def _apply(self, sent: Sent, status: str) -> None:
        number, event = sent["soDinhDanh"], sent["loaiSuKien"]
        self._answers[sent["maYeuCau"]] = status
        if status != TAKEN:
            return
        if _tells_death(sent):
            self._deaths[number] = sent["maYeuCau"]
            self._register.mark(number, is_dead=True)
        if event == _DEATH_CANCELLED:
            self._deaths.pop(number, None)
            self._register.mark(number, is_dead=False)
        if event in _MARITAL_STATUS:
            self._register.mark(number, marital_status=_MARITAL_STATUS[event])
        for each in _changes(sent):
            name, code_list = _KEPT.get(each["truong"], ("", ""))
            if name and each.get("giaTriMoi") in self._contract.codes(code_list):
                self._register.mark(number, **{name: each["giaTriMoi"]})


def _changes(sent: Sent) -> list[dict[str, str]]:
    found: list[dict[str, str]] = sent.get("thayDoi", [])
    return found


def _tells_death(sent: Sent) -> bool:
    if sent["loaiSuKien"] == _DECLARATION:
        return any(
            (each["truong"], each.get("giaTriMoi")) == (_DECLARED, _DECLARED_DEAD) for each in _changes(sent)
        )
    return bool(sent["loaiSuKien"] == _DEATH)


def _changes_number(change: Mapping[str, str]) -> bool:
    """Sex and birth year stand in the number; another day of the same year does not."""
    if change["truong"] == _BIRTH_DATE:
        years = [change.get(name, "")[:_YEAR_DIGITS] for name in ("giaTriCu", "giaTriMoi")]
        return years[0] != years[1]
    return change["truong"] in _ALWAYS_CHANGES_NUMBER
