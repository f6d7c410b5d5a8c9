"""What an answer of the one-stop system means; the HTTP status decides only where its words are silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from adapters.errors import (
    AdapterError,
    Busy,
    ContractBroken,
    NotAuthorized,
    OutcomeUnknown,
    PartnerFault,
    Refused,
)
from adapters.http import HttpAnswer, unusable
from adapters.json_answer import text_of
from adapters.one_stop.faults import Meaning, meaning_of
from adapters.port import Accepted, Evidence

_UNAUTHORIZED = 401
_OUR_FIELDS = frozenset({"error_code", "session", "madonvi", "service"})


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer with what it says."""

    answer: HttpAnswer
    meaning: Meaning
    code: str | None
    text: str | None
    result: object = None

    @property
    def evidence(self) -> Evidence:
        """Proof of the exchange."""
        return self.answer.evidence(self.code, self.text)


def read(answer: HttpAnswer, service: str, mode: str) -> Reading:
    """Code, sentence and meaning of an answer."""
    body = answer.json_object or {}
    code, text = text_of(body.get("error_code")), _sentence(body)
    meaning = meaning_of(service, mode, code, text)
    if answer.status == _UNAUTHORIZED:
        meaning = Meaning.NEW_SESSION
    elif meaning is Meaning.DONE and not answer.is_success:
        meaning = Meaning.SILENT
    return Reading(answer, meaning, code, text, body.get("result"))


def accepted_or_raise(reading: Reading) -> Accepted:
    """What became of a dossier or step. Raises every AdapterError but NotSent."""
    if reading.meaning in {Meaning.DONE, Meaning.ALREADY}:
        return Accepted(reading.evidence, already_there=reading.meaning is Meaning.ALREADY)
    raise error_for(reading)


def error_for(reading: Reading) -> AdapterError:
    """The error that belongs to an answer which is not good news."""
    evidence = reading.evidence
    match reading.meaning:
        case Meaning.MISSING | Meaning.WRONG | Meaning.REFUSED_BEFORE:
            return Refused(evidence, faults=(PartnerFault(evidence.partner_text or reading.code or ""),))
        case Meaning.LATER:
            return Busy(evidence)
        case Meaning.UNCLEAR:
            return OutcomeUnknown(evidence)
        case Meaning.NEW_SESSION:
            return NotAuthorized(evidence)
        case Meaning.DONE | Meaning.ALREADY | Meaning.EXISTS | Meaning.SILENT:
            if reading.code is not None and reading.answer.is_success:
                return ContractBroken(evidence)
            return unusable(reading.answer)
        case unexpected:
            assert_never(unexpected)


def question_failed(reading: Reading) -> AdapterError:
    """A refused question refuses no message."""
    if reading.meaning in {Meaning.WRONG, Meaning.ALREADY, Meaning.EXISTS, Meaning.REFUSED_BEFORE}:
        return ContractBroken(reading.evidence)
    return error_for(reading)


def _sentence(body: Mapping[str, object]) -> str | None:
    """The words of an answer: the name `message` is ours [I], so any other text at its level serves too."""
    named = text_of(body.get("message"))
    if named is not None:
        return named
    others = (value for field, value in body.items() if field not in _OUR_FIELDS and isinstance(value, str))
    return "; ".join(others) or None
