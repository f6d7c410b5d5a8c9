"""A message explained row by row, for people who know the registers and do not read code."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from mappings.canonical import dump_event, parse_event, sample_event
from mappings.converter_tables import Description, describe
from mappings.message import Message
from mappings.rules import CannotTranslate, FieldRule, JsonValue, Scene, TranslationContext

SAMPLE_MOMENT: Final = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
_NUMBER: Final = "099326000021"
SAMPLE_FACTS: Final[Mapping[str, str]] = {
    "personal_id": _NUMBER,
    "stage": "completed",
    "stage_at": "2026-11-24T02:22:31+00:00",
    "linked_state": "completed",
    "officer": "Lý Văn Thí Dụ",
    "officer_id": "099180000009",
    "officer_name": "Cổng hộ tịch",
    "officer_title": "Hệ thống",
    "office_name": "Văn phòng Cổng hộ tịch",
}
"""Invented facts, so that every row can show a sample."""
SAMPLE_CONTEXT: Final = TranslationContext("GW-SAMPLE", SAMPLE_FACTS, SAMPLE_MOMENT)
_SAMPLE_CHARACTERS_MAX: Final = 60
_LINKED_FACT: Final = "context.linked_state"
_LINKED_CODE: Final = "G22.99.01-261116-0041"


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the partner's."""

    target: str
    source: str
    rule: str
    """Name of the converter; empty for a fixed text."""
    described: Description
    is_required: bool
    when_missing: str
    mark: str
    note: str
    sample: str
    """What the example event gives; empty when it gives nothing."""


def sample_scene(event_type: str) -> Scene:
    """The example event of a type with invented facts."""
    return Scene(parse_event(sample_event(event_type)), SAMPLE_CONTEXT)


def explain(message: Message) -> tuple[Line, ...]:
    """Explain every row, in the order of the file."""
    scene = sample_scene(message.event_type)
    if any(_LINKED_FACT in rule.sources for rule in message.rules):
        scene = _linked(scene)
    return tuple(_lines(message, scene))


def _linked(scene: Scene) -> Scene:
    """The same event, come through the linked service."""
    event = dump_event(scene.event)
    dossier = event["dossier"]
    if not isinstance(dossier, dict):
        raise TypeError("dossier")
    linked = {**event, "dossier": {**dossier, "linked_code": _LINKED_CODE}}
    return Scene(parse_event(linked), scene.context)


def _lines(message: Message, scene: Scene) -> Iterator[Line]:
    for rule in message.rules:
        is_fixed = rule.constant is not None
        fixed = Description("Chữ cố định, luôn gửi đúng như vậy.", "A fixed text, always sent as it is.")
        yield Line(
            target=".".join(rule.target[1:] if rule.target[0] == "body" else rule.target),
            source=f"“{rule.constant}”" if is_fixed else " + ".join(rule.sources),
            rule="" if is_fixed else rule.converter_name,
            described=fixed if is_fixed else describe(message.destination, rule.converter_name, rule.convert),
            is_required=message.is_required(rule),
            when_missing="" if is_fixed else str(rule.when_missing),
            mark=rule.mark,
            note=rule.note,
            sample=_sample(rule, scene),
        )


def _sample(rule: FieldRule, scene: Scene) -> str:
    try:
        value = rule.value(scene)
    except CannotTranslate as obstacle:
        return f"({obstacle.code})"
    return "" if value is None else shown(value)


def shown(value: JsonValue) -> str:
    """Write a value on one short line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SAMPLE_CHARACTERS_MAX else f"{text[: _SAMPLE_CHARACTERS_MAX - 1]}…"
