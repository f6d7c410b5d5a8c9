"""The partners' contracts as checks that stand ready: whether a partner takes a value, and in which order.

What `contracts.breaches` and `contracts.in_contract_order` say together, found in one pass and without a word
about what is wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from mappings.contracts import Contract, ContractField, fits, tells_any
from mappings.rules import JsonValue

Check: TypeAlias = Callable[[JsonValue], JsonValue]
"""The value as it is sent; None when the partner would refuse it."""


class _Part(NamedTuple):
    """A field of an object."""

    name: str
    is_required: bool
    required_with: tuple[str, ...]
    check: Check


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


def _object_check(contract: Contract, path: str) -> Check:
    """Every field of an object, put into the order of the contract."""
    parts = tuple(
        _Part(name, field.required, field.required_with, check_of(contract, field))
        for name, field in contract.children(path).items()
    )

    def check(value: JsonValue) -> JsonValue:
        if not isinstance(value, Mapping):
            return None
        ordered: dict[str, Any] = {}
        for name, is_required, required_with, check_part in parts:
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

    return check


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
