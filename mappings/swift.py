"""The swift way through a message: rows, contract and order in one pass, while nothing stands in the way.

Nearly every event can be said as it is; then nothing has to be found, named and explained. At the first thing
that is not so the pass gives up, and `Message` goes the careful way, which says everything that is wrong.
What comes out is the same, byte for byte.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeAlias

from mappings.contracts import Contract, ContractField
from mappings.converters import as_written
from mappings.rules import CannotTranslate, Converter, FieldRule, JsonValue, Reader, Scene, WhenMissing
from mappings.swift_checks import NO_QUICK_LOOK, Check, QuickLook, check_of, quick_look

Path: TypeAlias = tuple[str, ...]
Contracts: TypeAlias = Mapping[Path, Contract]
Built: TypeAlias = tuple[Mapping[str, JsonValue], Mapping[str, str]]
"""Body and routing."""
Found: TypeAlias = Sequence[Any]
"""Objects of one event, by their numbers."""
Read: TypeAlias = Callable[[Scene, Found], Any]

_BODY: Final[Path] = ("body",)
_ROUTING: Final[Path] = ("routing",)


class _Step(NamedTuple):
    """One row, with everything that can be known of it beforehand."""

    at: int
    """Which of the found objects holds the source; counts only where nothing is read."""
    source: str
    read: Read | None
    """For everything that is not one field of the event."""
    convert: Converter | None
    """None: as it stands."""
    is_needed: bool
    is_blank: bool
    name: str
    check: Check | None
    """None: not sent, and so nobody's to refuse; or a constant that was found good already."""
    length_max: int
    passes: Callable[[str], object] | None
    """As in `QuickLook`."""


class _Checked(NamedTuple):
    """How a value is looked at."""

    check: Check | None
    quick: QuickLook


_UNCHECKED: Final = _Checked(None, NO_QUICK_LOOK)


class _Run(NamedTuple):
    """Steps that fill one object, without another in between."""

    holder: Path
    steps: tuple[_Step, ...]


class _Places:
    """The objects of an event that hold what the rows read; each is looked up once for all its fields."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self._ways: list[tuple[int, str]] = []

    def number_of(self, path: str) -> int:
        """Where in `found_in` the object of this path lies; "" is the event."""
        if path not in self._numbers:
            parent, _, name = path.rpartition(".")
            self._ways.append((self.number_of(parent), name))
            self._numbers[path] = len(self._numbers)
        return self._numbers[path]

    def found_in(self, event: object) -> Found:
        """All of them; None for what is not there, and for what would be in it."""
        found: list[Any] = [event]
        for parent, name in self._ways:
            holder = found[parent]
            found.append(None if holder is None else getattr(holder, name))
        return found


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

    def __init__(self, places: _Places, runs: Sequence[_Run], holders: Sequence[_Holder]) -> None:
        self._places = places
        self._runs = tuple(runs)
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
        found = self._places.found_in(scene.event)
        for holder, steps in self._runs:
            known = objects.get(holder)
            filled = {} if known is None else known
            if not _take(steps, scene, found, filled):
                return False
            if known is None and filled:
                objects[holder] = filled
                _object(objects, holder[:-1])[holder[-1]] = filled
        return True


def _take(steps: Iterable[_Step], scene: Scene, found: Found, filled: dict[str, JsonValue]) -> bool:
    """Fill one object; false when somebody must be told something."""
    for at, source, read, convert, is_needed, is_blank, name, check, length_max, passes in steps:
        if read is None:
            holder = found[at]
            value = None if holder is None else getattr(holder, source)
        else:
            value = read(scene, found)
        if value is not None and convert is not None:
            value = convert(scene, value)
        if value is None:
            if is_needed:
                return False
            if not is_blank:
                continue
            value = ""
        if check is not None and not (
            type(value) is str and 0 < len(value) <= length_max and (passes is None or passes(value))
        ):
            value = check(value)
            if value is None:
                return False
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
    places = _Places()
    placed: list[tuple[tuple[int, ...], FieldRule, _Step]] = []
    for rule in rules:
        found = _placed(rule, contracts)
        step = None if found is None else _step(rule, found[1], places)
        if found is None or step is None:
            return None
        placed.append((found[0], rule, step))
    placed.sort(key=lambda each: each[0])  # stable: of two rows for one field the later one still wins
    runs = [
        _Run(holder, tuple(step for _, _, step in steps))
        for holder, steps in groupby(placed, key=lambda each: each[1].target[:-1])
    ]
    return SwiftWay(places, runs, list(_holders(targets, contracts)))


def _placed(rule: FieldRule, contracts: Contracts) -> tuple[tuple[int, ...], _Checked] | None:
    """The place of a row in the order of the contract, and its check; None for a field that is not there."""
    if rule.target[:1] == _ROUTING:
        return ((1,), _UNCHECKED) if len(rule.target) == len(_ROUTING) + 1 else None
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
    return tuple(places), _Checked(check_of(contract, field), quick_look(field)) if field else _UNCHECKED


def _step(rule: FieldRule, checked: _Checked, places: _Places) -> _Step | None:
    """None for a constant that the partner would refuse: that must be told each time."""
    check = checked.check
    read: Read | None = None
    convert = None if rule.convert is as_written else rule.convert
    at, source = 0, ""
    if rule.constant is not None:
        constant = rule.constant if check is None else check(rule.constant)
        if constant is None:
            return None
        read, convert, check = _always(constant), None, None
    elif len(rule.sources) != 1:
        read, convert = _several(rule, places), None
    elif _is_fact(rule.sources[0]):
        read = _fact(rule.readers[0])
    else:
        holder, _, source = rule.sources[0].rpartition(".")
        at = places.number_of(holder)
    return _Step(
        at=at,
        source=source,
        read=read,
        convert=convert,
        is_needed=rule.when_missing is WhenMissing.REFUSE,
        is_blank=rule.when_missing is WhenMissing.BLANK,
        name=rule.target[-1],
        check=check,
        length_max=checked.quick.length_max,
        passes=checked.quick.passes,
    )


def _is_fact(source: str) -> bool:
    return source.startswith("context.")


def _always(constant: JsonValue) -> Read:
    return lambda _scene, _found: constant


def _fact(read: Reader) -> Read:
    return lambda scene, _found: read(scene)


def _several(rule: FieldRule, places: _Places) -> Read:
    """What a row makes of several sources, as `FieldRule.value`; it has something once one of them has."""
    sources: list[tuple[int, str, Reader | None]] = []
    for source, reader in zip(rule.sources, rule.readers, strict=True):
        holder, _, name = source.rpartition(".")
        sources.append((0, "", reader) if _is_fact(source) else (places.number_of(holder), name, None))
    convert = rule.convert

    def read(scene: Scene, found: Found) -> JsonValue:
        values: list[object] = []
        for at, name, fact in sources:
            if fact is not None:
                values.append(fact(scene))
                continue
            holder = found[at]
            values.append(None if holder is None else getattr(holder, name))
        for value in values:
            if value is not None:
                return convert(scene, *values)
        return None

    return read


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
