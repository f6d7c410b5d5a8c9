"""Verdicts on what a listening conformance check overhears, whatever way it comes in."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.api.batch_lines import Line, LineCutter
from gateway.api.soap.conformance import is_no_submission
from gateway.model.conforming import JudgedMessage
from gateway.receive.conformance.judge import Judge
from gateway.receive.conformance.readers import NdjsonReader, Reader
from gateway.receive.parse import BodyLimits, parse_body

_JSON = "json"


@dataclass(slots=True)
class Verdicts:
    """Kept in the order in which messages came, as long as there is room."""

    judge: Judge
    limits: BodyLimits
    messages_max: int
    messages: list[JudgedMessage] = field(default_factory=list)
    _requests: int = 0

    def next_place(self) -> str:
        """How the report names the request that begins now."""
        self._requests += 1
        return f"POST {self._requests}"

    @property
    def has_room(self) -> bool:
        """Another message may be judged."""
        return len(self.messages) < self.messages_max

    def add(self, judged: Iterable[JudgedMessage]) -> None:
        """Questions in an envelope are no messages to be judged."""
        for each in judged:
            if not self.has_room:
                return
            if not is_no_submission(each.violations):
                self.messages.append(each)


@dataclass(slots=True)
class WholeBody:
    """A request that is one document: an envelope, a push, or one event."""

    verdicts: Verdicts
    reader: Reader | None
    """None: one event as JSON, whose `Idempotency-Key` is a part of it."""
    idempotency_key: str | None = None
    _heard: bytearray = field(default_factory=bytearray)

    def hear(self, part: bytes, *, is_last: bool) -> None:
        """No more is kept than the gateway reads."""
        room = self.verdicts.limits.body_bytes_max + 1 - len(self._heard)
        self._heard += part[: max(room, 0)]
        if is_last and self.verdicts.has_room:
            self.verdicts.add(self._judged(self.verdicts.next_place(), bytes(self._heard)))

    def _judged(self, place: str, content: bytes) -> Iterable[JudgedMessage]:
        judge = self.verdicts.judge
        if self.reader is not None:
            return judge.judge_as(self.reader, place, content)
        parsed = parse_body(content, self.verdicts.limits)
        return [judge.judge_parsed(place, _JSON, parsed, idempotency_key=self.idempotency_key)]


class LineByLine:
    """A batch of any length: a line is judged when it is whole, and forgotten."""

    def __init__(self, verdicts: Verdicts) -> None:
        self._verdicts = verdicts
        self._reader = NdjsonReader(verdicts.limits)
        self._cutter = LineCutter(verdicts.limits.body_bytes_max)
        self._place = verdicts.next_place()

    def hear(self, part: bytes, *, is_last: bool) -> None:
        """The lines that end here, and at the end the last one."""
        for line in self._cutter.feed(part):
            self._judge(line)
        rest = self._cutter.end() if is_last else None
        if rest is not None:
            self._judge(rest)

    def _judge(self, line: Line) -> None:
        if not self._verdicts.has_room:
            return
        found = self._reader.read_line(line.number, None if line.is_too_long else line.body)
        self._verdicts.add(self._verdicts.judge.judge_read(self._reader.kind, self._place, found))
