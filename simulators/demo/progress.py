"""What a run shows while it goes on: a live table at a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from simulators.demo.needs import SYSTEM_NAMES

LINE_EVERY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Moment:
    """The run at one moment."""

    phase: str
    elapsed_seconds: float
    events: int = 0
    answered: int = 0
    accepted: int = 0
    journals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Destination -> state -> deliveries, by the operators' view."""
    faults: int = 0
    kills: int = 0


class Progress:
    """Shows moments on standard error, so that standard output holds nothing but the result."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._live: Live | None = None
        self._last_line = 0.0
        self._last_phase = ""

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(console=self._console, refresh_per_second=4, transient=True)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, moment: Moment) -> None:
        """Show one moment."""
        if self._live is not None:
            self._live.update(_table(moment))
        elif moment.phase != self._last_phase or time.monotonic() - self._last_line > LINE_EVERY_SECONDS:
            self._last_line, self._last_phase = time.monotonic(), moment.phase
            sys.stderr.write(f"{_line(moment)}\n")
            sys.stderr.flush()


def _table(moment: Moment) -> Table:
    table = Table(title=_line(moment), title_justify="left")
    table.add_column("destination")
    for column in ("holds", "absorbed repeats", "on the way", "waiting their turn", "for a person"):
        table.add_column(column, justify="right")
    for system, name in SYSTEM_NAMES.items():
        journal, states = moment.journals.get(system, {}), moment.places.get(system, {})
        moving = sum(states.get(state, 0) for state in ("queued", "leased", "deferred", "unknown"))
        cells = (journal.get("held", 0), journal.get("repeats_absorbed", 0), moving)
        waits = (states.get("waiting", 0), states.get("held", 0))
        table.add_row(name, *(str(each) for each in (*cells, *waits)))
    return table


def _line(moment: Moment) -> str:
    parts = [f"{moment.elapsed_seconds:5.1f} s  {moment.phase}"]
    if moment.events:
        parts.append(f"answered {moment.answered}/{moment.events}, accepted {moment.accepted}")
    if moment.journals:
        held = (f"{name} {counts.get('held', 0)}" for name, counts in moment.journals.items())
        parts.append(f"held: {', '.join(held)}")
    if moment.faults:
        parts.append(f"faults {moment.faults}")
    if moment.kills:
        parts.append(f"gateway killed {moment.kills} x")
    return " · ".join(parts)
