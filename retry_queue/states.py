"""The states of a job and every arrow between them: nothing else in the house knows the arrows."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a job stands; `done` and `cancelled` are final."""

    QUEUED = "queued"
    WAITING = "waiting"
    DEFERRED = "deferred"
    LEASED = "leased"
    UNKNOWN = "unknown"
    HELD = "held"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """A final job releases its ordering keys and never moves again."""
        return self in FINAL


FINAL = frozenset({State.DONE, State.CANCELLED})


class Cause(StrEnum):
    """What moves a job; each cause is one kind of arrow."""

    CLAIMED = "claimed"
    COMPLETED = "completed"
    POSTPONED = "postponed"
    OUTCOME_LOST = "outcome_lost"
    FAULT_FOUND = "fault_found"
    GIVEN_BACK = "given_back"
    LEASE_EXPIRED = "lease_expired"
    TIME_CAME = "time_came"
    WAY_CLEARED = "way_cleared"
    RELEASED = "released"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed arrow and the reason it exists."""

    before: State
    cause: Cause
    after: State
    why: str


S, C = State, Cause

TRANSITIONS: tuple[Transition, ...] = (
    Transition(S.WAITING, C.WAY_CLEARED, S.QUEUED, "nothing earlier shares a key and the gate is open"),
    Transition(S.QUEUED, C.CLAIMED, S.LEASED, "a worker takes the earliest due"),
    Transition(S.UNKNOWN, C.CLAIMED, S.LEASED, "a worker asks what became of it"),
    Transition(S.LEASED, C.COMPLETED, S.DONE, "the destination has it"),
    Transition(S.LEASED, C.POSTPONED, S.DEFERRED, "not before a later instant"),
    Transition(S.LEASED, C.OUTCOME_LOST, S.UNKNOWN, "sent, but nobody knows the outcome"),
    Transition(S.LEASED, C.FAULT_FOUND, S.HELD, "the item is at fault: a person must decide"),
    Transition(S.LEASED, C.GIVEN_BACK, S.QUEUED, "the worker stops before it began"),
    Transition(S.LEASED, C.GIVEN_BACK, S.UNKNOWN, "the worker stops before it began to ask"),
    Transition(S.LEASED, C.LEASE_EXPIRED, S.QUEUED, "the worker is gone and had sent nothing"),
    Transition(S.LEASED, C.LEASE_EXPIRED, S.UNKNOWN, "the worker is gone and may have sent"),
    Transition(S.DEFERRED, C.TIME_CAME, S.QUEUED, "the instant has come"),
    Transition(S.HELD, C.RELEASED, S.QUEUED, "a person lets it go on; nothing was sent"),
    Transition(S.HELD, C.RELEASED, S.UNKNOWN, "a person lets it go on; ask first, it may have been sent"),
    Transition(S.DEFERRED, C.RELEASED, S.QUEUED, "a person does not want to wait"),
    Transition(S.QUEUED, C.PAUSED, S.HELD, "a person stops it"),
    Transition(S.WAITING, C.PAUSED, S.HELD, "a person stops it"),
    Transition(S.DEFERRED, C.PAUSED, S.HELD, "a person stops it"),
    Transition(S.UNKNOWN, C.PAUSED, S.HELD, "a person stops it, or asking has not helped for too long"),
    Transition(S.HELD, C.RELEASED, S.WAITING, "a person lets it go on, but something earlier shares a key"),
    Transition(S.QUEUED, C.WITHDRAWN, S.CANCELLED, "a person withdraws it"),
    Transition(S.WAITING, C.WITHDRAWN, S.CANCELLED, "a person withdraws it"),
    Transition(S.DEFERRED, C.WITHDRAWN, S.CANCELLED, "a person withdraws it"),
    Transition(S.HELD, C.WITHDRAWN, S.CANCELLED, "a person withdraws it"),
    Transition(S.HELD, C.CONFIRMED, S.DONE, "a person has made sure that the destination has it"),
)
"""Every arrow; `leased` and `unknown` cannot be withdrawn, because something may already have been sent."""

READY = frozenset(arrow.before for arrow in TRANSITIONS if arrow.cause is C.CLAIMED)
"""A worker may take these, once nothing is to be waited for."""

ENTRY_STATES = frozenset({State.QUEUED, State.WAITING})
"""A new job starts here."""


def is_allowed(before: State, cause: Cause, after: State) -> bool:
    """Whether the table has this arrow."""
    return (before, cause, after) in _ARROWS


def states_before(cause: Cause) -> frozenset[State]:
    """The states that a cause can leave; guards of updates are made from this."""
    return frozenset(arrow.before for arrow in TRANSITIONS if arrow.cause is cause)


_ARROWS = frozenset((arrow.before, arrow.cause, arrow.after) for arrow in TRANSITIONS)
