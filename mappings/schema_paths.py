"""The paths of an event type, so that a mapping can be held against the model."""

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel

from mappings.canonical import EVENT_TYPES


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _models(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for each in get_args(annotation):
            yield from _models(each)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation


def _walk(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, bool]]:
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        inner = tuple(_models(field.annotation))
        yield path, not inner
        for each in inner:
            yield from _walk(each, f"{path}.")


@cache
def all_paths(event_type: str) -> frozenset[str]:
    """Every path that a source may name."""
    return frozenset(path for path, _ in _walk(EVENT_TYPES[event_type], ""))


@cache
def leaf_paths(event_type: str) -> frozenset[str]:
    """The paths below which nothing more is told; lists count as one."""
    return frozenset(path for path, is_leaf in _walk(EVENT_TYPES[event_type], "") if is_leaf)


def with_all_above(path: str) -> Iterator[str]:
    """The field itself and everything that takes it with it: `child.name.first`, `child.name`, `child`."""
    while path:
        yield path
        path = path.rpartition(".")[0]
