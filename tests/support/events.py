"""Builders of valid events as plain JSON values; invented people with 099 numbers."""

from collections.abc import Mapping
from typing import Any

from mappings.canonical import sample_event

JsonObject = dict[str, Any]


def _changed(event: JsonObject, changes: Mapping[str, Any]) -> JsonObject:
    """Lay changes over the event: `child__name={...}` reaches inside, a value of `ABSENT` removes."""
    for path, value in changes.items():
        *parents, name = path.split("__")
        holder = event
        for parent in parents:
            holder = holder.setdefault(parent, {})
        if value is ABSENT:
            holder.pop(name, None)
        else:
            holder[name] = value
    return event


class _Absent:
    """Stands for a field to leave out."""


ABSENT = _Absent()


def a_birth(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A complete on-time birth; `a_birth(mother=ABSENT, unknown=["mother"], registration__number="42")`."""
    return _changed(sample_event("birth"), changes)


def a_marriage(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A complete first marriage."""
    return _changed(sample_event("marriage"), changes)


def a_death(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A complete on-time death."""
    return _changed(sample_event("death"), changes)
