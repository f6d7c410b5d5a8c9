"""A replay: one act on many deliveries, done step by step, each item with a row in its ledger."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from gateway.model.delivery import OutcomeCode
from gateway.model.ids import DeliveryId, Destination, EventId
from retry_queue.states import State

ReplayId = NewType("ReplayId", str)


class ReplayAct(StrEnum):
    """What is done with each item."""

    RELEASE = "release"
    RETRY = "retry"
    CANCEL = "cancel"
    HOLD = "hold"
    RESEND = "resend"
    """The destination lost it: ask, and only what it certainly does not have is delivered anew."""


class ReplayState(StrEnum):
    """How far a replay has come."""

    SELECTING = "selecting"
    """Its list is not complete; the same request goes on where the last one was cut off."""
    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = frozenset({ReplayState.RUNNING, ReplayState.PAUSED})
"""Begun, and neither done nor cancelled."""


class ItemState(StrEnum):
    """What became of one item."""

    PENDING = "pending"
    UNDER_WAY = "under_way"
    """Acted upon; its outcome is not known yet."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Its state did not allow the act, or nothing was to be done."""
    SET_ASIDE = "set_aside"
    """Let go, but it waits for something that this replay cannot move."""
    DROPPED = "dropped"
    """The replay was cancelled before its turn."""


class Presence(StrEnum):
    """What a destination says of a delivery that it was given long ago."""

    THERE = "already_there"
    APPLIED = "applied_by_asking"
    """It answers a question by taking the request, which it did not have, under its old number."""
    ABSENT = "absent"
    NO_ANSWER = "no_answer"
    CANNOT_ASK = "cannot_be_asked"
    NOT_NOW = "not_now"
    """The destination is stopped or left in peace."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which deliveries; what is None does not matter."""

    destination: Destination | None = None
    state: State | None = None
    held_reason: str | None = None
    step: str | None = None
    message: str | None = None
    event_type: str | None = None
    authority: str | None = None
    """A unit, with those below it."""
    due_from: datetime | None = None
    due_until: datetime | None = None
    """Not included."""
    registered_from: datetime | None = None
    registered_until: datetime | None = None
    """Not included."""
    outcome: OutcomeCode | None = None
    """Of the last attempt."""
    partner_code: str | None = None
    """Of the last attempt."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast, and when it stops by itself."""

    ramp: tuple[int, ...] = (1, 10, 100, 1_000)
    """Items of each step; the last repeats."""
    error_percent: float = 20.0
    """From so many failures in a hundred outcomes of a step on, it stops."""
    outcomes_min: int = 5
    """With fewer outcomes only a step that has failed as a whole stops it."""
    live_due_seconds: float = 7_200.0
    """What is due within so long keeps its place among the live deliveries."""


@dataclass(frozen=True, slots=True)
class Replay:
    """As it stands now."""

    replay_id: ReplayId
    act: ReplayAct
    selection: Selection
    limits: Limits
    reason: str
    scope: frozenset[str]
    """Unit codes of whoever made it: nothing outside of them was selected."""
    created_by: str
    created_at: datetime
    request_id: str
    """Made by the caller, so that a repeated call makes no second replay; unique per creator."""
    asked_sha256: str
    """Of everything that was asked for: the same request id with other wishes is a mistake."""
    state: ReplayState = ReplayState.SELECTING
    selected_up_to: int = 0
    """The queue's number of the last delivery that was looked at."""
    items: int = 0
    step: int = 0
    """Counts steps, over pauses too."""
    rung: int = 0
    """Which size of the ramp holds."""
    stopped_because: str | None = None
    """While paused: `operator`, or a code of why it stopped itself."""
    started_by: str | None = None
    started_at: datetime | None = None
    start_request_id: str | None = None
    finished_at: datetime | None = None
    is_driven: bool = False
    """There is something for the driver to do or to look at."""
    driver: str | None = None
    driven_until: datetime | None = None
    fence: int = 0
    """Grows with each driver: an earlier one can write nothing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A delivery that fits a selection."""

    sequence: int
    delivery_id: DeliveryId
    event_id: EventId
    authority_code: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class ReplayItem:
    """A row of the ledger."""

    replay_id: ReplayId
    ordinal: int
    delivery_id: DeliveryId
    event_id: EventId
    state: ItemState = ItemState.PENDING
    step: int | None = None
    acted_at: datetime | None = None
    track: str | None = None
    """Live or bulk, as it was let go."""
    carrier_id: DeliveryId | None = None
    """The delivery that does it: itself, or the new one that a resend has made."""
    result: str | None = None
    """A code: why it was skipped, what it came to."""
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemCount:
    """How many items of a step stand so."""

    step: int | None
    state: ItemState
    result: str | None
    items: int


@dataclass(frozen=True, slots=True)
class ReplayChange:
    """Who did what to a replay, when and why."""

    replay_id: ReplayId
    number: int
    change: str
    """`drafted`, `started`, `paused`, `resumed`, `cancelled`, `stopped_itself`, `finished`."""
    who: str
    reason: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """The ledger in numbers."""

    counts: tuple[ItemCount, ...] = field(default=())

    def of(self, *states: ItemState, step: int | None = None) -> int:
        """Items in these states, of one step or of all."""
        return sum(
            count.items
            for count in self.counts
            if count.state in states and (step is None or count.step == step)
        )
