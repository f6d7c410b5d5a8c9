"""Measures messages by the gateway's own rules and says of every rule whether it holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from gateway.model.clock import Clock
from gateway.model.conforming import ConformanceRule, Fault, JudgedMessage, RuleStatus
from gateway.model.delivery import StoredEvent
from gateway.model.ids import ClientId, EventId
from gateway.model.submission import RawSubmission, Violation
from gateway.receive.conformance.catalogue import load_rules
from gateway.receive.conformance.readers import Reader, ReadMessage, choose_reader
from gateway.receive.conformance.ways import is_rule_of
from gateway.receive.parse import ParsedBody
from gateway.receive.validate import Rulebook, name_of, violations_of
from gateway.receive.walk import Examined, examine
from gateway.receive.wordings_of_warnings import OF_WARNINGS
from mappings.canonical import EVENT_TYPES, AnyEvent, matter_of

SENDER: Final = ClientId("conformance")
OF_HEADER: Final = "idempotency_key_invalid"
NOT_YOURS: Final = "authority_not_yours"
EARLIER_UNKNOWN: Final = "earlier_event_unknown"
ENTRY_DIFFERS: Final = "before_differs_from_entry"
"""Only the gateway knows how an entry stands."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is known of the sender beside his messages."""

    rulebook: Rulebook
    authorities: frozenset[str] = frozenset()
    """The units he speaks for; empty: not known, so nothing is said about it."""
    is_complete: bool = False
    """The messages are all that he has ever sent: an earlier event that is not among them does not exist."""


@dataclass(slots=True)
class _Followed:
    """Which rules of the rulebook were applied to one message."""

    to_the_end: set[str] = field(default_factory=set)
    not_to_the_end: set[str] = field(default_factory=set)

    def followed(self, rule: Callable[..., object]) -> None:
        self.to_the_end.add(name_of(rule))

    def stopped(self, rule: Callable[..., object]) -> None:
        self.not_to_the_end.add(name_of(rule))


@dataclass(frozen=True, slots=True)
class Document:
    """Something to be judged, read when its turn comes."""

    place: str
    load: Callable[[], bytes]
    name: str = ""
    """Of the file, or the media type."""
    expected: frozenset[Fault] | None = None


class Judge:
    """Judges one message after another; a later one may name an earlier one by its source_event_id."""

    def __init__(self, measure: Measure, readers: Sequence[Reader], clock: Clock) -> None:
        self._measure, self._readers, self._clock = measure, tuple(readers), clock
        self._rulebook = replace(measure.rulebook, find_earlier=self._find_earlier)
        self._rules = dict(load_rules())
        for each in readers:
            self._rules.update(each.rules)
        self._kinds_of_own = {
            code: frozenset(each.kind for each in readers if code in each.rules)
            for code in self._rules.keys() - load_rules().keys()
        }
        self._earlier: dict[str, StoredEvent] = {}

    @property
    def rulebook(self) -> Rulebook:
        """By which it measures."""
        return self._rulebook

    def judge_all(self, documents: Sequence[Document]) -> Iterator[JudgedMessage]:
        """Twice, so that a message may name one that is read after it; the first time nothing is told."""
        for document in documents:
            for _ in self.judge(document.place, document.load(), document.name):
                pass
        for document in documents:
            yield from self.judge(document.place, document.load(), document.name, document.expected)

    def judge(
        self,
        place: str,
        content: bytes,
        name: str = "",
        expected: frozenset[Fault] | None = None,
    ) -> Iterator[JudgedMessage]:
        """Every message of a document; `name` is that of the file, or the media type."""
        yield from self.judge_as(
            choose_reader(self._readers, content, name or place), place, content, expected
        )

    def judge_as(
        self, reader: Reader, place: str, content: bytes, expected: frozenset[Fault] | None = None
    ) -> Iterator[JudgedMessage]:
        """The same, where it is known already how the document is written."""
        yield from self.judge_read(reader.kind, place, reader.read(content), expected)

    def judge_read(
        self,
        kind: str,
        place: str,
        messages: Iterable[ReadMessage],
        expected: frozenset[Fault] | None = None,
    ) -> Iterator[JudgedMessage]:
        """The same of what has been read already, one message after another."""
        for message in messages:
            where = place if message.line is None else f"{place}:{message.line}"
            yield self._judge_read(where, message.kind or kind, message, expected)

    def judge_parsed(
        self,
        place: str,
        kind: str,
        parsed: ParsedBody,
        expected: frozenset[Fault] | None = None,
        idempotency_key: str | None = None,
    ) -> JudgedMessage:
        """One JSON message that has been read already."""
        return self._judge_read(place, kind, ReadMessage(None, parsed, idempotency_key), expected)

    def _judge_read(
        self, place: str, kind: str, message: ReadMessage, expected: frozenset[Fault] | None
    ) -> JudgedMessage:
        parsed, followed, now = message.parsed, _Followed(), self._clock()
        raw = RawSubmission(SENDER, self.authorities_of(parsed), message.idempotency_key, b"", now)
        examined = examine(raw, parsed, self._rulebook, followed)
        findings = tuple(each for each in examined.findings if not self._is_beyond(each.code))
        event_type = _event_type(parsed)
        found = violations_of(findings)
        violations = tuple(message.retell(found))
        warnings = tuple(message.retell_warnings(violations_of(examined.validated.warnings)))
        if not violations:
            self._remember(examined, now)
        codes, of_rules = _codes(violations), _codes(found)
        unsaid = frozenset(each.code for each in findings) - of_rules  # there were too many for one answer
        sight = _Sight(
            told=codes | unsaid,
            passed_over=of_rules - codes,
            warned=_codes(warnings),
            followed=followed,
            event_type=event_type,
            fields=_names_in(parsed.value),
            has_key=message.idempotency_key is not None,
            is_read=parsed.value is not None,
        )
        return JudgedMessage(
            place=place,
            kind=kind,
            event_type=event_type,
            statuses={
                code: self._beyond(code, kind) or sight.status_of(rule) for code, rule in self._rules.items()
            },
            violations=violations,
            warnings=warnings,
            expected=expected,
        )

    def authorities_of(self, parsed: ParsedBody) -> frozenset[str]:
        """Whoever is not known speaks for the authority that he names, in a declaration one level deeper."""
        if self._measure.authorities:
            return self._measure.authorities
        value = parsed.value or {}
        declared = value.get("declared")
        registration = (declared if isinstance(declared, dict) else value).get("registration")
        code = registration.get("authority_code") if isinstance(registration, dict) else None
        return frozenset({code}) if isinstance(code, str) else frozenset()

    def _beyond(self, code: str, kind: str) -> RuleStatus | None:
        """What is clear before the message is looked at."""
        own = self._kinds_of_own.get(code)
        if (is_rule_of(code, kind) if own is None else kind in own) is False:
            return RuleStatus.NOT_APPLICABLE
        return RuleStatus.NOT_CHECKED if self._is_beyond(code) else None

    def _is_beyond(self, code: str) -> bool:
        """What only the gateway with its clients and its store can say."""
        if code == NOT_YOURS:
            return not self._measure.authorities
        if code == ENTRY_DIFFERS:
            return True
        return code == EARLIER_UNKNOWN and not self._measure.is_complete

    def _remember(self, examined: Examined, now: datetime) -> None:
        event = examined.validated.event
        if event is not None and not examined.findings:
            self._earlier[event.source_event_id] = _stored(matter_of(event), now)

    def _find_earlier(self, raw: RawSubmission, name: str, number: str) -> StoredEvent | None:
        known = self._earlier.get(number) if name == "source_event_id" else None
        return known or self._measure.rulebook.find_earlier(raw, name, number)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What was seen of one message."""

    told: frozenset[str]
    passed_over: frozenset[str]
    """The rules found it only because the message could not be read there, which is told instead."""
    warned: frozenset[str]
    followed: _Followed
    event_type: str | None
    fields: frozenset[str]
    has_key: bool
    is_read: bool

    def status_of(self, rule: ConformanceRule) -> RuleStatus:
        """Failed where it was told; held only where it was really followed to its end."""
        if rule.code in self.told:
            return RuleStatus.FAILED
        if rule.code in self.warned:
            return RuleStatus.WARNED
        if rule.code == OF_HEADER and not self.has_key:
            return RuleStatus.NOT_APPLICABLE
        if rule.code in self.passed_over or not self.is_read:
            return RuleStatus.NOT_CHECKED
        if self.event_type is None and rule.checked_by:
            return RuleStatus.NOT_CHECKED
        if self.event_type is not None and self.event_type not in rule.event_types:
            return RuleStatus.NOT_APPLICABLE
        if rule.needs and not rule.needs & self.fields:
            return RuleStatus.NOT_APPLICABLE
        return self._of_functions(rule)

    def _of_functions(self, rule: ConformanceRule) -> RuleStatus:
        if not rule.checked_by:
            return RuleStatus.HELD
        if rule.checked_by & self.followed.not_to_the_end:
            return RuleStatus.NOT_CHECKED
        if rule.checked_by & self.followed.to_the_end:
            return RuleStatus.HELD
        # Warnings are looked for only when nothing speaks against the message.
        is_left_out = rule.code in OF_WARNINGS and bool(self.told)
        return RuleStatus.NOT_CHECKED if is_left_out else RuleStatus.NOT_APPLICABLE


def _codes(told: Iterable[Violation]) -> frozenset[str]:
    return frozenset(each.code for each in told)


def _event_type(parsed: ParsedBody) -> str | None:
    name = (parsed.value or {}).get("event_type")
    return name if isinstance(name, str) and name in EVENT_TYPES else None


def _names_in(value: object) -> frozenset[str]:
    """Every name of a field that holds something."""
    found: set[str] = set()
    waiting: list[object] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            found.update(name for name, part in node.items() if part is not None)
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return frozenset(found)


def _stored(event: AnyEvent, now: datetime) -> StoredEvent:
    return StoredEvent(
        event_id=EventId(f"conformance:{event.source_event_id}"),
        client_id=SENDER,
        event=event,
        content_sha256="",
        accepted_at=now,
        due_at=now,
    )
