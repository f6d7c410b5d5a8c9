"""Pushes in the registry's dialects for the conformance check, read and told as the façade does. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.api.dialects.answers import DialectFault
from gateway.api.dialects.bodies import JsonObject, NotReadable, read_object
from gateway.api.dialects.faults import faults_of, warnings_of
from gateway.api.dialects.pushes import RECORD, read_first_push, read_second_push
from gateway.api.dialects.rules import RULES_OF_BOTH, RULES_OF_XML
from gateway.model.clock import Clock
from gateway.model.conforming import ConformanceRule
from gateway.model.submission import Violation
from gateway.receive.conformance.readers import ReadMessage
from gateway.receive.finding import Finding
from gateway.receive.parse import BodyLimits, ParsedBody, parse_body
from mappings.canonical.declaration import filled_in
from mappings.national_registry.reading.dossier import Dossier, Reading, read_dossier

_OPENED: Final[Mapping[str, Callable[[JsonObject], Dossier]]] = {"1": read_first_push, "2": read_second_push}
_OWN_CODES: Final[Mapping[str, frozenset[str]]] = {
    "1": frozenset({"maHoSo"}),
    "2": frozenset({"maHoSoMCDT", "maHoSoLT", "fileDinhKem"}),
}
"""Fields that a push of the other generation does not have."""
_MODULE: Final = "module"


@dataclass(frozen=True, slots=True)
class DialectReader:
    """One dossier, the body of `dangKyHoTich` (generation 1) or `nhanHoSoDKHT` (generation 2)."""

    generation: str
    limits: BodyLimits
    clock: Clock
    """A dossier may say the day only: the arrival then bounds the moment of registration."""

    @property
    def kind(self) -> str:
        """`registry_1` or `registry_2`."""
        return f"registry_{self.generation}"

    @property
    def rules(self) -> Mapping[str, ConformanceRule]:
        """Of reading; those of the event are in the catalogue."""
        return {**RULES_OF_BOTH, **(RULES_OF_XML if self.generation == "1" else {})}

    def recognises(self, content: bytes, name: str) -> bool:  # noqa: ARG002 - the port's signature
        """A JSON object with `module` and `data`, and no field of the other generation alone."""
        if b'"module"' not in content or b'"data"' not in content:
            return False
        try:
            sent = read_object(content)
        except NotReadable:
            return False
        return _MODULE in sent and RECORD in sent and _generation_of(sent) == self.generation

    def read(self, content: bytes) -> Iterator[ReadMessage]:
        """Exactly one; what cannot be read is told by the dialect's own field."""
        if len(content) > self.limits.body_bytes_max:
            too_large = Finding("body_too_large", (), {"bytes_max": self.limits.body_bytes_max})
            yield ReadMessage(None, ParsedBody(None, (too_large,)))
            return
        try:
            dossier = _OPENED[self.generation](read_object(content))
        except NotReadable as unreadable:
            fault = _as_violation(unreadable.fault)
            yield ReadMessage(None, ParsedBody(None, ()), retell=lambda _told: (fault,))
            return
        yield self._message(read_dossier(dossier, self.clock()))

    def _message(self, reading: Reading) -> ReadMessage:
        # A declaration is measured as the event that it asks for.
        event = json.dumps(filled_in(reading.message).get("declared", reading.event)).encode()
        return ReadMessage(
            None,
            parse_body(event, self.limits) if reading.event else ParsedBody(None, ()),
            retell=lambda told: _in_words(faults_of(reading, told)),
            retell_warnings=lambda told: _in_words(warnings_of(reading, told)),
        )


def dialect_readers(limits: BodyLimits, clock: Clock) -> tuple[DialectReader, ...]:
    """Of both generations."""
    return tuple(DialectReader(generation, limits, clock) for generation in _OPENED)


def _generation_of(sent: JsonObject) -> str:
    """By its own fields; where there are none or both, by what `data` holds."""
    marks = [generation for generation, codes in _OWN_CODES.items() if codes & sent.keys()]
    if len(marks) == 1:
        return marks[0]
    record = sent[RECORD]
    return "1" if isinstance(record, str) and record.lstrip("\ufeff \t\r\n").startswith("<") else "2"


def _in_words(faults: Sequence[DialectFault]) -> tuple[Violation, ...]:
    return tuple(_as_violation(each) for each in faults)


def _as_violation(fault: DialectFault) -> Violation:
    return Violation(fault.pointer, fault.code, fault.message_vi, fault.message_en)
