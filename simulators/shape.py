"""Does a JSON message follow its contract file? Pure; finds every fault, not only the first."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulators.contract import Contract, Field
from simulators.formats import matches


class FaultOfShape(StrEnum):
    """What can be wrong with one field."""

    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    TOO_LONG = "too_long"
    NOT_IN_CODE_LIST = "not_in_code_list"
    WRONG_FORMAT = "wrong_format"


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """One fault: dotted path as in the contract file, and its kind."""

    path: str
    fault: FaultOfShape


def find_faults(contract: Contract, message: str, content: object) -> list[ShapeFault]:
    """List all faults of a decoded message against `messages/<message>.csv`."""
    fields = contract.message(message)
    if not isinstance(content, dict):
        return [ShapeFault("", FaultOfShape.WRONG_FORMAT)]
    return list(_faults_of_object(contract, fields, "", content))


def _faults_of_object(
    contract: Contract, fields: Sequence[Field], parent: str, content: Mapping[str, Any]
) -> Iterator[ShapeFault]:
    here = [field for field in fields if field.parent == parent and not field.path.endswith("[]")]
    known = {field.name for field in here}
    for name in content:
        if name not in known:
            yield ShapeFault(f"{parent}.{name}" if parent else name, FaultOfShape.UNKNOWN_FIELD)
    for field in here:
        value = content.get(field.name)
        if _is_empty(value):
            if field.is_required or not all(_is_empty(content.get(name)) for name in field.required_with):
                yield ShapeFault(field.path, FaultOfShape.MISSING)
            continue
        yield from _faults_of_value(contract, fields, field, value)


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _faults_of_value(
    contract: Contract, fields: Sequence[Field], field: Field, value: object
) -> Iterator[ShapeFault]:
    match field.kind:
        case "object" if isinstance(value, dict):
            yield from _faults_of_object(contract, fields, field.path, value)
        case "list" if isinstance(value, list):
            yield from _faults_of_list(contract, fields, field, value)
        case "number" if isinstance(value, int) and not isinstance(value, bool):
            if not matches(field.format, str(value)):
                yield ShapeFault(field.path, FaultOfShape.WRONG_FORMAT)
        case "text" | "date" | "code" if isinstance(value, str):
            yield from _faults_of_text(contract, field, value)
        case _:
            yield ShapeFault(field.path, FaultOfShape.WRONG_FORMAT)


def _faults_of_list(
    contract: Contract, fields: Sequence[Field], field: Field, values: Sequence[object]
) -> Iterator[ShapeFault]:
    inside = f"{field.path}[]"
    of_element = next((each for each in fields if each.path == inside), None)
    has_fields = any(each.parent == inside for each in fields)
    for value in values:
        if of_element is not None:
            yield from _faults_of_value(contract, fields, of_element, value)
        elif has_fields and isinstance(value, dict):
            yield from _faults_of_object(contract, fields, inside, value)
        elif has_fields:
            yield ShapeFault(field.path, FaultOfShape.WRONG_FORMAT)


def _faults_of_text(contract: Contract, field: Field, value: str) -> Iterator[ShapeFault]:
    if field.length_max is not None and len(unicodedata.normalize("NFC", value)) > field.length_max:
        yield ShapeFault(field.path, FaultOfShape.TOO_LONG)
    elif not matches(field.format, value):
        yield ShapeFault(field.path, FaultOfShape.WRONG_FORMAT)
    elif field.code_list and value not in contract.codes(field.code_list):
        yield ShapeFault(field.path, FaultOfShape.NOT_IN_CODE_LIST)
