"""The population database's own words: operations, states, credentials, and how its answers are read.

[S] look-up, verification and headers, from client code of courts and provinces; [I] the other two operations.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from adapters.hardened_xml import Element, child_of, text_of
from adapters.population_db.settings import PopulationDatabaseSettings
from adapters.port import JsonValue
from adapters.soap import SoapContract

_CONTRACT = Path(__file__).parent / "contract"
_PERSONAL_NUMBER = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_MILLISECONDS = 1000
_Status = TypeVar("_Status", bound=StrEnum)


class Operation(StrEnum):
    """What can be asked of the population database."""

    LOOK_UP = "TraCuuThongTinCongDan"
    """Fetch a citizen (tra cứu thông tin công dân) [S]."""
    VERIFY = "XacThucThongTinCongDan"
    """Yes or no (xác thực thông tin công dân) [S]."""
    ISSUE_NUMBER = "capSoDinhDanh"
    """Give a newborn a personal number (cấp số định danh cá nhân) [I]."""
    NOTICE = "thongBaoHoTich"
    """Tell of a civil-status event (thông báo hộ tịch) [I]."""


class NumberStatus(StrEnum):
    """States of a request for a number; `codes/number_status.csv` [I]."""

    ISSUED = "DA_CAP"
    PENDING = "CHO_XU_LY"
    SUSPECTED_DUPLICATE = "NGHI_TRUNG"
    REFUSED = "TU_CHOI"
    TECHNICAL_FAULT = "LOI_KY_THUAT"


class NoticeStatus(StrEnum):
    """States of a notice; `codes/notice_status.csv` [I]."""

    TAKEN = "DA_NHAN"
    REFUSED = "TU_CHOI"
    PERSON_NOT_FOUND = "KHONG_TIM_THAY"
    PERSON_SUSPECT = "NGHI_SAI"
    NEW_NUMBER_NEEDED = "PHAI_CAP_LAI_SO"


class AnswerUnknown(ValueError):
    """The answer has a word that the contract does not know, or lacks one that it promises."""

    def __init__(self, word: str) -> None:
        super().__init__(self.__doc__)
        self.word = word


@dataclass(frozen=True, slots=True)
class SuspectedDuplicate:
    """A person who may be the same as the one registered (nghi trùng)."""

    personal_id: str
    likeness: str | None
    """`mucDo`, the partner's own measure."""


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """Answer to `capSoDinhDanh`."""

    status: NumberStatus
    personal_id: str | None = None
    suspected: tuple[SuspectedDuplicate, ...] = ()
    error_code: str | None = None
    text: str | None = None

    @property
    def code(self) -> str:
        """State and error code in one: `TU_CHOI/BAD_REQUEST`."""
        return f"{self.status}/{self.error_code}" if self.error_code else str(self.status)


@dataclass(frozen=True, slots=True)
class NoticeAnswer:
    """Answer to `thongBaoHoTich`."""

    status: NoticeStatus
    text: str | None = None


@cache
def contract() -> SoapContract:
    """The WSDL and the schema of what is sent, read once from the package and shared."""
    return SoapContract(_CONTRACT / "dancuquocgia.wsdl", _CONTRACT / "xsd" / "dancuquocgia.xsd")


def request_headers(settings: PopulationDatabaseSettings, now: datetime) -> Mapping[str, str]:
    """Credentials bound to the moment [S]: the same header is refused a few minutes later."""
    timestamp = str(int(now.timestamp() * _MILLISECONDS))
    address = settings.signed_url or settings.service_url
    signed = f"{address}{settings.user}{timestamp}{settings.secret.get_secret_value()}"
    signature = hashlib.sha256(signed.encode()).hexdigest()
    account = base64.b64encode(f"{settings.user}:{signature}".encode()).decode("ascii")
    return {
        "Timestamp": timestamp,
        "Authorization": f"Basic {account}",
        "SOAPAction": '""',
        "Content-Type": "text/xml; charset=utf-8",
    }


def read_number_answer(payload: Element) -> NumberAnswer:
    """Raises AnswerUnknown for an unknown state, or a number promised and not given."""
    status = _status(NumberStatus, payload)
    text = text_of(payload, "moTa")
    personal_id = text_of(payload, "soDinhDanh")
    if status is NumberStatus.ISSUED and not is_personal_number(personal_id):
        raise AnswerUnknown("soDinhDanh")
    return NumberAnswer(
        status,
        personal_id if status is NumberStatus.ISSUED else None,
        _suspected(payload, text) if status is NumberStatus.SUSPECTED_DUPLICATE else (),
        text_of(payload, "maLoi"),
        text,
    )


def read_notice_answer(payload: Element) -> NoticeAnswer:
    """Raises AnswerUnknown for a state that the contract does not know."""
    return NoticeAnswer(_status(NoticeStatus, payload), text_of(payload, "moTa"))


def read_verification(payload: Element) -> bool:
    """Whether the three facts agree with a person; raises AnswerUnknown when it is neither yes nor no."""
    result = child_of(payload, "KetQuaXacThuc")
    word = None if result is None else text_of(result, "TonTai")
    match (word or "").lower():
        case "true" | "1":
            return True
        case "false" | "0":
            return False
        case other:
            raise AnswerUnknown(other or "TonTai")


def is_personal_number(value: JsonValue) -> bool:
    """Twelve ASCII digits; there is no check digit, so nothing more can be said [S]."""
    return isinstance(value, str) and _PERSONAL_NUMBER.fullmatch(value) is not None


def _status(states: type[_Status], payload: Element) -> _Status:
    word = text_of(payload, "trangThai")
    try:
        return states(word or "")
    except ValueError as error:
        raise AnswerUnknown(word or "trangThai") from error


def _suspected(payload: Element, text: str | None) -> tuple[SuspectedDuplicate, ...]:
    """Those listed; where none is listed, those that the sentence quotes, as clerks see it today [S]."""
    listed = tuple(
        SuspectedDuplicate(number, text_of(item, "mucDo"))
        for item in payload.iterchildren("{*}nghiTrung")
        if (number := text_of(item, "soDinhDanh")) is not None
    )
    return listed or tuple(
        SuspectedDuplicate(number, None) for number in _PERSONAL_NUMBER.findall(text or "")
    )
