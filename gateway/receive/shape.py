"""What the model has against a message, and what of the message can be read all the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from gateway.receive.finding import Finding, Path, field_name
from gateway.receive.formats import FORMATS, KINDS
from gateway.receive.parse import JsonObject
from mappings.canonical import (
    EVENT_TYPES,
    AnyEvent,
    BirthEvent,
    DeathFacts,
    ForeignAct,
    PartialDate,
    Person,
    PersonName,
)
from mappings.canonical import WORDINGS as OF_MODEL

ModelT = TypeVar("ModelT", bound=BaseModel)

_INDIVISIBLE: Final = (PartialDate, PersonName)
"""Half a date or half a name says nothing."""
_GUARDING: Final = frozenset({"guardian", "former_guardian", "supervisor"})
_ORGANISATION: Final = frozenset({"organisation", "organization"})
_LISTS_FIELDS: Final = frozenset({"neither_filled_nor_unknown", "unknown_but_filled"})
"""Faults of a whole person that name the fields they are about."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """The event as far as it is well formed, and what is not."""

    event: AnyEvent | None
    """When there are findings it may lack parts: reading one of those raises `AttributeError`."""
    findings: tuple[Finding, ...]


def shape_event(value: JsonObject) -> Shaped:
    """Read the event; every fault of form at once."""
    event_type = value.get("event_type")
    model = EVENT_TYPES.get(event_type) if isinstance(event_type, str) else None
    if model is None:
        unknown = Finding("event_type_unknown", ("event_type",), {"expected": ", ".join(EVENT_TYPES)})
        return Shaped(None, (unknown,))
    try:
        return Shaped(model.model_validate(value), ())
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        found = tuple(finding for detail in details for finding in _findings(detail))
        findings = tuple(finding for finding in found if not _is_told_by_an_item(finding, found))
        return Shaped(_salvaged(model, value), (*findings, *_unstated(model, value, ())))


def _is_told_by_an_item(finding: Finding, findings: tuple[Finding, ...]) -> bool:
    """A list is short of items because those that it has are malformed, which is told of each."""
    path = finding.path
    return finding.code == "too_few_items" and any(
        each.path[: len(path)] == path and len(each.path) > len(path) for each in findings
    )


def _findings(detail: ErrorDetails) -> Iterator[Finding]:
    path, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    if kind in _LISTS_FIELDS:
        for name in str(context["fields"]).split(", "):
            yield Finding(kind, (*path, name), {"fields": name})
    elif kind in OF_MODEL:
        yield Finding(kind, path, {name: str(value) for name, value in context.items()})
    else:
        yield _finding_of_pydantic(kind, path, context)


def _finding_of_pydantic(kind: str, path: Path, context: Mapping[str, Any]) -> Finding:
    if kind in KINDS:
        vietnamese, english = KINDS[kind]
        return Finding("wrong_type", path, {"expected_vi": vietnamese, "expected_en": english})
    match kind:
        case "missing":
            return Finding("field_missing", path)
        case "extra_forbidden":
            return Finding("organisation_not_carried" if _is_organisation(path) else "field_unknown", path)
        case "string_pattern_mismatch":
            vietnamese, english = FORMATS.get(field_name(path), (context["pattern"], context["pattern"]))
            return Finding("wrong_format", path, {"hint_vi": vietnamese, "hint_en": english})
        case "string_too_short":
            return Finding("text_too_short", path, {"characters_min": context["min_length"]})
        case "string_too_long":
            return Finding("text_too_long", path, {"characters_max": context["max_length"]})
        case "literal_error":
            code = "book_does_not_fit" if field_name(path) == "book_code" else "not_in_list"
            return Finding(code, path, {"expected": context["expected"].replace(" or ", ", ")})
        case _:
            return _finding_of_limits(kind, path, context)


def _is_organisation(path: Path) -> bool:
    """A guardian or supervisor that is no person: lawful, but no message has a place for it."""
    return len(path) > 1 and path[0] in _GUARDING and path[1] in _ORGANISATION


def _finding_of_limits(kind: str, path: Path, context: Mapping[str, Any]) -> Finding:
    match kind:
        case "greater_than_equal":
            return Finding("number_too_small", path, {"minimum": context["ge"]})
        case "less_than_equal":
            return Finding("number_too_large", path, {"maximum": context["le"]})
        case "too_short":
            return Finding("too_few_items", path, {"items_min": context["min_length"]})
        case "too_long":
            return Finding("too_many_items", path, {"items_max": context["max_length"]})
        case _:
            return Finding("invalid_value", path, {"rule": kind})


def _salvaged(model: type[ModelT], value: Mapping[str, object]) -> ModelT:
    """The model with those fields that are well formed by themselves; rules of the whole are not applied."""
    fields: dict[str, object] = {}
    for name, info in model.model_fields.items():
        if name not in value:
            continue
        try:
            fields[name] = _reader(model, name).validate_python(value[name])
        except ValidationError:
            inner = _model_inside(info.annotation)
            if inner is not None and isinstance(value[name], Mapping):
                fields[name] = _salvaged(inner, value[name])  # type: ignore[arg-type]  # checked one line above
    return model.model_construct(set(fields), **fields)


def _unstated(model: type[BaseModel], value: Mapping[str, object], path: Path) -> Iterator[Finding]:
    """What the model would say of silent fields, had it come so far: it stops at the first malformed one."""
    given = {name for name, item in value.items() if item is not None}
    if "ethnic_group_other" in given:
        given.add("ethnic_group_code")
    unknown = value.get("unknown")
    listed = {name for name in unknown if isinstance(name, str)} if isinstance(unknown, list) else set()
    for name in sorted(_must_state(model) - given - listed):
        yield Finding("neither_filled_nor_unknown", (*path, name), {"fields": name})
    for name, info in model.model_fields.items():
        inner, item = _model_inside(info.annotation), value.get(name)
        if inner is not None and isinstance(item, Mapping):
            yield from _unstated(inner, item, (*path, name))


def _must_state(model: type[BaseModel]) -> frozenset[str]:
    if issubclass(model, Person):
        return model.must_state
    if issubclass(model, BirthEvent):
        return frozenset({"mother", "father"})
    if issubclass(model, ForeignAct):
        return frozenset({"number"})
    return frozenset({"place"}) if issubclass(model, DeathFacts) else frozenset()


@cache
def _reader(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    info = model.model_fields[name]
    kind: Any = info.annotation
    for rule in info.metadata:
        kind = Annotated[kind, rule]
    return TypeAdapter(kind)


def _model_inside(annotation: object) -> type[BaseModel] | None:
    """The divisible model that a field holds, also as `Model | None`."""
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return None if issubclass(candidate, _INDIVISIBLE) else candidate
    return None
