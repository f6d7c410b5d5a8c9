"""The registry's words, spelled as in its contract: bodies out, poll items in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from adapters.json_answer import text_of, write_json
from adapters.partner_text import storable
from adapters.port import (
    FACT_PERSONAL_ID,
    FACT_REGISTRATION_DATE,
    FACT_REGISTRATION_NUMBER,
    FACT_REGISTRATION_PAGE,
    FACT_REGISTRATION_VOLUME,
    OutboundMessage,
    Stage,
)

PUSH = "nhanHoSoDKHT"
POLL = "layKetQuaHoSoDKHT"
ROUTING_PROVINCE = "maTinh"
"""Key of `OutboundMessage.routing`: two digits of the province, needed by the poll."""

ENVELOPE = ("maDonVi", "module", "maHoSoLT", "maHoSoMCDT", "ngayTiepNhan")

STAGES: Mapping[str, Stage] = {
    "1": Stage.RECEIVED,
    "2": Stage.SUPPLEMENT_ASKED,
    "3": Stage.PROCESSING,
    "4": Stage.COMPLETED,
    "6": Stage.REFUSED,
}
"""`trangThai`; any other value means "not on the registry's system" [S]."""

_PERSONAL_ID_DIGITS = 12
_FACT_FIELDS = (
    ("so", FACT_REGISTRATION_NUMBER),
    ("soDangKy", FACT_REGISTRATION_NUMBER),
    ("quyenSo", FACT_REGISTRATION_VOLUME),
    ("trangSo", FACT_REGISTRATION_PAGE),
)
"""Of two spellings the later counts. The original entry (`soDangKyHSGoc`) is not the one that was made."""
_REMARK_DAY = "ngayGhiChu"
"""Only the result of a remark has it: written into an entry that exists, it has a day and no number."""
_DAYS = (
    re.compile(r"(?P<day>[0-9]{1,2})([./])(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4})( [0-9:]{8})?"),
    re.compile(r"(?P<year>[0-9]{4})(-?)(?P<month>[0-9]{2})\2(?P<day>[0-9]{2})"),
)
"""Results write `dd/MM/yyyy` [S]; dots, a time behind it and the year first are seen beside them [S]."""
_WORDS = ("noiDungXuLy", "ghiChu", "errors")
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""No summer time since 1975, so that no time-zone files are needed."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one poll can ask about: one module of one province."""

    module: str
    province: str


@dataclass(frozen=True, slots=True)
class PollItem:
    """One dossier in the answer of a poll."""

    codes: frozenset[str]
    module: str | None
    status: str | None
    text: str | None
    occurred_at: datetime | None
    actor: str | None
    result: Mapping[str, object]
    """`ketQuaXuLy`; empty as long as there is none."""

    @property
    def stage(self) -> Stage | None:
        """None for a status outside the contract."""
        return STAGES.get(self.status or "")

    def concerns(self, message: OutboundMessage) -> bool:
        """The identity of a dossier is its module and its one-stop code."""
        return code_of(message) in self.codes and self.module in {None, str(message.body["module"])}


def push_content(message: OutboundMessage) -> bytes:
    """Body of the push: the record travels as JSON text inside the JSON."""
    record = message.body["data"]
    if not isinstance(record, Mapping):
        raise TypeError("data")
    return write_json(
        {
            **{field: message.body[field] for field in ENVELOPE},
            "data": write_json(record).decode(),
            "fileDinhKem": message.body.get("fileDinhKem") or [],
        }
    )


def poll_content(question: Question, codes: Sequence[str]) -> bytes:
    """Body of the poll; the caller keeps to the number of codes."""
    return write_json({"maDinhDanhHoSo": codes, "maTinh": question.province, "module": question.module})


def code_of(message: OutboundMessage) -> str:
    """The one-stop dossier code (mã hồ sơ một cửa), by which the poll finds the message."""
    return str(message.body["maHoSoMCDT"])


def question_of(message: OutboundMessage) -> Question:
    """In which poll this message can be asked about."""
    return Question(module=str(message.body["module"]), province=message.routing[ROUTING_PROVINCE])


def read_items(value: Iterable[object]) -> list[PollItem]:
    """The items of a poll answer; an element that is no object is nobody's answer and is left out."""
    return [_read_item(element) for element in value if isinstance(element, Mapping)]


def moment_of(text: str | None) -> datetime | None:
    """`dd/MM/yyyy HH:mm:ss` in Vietnam as UTC; None if it is anything else."""
    try:
        local = datetime.strptime(text or "", "%d/%m/%Y %H:%M:%S").replace(tzinfo=VIETNAM)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _read_item(item: Mapping[str, object]) -> PollItem:
    codes = (text_of(item.get(field)) for field in ("maHoSoMCDT", "maHoSoLT"))
    result = item.get("ketQuaXuLy")
    return PollItem(
        codes=frozenset(code for code in codes if code),
        module=text_of(item.get("module")),
        status=text_of(item.get("trangThai")),
        text=storable("; ".join(word for field in _WORDS if (word := text_of(item.get(field))))),
        occurred_at=moment_of(text_of(item.get("thoiGianThucHien"))),
        actor=_actor_of(item),
        result=result if isinstance(result, Mapping) else {},
    )


def _actor_of(item: Mapping[str, object]) -> str | None:
    parts = (text_of(item.get(field)) for field in ("nguoiXuLy", "chucDanh", "phongBanXuLy"))
    return storable(", ".join(part for part in parts if part))


def facts_of(result: Mapping[str, object]) -> dict[str, str]:
    """What a finished record tells: number, book, page, day and the personal number; nothing unreadable.

    A remark tells its day only.
    """
    if _REMARK_DAY in result:
        return _day_told(result[_REMARK_DAY])
    told = ((name, storable(text_of(result.get(field)))) for field, name in _FACT_FIELDS)
    facts = {name: text for name, text in told if text is not None}
    personal_id = text_of(result.get("soDinhDanh")) or ""
    if len(personal_id) == _PERSONAL_ID_DIGITS and personal_id.isascii() and personal_id.isdigit():
        facts[FACT_PERSONAL_ID] = personal_id
    return facts | _day_told(result.get("ngayDangKy"))


def _day_told(value: object) -> dict[str, str]:
    day = _day_of(text_of(value))
    return {} if day is None else {FACT_REGISTRATION_DATE: day.isoformat()}


def _day_of(text: str | None) -> date | None:
    found = next((match for spelling in _DAYS if (match := spelling.fullmatch(text or ""))), None)
    if found is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
