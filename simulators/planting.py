"""What the fault plan has done so far: counts per item, and the list of planted faults."""

import threading
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime

from simulators.clock import Clock
from simulators.exchange_values import Call
from simulators.faults import Asked, FaultKind, FaultPlan, FaultRule, decide, draw, find_timed


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault that really struck; `at` in UTC."""

    system: str
    kind: FaultKind
    operation: str
    identity: str
    subject: str
    occurrence: int
    at: datetime

    def as_json(self) -> dict[str, object]:
        """Plain values for the control port."""
        return {**asdict(self), "kind": str(self.kind), "at": self.at.isoformat()}


class FaultBook:
    """Holds the plan in force; safe to use from many threads."""

    def __init__(self, clock: Clock, plan: FaultPlan) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._occurrences: Counter[tuple[str, str, str]] = Counter()
        self._hits: Counter[tuple[int, str]] = Counter()
        self._planted: list[Planted] = []
        self._plan = plan
        self._set_at = clock.now()

    @property
    def plan(self) -> FaultPlan:
        """The plan in force."""
        return self._plan

    def set_plan(self, plan: FaultPlan) -> None:
        """Start a plan: counts begin anew, `from_seconds` counts from now; what was planted stays listed."""
        with self._lock:
            self._plan = plan
            self._set_at = self._clock.now()
            self._occurrences.clear()
            self._hits.clear()

    def reset(self) -> None:
        """Back to no plan and nothing planted."""
        self.set_plan(FaultPlan(self._plan.seed))
        with self._lock:
            self._planted.clear()

    def find_timed(self, system: str) -> FaultRule | None:
        """Outage or refused connections in force now."""
        elapsed = self._clock.now() - self._set_at
        return find_timed(self._plan, system, elapsed.total_seconds())

    def effects_on(self, system: str, call: Call) -> "Effects":
        """Decide about one call and count it."""
        with self._lock:
            key = (system, call.operation, call.subject)
            asked = Asked(system, call.operation, call.identity, call.subject, self._occurrences[key])
            self._occurrences[key] += 1
            hits = {index: self._hits[index, call.subject] for index in range(len(self._plan.rules))}
            chosen = decide(self._plan, asked, hits)
            return Effects(self, self._plan, asked, chosen)

    def record(self, asked: Asked, kind: FaultKind, index: int) -> None:
        """Note that a chosen fault struck."""
        with self._lock:
            self._hits[index, asked.subject] += 1
            self._planted.append(
                Planted(
                    asked.system,
                    kind,
                    asked.operation,
                    asked.identity,
                    asked.subject,
                    asked.occurrence,
                    self._clock.now(),
                )
            )

    def list_planted(self) -> list[Planted]:
        """All faults that struck, oldest first."""
        with self._lock:
            return list(self._planted)


class Effects:
    """Faults chosen for one call; one that is taken counts as planted."""

    def __init__(self, book: FaultBook, plan: FaultPlan, asked: Asked, chosen: dict[FaultKind, int]) -> None:
        self._book = book
        self._plan = plan
        self._asked = asked
        self._chosen = chosen

    def peek(self, kind: FaultKind) -> FaultRule | None:
        """Look at the rule of that kind that strikes this call, without using it."""
        index = self._chosen.get(kind)
        return None if index is None else self._plan.rules[index]

    def take(self, kind: FaultKind) -> FaultRule | None:
        """Use the rule of that kind that strikes this call, if one does."""
        rule = self.peek(kind)
        if rule is not None:
            self._book.record(self._asked, kind, self._chosen.pop(kind))
        return rule

    def draw(self, kind: FaultKind) -> float:
        """Seeded number in [0, 1) of this call, for the size of a fault."""
        return draw(self._plan.seed + 1, kind, self._asked)
