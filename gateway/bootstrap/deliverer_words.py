"""What a gateway and its further delivering processes say to each other: JSON lines through pipes.

    gateway ──► deliverer   first the orders, then perhaps a stop; the end of the pipe is the gateway's death
    deliverer ──► gateway   once a second what was counted since, so that silence is a sign, too

Pipes, not arguments or environment: the settings hold secrets, and may have been changed since they were
read, as by `--with-sandbox`.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from gateway.observability.metrics import AttemptCount
from gateway.settings import Settings

ORPHAN_SECONDS: Final = 5.0
"""So long attempts under way may take when the gateway is dead; its successor waits before it begins."""


@dataclass(frozen=True, slots=True)
class Orders:
    """With what a deliverer begins."""

    number: int
    """2 for the first: the gateway itself is process 1."""
    settings: Settings


def orders_line(orders: Orders) -> bytes:
    """With every secret in the open."""
    return _line({"number": orders.number, "settings": orders.settings.model_dump()})


def read_orders(line: bytes) -> Orders:
    """As they were given. Raises `ValueError` for a line that was cut off."""
    found = json.loads(line)
    return Orders(found["number"], Settings.model_validate(found["settings"]))


def stop_line(stop_seconds: float) -> bytes:
    """Finish what is under way, so long at most."""
    return _line({"stop_seconds": stop_seconds})


def read_stop(line: bytes) -> float | None:
    """None when the pipe has ended, also in the middle of a line: whoever wrote is dead."""
    return float(json.loads(line)["stop_seconds"]) if is_whole(line) else None


def counts_line(counts: Iterable[AttemptCount]) -> bytes:
    """Perhaps of nothing: that says that the deliverer is alive."""
    return _line([astuple(each) for each in counts])


def read_counts(line: bytes) -> Sequence[AttemptCount]:
    """As they were counted."""
    return [AttemptCount(*each) for each in json.loads(line)]


def is_whole(line: bytes) -> bool:
    """False when the pipe has ended before the line."""
    return line.endswith(b"\n")


def write_all(pipe: int, words: bytes) -> None:
    """A pipe may take less than it is given. Raises `OSError` when nobody reads any more."""
    while words:
        words = words[os.write(pipe, words) :]


def _line(words: object) -> bytes:
    return json.dumps(words, default=_plain).encode() + b"\n"


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever settings are made of
    match value:
        case SecretStr():
            return value.get_secret_value()
        case Path():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            raise TypeError(type(value).__qualname__)
