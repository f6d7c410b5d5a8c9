"""What a run has shown: counts, delays, who waits and why, and everything that should not be."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SystemCount:
    """One system; `sent_twice` are second records, `absorbed` repeats that it recognised."""

    must_hold: int
    holds: int
    waits: int
    sent_twice: int
    absorbed: int
    median_hours: float
    worst_hours: float
    breaches: int


@dataclass(frozen=True, slots=True)
class MatterCount:
    """One type of event: how many were accepted, and what each system must hold and holds of them."""

    accepted: int
    must_hold: Mapping[str, int]
    holds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One delivery that waits for a person, and the planted fault that explains it (or nothing)."""

    source_event_id: str
    system: str
    reason: str
    planted: str


@dataclass(frozen=True, slots=True)
class Intake:
    """The answers that the communes got."""

    posted: int
    accepted: int
    accepted_over_soap: int
    refused_messages: int
    refused_over_soap: int
    faults_named: int
    repeats: int
    repeats_with_first_receipt: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything counted; it is good when there are no disagreements."""

    intake: Intake
    matters: Mapping[str, MatterCount]
    systems: Mapping[str, SystemCount]
    waiting: tuple[Waiting, ...]
    lost: int
    late_numbers: int
    late_numbers_followed: int
    steps: int
    finished_dossiers: int
    linked_dossiers: int
    ordered_pairs: int
    order_broken: int
    faults: Mapping[str, int]
    is_settled: bool
    """False while something is still on its way."""
    disagreements: tuple[str, ...]

    @property
    def sent_twice(self) -> int:
        """Second records in all systems together."""
        return sum(system.sent_twice for system in self.systems.values())

    @property
    def breaches(self) -> int:
        """Deliveries that came after the twelve hours."""
        return sum(system.breaches for system in self.systems.values())

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            **asdict(self),
            "duplicates_sent": self.sent_twice,
            "breaches": self.breaches,
            "passed": not self.disagreements,
        }
