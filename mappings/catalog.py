"""Every mapping, checked as a whole: (event type, destination, message) to what the partner is sent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from mappings import converters as shared
from mappings.canonical import EVENT_TYPES, AnyEvent
from mappings.completeness import Partner, Problem, find_problems, load_message_contracts
from mappings.contracts import Breach, Contract, breaches, in_contract_order
from mappings.loading import PARTNERS, MessageRow, RuleRow, read_partner
from mappings.national_registry import converters as national_registry
from mappings.one_stop import converters as one_stop
from mappings.population_db import converters as population_db
from mappings.rules import (
    CONTEXT_FACTS,
    Converter,
    FieldRule,
    JsonValue,
    MappingViolation,
    Scene,
    TranslatedMessage,
    TranslationContext,
    WhenMissing,
    apply,
)

__all__ = [
    "CONTEXT_FACTS",
    "Catalog",
    "CheckLine",
    "IncompleteMapping",
    "MappingViolation",
    "Message",
    "TranslatedMessage",
    "TranslationContext",
    "UnknownMessage",
    "check",
    "load_catalog",
]

_CONVERTERS: Final[Mapping[str, Mapping[str, Converter]]] = {
    "national_registry": {**shared.SHARED_CONVERTERS, **national_registry.CONVERTERS},
    "population_db": {**shared.SHARED_CONVERTERS, **population_db.CONVERTERS},
    "one_stop": {**shared.SHARED_CONVERTERS, **one_stop.CONVERTERS},
}
_CODE_LISTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "national_registry": national_registry.CODE_LISTS,
    "population_db": population_db.CODE_LISTS,
    "one_stop": one_stop.CODE_LISTS,
}
_BREACH_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": (
        "Nơi nhận bắt buộc có {field}; hãy bổ sung {path}.",
        "The destination requires {field}; fill in {path}.",
    ),
    "too_long": (
        "{field} dài quá {limit} ký tự mà nơi nhận cho phép; hãy rút ngắn {path}.",
        "{field} exceeds the {limit} characters that the destination takes; shorten {path}.",
    ),
    "wrong_format": (
        "{field} không đúng định dạng mà nơi nhận yêu cầu ({limit}); hãy sửa {path}.",
        "{field} does not have the format that the destination wants ({limit}); correct {path}.",
    ),
    "not_in_code_list": (
        "Giá trị của {field} không có trong danh mục của nơi nhận; hãy sửa {path}.",
        "The value of {field} is not in the destination's code list; correct {path}.",
    ),
    "wrong_kind": (
        "{field} phải là kiểu {limit}; báo cho người vận hành bảng chuyển đổi.",
        "{field} must be of kind {limit}; tell the operator of the mapping.",
    ),
    "unknown_field": (
        "Nơi nhận không có trường {field}; báo cho người vận hành bảng chuyển đổi.",
        "The destination has no field {field}; tell the operator of the mapping.",
    ),
}


class IncompleteMapping(Exception):
    """The mapping files lack something; the process must not start."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class UnknownMessage(LookupError):
    """No mapping of this name."""

    def __init__(self, event_type: str, destination: str, message: str) -> None:
        super().__init__(f"{destination}/{event_type}/{message}")
        self.event_type, self.destination, self.message = event_type, destination, message


@dataclass(frozen=True, slots=True)
class Message:
    """One message that a partner can be sent about one type of event."""

    event_type: str
    destination: str
    name: str
    operation: str
    request_scope: str
    """What one request id stands for: `event`, `stage` (one for each stage) or `call` (a question)."""
    mark: str
    note: str
    rules: tuple[FieldRule, ...]
    contracts: Mapping[tuple[str, ...], Contract]

    def translate(self, scene: Scene) -> TranslatedMessage | tuple[MappingViolation, ...]:
        """Apply the rows, then hold the result against the contract."""
        built, violations = apply(self.rules, scene)
        body = _as_object(built.get("body"))
        told = {violation.path for violation in violations}
        found = [violation for violation in self._contract_violations(body) if violation.path not in told]
        if violations or found:
            return (*violations, *found)
        routing = {name: str(value) for name, value in _as_object(built.get("routing")).items()}
        return TranslatedMessage(self.operation, self._ordered(body), routing)

    def _inner(self) -> Iterator[tuple[str, Contract]]:
        for place, contract in self.contracts.items():
            if len(place) > 1:
                yield place[-1], contract

    def _ordered(self, body: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        ordered = dict(in_contract_order(self.contracts["body",], body))
        for name, contract in self._inner():
            ordered[name] = in_contract_order(contract, _as_object(ordered.get(name)))
        return ordered

    def _contract_violations(self, body: Mapping[str, JsonValue]) -> Iterator[MappingViolation]:
        inner = dict(self._inner())
        for breach in breaches(self.contracts["body",], body):
            if breach.path not in inner:
                yield self._violation(("body",), breach)
        for name, contract in inner.items():
            for breach in breaches(contract, _as_object(body.get(name))):
                yield self._violation(("body", name), breach)

    def _violation(self, place: tuple[str, ...], breach: Breach) -> MappingViolation:
        target = (*place, *breach.path.replace("[]", "").split("."))
        path = _source_of(self.rules, target) or breach.path
        vietnamese, english = _BREACH_WORDS[breach.kind]
        words = {"field": breach.path, "limit": breach.limit, "path": path}
        return MappingViolation(
            path, f"mapping_{breach.kind}", vietnamese.format(**words), english.format(**words)
        )


def _as_object(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, Mapping) else {}


def _source_of(rules: Iterable[FieldRule], target: tuple[str, ...]) -> str | None:
    """Where the value of a target comes from: the row of the target itself, of its object, or inside it."""
    whole = [rule for rule in rules if target[: len(rule.target)] == rule.target]
    part = [rule for rule in rules if rule.target[: len(target)] == target]
    return (whole + part)[0].path if whole or part else None


class Catalog:
    """All messages of all partners; only whole catalogues exist."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self._messages = {(each.event_type, each.destination, each.name): each for each in messages}

    def get(self, event_type: str, destination: str, message: str) -> Message:
        """One message.

        Raises:
            UnknownMessage: there is none of this name.

        """
        found = self._messages.get((event_type, destination, message))
        if found is None:
            raise UnknownMessage(event_type, destination, message)
        return found

    def messages(self, event_type: str, destination: str) -> tuple[str, ...]:
        """Name the messages that a destination can be sent about a type of event."""
        wanted = event_type, destination
        return tuple(name for kind, place, name in self._messages if (kind, place) == wanted)

    def all_messages(self) -> tuple[Message, ...]:
        """Every message, in the order of the files."""
        return tuple(self._messages.values())

    def translate(
        self, event: AnyEvent, destination: str, message: str, context: TranslationContext
    ) -> TranslatedMessage | tuple[MappingViolation, ...]:
        """Say an event in a partner's words, or name everything that stands in the way.

        Raises:
            UnknownMessage: there is no message of this name.

        """
        return self.get(event.event_type, destination, message).translate(Scene(event, context))


def _partner(name: str) -> Partner:
    return Partner(read_partner(name), _CONVERTERS[name], _CODE_LISTS[name])


def _rule(row: RuleRow, known: Mapping[str, Converter]) -> FieldRule:
    name = row.row["convert"]
    return FieldRule(
        target=row.target,
        sources=row.sources,
        constant=row.constant,
        converter_name=name,
        convert=shared.as_written if row.constant is not None else known[name],
        when_missing=WhenMissing(row.row["when_missing"]),
        mark=row.row["mark"],
        note=row.row["note"],
    )


def _message(partner: Partner, row: MessageRow) -> Message:
    event_type, name = row.key
    rules = partner.tables.rules_of(event_type, name)
    return Message(
        event_type=event_type,
        destination=partner.tables.partner,
        name=name,
        operation=row.row["operation"],
        request_scope=row.row["request_scope"],
        mark=row.row["mark"],
        note=row.row["note"],
        rules=tuple(_rule(rule, partner.converters) for rule in rules),
        contracts=load_message_contracts(partner.tables.partner, row),
    )


@cache
def load_catalog() -> Catalog:
    """Read and check all mapping files; the result is shared.

    Raises:
        IncompleteMapping: names everything that is missing, at once.

    """
    partners = [_partner(name) for name in PARTNERS]
    problems = tuple(problem for partner in partners for problem in find_problems(partner))
    if problems:
        raise IncompleteMapping(problems)
    return Catalog(_message(partner, row) for partner in partners for row in partner.tables.messages)


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of the report of `check`."""

    destination: str
    event_type: str
    message: str
    problems: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Nothing is missing."""
        return not self.problems


def check() -> tuple[CheckLine, ...]:
    """Report on every message of every partner; problems of a whole file stand under the message `*`."""
    lines: list[CheckLine] = []
    for name in PARTNERS:
        partner = _partner(name)
        found: dict[tuple[str, str], list[str]] = {row.key: [] for row in partner.tables.messages}
        for problem in find_problems(partner):
            found.setdefault((problem.event_type, problem.message), []).append(problem.text)
        lines.extend(
            CheckLine(name, event_type, message, tuple(texts))
            for (event_type, message), texts in sorted(found.items(), key=lambda item: _order(item[0]))
        )
    return tuple(lines)


def _order(key: tuple[str, str]) -> tuple[int, str]:
    event_types = list(EVENT_TYPES)
    return (event_types.index(key[0]) if key[0] in event_types else len(event_types)), key[1]
