"""The swift way through a message: rows, contract and order in one pass, while nothing stands in the way.

Nearly every event can be said as it is; then nothing has to be found, named and explained. At the first thing
that is not so the pass gives up, and `Message` goes the careful way, which says everything that is wrong.
What comes out is the same, byte for byte.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeAlias

from mappings.contracts import Contract, ContractField, fits, in_contract_order, inner_breaches
from mappings.converters import as_written
from mappings.rules import CannotTranslate, Converter, FieldRule, JsonValue, Scene, WhenMissing

Path: TypeAlias = tuple[str, ...]
Contracts: TypeAlias = Mapping[Path, Contract]
Built: TypeAlias = tuple[Mapping[str, JsonValue], Mapping[str, str]]
"""Body and routing."""
Read: TypeAlias = Callable[[Scene], Any]
Check: TypeAlias = Callable[[JsonValue], JsonValue]
"""The value as it is sent; None when the partner would refuse it."""

_BODY: Final[Path] = ("body",)
_ROUTING: Final[Path] = ("routing",)


class _Step(NamedTuple):
    """One row, with everything that can be known of it beforehand."""

    read: Read
    """Fails with `AttributeError` where a part of the path is not there."""
    read_with_care: Read
    convert: Converter | None
    """None: as it stands."""
    is_needed: bool
    is_blank: bool
    holder: Path
    name: str
    check: Check | None
    """None: not sent, and so nobody's to refuse."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """An object of the message that rows fill."""

    path: Path
    always: bool
    required: frozenset[str]
    together: tuple[tuple[str, tuple[str, ...]], ...]
    """Fields that it may not lack once one of the others is there."""


class SwiftWay:
    """The steps of one message, in the order of its contract."""

    def __init__(self, steps: Sequence[_Step], holders: Sequence[_Holder]) -> None:
        self._steps = tuple(steps)
        self._always = tuple(each.path for each in holders if each.always)
        self._required = tuple((each.path, each.required) for each in holders if each.required)
        self._together = tuple((each.path, each.together) for each in holders if each.together)

    def say(self, scene: Scene) -> Built | None:
        """The body in the order of the contract, and the routing; None: the careful way must be gone."""
        objects: dict[Path, dict[str, JsonValue]] = {_BODY: {}, _ROUTING: {}}
        try:
            if not self._fill(scene, objects):
                return None
        except CannotTranslate:
            return None
        for path in self._always:
            _object(objects, path)
        for path, required in self._required:
            if path in objects and not required <= objects[path].keys():
                return None
        for path, together in self._together:
            if path in objects and _lacks_company(objects[path], together):
                return None
        return objects[_BODY], {name: str(value) for name, value in objects[_ROUTING].items()}

    def _fill(self, scene: Scene, objects: dict[Path, dict[str, JsonValue]]) -> bool:
        """Put the value of each row where it belongs; false when somebody must be told something."""
        for read, read_with_care, convert, is_needed, is_blank, holder, name, check in self._steps:
            try:
                value = read(scene)
            except AttributeError:
                value = read_with_care(scene)
            if value is not None and convert is not None:
                value = convert(scene, value)
            if value is None:
                if is_needed:
                    return False
                if not is_blank:
                    continue
                value = ""
            if check is not None:
                value = check(value)
                if value is None:
                    return False
            filled = objects.get(holder)
            if filled is None:
                filled = _object(objects, holder)
            filled[name] = value
        return True


def _lacks_company(filled: Mapping[str, JsonValue], together: Sequence[tuple[str, tuple[str, ...]]]) -> bool:
    return any(name not in filled and not filled.keys().isdisjoint(others) for name, others in together)


def _object(objects: dict[Path, dict[str, JsonValue]], path: Path) -> dict[str, JsonValue]:
    """The object at a path; it and those around it come into being when the first value is put in."""
    found = objects.get(path)
    if found is None:
        found = objects[path] = {}
        _object(objects, path[:-1])[path[-1]] = found
    return found


def swift_way(rules: Sequence[FieldRule], contracts: Contracts) -> SwiftWay | None:
    """Build it; None for a message that only the careful way can say."""
    targets = {rule.target for rule in rules}
    if any(target[:length] in targets for target in targets for length in range(1, len(target))):
        return None  # a row for an object and another for a part of it: their order would matter
    placed: list[tuple[tuple[int, ...], _Step]] = []
    for rule in rules:
        found = _placed(rule, contracts)
        if found is None:
            return None
        placed.append(found)
    placed.sort(key=lambda each: each[0])  # stable: of two rows for one field the later one still wins
    return SwiftWay([step for _, step in placed], list(_holders({rule.target for rule in rules}, contracts)))


def _placed(rule: FieldRule, contracts: Contracts) -> tuple[tuple[int, ...], _Step] | None:
    """A step with its place in the order of the contract; None for a field that the contract lacks."""
    if rule.target[:1] == _ROUTING:
        return ((1,), _step(rule, None, None)) if len(rule.target) == len(_ROUTING) + 1 else None
    if rule.target[:1] != _BODY or len(rule.target) == 1:
        return None
    places: list[int] = [0]
    contract, path, field = contracts.get(_BODY), "", None
    if contract is None:
        return None
    for depth, name in enumerate(rule.target[1:], start=1):
        known = contract.children(path)
        if field is not None and field.kind != "object" and rule.target[:depth] not in contracts:
            return None
        field = known.get(name)
        if field is None:
            return None
        places.append(list(known).index(name))
        inner = contracts.get(rule.target[: depth + 1])
        contract, path = (contract, field.path) if inner is None else (inner, "")
    return tuple(places), _step(rule, contract, field)


def _step(rule: FieldRule, contract: Contract | None, field: ContractField | None) -> _Step:
    read, read_with_care, convert = _source(rule)
    return _Step(
        read=read,
        read_with_care=read_with_care,
        convert=convert,
        is_needed=rule.when_missing is WhenMissing.REFUSE,
        is_blank=rule.when_missing is WhenMissing.BLANK,
        holder=rule.target[:-1],
        name=rule.target[-1],
        check=None if contract is None or field is None else _check(contract, field),
    )


def _source(rule: FieldRule) -> tuple[Read, Read, Converter | None]:
    """How the value is read, swiftly and with care, and what is then made of it."""
    if rule.constant is not None or len(rule.readers) != 1:
        return rule.value, rule.value, None
    source, read = rule.sources[0], rule.readers[0]
    convert = None if rule.convert is as_written else rule.convert
    if source.startswith("context."):
        return read, read, convert
    return attrgetter(f"event.{source}"), read, convert


def _check(contract: Contract, field: ContractField) -> Check:
    return _parts_check(contract, field) if field.has_parts else _simple_check(field)


def _parts_check(contract: Contract, field: ContractField) -> Check:
    def check(value: JsonValue) -> JsonValue:
        if value == "":
            return None if field.required or field.required_with else value
        if any(inner_breaches(contract, field, value)):
            return None
        return in_contract_order(contract, value, field.path) if isinstance(value, Mapping) else value

    return check


def _simple_check(field: ContractField) -> Check:
    """The limits stand ready: this is asked a hundred times a message."""
    length_max, codes, required = field.length_max, field.codes, field.required or bool(field.required_with)
    matches = None if field.pattern is None else field.pattern.fullmatch
    is_text = field.kind != "number"

    def check(value: JsonValue) -> JsonValue:
        if value == "":
            return None if required else value
        if (
            is_text
            and type(value) is str
            and (length_max is None or len(value) <= length_max)
            and (codes is None or value in codes)
            and (matches is None or matches(value) is not None)
        ):
            return value
        return value if fits(field, value) else None

    return check


def _holders(targets: set[Path], contracts: Contracts) -> Iterator[_Holder]:
    """Every object that rows or contracts know, with the fields that it may not lack."""
    inner = {place for place in contracts if len(place) > 1}
    paths = {target[:length] for target in targets for length in range(1, len(target))} | inner | {_BODY}
    for path in sorted(paths):
        if path[:1] == _BODY:
            fields = _children(path, contracts)
            required = frozenset(name for name, field in fields.items() if field.required)
            together = tuple(
                (name, field.required_with) for name, field in fields.items() if field.required_with
            )
            own = required - {place[-1] for place in inner if place[:-1] == path}
            yield _Holder(path, path in inner, own, together)


def _children(path: Path, contracts: Contracts) -> Mapping[str, ContractField]:
    for length in range(len(path), 0, -1):
        contract = contracts.get(path[:length])
        if contract is not None:
            return contract.children(".".join(path[length:]))
    return {}
