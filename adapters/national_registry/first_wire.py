"""Generation 1 in the registry's words: a record as XML text inside JSON, one question per dossier."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from adapters.errors import ContractBroken, NotAuthorized, Refused
from adapters.http import HttpAnswer, unusable
from adapters.json_answer import JsonUnreadable, read_json, text_of, write_json
from adapters.national_registry.faults import Reaction, faults_in, reaction_to, says_received_already
from adapters.partner_text import storable
from adapters.port import Accepted, OutboundMessage, Stage

PUSH = "dangKyHoTich"
STATUS = "traTrangThaiHoSo"
RESULT = "ketQuaDangKyHS"
ENVELOPE = ("maDonVi", "module", "maHoSo", "ngayTiepNhan")
IDENTITY = ("maDonVi", "maHoSo")

STAGES: Mapping[str, Stage] = {
    "1": Stage.RECEIVED,
    "2": Stage.SUPPLEMENT_ASKED,
    "3": Stage.PROCESSING,
    "4": Stage.COMPLETED,
}
"""`status` of a status question [S]; this generation has no word for a refusal by the clerk."""

_TAKEN = "1"
_FAILED = "0"


@dataclass(frozen=True, slots=True)
class DossierStatus:
    """How far one dossier is."""

    stage: Stage
    code: str
    text: str | None


def push_content(message: OutboundMessage) -> bytes:
    """Body of `dangKyHoTich`: the record travels as XML text inside the JSON."""
    record = message.body["data"]
    if not isinstance(record, Mapping):
        raise TypeError("data")
    return write_json({**{field: message.body[field] for field in ENVELOPE}, "data": record_xml(record)})


def record_xml(record: Mapping[str, object]) -> str:
    """`<hotich><hoso>…</hoso></hotich>`, escaped by the library; a field without text is left out."""
    root = etree.Element("hotich")
    dossier = etree.SubElement(root, "hoso")
    for name, value in record.items():
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise TypeError(name)
        etree.SubElement(dossier, name).text = value
    return etree.tostring(root, encoding="unicode")


def question_content(message: OutboundMessage) -> bytes:
    """Body of the two questions about one dossier; it names no module, so the dossier code alone must do."""
    return write_json({field: message.body[field] for field in IDENTITY})


def read_push(answer: HttpAnswer) -> Accepted:
    """What became of a dossier. Raises Refused, NotAuthorized, ContractBroken, OutcomeUnknown."""
    body = answer.json_object
    status = None if body is None else text_of(body.get("status"))
    if body is None or status is None:
        raise unusable(answer)
    code, text = text_of(body.get("errorCode")), text_of(body.get("errorDescription"))
    evidence = answer.evidence(code or status, text)
    if status == _TAKEN and answer.is_success:
        return Accepted(evidence, pending=True)
    if status == _FAILED and says_received_already(text):
        return Accepted(evidence, already_there=True, pending=True)
    if status == _FAILED and (code or text):
        if reaction_to(code) in {Reaction.OPERATOR, Reaction.NEW_TOKEN}:
            raise NotAuthorized(evidence)
        raise Refused(evidence, faults=faults_in(text or code))
    raise ContractBroken(evidence) if answer.is_success else unusable(answer)


def find_status(answer: HttpAnswer) -> DossierStatus | None:
    """How far the dossier is; None when the registry does not have it (201). Raises as a failed poll does."""
    body = _body_of(answer)
    status = text_of(body.get("status")) or ""
    if status in STAGES:
        words = text_of(body.get("value")) or text_of(body.get("errorDescription"))
        return DossierStatus(STAGES[status], status, storable(words))
    if _must_wait(answer, body):
        return None
    raise ContractBroken(answer.evidence(text_of(body.get("errorCode")) or status))


def find_result(answer: HttpAnswer) -> Mapping[str, object] | None:
    """The record of a finished dossier; None while it is not complete (200). Raises as a failed poll does."""
    body = _body_of(answer)
    if text_of(body.get("status")) == _TAKEN:
        value = _value_of(body)
        if value is not None:
            return value
    elif _must_wait(answer, body):
        return None
    raise ContractBroken(answer.evidence(text_of(body.get("errorCode"))))


def _body_of(answer: HttpAnswer) -> Mapping[str, object]:
    body = answer.json_object
    if body is None or text_of(body.get("status")) is None or not answer.is_success:
        raise unusable(answer)
    return body


def _must_wait(answer: HttpAnswer, body: Mapping[str, object]) -> bool:
    """True when there is nothing to see yet; a refusal that concerns the caller is raised."""
    code = text_of(body.get("errorCode"))
    if text_of(body.get("status")) != _FAILED:
        return False
    if reaction_to(code) in {Reaction.OPERATOR, Reaction.NEW_TOKEN}:
        raise NotAuthorized(answer.evidence(code, text_of(body.get("errorDescription"))))
    return reaction_to(code) is Reaction.ASK_LATER


def _value_of(body: Mapping[str, object]) -> Mapping[str, object] | None:
    """The value as an object, whether it comes as one, as JSON text or in a list."""
    value = body.get("value")
    if isinstance(value, str):
        try:
            value = read_json(value.encode())
        except JsonUnreadable:
            return None
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, Mapping) else None
