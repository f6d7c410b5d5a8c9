"""The model published as JSON Schema (draft 2020-12), one document per event type."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from mappings.canonical.event import EVENT_TYPES

SCHEMA_VERSION = 1


def schema_id(event_type: str) -> str:
    """Name of the published schema."""
    return f"urn:hotich-gateway:event:{event_type}:{SCHEMA_VERSION}"


def sample_event(event_type: str) -> dict[str, Any]:
    """Give a fresh copy of a complete event with invented people, ready to be changed and sent."""
    text = (
        resources.files("mappings.canonical")
        .joinpath("samples", f"{event_type}.json")
        .read_text(encoding="utf-8")
    )
    sample: dict[str, Any] = json.loads(text)
    return sample


@cache
def _schema(event_type: str) -> str:
    model = EVENT_TYPES[event_type]
    document: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_id(event_type),
        **model.model_json_schema(mode="validation"),
        "examples": [sample_event(event_type)],
    }
    return json.dumps(document, ensure_ascii=False)


def json_schema(event_type: str) -> Mapping[str, Any]:
    """Give the JSON Schema of one event type, with titles, Vietnamese descriptions and a complete example.

    Raises:
        KeyError: no such event type.

    """
    document: dict[str, Any] = json.loads(_schema(event_type))
    return document
