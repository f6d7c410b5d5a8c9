"""Notices of civil-status events: taken once per `maYeuCau`, and what they change in the register."""

from collections.abc import Iterable
from typing import Any

from simulators.faults import FaultKind
from simulators.journal import Entry, EntryKind, Journal
from simulators.planting import Effects
from simulators.population_db.people import PLACE, Register

OPERATION = "thongBaoHoTich"
TAKEN, REFUSED, NOT_FOUND, DOUBTFUL, NEW_NUMBER = (
    *("DA_NHAN", "TU_CHOI", "KHONG_TIM_THAY", "NGHI_SAI", "PHAI_CAP_LAI_SO"),
)
_CHANGES_NUMBER = frozenset({"gioiTinh", "namSinh", "ngaySinh"})
_MARITAL_STATUS = {"MARRIAGE": "2", "DIVORCE": "3"}


class NoticeDesk:
    """Keeps the answer of each notice; its owner holds the lock."""

    def __init__(self, journal: Journal, register: Register, *, known_only: bool) -> None:
        self._journal = journal
        self._register = register
        self._known_only = known_only
        self._answers: dict[str, str] = {}
        self._dead: set[str] = set()

    def restore(self, entries: Iterable[Entry]) -> None:
        """Take over what a journal file says was taken."""
        for entry in entries:
            if entry.operation == OPERATION:
                self._apply(entry.body, entry.facts["status"])

    def reset(self) -> None:
        """Forget all notices."""
        self._answers.clear()
        self._dead.clear()

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

    def _judge(self, sent: dict[str, Any], effects: Effects) -> tuple[str, str]:
        number = sent["soDinhDanh"]
        if effects.take(FaultKind.REFUSAL) is not None:
            return REFUSED, "Event data does not pass validation"
        if not self._is_known(number):
            return NOT_FOUND, "Không tìm thấy công dân"
        if sent["loaiSuKien"] == "DEATH" and number in self._dead:
            return DOUBTFUL, "Công dân đã có thông tin khai tử"
        changed = {change["truong"] for change in sent.get("thayDoi", [])}
        if sent["loaiSuKien"] == "CORRECTION" and changed & _CHANGES_NUMBER:
            return NEW_NUMBER, "Phải hủy số cũ và xác lập lại số định danh"
        return TAKEN, ""

    def _is_known(self, number: str) -> bool:
        if self._register.find(number) is not None:
            return True
        return not self._known_only and number.startswith(PLACE)

    def _apply(self, sent: dict[str, Any], status: str) -> None:
        number, event = sent["soDinhDanh"], sent["loaiSuKien"]
        self._answers[sent["maYeuCau"]] = status
        if event == "DEATH":
            self._dead.add(number)
        if event == "DEATH_CANCELLED":
            self._dead.discard(number)
        self._register.mark(number, is_dead=number in self._dead)
        if event in _MARITAL_STATUS:
            self._register.mark(number, marital_status=_MARITAL_STATUS[event])
