"""The shapes of the events, taken from the published JSON Schema: what REST accepts, SOAP accepts."""

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, get_args

from pydantic import BaseModel

from gateway.api.soap.shapes import Base, Kind, Member, Record, Scalar
from mappings.canonical import ATTACHMENT_BYTES_MAX, EVENT_TYPES, json_schema

EVENT_TYPE: Final = "event_type"
_BINARY_ENDING: Final = "_base64"
"""A field that ends so holds base64; toolkits then take and give bytes."""
_FORMATS: Final = {"date-time": Base.DATE_TIME, "date": Base.DATE}
_FACETS: Final = (("minLength", "minLength"), ("maxLength", "maxLength"))
_BOUNDS: Final = (("minimum", "minInclusive"), ("maximum", "maxInclusive"))

Schema = Mapping[str, Any]


@cache
def event_shape(event_type: str) -> Record:
    """The record of one type of event. Raises `KeyError` when there is no such type."""
    schema = json_schema(event_type)
    record = _record(EVENT_TYPES[event_type].__name__, schema, schema["$defs"])
    members = (_told_by_element(member) for member in record.members)
    return Record(record.name, tuple(members), record.description)


def _told_by_element(member: Member) -> Member:
    """The element around an event says of which type it is; repeating it is allowed, not asked for."""
    if member.name != EVENT_TYPE:
        return member
    return Member(member.name, member.kind, is_required=False, description=member.description)


def _record(name: str, schema: Schema, shared: Mapping[str, Schema]) -> Record:
    required = frozenset(schema.get("required", ()))
    members = (
        _member(name, field, part, shared, is_required=field in required)
        for field, part in schema["properties"].items()
    )
    carried = tuple(member for member in members if member.items_max != 0)
    return Record(name, carried, schema.get("description", ""))


def _member(
    record: str, field: str, part: Schema, shared: Mapping[str, Schema], *, is_required: bool
) -> Member:
    inner = _without_null(part)
    description = part.get("description", "")
    if inner.get("type") == "array":
        return Member(
            field,
            _kind(record, field, inner["items"], shared),
            is_required=inner.get("minItems", 0) > 0,
            is_list=True,
            items_max=inner.get("maxItems"),
            description=description,
        )
    return Member(field, _kind(record, field, inner, shared), is_required, description=description)


def _without_null(part: Schema) -> Schema:
    """What the field holds when it holds something."""
    choices = [choice for choice in part.get("anyOf", ()) if choice.get("type") != "null"]
    if not choices:
        return part
    (only,) = choices
    found: Schema = only
    return found


def _kind(record: str, field: str, part: Schema, shared: Mapping[str, Schema]) -> Kind:
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return _record(name, shared[name], shared)
    if field.endswith(_BINARY_ENDING):
        return Scalar(Base.BASE64, facets=(("maxLength", str(ATTACHMENT_BYTES_MAX)),))
    values = part.get("enum") or ([part["const"]] if "const" in part else [])
    if values:
        return Scalar(Base.STRING, name=_enumeration(record, field), values=tuple(values))
    match part["type"]:
        case "integer":
            return Scalar(Base.INT, facets=_facets(part, _BOUNDS))
        case "boolean":
            return Scalar(Base.BOOLEAN)
        case "string" if part.get("format") in _FORMATS:
            return Scalar(_FORMATS[part["format"]])
        case "string":
            return Scalar(Base.STRING, facets=(*_pattern(part), *_facets(part, _FACETS)))
    raise ValueError(record, field, part["type"])


def _facets(part: Schema, names: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((facet, str(part[name])) for name, facet in names if name in part)


def _pattern(part: Schema) -> Iterator[tuple[str, str]]:
    """XML Schema matches the whole text by itself and knows no anchors."""
    if "pattern" in part:
        yield "pattern", part["pattern"].removeprefix("^").removesuffix("$")


def _enumeration(record: str, field: str) -> str:
    """Named after the class that first says so: every person has one `PersonSex`, not one for each role."""
    owner = _classes().get(record)
    name = record
    for ancestor in owner.__mro__ if owner is not None else ():
        if field in inspect.get_annotations(ancestor):
            name = ancestor.__name__
            break
    return name + "".join(word.capitalize() for word in field.split("_"))


@cache
def _classes() -> Mapping[str, type[BaseModel]]:
    """Every class of the model by its name."""
    found: dict[str, type[BaseModel]] = {}
    for model in EVENT_TYPES.values():
        _gather(model, found)
    return found


def _gather(kind: object, found: dict[str, type[BaseModel]]) -> None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind.__name__ not in found:
            found[kind.__name__] = kind
            for info in kind.model_fields.values():
                _gather(info.annotation, found)
        return
    for inner in get_args(kind):
        _gather(inner, found)
