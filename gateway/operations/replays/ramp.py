"""What a running replay does next. Pure.

A step ends when each of its items has come to an outcome; only then, and only with few failures, a larger one
begins. A step from which nothing was learnt is repeated in the same size.
"""

from dataclasses import dataclass

from gateway.model.replaying import ItemState, Limits, Tally

ACTED = (ItemState.UNDER_WAY, ItemState.SUCCEEDED, ItemState.FAILED, ItemState.SET_ASIDE)
TOO_MANY_FAILURES = "failures"
"""Why a replay stops itself."""


@dataclass(frozen=True, slots=True)
class Act:
    """Take so many of the pending items."""

    items: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Outcomes are still to come."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """Of this size of the ramp."""

    rung: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Too much went wrong: a person must look."""

    failed: int
    outcomes: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Nothing is left."""


Move = Act | Wait | NextStep | Stop | Finish


def size_of(limits: Limits, rung: int) -> int:
    """Items of a step; the last size repeats."""
    return limits.ramp[min(rung, len(limits.ramp) - 1)]


def next_move(limits: Limits, step: int, rung: int, tally: Tally) -> Move:
    """From the ledger in numbers."""
    acted = tally.of(*ACTED, step=step)
    succeeded, failed = (tally.of(each, step=step) for each in (ItemState.SUCCEEDED, ItemState.FAILED))
    pending, under_way = tally.of(ItemState.PENDING), tally.of(ItemState.UNDER_WAY)
    size = size_of(limits, rung)
    is_over = not under_way and acted >= size
    if pending and is_too_many(limits, failed, succeeded + failed, is_over=is_over):
        return Stop(failed, succeeded + failed)
    if pending and acted < size:
        return Act(min(pending, size - acted))
    if under_way:
        return Wait()
    if not pending:
        return Finish()
    return NextStep(rung + 1 if succeeded else rung)


def is_too_many(limits: Limits, failed: int, outcomes: int, *, is_over: bool) -> bool:
    """The share counts once there are enough outcomes; a step that has failed as a whole always does."""
    if outcomes >= limits.outcomes_min:
        return failed * 100 >= limits.error_percent * outcomes
    return is_over and failed == outcomes > 0
