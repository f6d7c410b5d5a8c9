"""One message to one partner: its rows applied to an event, the result held against the contract."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from mappings.contracts import Breach, Contract, breaches, in_contract_order
from mappings.rules import FieldRule, JsonValue, MappingViolation, Scene, TranslatedMessage, apply
from mappings.swift import SwiftWay, swift_way

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


@dataclass(frozen=True, slots=True)
class Message:
    """One message that a partner can be sent about one type of event, in one generation of its interface."""

    event_type: str
    destination: str
    name: str
    generation: str
    operation: str
    request_scope: str
    """What one request id stands for: `event`, `stage` (one for each stage) or `call` (a question)."""
    mark: str
    note: str
    rules: tuple[FieldRule, ...]
    contracts: Mapping[tuple[str, ...], Contract]
    swift: SwiftWay | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """What can be known beforehand is found out once."""
        object.__setattr__(self, "swift", swift_way(self.rules, self.contracts))

    def translate(self, scene: Scene) -> TranslatedMessage | tuple[MappingViolation, ...]:
        """The swift way; where that does not get through, or something is open, the careful one."""
        said = None if self.swift is None or scene.open else self.swift.say(scene)
        return self.translate_with_care(scene) if said is None else TranslatedMessage(self.operation, *said)

    def translate_with_care(self, scene: Scene) -> TranslatedMessage | tuple[MappingViolation, ...]:
        """Apply the rows, then hold the result against the contract; what is open may be missing."""
        built, violations = apply(self.rules, scene)
        body = _as_object(built.get("body"))
        told = {violation.path for violation in violations}
        left_open = {rule.target for rule in self.rules if rule.is_open(scene)}
        contract = self._contract_violations(body, left_open)
        found = [violation for violation in contract if violation.path not in told]
        if violations or found:
            return (*violations, *found)
        routing = {name: str(value) for name, value in _as_object(built.get("routing")).items()}
        return TranslatedMessage(self.operation, self._ordered(body), routing)

    def is_required(self, rule: FieldRule) -> bool:
        """Whether the message is not sent without this field."""
        if rule.when_missing == "refuse" or rule.constant is not None:
            return True
        for place, contract in self.contracts.items():
            if rule.target[: len(place)] == place and len(rule.target) == len(place) + 1:
                field = contract.fields.get(rule.target[-1])
                return field is not None and field.required
        return False

    def _inner(self) -> Iterator[tuple[str, Contract]]:
        for place, contract in self.contracts.items():
            if len(place) > 1:
                yield place[-1], contract

    def _ordered(self, body: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        ordered = dict(in_contract_order(self.contracts["body",], body))
        for name, contract in self._inner():
            ordered[name] = in_contract_order(contract, _as_object(ordered.get(name)))
        return ordered

    def _contract_violations(
        self, body: Mapping[str, JsonValue], left_open: Container[tuple[str, ...]]
    ) -> Iterator[MappingViolation]:
        inner = dict(self._inner())
        for breach in breaches(self.contracts["body",], body):
            if breach.path not in inner:
                yield self._violation(("body",), breach)
        for name, contract in inner.items():
            for breach in breaches(contract, _as_object(body.get(name))):
                if breach.kind != "missing" or ("body", name, breach.path) not in left_open:
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
