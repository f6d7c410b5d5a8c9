"""The catalogue of rules: `rules.csv`, with what the rulebook itself says about where a rule applies."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from gateway.model.conforming import ConformanceRule
from gateway.receive.validate import event_types_by_rule
from gateway.receive.wordings_of_shape import OF_SHAPE
from mappings.canonical import EVENT_TYPES, json_schema
from mappings.canonical import WORDINGS as OF_MODEL

TABLE: Final = "rules.csv"


@cache
def load_rules() -> Mapping[str, ConformanceRule]:
    """Every rule by the code of its violation, in the order of the table."""
    text = files(__package__ or "").joinpath(TABLE).read_text(encoding="utf-8")
    return {row["code"]: _rule(row) for row in csv.DictReader(text.splitlines(), strict=True)}


def _rule(row: Mapping[str, str]) -> ConformanceRule:
    needs, checked_by = frozenset(row["needs"].split()), frozenset(row["checked_by"].split())
    return ConformanceRule(
        code=row["code"],
        rule_vi=row["rule_vi"],
        rule_en=row["rule_en"],
        source=row["source"],
        mark=row["mark"],
        event_types=_event_types(row["code"], needs, checked_by),
        needs=needs,
        checked_by=checked_by,
    )


def _event_types(code: str, needs: frozenset[str], checked_by: frozenset[str]) -> frozenset[str]:
    """Where one of its functions is applied; a rule of form wherever its fields exist."""
    applied = event_types_by_rule()
    found = frozenset(each for name in checked_by for each in applied[name])
    if code in OF_SHAPE or code in OF_MODEL or not checked_by:
        found |= frozenset(EVENT_TYPES)
    if not needs:
        return found
    return frozenset(each for each in found if needs & _fields_of(each))


@cache
def _fields_of(event_type: str) -> frozenset[str]:
    """Every name of a field anywhere in such an event."""
    return frozenset(_names(json_schema(event_type)))


def _names(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        properties = node.get("properties")
        if isinstance(properties, Mapping):
            yield from properties
        for part in node.values():
            yield from _names(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _names(part)
