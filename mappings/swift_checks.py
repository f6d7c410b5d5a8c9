"""The partners' contracts as checks that stand ready: whether a partner takes a value, and in which order.

What `contracts.breaches` and `contracts.in_contract_order` say together, found in one pass and without a word
about what is wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from sys import maxsize
from typing import Any, Final, NamedTuple, TypeAlias

from mappings.contracts import Contract, ContractField, fits, tells_any
from mappings.rules import JsonValue

Check: TypeAlias = Callable[[JsonValue], JsonValue]
"""The value as it is sent; None when the partner would refuse it."""
_SHAPES_KEPT: Final = 64
"""Sets of fields that an object is filled with; a converter knows a handful."""


class _Part(NamedTuple):
    """A field of an object."""

    name: str
    is_required: bool
    required_with: tuple[str, ...]
    check: Check


class QuickLook(NamedTuple):
    """What nearly every text of a field passes; whatever does not is looked at by the check."""

    length_max: int
    passes: Callable[[str], object] | None
    """Gives something true; None: any text does."""


NO_QUICK_LOOK: Final = QuickLook(0, None)


def quick_look(field: ContractField) -> QuickLook:
    """For a text with at most one limit besides its length."""
    if field.has_parts or field.kind == "number" or (field.codes is not None and field.pattern is not None):
        return NO_QUICK_LOOK
    length_max = maxsize if field.length_max is None else field.length_max
    if field.codes is not None:
        return QuickLook(length_max, field.codes.__contains__)
    return QuickLook(length_max, None if field.pattern is None else field.pattern.fullmatch)


def check_of(contract: Contract, field: ContractField) -> Check:
    """Make the check of one field."""
    if not field.has_parts:
        return _simple_check(field)
    check = _list_check(contract, field) if field.kind == "list" else _object_check(contract, field.path)
    is_required = field.required or bool(field.required_with)

    def check_parts(value: JsonValue) -> JsonValue:
        if value == "":
            return None if is_required else value
        return check(value)

    return check_parts


def _simple_check(field: ContractField) -> Check:
    """The limits stand ready: this is asked a hundred times a message."""
    length_max, codes, required = field.length_max, field.codes, field.required or bool(field.required_with)
    matches = None if field.pattern is None else field.pattern.fullmatch
    kind = int if field.kind == "number" else str

    def check(value: JsonValue) -> JsonValue:
        if value == "":
            return None if required else value
        if type(value) is kind:
            text = str(value)
            if (
                (length_max is None or len(text) <= length_max)
                and (codes is None or text in codes)
                and (matches is None or matches(text) is not None)
            ):
                return value
        return value if fits(field, value) else None

    return check


def _object_check(contract: Contract, path: str) -> Check:
    """Every field of an object, put into the order of the contract."""
    parts = {
        name: _Part(name, field.required, field.required_with, check_of(contract, field))
        for name, field in contract.children(path).items()
    }

    shape_of = lru_cache(maxsize=_SHAPES_KEPT)(partial(_filled_shape, parts))

    def check(value: JsonValue) -> JsonValue:
        if type(value) is not dict:
            return _check_with_gaps(parts, value) if isinstance(value, Mapping) else None
        shape = shape_of(tuple(value))
        if shape is None:
            return _check_with_gaps(parts, value)
        ordered: dict[str, Any] = {}
        for name, check_part in shape:
            part = value[name]
            if part is None or part == "":
                return _check_with_gaps(parts, value)
            ordered[name] = part = check_part(part)
            if part is None:
                return None
        return ordered

    return check


def _filled_shape(parts: Mapping[str, _Part], names: tuple[str, ...]) -> Sequence[tuple[str, Check]] | None:
    """Fields in the order of the contract with their checks; None if one is missing or nobody's."""
    there = frozenset(names)
    if not there <= parts.keys():
        return None
    for part in parts.values():
        is_required = part.is_required or not there.isdisjoint(part.required_with)
        if is_required and part.name not in there:
            return None
    return [(part.name, part.check) for part in parts.values() if part.name in there]


def _check_with_gaps(parts: Mapping[str, _Part], value: Mapping[str, JsonValue]) -> JsonValue:
    """An object in which a field is there and holds nothing: it counts as missing, and stays."""
    ordered: dict[str, Any] = {}
    for name, is_required, required_with, check_part in parts.values():
        part = value.get(name)
        if part is None or part == "":
            if is_required or (required_with and tells_any(value, required_with)):
                return None
            if name in value:
                ordered[name] = part
            continue
        ordered[name] = part = check_part(part)
        if part is None:
            return None
    return ordered if len(ordered) == len(value) else None  # else one that the contract lacks


def _list_check(contract: Contract, field: ContractField) -> Check:
    """Every element of a list; they stay as they are."""
    path = f"{field.path}[]"
    check_element = _object_check(contract, path) if contract.children(path) else None

    def check(value: JsonValue) -> JsonValue:
        if isinstance(value, str) or not isinstance(value, Sequence):
            return None
        if check_element is not None and any(check_element(element) is None for element in value):
            return None
        return value

    return check
