"""Which rules hold for a message and which do not: the values of a conformance check."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.model.submission import Violation


class RuleStatus(StrEnum):
    """What can be said of one rule for one message."""

    HELD = "held"
    FAILED = "failed"
    WARNED = "warned"
    """Accepted all the same, but should be looked at."""
    NOT_APPLICABLE = "not_applicable"
    """The message has nothing that the rule is about."""
    NOT_CHECKED = "not_checked"
    """A part that the rule looks at is malformed, or only the gateway itself can know."""


@dataclass(frozen=True, slots=True)
class ConformanceRule:
    """One rule of the catalogue, in words for people."""

    code: str
    """The code of the violation when it is broken."""
    rule_vi: str
    rule_en: str
    source: str
    """Article of a law, section of a contract, or page of our own reference."""
    mark: str
    """`S`: seen in a public source; `I`: inferred or set by us."""
    event_types: frozenset[str]
    """Those that it can concern."""
    needs: frozenset[str]
    """It concerns messages that hold one of these fields somewhere; empty: every message."""
    checked_by: frozenset[str]
    """The functions of the rulebook that look at it; empty: reading the message shows it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault by code and place; also one that is planted in a test message."""

    code: str
    pointer: str


@dataclass(frozen=True, slots=True)
class JudgedMessage:
    """One message, measured by every rule; holds codes and places, never what the message says of people."""

    place: str
    """File, and line where there are several in one."""
    kind: str
    """How it was read: `json`, `ndjson` …"""
    event_type: str | None
    statuses: Mapping[str, RuleStatus]
    """Code of every rule -> what can be said of it."""
    violations: tuple[Violation, ...]
    warnings: tuple[Violation, ...] = ()
    expected: frozenset[Fault] | None = None
    """The faults that were planted in it, if it is a test message."""

    @property
    def conforms(self) -> bool:
        """The gateway would take it."""
        return not self.violations

    @property
    def faults(self) -> frozenset[Fault]:
        """Codes and places of its violations."""
        return frozenset(Fault(each.code, each.pointer) for each in self.violations)

    @property
    def is_as_expected(self) -> bool:
        """Exactly the planted faults, or conforming when none are named."""
        return self.faults == (self.expected or frozenset())
