"""What a handler decides about a job after an attempt, and what that says of the destination."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import assert_never


class Health(Enum):
    """What the attempt says about the lane; the breaker listens to nothing else."""

    ANSWERED = auto()
    UNREACHABLE = auto()
    SILENT = auto()
    """Nothing was sent, so nothing was learnt."""


class Strain(Enum):
    """What one attempt says of how much the destination bears at once; the window listens to nothing else."""

    WELL = auto()
    STRAINED = auto()
    """It failed, as one does now and then; several of the last answers together speak against more."""
    OVERLOADED = auto()
    """It says so itself: busy, or later please; one that was answered slowly is found out by the clock."""
    NONE = auto()
    """Nothing was sent, or the fault has nothing to do with load."""


@dataclass(frozen=True, slots=True)
class Done:
    """The destination has it, for the first time or already."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again, not before `at`; a destination's fault costs no attempt."""

    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class AskAt:
    """The outcome is unknown; ask, not before `at`."""

    at: datetime
    counts: bool = True
    """False when the question could not even be put, so that an outage uses up no questions."""


@dataclass(frozen=True, slots=True)
class SendAgain:
    """The destination was asked and does not have it, nothing is in flight: send, not before `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The item is at fault; it is held for a person under a stable reason code."""

    reason: str
    maybe_sent: bool = False
    """A refusal is an answer; true when asking has not helped and it may still have arrived."""


Verdict = Done | RetryAt | AskAt | SendAgain | GiveUp


@dataclass(frozen=True, slots=True)
class LaneHold:
    """The whole lane must stop until a person has acted (credentials refused)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict on the job together with what was learnt of its lane."""

    verdict: Verdict
    health: Health
    lane_hold: LaneHold | None = None
    not_before: datetime | None = None
    """The lane asked for peace until then (Retry-After); counts as unreachable without tripping."""
    strain: Strain | None = None
    """None: an answer is well, silence says nothing, a wish for peace is overload, all else a strain."""


def usual_strain(health: Health, not_before: datetime | None) -> Strain:
    """What an attempt says of the load, unless its handler knows better."""
    if not_before is not None:
        return Strain.OVERLOADED
    match health:
        case Health.ANSWERED:
            return Strain.WELL
        case Health.UNREACHABLE:
            return Strain.STRAINED
        case Health.SILENT:
            return Strain.NONE
        case _:
            assert_never(health)
