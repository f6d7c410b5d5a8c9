"""The journey of an event: each delivery, where it stands, why, and what came back. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.port import Stage
from gateway.model.declaring import DeclarationCourse, DeclarationState
from gateway.model.delivery import AttemptRow, OutcomeCode, StoredEvent
from gateway.model.operating import EventVersion
from gateway.model.planning import REGISTRY_RECORD
from gateway.model.questioning import Question
from gateway.model.submission import Violation
from gateway.operations.office_notices import NoticeStory
from gateway.operations.read_notices import StepStory
from gateway.operations.reasons import hold_reason
from gateway.operations.replays.stories import ReplayMention
from gateway.operations.sentences import Sentence
from gateway.operations.why import Standing, why
from retry_queue.job import Job, Track
from retry_queue.states import State

AT_RISK_SHARE = 0.75
"""When so much of the promised time is over, an unfinished delivery is at risk."""
FINAL = frozenset({State.DONE, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Computed from the due time, never stored."""

    is_overdue: bool
    """Not finished although the time is over."""
    is_at_risk: bool
    finished_late: bool


@dataclass(frozen=True, slots=True)
class AttemptStory:
    """One attempt as people see it."""

    number: int
    verb: str
    started_at: datetime
    finished_at: datetime | None
    outcome: OutcomeCode | None
    http_status: int | None
    partner_code: str | None
    partner_text: str | None
    partner_reference: str | None
    faults: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class DeliveryStory:
    """One delivery on its way."""

    delivery_id: str
    destination: str
    step: str
    message: str
    subject: str | None
    request_id: str
    state: str
    why: Sentence
    reason: str | None
    """Code of why a person must decide."""
    remedy: Sentence | None
    due_at: datetime
    attempts_counted: int
    """Attempts that our own failures cost; a destination's faults cost none."""
    next_attempt_at: datetime | None
    finished_at: datetime | None
    timeliness: Timeliness
    stage: str | None
    """How far the destination's own work has come."""
    stage_text: str | None
    attempts: tuple[AttemptStory, ...]
    content_version: int = 1
    """1: as the sender handed it in."""
    escalation: tuple[StepStory, ...] = ()
    """Which shares of its time were over before it arrived, and who was told."""
    replays: tuple[ReplayMention, ...] = ()
    """The bulk replays that acted upon it."""


@dataclass(frozen=True, slots=True)
class VersionStory:
    """One edit of the content: who, when and why; the content itself is shown to operators who ask."""

    version: int
    content_sha256: str
    based_on_version: int
    created_at: datetime
    proposed_by: str
    approved_by: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class QuestionStory:
    """A question that the event raised when it was accepted, and what was said to it."""

    question_id: str
    kind: str
    state: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeclarationStory:
    """A dossier that was handed in before its registration, and what became of it."""

    event_id: str
    """Of the declaration."""
    state: str
    """`open`, `registered`, `not_entered`, or `refused` when the registry's clerk refuses to register it."""
    registered_event_id: str | None
    problems: tuple[Violation, ...]
    """What speaks against the event; a person must look."""


@dataclass(frozen=True, slots=True)
class Journey:
    """All of an event."""

    event_id: str
    event_type: str
    source_event_id: str
    authority_code: str
    registered_at: datetime
    accepted_at: datetime
    due_at: datetime
    content_sha256: str
    is_complete: bool
    """Every delivery planned so far is done."""
    warnings: tuple[Violation, ...]
    """Told with the receipt: accepted all the same, but should be looked at."""
    deliveries: tuple[DeliveryStory, ...]
    edits: tuple[VersionStory, ...]
    """Oldest first; `content_sha256` above stays that of the content as it was handed in."""
    questions: tuple[QuestionStory, ...] = ()
    """While one is open nothing is sent; an authorised person answers it."""
    office_notices: tuple[NoticeStory, ...] = ()
    """Deliveries to the office whose entry the event changed, beside those to the national systems."""
    declaration: DeclarationStory | None = None
    """Of a declaration, its course; of the event that one became, by what the registry heard of it."""


def tell_journey(
    stored: StoredEvent,
    standings: Sequence[Standing],
    versions: Sequence[EventVersion],
    now: datetime,
    warnings: tuple[Violation, ...] = (),
    questions: Sequence[Question] = (),
) -> Journey:
    """Deliveries in the order they were planned."""
    stories = tuple(tell_delivery(standing, stored.counts_from, now) for standing in standings)
    return Journey(
        event_id=stored.event_id,
        event_type=stored.event.event_type,
        source_event_id=stored.event.source_event_id,
        authority_code=stored.event.registration.authority_code,
        registered_at=stored.event.registration.registered_at,
        accepted_at=stored.accepted_at,
        due_at=stored.due_at,
        content_sha256=stored.content_sha256,
        is_complete=all(story.state == State.DONE.value for story in stories),
        warnings=warnings,
        deliveries=stories,
        edits=tuple(_tell_version(version) for version in versions),
        questions=tuple(_tell_question(question) for question in questions),
    )


def tell_declaration(course: DeclarationCourse, deliveries: Iterable[DeliveryStory]) -> DeclarationStory:
    """As it stands now; an event that stands in the way may be a stranger's and is not named."""
    is_registered = course.state is DeclarationState.REGISTERED
    registered = course.registered_event_id if is_registered else None
    stages = {each.stage for each in deliveries if each.step == REGISTRY_RECORD}
    is_refused = course.state is DeclarationState.OPEN and Stage.REFUSED.value in stages
    state = Stage.REFUSED.value if is_refused else course.state.value
    return DeclarationStory(course.event_id, state, registered, course.problems)


def tell_delivery(standing: Standing, registered_at: datetime, now: datetime) -> DeliveryStory:
    """One delivery with its reason, its times and its attempts."""
    delivery, job, watch = standing.delivery, standing.job, standing.watch
    is_held = job.state is State.HELD
    return DeliveryStory(
        delivery_id=delivery.delivery_id,
        destination=delivery.destination.value,
        step=delivery.step,
        message=delivery.message,
        subject=delivery.subject,
        request_id=delivery.request_id,
        state=job.state.value,
        why=why(standing, now),
        reason=job.held_reason if is_held else None,
        remedy=hold_reason(job.held_reason).remedy if is_held else None,
        due_at=job.due_at,
        attempts_counted=job.attempts,
        next_attempt_at=job.next_attempt_at,
        finished_at=job.finished_at,
        timeliness=_timeliness(standing, registered_at, now),
        stage=watch.stage if watch else None,
        stage_text=watch.text if watch else None,
        attempts=tuple(_tell_attempt(number, each) for number, each in enumerate(standing.attempts, start=1)),
        escalation=tuple(standing.steps),
        replays=tuple(standing.replays),
        content_version=delivery.version,
    )


def promise_begins_at(job: Job, registered_at: datetime) -> datetime:
    """From when the promised time is counted: registration; for bulk work, as of old books, acceptance."""
    return job.enqueued_at if job.track is Track.BULK else registered_at


def is_at_risk(due_at: datetime, begins_at: datetime, now: datetime) -> bool:
    """Most of the promised time is over, but not all of it."""
    return begins_at + (due_at - begins_at) * AT_RISK_SHARE <= now <= due_at


def _timeliness(standing: Standing, registered_at: datetime, now: datetime) -> Timeliness:
    job = standing.job
    is_open = job.state not in FINAL
    return Timeliness(
        is_overdue=is_open and now > job.due_at,
        is_at_risk=is_open and is_at_risk(job.due_at, promise_begins_at(job, registered_at), now),
        finished_late=job.state is State.DONE
        and job.finished_at is not None
        and job.finished_at > job.due_at,
    )


def _tell_question(question: Question) -> QuestionStory:
    return QuestionStory(
        question_id=question.question_id,
        kind=question.kind.value,
        state=question.state.value,
        asked_at=question.asked_at,
        answer=None if question.answer is None else question.answer.value,
        answered_at=question.answered_at,
    )


def _tell_version(version: EventVersion) -> VersionStory:
    return VersionStory(
        version=version.version,
        content_sha256=version.content_sha256,
        based_on_version=version.based_on_version,
        created_at=version.created_at,
        proposed_by=version.proposed_by,
        approved_by=version.approved_by,
        reason=version.reason,
    )


def _tell_attempt(number: int, row: AttemptRow) -> AttemptStory:
    """Numbered for people: the stored number also grows when nothing was tried."""
    return AttemptStory(
        number=number,
        verb=row.verb.value,
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcome=row.outcome,
        http_status=row.http_status,
        partner_code=row.partner_code,
        partner_text=row.partner_text,
        partner_reference=row.partner_reference,
        faults=row.faults,
    )
