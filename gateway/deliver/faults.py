"""What follows from each class of fault, as one table; `decide` reads it and knows no other rule.

A destination may have its own waits, and its own opinion of what counts against it (`FaultOverride`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import assert_never

from gateway.model.outcome import (
    AbsentThere,
    BrokenAnswer,
    Crashed,
    LaterPlease,
    LockedOut,
    NobodyKnows,
    NotAskable,
    NothingSent,
    NotTranslated,
    RefusedThere,
)
from retry_queue.verdict import Health, Strain

Fault = (
    AbsentThere
    | RefusedThere
    | LaterPlease
    | BrokenAnswer
    | LockedOut
    | NotTranslated
    | NothingSent
    | NobodyKnows
    | NotAskable
    | Crashed
)
"""Every outcome but `Delivered`."""


class FaultClass(StrEnum):
    """Finer than the outcome where something else follows."""

    NOT_SENT = "not_sent"
    BUSY = "busy"
    BUSY_UNTIL = "busy_until"
    UNKNOWN = "unknown"
    NOT_ASKABLE = "not_askable"
    ABSENT = "absent"
    REFUSED = "refused"
    NOT_MAPPED = "not_mapped"
    CONTRACT_BROKEN = "contract_broken"
    NOT_AUTHORIZED = "not_authorized"
    CRASHED_BEFORE = "crashed_before_sending"
    CRASHED_AFTER = "crashed_after_sending"


class Then(StrEnum):
    """What becomes of the delivery."""

    SEND_LATER = "send_later"
    """Or asked later, if an earlier attempt may have arrived."""
    SEND_NOW = "send_now"
    ASK_LATER = "ask_later"
    PERSON = "person"


class Wait(StrEnum):
    """Which schedule says how long."""

    NONE = "none"
    FAULT = "fault"
    """`destination_fault_seconds`, shrinking near the deadline."""
    NAMED = "named"
    """The time that the destination named, within bounds."""
    RETRIES = "retries"
    """The schedule of attempts, shrinking near the deadline; after `crashes_max` a person."""
    QUESTIONS = "questions"
    """The schedule of questions; after `asks_max` a person."""


class Cost(StrEnum):
    """What it uses up of the delivery's patience."""

    NOTHING = "nothing"
    ATTEMPT = "attempt"
    QUESTION = "question"


class Tell(StrEnum):
    """Who hears of it at once."""

    NOBODY = "nobody"
    ATTENTION = "attention"
    """It stands on the list of what a person must look at."""
    ALARM = "alarm"
    """And an error is logged with an alarm."""


@dataclass(frozen=True, slots=True)
class FaultPolicy:
    """One row."""

    then: Then
    wait: Wait
    cost: Cost
    breaker: Health
    window: Strain
    tell: Tell
    reason: str | None = None
    """Of the hold, when a person must decide; a refusal adds its own."""
    holds_destination: bool = False
    wait_seconds: float | None = None
    """Instead of `destination_fault_seconds`."""


@dataclass(frozen=True, slots=True)
class FaultOverride:
    """What one destination does differently; None leaves it as in the table."""

    wait_seconds: float | None = None
    against_breaker: bool | None = None
    against_window: bool | None = None


NOT_MAPPED = "not_mapped"
OUTCOME_UNKNOWN = "outcome_unknown"
CONTRACT_BROKEN = "contract_broken"
INTERNAL_ERROR = "internal_error"
NOT_AUTHORIZED = "not_authorized"
REFUSED_PREFIX = "refused."

_Q, _A, _F = Wait.QUESTIONS, Wait.RETRIES, Wait.FAULT
_FREE = Cost.NOTHING
_ANSWERS, _GONE, _SILENT = Health.ANSWERED, Health.UNREACHABLE, Health.SILENT
_WELL, _STRAIN, _LOAD, _NO_SIGN = Strain.WELL, Strain.STRAINED, Strain.OVERLOADED, Strain.NONE

FAULT_POLICIES: Mapping[FaultClass, FaultPolicy] = MappingProxyType(
    {
        FaultClass.NOT_SENT: FaultPolicy(Then.SEND_LATER, _F, _FREE, _GONE, _STRAIN, Tell.NOBODY),
        FaultClass.BUSY: FaultPolicy(Then.SEND_LATER, _F, _FREE, _GONE, _LOAD, Tell.NOBODY),
        FaultClass.BUSY_UNTIL: FaultPolicy(Then.SEND_LATER, Wait.NAMED, _FREE, _SILENT, _LOAD, Tell.NOBODY),
        FaultClass.UNKNOWN: FaultPolicy(
            Then.ASK_LATER, _Q, Cost.QUESTION, _GONE, _STRAIN, Tell.NOBODY, OUTCOME_UNKNOWN
        ),
        FaultClass.NOT_ASKABLE: FaultPolicy(
            Then.PERSON, Wait.NONE, _FREE, _SILENT, _NO_SIGN, Tell.ATTENTION, OUTCOME_UNKNOWN
        ),
        FaultClass.ABSENT: FaultPolicy(Then.SEND_NOW, Wait.NONE, _FREE, _ANSWERS, _WELL, Tell.NOBODY),
        FaultClass.REFUSED: FaultPolicy(
            Then.PERSON, Wait.NONE, _FREE, _ANSWERS, _WELL, Tell.ATTENTION, REFUSED_PREFIX
        ),
        FaultClass.NOT_MAPPED: FaultPolicy(
            Then.PERSON, Wait.NONE, _FREE, _SILENT, _NO_SIGN, Tell.ATTENTION, NOT_MAPPED
        ),
        # Against the breaker: a proxy answering nonsense to everything opens it and so holds few items.
        FaultClass.CONTRACT_BROKEN: FaultPolicy(
            Then.PERSON, Wait.NONE, _FREE, _GONE, _STRAIN, Tell.ALARM, CONTRACT_BROKEN
        ),
        FaultClass.NOT_AUTHORIZED: FaultPolicy(
            Then.SEND_LATER, _F, _FREE, _SILENT, _NO_SIGN, Tell.ALARM, NOT_AUTHORIZED, holds_destination=True
        ),
        FaultClass.CRASHED_BEFORE: FaultPolicy(
            Then.SEND_LATER, _A, Cost.ATTEMPT, _SILENT, _NO_SIGN, Tell.NOBODY, INTERNAL_ERROR
        ),
        FaultClass.CRASHED_AFTER: FaultPolicy(
            Then.ASK_LATER, _Q, Cost.QUESTION, _SILENT, _NO_SIGN, Tell.NOBODY, OUTCOME_UNKNOWN
        ),
    }
)
"""Every class has its row; a test compares it with docs/reference/faults.md."""


def fault_class(fault: Fault) -> FaultClass:
    """Which row is meant."""
    match fault:
        case LaterPlease(retry_after_seconds=seconds):
            return FaultClass.BUSY if seconds is None else FaultClass.BUSY_UNTIL
        case Crashed(maybe_sent=maybe_sent):
            return FaultClass.CRASHED_AFTER if maybe_sent else FaultClass.CRASHED_BEFORE
        case _:
            return _SIMPLE[type(fault)]


_SIMPLE: Mapping[type, FaultClass] = MappingProxyType(
    {
        NothingSent: FaultClass.NOT_SENT,
        NobodyKnows: FaultClass.UNKNOWN,
        NotAskable: FaultClass.NOT_ASKABLE,
        AbsentThere: FaultClass.ABSENT,
        RefusedThere: FaultClass.REFUSED,
        NotTranslated: FaultClass.NOT_MAPPED,
        BrokenAnswer: FaultClass.CONTRACT_BROKEN,
        LockedOut: FaultClass.NOT_AUTHORIZED,
    }
)


def overruled(policy: FaultPolicy, override: FaultOverride | None) -> FaultPolicy:
    """The row as it holds for one destination."""
    if override is None:
        return policy
    changed = policy
    if override.wait_seconds is not None:
        changed = replace(changed, wait_seconds=override.wait_seconds)
    if override.against_breaker is not None:
        changed = replace(changed, breaker=_breaker(policy.breaker, against=override.against_breaker))
    if override.against_window is not None:
        changed = replace(changed, window=_window(policy.window, against=override.against_window))
    return changed


def _window(usual: Strain, *, against: bool) -> Strain:
    """What speaks against a destination anyhow keeps its weight."""
    match usual:
        case Strain.WELL | Strain.NONE:
            return Strain.STRAINED if against else Strain.NONE
        case Strain.STRAINED | Strain.OVERLOADED:
            return usual if against else Strain.NONE
        case _:
            assert_never(usual)


def _breaker(usual: Health, *, against: bool) -> Health:
    """What does not speak against a destination says nothing, unless it speaks for it."""
    match usual:
        case Health.ANSWERED | Health.SILENT:
            return Health.UNREACHABLE if against else usual
        case Health.UNREACHABLE:
            return Health.UNREACHABLE if against else Health.SILENT
        case _:
            assert_never(usual)
