"""Declarations as plain JSON values: what the façade hands to receiving."""

from collections.abc import Mapping
from typing import Any, Final

from mappings.canonical import DECLARATION, Declaration, sample_event

TAKEN_IN: Final = "2026-11-16T09:00:00+07:00"
OF_AN_ENTRY: Final = ("registration.registered_at", "registration.number", "registration.volume")


def declarable(event_type: str) -> dict[str, Any]:
    """The sample of a type, with a dossier: a decision of a court is often sent without one."""
    dossier = {"code": "H60.129-261116-0007", "procedure_code": "1.004859"}
    return {"dossier": dossier, **sample_event(event_type)}


def a_declaration(event: Mapping[str, Any], *fields: str) -> dict[str, Any]:
    """The declaration of an event in which these fields are open, by default those of its entry."""
    is_remark = event["registration"].get("kind") == "remark"
    left_open = fields or (OF_AN_ENTRY[:1] if is_remark else OF_AN_ENTRY)
    return {
        "event_type": DECLARATION,
        "received_at": TAKEN_IN,
        "open": list(left_open),
        "declared": _without(event, left_open),
    }


def parsed_declaration(event: Mapping[str, Any], *fields: str) -> Declaration:
    """The same as a value."""
    return Declaration.model_validate(a_declaration(event, *fields))


def _without(event: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    left = {name: dict(value) if isinstance(value, Mapping) else value for name, value in event.items()}
    for path in fields:
        first, _, name = path.partition(".")
        if not name:
            left.pop(first, None)
        elif isinstance(left.get(first), dict):
            left[first].pop(name, None)
    return left
