"""What an answer of the registry means; the body decides, the HTTP status only where the body is silent."""

from collections.abc import Mapping, Sequence

from adapters.errors import ContractBroken, NotAuthorized, Refused
from adapters.http import HttpAnswer, unusable
from adapters.json_answer import text_of
from adapters.national_registry.faults import (
    Reaction,
    faults_in,
    reaction_to,
    says_received_already,
    text_in,
)
from adapters.national_registry.wire import PollItem, read_items
from adapters.port import Accepted

_TAKEN = "1"
_NOT_TAKEN = "0"
_UNAUTHORIZED = 401


def asks_for_new_token(answer: HttpAnswer) -> bool:
    """True when the tokens were refused, by status or by error number; nothing was applied."""
    if answer.status == _UNAUTHORIZED:
        return True
    body = answer.json_object or {}
    is_refusal = text_of(body.get("status")) == _NOT_TAKEN
    return is_refusal and reaction_to(text_of(body.get("errorCode"))) is Reaction.NEW_TOKEN


def read_push(answer: HttpAnswer) -> Accepted:
    """What became of a push. Raises Refused, NotAuthorized, ContractBroken, OutcomeUnknown."""
    body = answer.json_object
    if body is None:
        raise unusable(answer)
    if body.get("errors") and "title" in body:
        return _read_wrapper(answer, body)
    status = text_of(body.get("status"))
    code, text = text_of(body.get("errorCode")), _description(body)
    evidence = answer.evidence(code or status, text)
    if status == _TAKEN and answer.is_success:
        return Accepted(evidence, pending=True)
    if status == _NOT_TAKEN and says_received_already(text_of(body.get("errorDescription"))):
        return Accepted(evidence, already_there=True, pending=True)
    if status == _NOT_TAKEN and (code or text):
        if reaction_to(code) in {Reaction.OPERATOR, Reaction.NEW_TOKEN}:
            raise NotAuthorized(evidence)
        raise Refused(evidence, faults=faults_in(text or code))
    if answer.is_success and status is not None:
        raise ContractBroken(evidence)
    raise unusable(answer)


def read_poll(answer: HttpAnswer) -> Sequence[PollItem]:
    """The dossiers that the registry shows. Raises NotAuthorized, ContractBroken, OutcomeUnknown."""
    body = answer.json_object
    status = None if body is None else text_of(body.get("status"))
    if body is None or status is None or not answer.is_success:
        raise unusable(answer)
    code = text_of(body.get("errorCode"))
    value = body.get("value")
    if status == _TAKEN and (value is None or isinstance(value, list)):
        return read_items(value or [])
    if status == _NOT_TAKEN and reaction_to(code) is Reaction.ASK_LATER:
        return []
    evidence = answer.evidence(code or status, _description(body))
    if status == _NOT_TAKEN and reaction_to(code) in {Reaction.OPERATOR, Reaction.NEW_TOKEN}:
        raise NotAuthorized(evidence)
    raise ContractBroken(evidence)


def _read_wrapper(answer: HttpAnswer, body: Mapping[str, object]) -> Accepted:
    """The provincial relay's own form of a refusal."""
    faults, text = faults_in(body["errors"]), text_in(body["errors"])
    evidence = answer.evidence(text_of(body.get("status")), text)
    if says_received_already(text) and not any(fault.field for fault in faults):
        return Accepted(evidence, already_there=True, pending=True)
    raise Refused(evidence, faults=faults)


def _description(body: Mapping[str, object]) -> str | None:
    return text_of(body.get("errorDescription")) or text_of(body.get("statusDescription"))
