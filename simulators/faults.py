"""The fault plan: a pure decision from a seed and the request, never from timing or order of arrival."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SYSTEMS = ("national_registry", "population_db", "one_stop")


class FaultKind(StrEnum):
    """What can be planned; `simulators/README.md` lists the parameters of each."""

    LATENCY = "latency"
    SERVER_ERROR = "server_error"
    CONNECTION_REFUSED = "connection_refused"
    HANG = "hang"
    ANSWER_LOST = "answer_lost"
    WRONG_ANSWER = "wrong_answer"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the name of a fault, no password
    OUTAGE = "outage"
    LATE_PERSONAL_ID = "late_personal_id"
    SUSPECTED_DUPLICATE = "suspected_duplicate"
    REFUSAL = "refusal"
    LATE_VISIBILITY = "late_visibility"
    CLERK_DECISION = "clerk_decision"


TIMED_KINDS = frozenset({FaultKind.CONNECTION_REFUSED, FaultKind.OUTAGE})
# These speak about the item itself: chosen once per item, however often it is sent.
ITEM_KINDS = frozenset(
    {
        FaultKind.LATE_PERSONAL_ID,
        FaultKind.SUSPECTED_DUPLICATE,
        FaultKind.REFUSAL,
        FaultKind.LATE_VISIBILITY,
        FaultKind.CLERK_DECISION,
    }
)


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One line of a plan: selectors first, then the parameters that its kind reads."""

    system: str
    kind: FaultKind
    operation: str = ""
    probability: float = 1.0
    match: str = ""
    times: int = 1  # per item; 0 = always
    min_ms: int = 0
    max_ms: int = 0
    status: int = 500
    retry_after_seconds: int | None = None
    from_seconds: float = 0.0
    to_seconds: float = 0.0
    seconds: float = 0.0
    is_committed: bool = False
    form: str = ""
    field: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Seed and rules; the empty plan plants nothing."""

    seed: int = 1
    rules: tuple[FaultRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a decision may depend on; `occurrence` counts from 0 per operation and subject."""

    system: str
    operation: str
    identity: str
    subject: str
    occurrence: int


def decide(plan: FaultPlan, asked: Asked, hits_by_rule: Mapping[int, int]) -> dict[FaultKind, int]:
    """Choose the rules that strike this request: kind → index of the first rule that does.

    `hits_by_rule` says how often each rule has struck this subject already.
    """
    chosen: dict[FaultKind, int] = {}
    for index, rule in enumerate(plan.rules):
        if rule.kind in TIMED_KINDS or rule.kind in chosen or not _selects(rule, asked):
            continue
        if rule.times and hits_by_rule.get(index, 0) >= rule.times:
            continue
        if draw(plan.seed, rule.kind, asked) < rule.probability:
            chosen[rule.kind] = index
    return chosen


def draw(seed: int, kind: FaultKind, asked: Asked) -> float:
    """Draw a number in [0, 1) that depends on nothing but its arguments."""
    occurrence = 0 if kind in ITEM_KINDS else asked.occurrence
    text = "|".join((str(seed), asked.system, kind, asked.operation, asked.subject, str(occurrence)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64


def find_timed(plan: FaultPlan, system: str, elapsed_seconds: float) -> FaultRule | None:
    """Outage or refused connections in force that long after the plan was set."""
    for rule in plan.rules:
        is_timed_here = rule.system == system and rule.kind in TIMED_KINDS
        if is_timed_here and rule.from_seconds <= elapsed_seconds < rule.to_seconds:
            return rule
    return None


def refuses_connections(rule: FaultRule | None) -> bool:
    """Say whether the listener must be closed; an outage of form `unavailable` answers 503 instead."""
    return rule is not None and (rule.kind is FaultKind.CONNECTION_REFUSED or rule.form != "unavailable")


def _selects(rule: FaultRule, asked: Asked) -> bool:
    return (
        rule.system == asked.system
        and rule.operation in {"", asked.operation}
        and (rule.match in asked.subject or rule.match in asked.identity)
    )
