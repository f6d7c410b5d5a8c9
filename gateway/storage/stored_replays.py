"""How the wishes of a replay are written into a text column."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from enum import Enum
from typing import Any

from gateway.model.delivery import OutcomeCode
from gateway.model.ids import Destination
from gateway.model.replaying import Limits, Selection
from gateway.storage.stored_forms import to_text
from retry_queue.states import State

_WORDS: dict[str, type[Enum]] = {"destination": Destination, "state": State, "outcome": OutcomeCode}


def selection_to_text(selection: Selection) -> str:
    """Only what matters."""
    told = {field.name: getattr(selection, field.name) for field in fields(selection)}
    return to_text({name: _written(value) for name, value in told.items() if value is not None})


def selection_from_text(text: str) -> Selection:
    """As `selection_to_text` wrote it."""
    return Selection(**{name: _read(name, value) for name, value in json.loads(text).items()})


def limits_to_text(limits: Limits) -> str:
    """All of them."""
    return to_text({**asdict(limits), "ramp": list(limits.ramp)})


def limits_from_text(text: str) -> Limits:
    """As `limits_to_text` wrote it."""
    read: dict[str, Any] = json.loads(text)
    return Limits(**{**read, "ramp": tuple(read["ramp"])})


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _read(name: str, value: str) -> Any:  # noqa: ANN401 - a selection holds values of several types
    if name in _WORDS:
        return _WORDS[name](value)
    if name.endswith(("_from", "_until")):
        return datetime.fromisoformat(value)
    return value
