"""Dossiers and their steps, as the one-stop system keeps them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulators.journal import Entry, EntryKind, Journal

SYNCHRONISE, STEP, LOOK_UP = "DongBoHoSoMC", "CapNhatTienDoHoSoMC", "TraCuuHoSo"
FINISHED, HANDED_OVER = "9", "10"


class Refused(Exception):
    """The call is not taken; the sentence is what the caller reads."""

    sentence = "Logic xử lý không hợp lệ"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.sentence = self.sentence.format(code=code)


class Missing(Refused):
    """An update or a step of a dossier that is not held."""

    sentence = "Hồ sơ {code} không tồn tại"


class Exists(Refused):
    """A new dossier that is held already."""

    sentence = "Hồ sơ {code} đã tồn tại"


class HandedOver(Refused):
    """A step after the result was handed over."""

    sentence = "Hồ sơ {code} đã trả kết quả, không được cập nhật trạng thái"


class Finished(Refused):
    """A step back after the dossier was finished."""

    sentence = "Hồ sơ {code} đã có kết quả xử lý. Không thể cập nhật trạng thái"


class Dossiers:
    """All dossiers by `MaHoSo`; not safe by itself, its owner holds the lock."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._dossiers: dict[str, dict[str, Any]] = {}
        self._steps: dict[str, list[dict[str, Any]]] = {}

    def restore(self, entries: Iterable[Entry]) -> None:
        """Take over what a journal file says is held."""
        for entry in entries:
            if entry.operation in {SYNCHRONISE, STEP}:
                self._apply(entry.operation, entry.body)

    def reset(self) -> None:
        """Forget all dossiers."""
        self._dossiers.clear()
        self._steps.clear()

    def synchronise(self, sent: Sequence[dict[str, Any]], *, is_update: bool) -> None:
        """Take new dossiers or updates, all or none; raises `Refused`."""
        for dossier in sent:
            code = dossier["MaHoSo"]
            if is_update and code not in self._dossiers:
                raise Missing(code)
            if not is_update and code in self._dossiers:
                self._journal.add(EntryKind.REPEAT, SYNCHRONISE, code, dossier, is_update=False)
                raise Exists(code)
        for dossier in sent:
            same = is_update and self._dossiers[dossier["MaHoSo"]] == dossier
            kind = EntryKind.REPEAT if same else EntryKind.HELD
            self._journal.add(kind, SYNCHRONISE, dossier["MaHoSo"], dossier, is_update=is_update)
            self._apply(SYNCHRONISE, dossier)

    def report_steps(self, sent: Sequence[dict[str, Any]]) -> None:
        """Append steps, all or none; a step sent twice is there twice. Raises `Refused`."""
        for step in sent:
            self._check_step(step)
        for step in sent:
            is_there = step in self._steps.get(step["MaHoSo"], [])
            kind = EntryKind.DUPLICATE if is_there else EntryKind.HELD
            self._journal.add(kind, STEP, step_identity(step), step)
            self._apply(STEP, step)

    def look_up(self, code: str) -> list[dict[str, Any]]:
        """Return the dossier with its steps, or nothing."""
        dossier = self._dossiers.get(code)
        if dossier is None:
            return []
        steps = self._steps.get(code, [])
        status = steps[-1]["TrangThai"] if steps else dossier["TrangThaiHoSo"]
        return [{**dossier, "TrangThaiHoSo": status, "DanhSachTienDo": steps}]

    def _check_step(self, step: Mapping[str, Any]) -> None:
        code = step["MaHoSo"]
        found = self.look_up(code)
        if not found:
            raise Missing(code)
        if step in found[0]["DanhSachTienDo"]:
            return
        status = found[0]["TrangThaiHoSo"]
        if status == HANDED_OVER:
            raise HandedOver(code)
        if status == FINISHED and step["TrangThai"] not in {FINISHED, HANDED_OVER}:
            raise Finished(code)

    def _apply(self, operation: str, body: dict[str, Any]) -> None:
        if operation == SYNCHRONISE:
            self._dossiers[body["MaHoSo"]] = body
        else:
            self._steps.setdefault(body["MaHoSo"], []).append(body)


def step_identity(step: Mapping[str, Any]) -> str:
    """Key of a step: dossier, status and time."""
    return f"{step['MaHoSo']}/{step['TrangThai']}/{step['ThoiDiemXuLy']}"
