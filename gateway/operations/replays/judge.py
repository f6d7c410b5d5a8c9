"""What an act would do to a delivery as it stands now, and what has become of one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import assert_never

from gateway.model.replaying import ItemState, Limits, ReplayAct, Selection
from gateway.operations.acts import HELD_BY_OPERATOR, RESERVED
from retry_queue.job import Job, Track
from retry_queue.states import Cause, State, states_before

BY_PEOPLE = (HELD_BY_OPERATOR, *sorted(RESERVED))
"""Somebody has stopped it for a reason of his own: no failure."""
LETS_GO = frozenset({ReplayAct.RELEASE, ReplayAct.RETRY})

MOVABLE: Mapping[ReplayAct, frozenset[State]] = MappingProxyType(
    {
        ReplayAct.RELEASE: states_before(Cause.RELEASED),
        ReplayAct.RETRY: states_before(Cause.RELEASED),
        ReplayAct.CANCEL: states_before(Cause.WITHDRAWN),
        ReplayAct.HOLD: states_before(Cause.PAUSED),
        ReplayAct.RESEND: frozenset({State.DONE}),
    }
)
"""The states that an act can leave."""

_USUAL = {ReplayAct.RELEASE: frozenset({State.HELD}), ReplayAct.RETRY: frozenset({State.DEFERRED})}


@dataclass(frozen=True, slots=True)
class Would:
    """The answer of a dry run for one item."""

    allowed: bool
    code: str
    """What would happen, or why it would not."""
    track: Track | None = None
    """Where it would go, when it is let go."""


@dataclass(frozen=True, slots=True)
class Came:
    """What an item has come to."""

    state: ItemState
    result: str


def states_of(act: ReplayAct, selection: Selection) -> frozenset[State]:
    """The state that was asked for, or those that the act is usually for; empty when it can move none."""
    if selection.state is not None:
        return MOVABLE[act] & {selection.state}
    return _USUAL.get(act, MOVABLE[act])


def would(act: ReplayAct, selection: Selection, limits: Limits, job: Job, now: datetime) -> Would:
    """What the act does to it now, if it may; who looks at the dry run sees the same."""
    refusal = _refusal(act, selection, job)
    if refusal is not None:
        return Would(allowed=False, code=refusal)
    match act:
        case ReplayAct.RELEASE | ReplayAct.RETRY:
            code = "asks_first" if job.maybe_sent else "sends"
            return Would(allowed=True, code=code, track=track_of(job, limits, now))
        case ReplayAct.CANCEL:
            return Would(allowed=True, code="cancels")
        case ReplayAct.HOLD:
            return Would(allowed=True, code="holds")
        case ReplayAct.RESEND:
            return Would(allowed=True, code="asks_then_sends_what_is_absent", track=Track.BULK)
        case _:
            assert_never(act)


def _refusal(act: ReplayAct, selection: Selection, job: Job) -> str | None:
    if job.state is State.LEASED:
        return "in_the_hands_of_a_worker"
    if job.state not in states_of(act, selection):
        return f"is_{job.state.value}"
    if job.held_reason in RESERVED:
        return job.held_reason
    if selection.held_reason not in {None, job.held_reason}:
        return "held_for_another_reason"
    return "may_have_been_sent" if act is ReplayAct.CANCEL and job.maybe_sent else None


def track_of(job: Job, limits: Limits, now: datetime) -> Track:
    """Bulk, unless it is due soon: what can still be in time must not lose that to a replay."""
    return Track.LIVE if is_due_soon(job, limits, now) else Track.BULK


def is_due_soon(job: Job, limits: Limits, now: datetime) -> bool:
    """What is late already wins nothing by going before those that are not."""
    return now <= job.due_at <= now + timedelta(seconds=limits.live_due_seconds)


def came_to(job: Job, *, waits_for_a_person: bool) -> Came | None:
    """The outcome of a delivery that was let go; None while it is on its way."""
    match job.state:
        case State.DONE:
            return Came(ItemState.SUCCEEDED, "delivered")
        case State.HELD if job.held_reason in BY_PEOPLE:
            return Came(ItemState.SET_ASIDE, job.held_reason)
        case State.HELD:
            return Came(ItemState.FAILED, job.held_reason or "held")
        case State.CANCELLED:
            return Came(ItemState.SET_ASIDE, "cancelled")
        case State.WAITING if waits_for_a_person:
            return Came(ItemState.SET_ASIDE, "waits")
        case State.WAITING | State.QUEUED | State.DEFERRED | State.LEASED | State.UNKNOWN:
            return None
        case _:
            assert_never(job.state)
