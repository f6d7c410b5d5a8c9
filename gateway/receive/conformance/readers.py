"""From a sender's bytes to canonical messages: one reader for each way of writing them.

A further way in is one more `Reader` in the list that the check is built with: those of SOAP envelopes and of
the registry's dialects stand beside the services that read them (`gateway.api`) and are handed in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

from gateway.model.conforming import ConformanceRule
from gateway.model.submission import Violation
from gateway.receive.finding import Finding
from gateway.receive.parse import BodyLimits, ParsedBody, parse_body

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
Retell: TypeAlias = Callable[[Sequence[Violation]], Sequence[Violation]]
"""What the rules say of the event -> what the sender is told of his message, in his own fields."""


def as_it_is(told: Sequence[Violation]) -> Sequence[Violation]:
    """Where the message is the event."""
    return told


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """One message of a document."""

    line: int | None
    """Which one it is, from 1, when the document may hold several; of lines, its line."""
    parsed: ParsedBody
    """Its canonical JSON value and what reading alone has found."""
    idempotency_key: str | None = None
    """Where the message itself holds one."""
    retell: Retell = as_it_is
    """Adds what only this way of writing can get wrong."""
    retell_warnings: Retell = as_it_is
    kind: str | None = None
    """Of a line that is written in another way than its document: how."""


class Reader(Protocol):
    """One way of writing messages."""

    @property
    def kind(self) -> str:
        """As reports name it."""
        ...

    @property
    def rules(self) -> Mapping[str, ConformanceRule]:
        """Those of this way of writing that the catalogue does not have, by code."""
        ...

    def recognises(self, content: bytes, name: str) -> bool:
        """Whether the document looks so; `name` is that of the file or the media type."""
        ...

    def read(self, content: bytes) -> Iterator[ReadMessage]:
        """Every message in it."""
        ...


@dataclass(frozen=True, slots=True)
class JsonReader:
    """One event as a JSON object: the body of a REST request."""

    limits: BodyLimits
    kind: str = "json"

    @property
    def rules(self) -> Mapping[str, ConformanceRule]:
        """None: the catalogue has them all."""
        return {}

    def recognises(self, content: bytes, name: str) -> bool:  # noqa: ARG002 - the port's signature
        """Whatever nobody else recognises: its faults are then told as faults of JSON."""
        return True

    def read(self, content: bytes) -> Iterator[ReadMessage]:
        """Exactly one."""
        yield ReadMessage(None, parse_body(content, self.limits))


@dataclass(frozen=True, slots=True)
class NdjsonReader:
    """An event a line; a blank line is a fault, as in a batch, but for the end of the last one."""

    limits: BodyLimits
    of_lines: tuple[Reader, ...] = ()
    """Other ways in which a line may be written; the first that recognises it reads it."""
    kind: str = "ndjson"

    @property
    def rules(self) -> Mapping[str, ConformanceRule]:
        """None: the catalogue has them all."""
        return {}

    def recognises(self, content: bytes, name: str) -> bool:
        """By its name, or because its first line is a whole object and another follows."""
        if name.lower().endswith((".ndjson", ".jsonl", "/x-ndjson", "/jsonl")):
            return True
        first, _, rest = content.removeprefix(_BYTE_ORDER_MARK).lstrip().partition(b"\n")
        return bool(rest.strip()) and parse_body(first, self.limits).value is not None

    def read(self, content: bytes) -> Iterator[ReadMessage]:
        """In the order of the lines."""
        *lines, last = content.removeprefix(_BYTE_ORDER_MARK).split(b"\n")
        for number, line in enumerate([*lines, *([last] if last else [])], start=1):
            yield from self.read_line(number, line)

    def read_line(self, number: int, line: bytes | None) -> Iterator[ReadMessage]:
        """One line of many; None: longer than any may be, and gone."""
        if line is None:
            too_large = Finding("body_too_large", (), {"bytes_max": self.limits.body_bytes_max})
            yield ReadMessage(number, ParsedBody(None, (too_large,)))
            return
        text = line.strip()
        if not text:
            yield ReadMessage(number, ParsedBody(None, (Finding("line_blank", ()),)))
            return
        other = next((each for each in self.of_lines if each.recognises(text, "")), None)
        if other is None:
            yield ReadMessage(number, parse_body(text, self.limits))
            return
        for message in other.read(text):
            yield replace(message, line=number, kind=other.kind)


def shipped_readers(limits: BodyLimits, of_lines: tuple[Reader, ...] = ()) -> tuple[Reader, ...]:
    """Those that write events as JSON; the first that recognises a document reads it, the last one any."""
    return NdjsonReader(limits, of_lines), JsonReader(limits)


def choose_reader(readers: Sequence[Reader], content: bytes, name: str) -> Reader:
    """The last one takes what nobody recognises."""
    return next((reader for reader in readers if reader.recognises(content, name)), readers[-1])
