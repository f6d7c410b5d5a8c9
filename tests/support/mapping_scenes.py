"""What a translation needs besides the event, fixed for tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mappings.canonical import AnyEvent, IdentityPaper, parse_event
from mappings.catalog import MappingViolation, TranslatedMessage, TranslationContext, load_catalog
from mappings.rules import Scene

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
REQUEST_ID = "GW-0199a1b200007000800000000000abcd"
OFFICER_ID = "099180000009"
FACTS: Mapping[str, str] = {"officer_id": OFFICER_ID, "officer_name": "Cổng hộ tịch"}
STAGE_FACTS: Mapping[str, str] = {
    **FACTS,
    "stage": "completed",
    "stage_at": "2026-11-24T02:22:31+00:00",
    "officer": "Lý Văn Thí Dụ",
}


def context(facts: Mapping[str, str] = FACTS) -> TranslationContext:
    """A context with these facts and nothing else."""
    return TranslationContext(REQUEST_ID, facts, NOW)


def scene(event: Mapping[str, Any], facts: Mapping[str, str] = FACTS) -> Scene:
    """An event as plain values, seen by a converter."""
    return Scene(parse_event(event), context(facts))


def translated(
    event: Mapping[str, Any], destination: str, message: str, facts: Mapping[str, str] = FACTS
) -> TranslatedMessage:
    """The message; a violation fails the test that asked."""
    result = load_catalog().translate(parsed(event), destination, message, context(facts))
    assert isinstance(result, TranslatedMessage), result
    return result


def refused(
    event: Mapping[str, Any], destination: str, message: str, facts: Mapping[str, str] = FACTS
) -> tuple[MappingViolation, ...]:
    """The violations; a message fails the test that asked."""
    result = load_catalog().translate(parsed(event), destination, message, context(facts))
    assert isinstance(result, tuple), result
    return result


def parsed(event: Mapping[str, Any]) -> AnyEvent:
    """The event as the model reads it."""
    return parse_event(event)


def identity_paper(kind: str, number: str = "099197000001", **more: str) -> IdentityPaper:
    """A paper of some kind."""
    return IdentityPaper.model_validate({"kind": kind, "number": number, **more})
