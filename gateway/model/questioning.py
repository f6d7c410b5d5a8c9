"""Questions that only a person can answer, and the answers (câu hỏi cho người có thẩm quyền)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from gateway.model.ids import EventId

QuestionId = NewType("QuestionId", str)
"""A UUID; of a question about one delivery it is the id of that delivery."""

HELD_FOR_QUESTION: Final = "question_open"
"""The reason under which deliveries wait behind a stored question; nothing but its answer lets them go."""


class QuestionKind(StrEnum):
    """What is to be found out."""

    DUPLICATE = "duplicate"
    """Is this the event that somebody has registered already (nghi đăng ký trùng)?"""
    TWIN = "twin"
    """Same mother, same day: another child, or the same one under another name (sinh đôi)?"""
    SPLIT_COMMUNE = "split_commune"
    """Which of the units that an old commune was divided into is meant (xã cũ bị chia)?"""
    WRONG_UNIT = "wrong_unit"
    """The destination does not know the unit (mã đơn vị không đúng)."""
    UNKNOWN_OUTCOME = "unknown_outcome"
    """Did it arrive (không rõ kết quả)?"""
    NOT_ENTERED = "not_entered"
    """The registry has entered what was declared; what speaks against its event (chưa ghi nhận được)?"""
    REFUSED_ITEM = "refused_item"
    """What is to be done with what the destination, or the mapping, refuses (bị từ chối)?"""


STORED_KINDS: Final = frozenset({QuestionKind.DUPLICATE, QuestionKind.TWIN, QuestionKind.NOT_ENTERED})
"""Kept from when they were asked; the others are told from the deliveries that are held."""


class QuestionState(StrEnum):
    """Whether it still waits for somebody."""

    OPEN = "open"
    ANSWERED = "answered"


class Answer(StrEnum):
    """What a person may say to a stored question."""

    SAME_EVENT = "same_event"
    """One event, registered twice: the later one is not sent on."""
    TWO_EVENTS = "two_events"
    """Two people, or two events: both are right."""
    TWINS = "twins"
    """Two children of one birth."""
    TRY_AGAIN = "try_again"
    """What stood in the way is mended: the event is made once more."""
    SET_ASIDE = "set_aside"
    """The matter is known otherwise: no event is made of this declaration."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """An earlier event that may be the same, and what speaks for it."""

    event_id: EventId
    kind: QuestionKind
    ground: str
    """Which rule of likeness found it, e.g. `same_mother_same_day`; of what was not entered, the problem."""


@dataclass(frozen=True, slots=True)
class Question:
    """A stored question: the event that waits, and those it may be the same as, or that stand in its way."""

    question_id: QuestionId
    kind: QuestionKind
    event_id: EventId
    suspicions: tuple[Suspicion, ...]
    authority_code: str
    """Whose operators answer: the office of the event that waits."""
    registered_at: datetime
    due_at: datetime
    """Of the event; it does not move while the question is open."""
    asked_at: datetime
    state: QuestionState = QuestionState.OPEN
    answer: Answer | None = None
    same_as: EventId | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    reason: str | None = None
    request_id: str | None = None
    """Of the answer; the same one again is the same answer."""


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """How many wait for a person, and since when."""

    count: int
    oldest_at: datetime | None


OpenCounts = Mapping[QuestionKind, OpenQuestions]
