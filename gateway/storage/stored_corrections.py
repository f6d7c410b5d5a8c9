"""How values of corrections are written into text columns."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from gateway.model.entry_history import Applied
from gateway.storage.stored_forms import to_text


def changes_to_text(changes: Iterable[Applied]) -> str:
    """Field by field, with before and after."""
    return to_text([asdict(change) for change in changes])


def changes_from_text(text: str) -> tuple[Applied, ...]:
    """As `changes_to_text` wrote it."""
    return tuple(Applied(**change) for change in json.loads(text))


def values_to_text(values: Mapping[str, str | None]) -> str:
    """What the book says, blanks too."""
    return to_text(dict(values))


def values_from_text(text: str) -> dict[str, str | None]:
    """As `values_to_text` wrote it."""
    read: dict[str, str | None] = json.loads(text)
    return read
