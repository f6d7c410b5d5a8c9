"""What two releases of the mappings make of the same event: which messages and fields would change. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from mappings.canonical import AnyEvent
from mappings.catalog import Catalog, MappingViolation, TranslatedMessage, TranslationContext
from mappings.loading import PARTNERS
from mappings.rules import JsonValue

Result: TypeAlias = "TranslatedMessage | tuple[MappingViolation, ...] | None"
"""None: the release has no such message."""


class Change(StrEnum):
    """What becomes of one message or field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    NOW_REFUSED = "now_refused"
    NOW_POSSIBLE = "now_possible"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field, or for a message that cannot be made one reason by its path."""

    path: str
    change: Change
    before: JsonValue
    after: JsonValue


@dataclass(frozen=True, slots=True)
class MessageDifference:
    """One message about one event that the two releases do not make alike."""

    event_type: str
    destination: str
    message: str
    generation: str
    change: Change
    fields: tuple[FieldDifference, ...]


def compare(
    event: AnyEvent, before: Catalog, after: Catalog, context: TranslationContext
) -> Iterator[MessageDifference]:
    """Translate an event by both releases, in every generation, and tell where they differ."""
    for destination in PARTNERS:
        keys = dict.fromkeys(
            key for catalog in (before, after) for key in catalog.versions(event.event_type, destination)
        )
        for name, generation in keys:
            old, new = (
                catalog.translate_in(generation, event, destination, name, context)
                for catalog in (before, after)
            )
            found = _difference(old, new)
            if found is not None:
                change, fields = found
                yield MessageDifference(event.event_type, destination, name, generation, change, fields)


def _difference(old: Result, new: Result) -> tuple[Change, tuple[FieldDifference, ...]] | None:
    if old is None or new is None:
        return (Change.ADDED if old is None else Change.REMOVED), ()
    was, became = _leaves_of(old), _leaves_of(new)
    fields = tuple(_fields(was, became))
    if isinstance(old, tuple) is not isinstance(new, tuple):
        return (Change.NOW_REFUSED if isinstance(new, tuple) else Change.NOW_POSSIBLE), fields
    return (Change.CHANGED, fields) if fields else None


def _fields(was: Mapping[str, JsonValue], became: Mapping[str, JsonValue]) -> Iterator[FieldDifference]:
    for path in dict.fromkeys((*was, *became)):
        if path not in was:
            yield FieldDifference(path, Change.ADDED, None, became[path])
        elif path not in became:
            yield FieldDifference(path, Change.REMOVED, was[path], None)
        elif was[path] != became[path]:
            yield FieldDifference(path, Change.CHANGED, was[path], became[path])


def _leaves_of(result: TranslatedMessage | tuple[MappingViolation, ...]) -> Mapping[str, JsonValue]:
    if isinstance(result, tuple):
        return {f"{each.path} ({each.code})": True for each in result}
    whole: Mapping[str, JsonValue] = {
        "operation": result.operation,
        "routing": result.routing,
        **result.body,
    }
    return dict(_leaves("", whole))


def _leaves(path: str, value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}".lstrip("."), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for order, inner in enumerate(value):
            yield from _leaves(f"{path}[{order}]", inner)
    else:
        yield path, value
