"""The one-stop system's words, spelled as in its contract: bodies out, dossiers in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from adapters.json_answer import text_of, write_json
from adapters.partner_text import storable
from adapters.port import JsonValue, OutboundMessage, Stage

DOSSIER = "DongBoHoSoMC"
STEP = "CapNhatTienDoHoSoMC"
LOOK_UP = "TraCuuHoSo"

NEW = "False"
UPDATE = "True"
NO_MODE = ""
"""Only the dossier service has a mode."""

STAGES: Mapping[str, Stage] = {
    "1": Stage.RECEIVED,
    "2": Stage.RECEIVED,
    "3": Stage.REFUSED,
    "4": Stage.PROCESSING,
    "5": Stage.SUPPLEMENT_ASKED,
    "6": Stage.SUPPLEMENT_ASKED,
    "7": Stage.REFUSED,
    "8": Stage.REFUSED,
    "9": Stage.COMPLETED,
    "10": Stage.COMPLETED,
}
"""`TrangThaiHoSo`; withdrawn (7) and stopped (8) end the work like a refusal; 9 ends ours, not the desk's."""

ENDED_AT_THE_DESK = frozenset({"3", "7", "8", "10"})
"""Handed over (10), or never to be: refused, withdrawn, stopped."""

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every body after the login carries."""

    session: str
    agency_code: str

    def around(self, service: str, mode: str, item: Mapping[str, JsonValue]) -> bytes:
        """Body with one dossier or one step."""
        is_updating = {} if mode == NO_MODE else {"isUpdating": mode}
        return write_json({**self._head(service), **is_updating, "data": [item]})

    def look_up(self, dossier_code: str) -> bytes:
        """Body of a look-up."""
        return write_json({**self._head(LOOK_UP), "mahoso": dossier_code})

    def _head(self, service: str) -> dict[str, object]:
        return {"session": self.session, "madonvi": self.agency_code, "service": service}


def code_of(message: OutboundMessage) -> str:
    """The dossier code (mã hồ sơ), which the linked service spells in its own way."""
    return str(message.body["MaHoSo"] if "MaHoSo" in message.body else message.body["maHoSo"])


def find_dossier(result: object, dossier_code: str) -> Mapping[str, object] | None:
    """The dossier of that code in the result of a look-up; None when it is not held."""
    for element in result if isinstance(result, list) else [result]:
        if isinstance(element, Mapping) and text_of(element.get("MaHoSo")) == dossier_code:
            return element
    return None


def find_step(
    dossier: Mapping[str, object], status: str | None, moment: str | None
) -> Mapping[str, object] | None:
    """The step with this state and this time; the list of steps is our proposal [I]."""
    steps = dossier.get("DanhSachTienDo")
    for step in steps if isinstance(steps, list) else []:
        if not isinstance(step, Mapping):
            continue
        if (text_of(step.get("TrangThai")), text_of(step.get("ThoiDiemXuLy"))) == (status, moment):
            return step
    return None


def find_last_step(dossier: Mapping[str, object], status: str) -> Mapping[str, object] | None:
    """The latest step that led to this state, in the order in which the steps came."""
    steps = dossier.get("DanhSachTienDo")
    fitting = [
        step
        for step in (steps if isinstance(steps, list) else [])
        if isinstance(step, Mapping) and text_of(step.get("TrangThai")) == status
    ]
    return fitting[-1] if fitting else None


def moment_of(text: str | None) -> datetime | None:
    """`yyyyMMddHHmmss` in Vietnam as UTC; None if it is anything else."""
    try:
        local = datetime.strptime(text or "", "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def words_of(step: Mapping[str, object], *fields: str) -> str | None:
    """Some fields of a step as one text."""
    parts = (text_of(step.get(field)) for field in fields)
    return storable(", ".join(part for part in parts if part))
