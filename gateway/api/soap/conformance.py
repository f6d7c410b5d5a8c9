"""SOAP envelopes for the conformance check: opened and read as the service does. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.api.problems import Problem
from gateway.api.soap.envelope import open_envelope
from gateway.api.soap.handed_in import HandedIn, operation_in, read_handed_in
from gateway.api.soap.operations import Act, any_event_shape
from gateway.api.soap.questions import items_of
from gateway.api.soap.references import References
from gateway.error_codes import get_code
from gateway.model.conforming import ConformanceRule
from gateway.model.submission import Violation
from gateway.receive.conformance.readers import ReadMessage
from gateway.receive.conformance.ways import SOAP
from gateway.receive.finding import Finding
from gateway.receive.parse import BodyLimits, ParsedBody, parse_body
from gateway.receive.validate import violations_of
from mappings.canonical import EVENT_TYPES

_STARTS: Final = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")
"""UTF-8 without and with its mark, UTF-16 of both orders."""
_ENDINGS: Final = (".xml", "/xml", "+xml")
_MEDIA_TYPE: Final = "text/xml"
"""A file has none; the envelope itself says its version."""
_NO_EVENT: Final = "soap_no_event"
_WORDS: Final = (
    ("soap_media_type", "An envelope is in UTF-8 or UTF-16", "Phong bì dùng mã UTF-8 hoặc UTF-16", "I"),
    ("soap_not_readable", "An envelope has no DOCTYPE", "Phong bì không có DOCTYPE", "S"),
    ("soap_version_unknown", "The envelope is of SOAP 1.1 or 1.2", "Phong bì theo SOAP 1.1 hoặc 1.2", "S"),
    (
        "soap_envelope_invalid",
        "An Envelope has at most one Header and one Body with exactly one element",
        "Envelope có nhiều nhất một Header và một Body chứa đúng một phần tử",
        "S",
    ),
    (
        "soap_header_not_understood",
        "No header that must be understood is unknown to the service",
        "Không có tiêu đề bắt buộc hiểu mà dịch vụ không biết",
        "S",
    ),
    ("soap_security_malformed", "There is at most one Security header", "Có nhiều nhất một Security", "S"),
    (
        "soap_operation_unknown",
        "The element in the Body is an operation of the WSDL",
        "Phần tử trong Body là một thao tác của WSDL",
        "I",
    ),
    (
        _NO_EVENT,
        "A message that is checked hands in events",
        "Thông điệp được kiểm tra phải gửi sự kiện",
        "I",
    ),
)
_SOURCE: Final = "SOAP 1.1 section 4; SOAP 1.2 part 1, section 5; SOAP service (WSDL)"
_TOLD_NO_EVENT: Final = Violation(
    "",
    _NO_EVENT,
    "Thao tác này chỉ hỏi, không gửi sự kiện; hãy kiểm tra thông điệp Register….",
    "This operation asks and hands in no event; check a Register… message.",
)
RULES_OF_SOAP: Final[Mapping[str, ConformanceRule]] = {
    code: ConformanceRule(
        code=code,
        rule_vi=vietnamese,
        rule_en=english,
        source=_SOURCE,
        mark=mark,
        event_types=frozenset(EVENT_TYPES),
        needs=frozenset(),
        checked_by=frozenset(),
    )
    for code, english, vietnamese, mark in _WORDS
}
"""What can be wrong before an event is reached; the rules of its elements are in the catalogue."""


@dataclass(frozen=True, slots=True)
class SoapReader:
    """Envelopes of SOAP 1.1 and 1.2 with one event, or many."""

    limits: BodyLimits
    events_max: int
    kind: str = SOAP

    @property
    def rules(self) -> Mapping[str, ConformanceRule]:
        """Of the envelope."""
        return RULES_OF_SOAP

    def recognises(self, content: bytes, name: str) -> bool:
        """Any XML: what is no envelope is told so."""
        return name.lower().endswith(_ENDINGS) or content.lstrip().startswith(_STARTS)

    def read(self, content: bytes) -> Iterator[ReadMessage]:
        """The event of the operation, or each of many; without one, why there is none."""
        if len(content) > self.limits.body_bytes_max:
            too_large = Finding("body_too_large", (), {"bytes_max": self.limits.body_bytes_max})
            yield ReadMessage(None, ParsedBody(None, (too_large,)))
            return
        try:
            handed, is_one = self._handed_in(content)
        except Problem as problem:
            yield _refused(problem.errors or (_told(problem.code),))
            return
        if not handed:
            yield _refused((_TOLD_NO_EVENT,))
        for number, each in enumerate(handed, start=1):
            yield self._message(None if is_one else number, each)

    def _handed_in(self, content: bytes) -> tuple[Sequence[HandedIn], bool]:
        """What the service would take in, and whether it is one by the operation. Raises a problem."""
        question = open_envelope(content, _MEDIA_TYPE).body
        operation, references = operation_in(question), References(question)
        match operation.act:
            case Act.REGISTER:
                return [read_handed_in(question, operation.request, references)], True
            case Act.REGISTER_MANY:
                items = items_of(question, operation, self.events_max)
                return [read_handed_in(item, any_event_shape(), references) for item in items], False
            case _:
                return [], True

    def _message(self, number: int | None, handed: HandedIn) -> ReadMessage:
        faults = violations_of(handed.findings)
        parsed = ParsedBody(None, ()) if handed.body is None else parse_body(handed.body, self.limits)
        return ReadMessage(
            number, parsed, handed.idempotency_key, lambda told: tuple(_each_once((*faults, *told)))
        )


def is_no_submission(violations: Sequence[Violation]) -> bool:
    """Of an envelope that only asks: nothing of it can be measured."""
    return [each.code for each in violations] == [_NO_EVENT]


def _refused(faults: Sequence[Violation]) -> ReadMessage:
    return ReadMessage(None, ParsedBody(None, ()), retell=lambda _told: faults)


def _told(code: str) -> Violation:
    row = get_code(code)
    return Violation("", code, f"{row.title_vi}. {row.remedy_vi}", f"{row.title_en}. {row.remedy_en}")


def _each_once(told: Iterable[Violation]) -> Iterable[Violation]:
    return dict.fromkeys(told)
