"""What each word of the population database lets us do: acceptance, or one of the adapter errors."""

from typing import assert_never

from adapters.errors import Busy, ContractBroken, PartnerFault, RefusalReason, Refused
from adapters.http import HttpAnswer
from adapters.partner_text import storable
from adapters.population_db.citizen import Citizen
from adapters.population_db.wire import (
    NoticeAnswer,
    NoticeStatus,
    NumberAnswer,
    NumberStatus,
    is_personal_number,
)
from adapters.port import FACT_EXISTING_PERSONAL_ID, FACT_PERSONAL_ID, Accepted, JsonValue

NOT_FOUND = "NOT_FOUND"
MISMATCH = "MISMATCH"
"""Our own codes for answers that come without one [I]."""

_CHECK_AGAIN = (
    ("SoDinhDanh", "số định danh", "the number"),
    ("HoVaTen", "họ, chữ đệm và tên", "the name"),
    ("NgayThangNamSinh", "ngày hoặc năm sinh", "the birth date or year"),
)
"""The three facts of which a wrong one looks like a missing person [S]."""


def settle_number(answer: NumberAnswer, http: HttpAnswer) -> Accepted:
    """Raises Refused for what a person must decide, Busy for a technical fault: same `maYeuCau` again."""
    evidence = http.evidence(answer.code, answer.text)
    match answer.status:
        case NumberStatus.ISSUED:
            return Accepted(evidence, facts={FACT_PERSONAL_ID: answer.personal_id or ""})
        case NumberStatus.PENDING:
            return Accepted(evidence, pending=True)
        case NumberStatus.SUSPECTED_DUPLICATE:
            raise _suspected_duplicate(answer, http)
        case NumberStatus.REFUSED:
            raise Refused(evidence, RefusalReason.CONTENT, _said(answer.text, answer.code))
        case NumberStatus.TECHNICAL_FAULT:
            raise Busy(evidence)
        case never:
            assert_never(never)


def settle_notice(answer: NoticeAnswer, http: HttpAnswer) -> Accepted:
    """Raises Refused with the reason that says what a person can do."""
    evidence = http.evidence(answer.status, answer.text)
    match answer.status:
        case NoticeStatus.TAKEN:
            return Accepted(evidence)
        case NoticeStatus.REFUSED:
            reason = RefusalReason.CONTENT
        case NoticeStatus.PERSON_NOT_FOUND:
            reason = RefusalReason.PERSON_NOT_FOUND
        case NoticeStatus.PERSON_SUSPECT:
            reason = RefusalReason.PERSON_MISMATCH
        case NoticeStatus.NEW_NUMBER_NEEDED:
            reason = RefusalReason.NEW_NUMBER_NEEDED
        case never:
            assert_never(never)
    raise Refused(evidence, reason, _said(answer.text, answer.status))


def settle_look_up(citizens: tuple[Citizen, ...], asked_personal_id: JsonValue, http: HttpAnswer) -> Accepted:
    """Raises Refused when nobody or several are meant, ContractBroken when it is about somebody else."""
    if not citizens:
        evidence = http.evidence(NOT_FOUND)
        raise Refused(evidence, RefusalReason.PERSON_NOT_FOUND, _check_again())
    if len(citizens) > 1:
        raise Refused(http.evidence(MISMATCH), RefusalReason.PERSON_MISMATCH, _check_again())
    personal_id = citizens[0].personal_id
    if asked_personal_id is not None and personal_id != asked_personal_id:
        raise ContractBroken(http.evidence("SoDinhDanh"))
    if personal_id is None:
        return Accepted(http.evidence())
    if not is_personal_number(personal_id):
        raise ContractBroken(http.evidence("SoDinhDanh"))
    return Accepted(http.evidence(), facts={FACT_PERSONAL_ID: personal_id})


def settle_verification(*, agrees: bool, http: HttpAnswer) -> Accepted:
    """Raises Refused when the three facts do not agree with one person."""
    if not agrees:
        raise Refused(http.evidence(MISMATCH), RefusalReason.PERSON_MISMATCH, _check_again())
    return Accepted(http.evidence())


def _suspected_duplicate(answer: NumberAnswer, http: HttpAnswer) -> Refused:
    """The first number quoted is the fact; all of them are named among the faults."""
    quoted = tuple(
        PartnerFault(
            f"Nghi trùng với {person.personal_id} (mức độ {person.likeness or '?'})"
            f" / suspected duplicate of {person.personal_id} (likeness {person.likeness or '?'})",
            "nghiTrung",
        )
        for person in answer.suspected
    )
    return Refused(
        http.evidence(answer.code, answer.text),
        RefusalReason.SUSPECTED_DUPLICATE,
        quoted or _said(answer.text, answer.code),
        {FACT_EXISTING_PERSONAL_ID: answer.suspected[0].personal_id} if answer.suspected else {},
    )


def _said(text: str | None, code: str) -> tuple[PartnerFault, ...]:
    return (PartnerFault(storable(text) or code),)


def _check_again() -> tuple[PartnerFault, ...]:
    return tuple(
        PartnerFault(f"Không có dữ liệu khớp, hãy kiểm tra {vi} / no data agrees, check {en}", field)
        for field, vi, en in _CHECK_AGAIN
    )
