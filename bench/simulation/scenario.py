"""One day written out: everything that will happen, so that it can be cut down, kept and repeated."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from retry_queue.proof.oracle import Micros
from retry_queue.proof.scheduler import SECOND
from retry_queue.proof.world import Manner, Spell, Weather

HOUR = 3600 * SECOND
MINUTE = 60 * SECOND
PROMISE = 12 * HOUR


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event that is handed in."""

    name: str
    at: Micros
    registered_at: Micros
    event_type: str
    variant: str
    """Which sample of that type, see `events`."""
    entry: str
    persons: tuple[str, ...]
    party: str = ""
    """Not empty: one of the old books of this office, in bulk."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happens to one of our own processes."""

    at: Micros
    kind: str
    """`crash`, `stop` in order, `crash_commit` at the `amount`th commit, `freeze` for and `clock` by it."""
    process: int
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """What an operator does to some delivery, or to a destination."""

    at: Micros
    kind: str
    """`hold`, `cancel`, `release`, `hold_lane`."""
    pick: float
    """Which of those that can be acted on, as a fraction."""
    lasts: Micros = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole day."""

    seed: str
    threads: int
    manners: Mapping[str, Manner]
    arrivals: tuple[Arrival, ...]
    spells: tuple[Spell, ...] = ()
    incidents: tuple[Incident, ...] = ()
    acts: tuple[Act, ...] = ()
    store: str = "memory"
    processes: int = 2
    works_together: bool = False
    """Whether deliveries are prepared, announced and recorded in batches, as the gateway does it."""
    notes: tuple[str, ...] = field(default=())

    @property
    def end(self) -> Micros:
        """Everything must be over by then."""
        times = [0, *(arrival.at for arrival in self.arrivals), *(spell.end for spell in self.spells)]
        return max(times) + 48 * HOUR

    def to_json(self) -> str:
        """To be read by `from_json`."""
        return json.dumps(asdict(self), indent=1)


def from_json(text: str) -> Scenario:
    """Raises `KeyError`, `TypeError`, `ValueError` for anything else than `to_json` writes."""
    raw: dict[str, Any] = json.loads(text)
    return replace(
        Scenario(raw["seed"], raw["threads"], {}, ()),
        manners={lane: Manner(**manner) for lane, manner in raw["manners"].items()},
        arrivals=tuple(Arrival(**{**each, "persons": tuple(each["persons"])}) for each in raw["arrivals"]),
        spells=tuple(Spell(**{**each, "weather": Weather(each["weather"])}) for each in raw["spells"]),
        incidents=tuple(Incident(**each) for each in raw["incidents"]),
        acts=tuple(Act(**each) for each in raw["acts"]),
        store=raw["store"],
        processes=raw["processes"],
        works_together=raw.get("works_together", False),
        notes=tuple(raw["notes"]),
    )
