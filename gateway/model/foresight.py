"""Forecasts that are kept, and what people were told as time ran out: codes, counts and ids, never people."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from gateway.model.ids import DeliveryId
from retry_queue.job import Lane, Track

NoticeId = NewType("NoticeId", str)


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """A forecast, and later what really came."""

    lane: Lane
    track: Track
    made_at: datetime
    until: datetime
    waiting: int
    misses: int
    first_breach_at: datetime | None
    done_at: datetime | None
    drain_per_second: float
    arrivals_per_second: float
    basis: str
    """What its drain rests on, a code."""
    actual_first_breach_at: datetime | None = None
    """The due time of the first delivery that was not there when it was due."""
    actual_done_at: datetime | None = None
    """The first count at which nothing was ready any more."""
    settled_at: datetime | None = None
    """Nothing more will be learnt about it."""


class Channel(StrEnum):
    """How somebody is reached."""

    LOG = "log"
    WEBHOOK = "webhook"
    EMAIL = "email"


class SendingState(StrEnum):
    """How far the telling has come."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    """The channel has taken it."""
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Crossing:
    """An unfinished delivery that stands past at least one rung that is not yet recorded."""

    delivery_id: DeliveryId
    destination: str
    due_at: datetime
    reached: frozenset[int]
    """Rungs already recorded, in percent."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One delivery has reached one rung; recorded once."""

    delivery_id: DeliveryId
    destination: str
    percent: int
    told_as: int
    """The rung of the notice that tells of it: higher, when several rungs were reached at once."""
    crossed_at: datetime
    """When so much of the time was over."""
    recorded_at: datetime
    notice_id: NoticeId | None = None


@dataclass(frozen=True, slots=True)
class Untold:
    """Deliveries of one destination that have reached a rung of which nobody was told yet."""

    destination: str
    percent: int
    deliveries: int
    unfinished: int
    worst_delivery_id: DeliveryId | None
    """The unfinished one with the earliest due time."""
    worst_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What was told about one destination and one rung; it never changes."""

    notice_id: NoticeId
    destination: str
    percent: int
    made_at: datetime
    deliveries: int
    """Unfinished deliveries that have reached the rung since the notice before."""
    worst_delivery_id: DeliveryId
    worst_due_at: datetime
    first_breach_at: datetime | None
    """As forecast when the notice was made, live deliveries only."""
    text_vi: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Sending:
    """One notice on its way to one address: who was told, when, and whether the channel took it."""

    notice_id: NoticeId
    number: int
    role: str
    channel: Channel
    address: str
    state: SendingState
    attempts: int
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None = None
    accepted_at: datetime | None = None
    answer: str | None = None
    """What the channel said: a status, a reply code, or why it could not be reached."""


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice with everybody it goes to."""

    position: int
    notice: Notice
    sendings: tuple[Sending, ...]
