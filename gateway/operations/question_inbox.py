"""One inbox for everything that only a person can decide: stored questions first, then held deliveries."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from gateway.errors import DeliveryNotFound
from gateway.model.delivery import Delivery, StoredEvent
from gateway.model.ids import DeliveryId, EventId
from gateway.model.questioning import (
    STORED_KINDS,
    Answer,
    OpenCounts,
    Question,
    QuestionId,
    QuestionKind,
    QuestionState,
    Suspicion,
)
from gateway.model.submission import Violation
from gateway.operations.allowed_acts import allowed_acts
from gateway.operations.question_evidence import OtherSide, other_side
from gateway.operations.question_kinds import DoubtfulPlace, count_held, doubtful_places, is_question, kind_of
from gateway.operations.questions import ALLOWED
from gateway.operations.read_journey import JourneyReader
from gateway.operations.refusals import ActRefused
from gateway.operations.sentences import DESTINATIONS, Sentence
from gateway.storage.ports import EventOrigin
from gateway.storage.question_ports import QuestionFilter, Questions
from mappings.units import Unit
from retry_queue.job import Job, JobId
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")

USE_UNIT: Final = "use_unit"
"""The answer to a split commune: one of the units that it was divided into."""

HELD_COUNTED_MAX: Final = 2_000
"""More than so many held deliveries are an alarm of their own."""

MaySee = Callable[[EventOrigin], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions; None: all of them."""

    state: QuestionState | None = QuestionState.OPEN
    kind: QuestionKind | None = None
    authority_code: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """What was decided; who looks for more finds it in the ledger of acts."""

    answer: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One question as a line of the inbox."""

    question_id: str
    kind: QuestionKind
    state: QuestionState
    question: Sentence
    event_id: str
    event_type: str
    authority_code: str
    registered_at: datetime
    delivery_id: str | None
    """The one delivery that it is about; None: all of the event wait."""
    destination: str | None
    reason: str
    """Why it is held; of stored questions the ground of the gravest suspicion."""
    asked_at: datetime
    due_at: datetime
    seconds_left: float
    """Until the due time, which no question moves; below zero it is past."""
    answered: AnswerGiven | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed answer."""

    answer: str
    consequence: Sentence
    needs: tuple[str, ...]
    unit_code: str | None = None
    unit_name: str | None = None
    pointer: str | None = None
    """The place that the unit is for."""


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Everything needed to answer one."""

    item: InboxItem
    others: tuple[OtherSide, ...]
    """Earlier events that may be the same."""
    places: tuple[DoubtfulPlace, ...]
    """Old codes that may stand for several units."""
    decision: str | None
    """Where the page of the delivery stands, with what was sent and said."""
    allowed: tuple[Choice, ...]
    problems: tuple[Violation, ...] = ()
    """What speaks against the event of a declaration."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A part of the inbox, and where it goes on."""

    items: tuple[InboxItem, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Inbox(Generic[TransactionT]):
    """Reads in one consistent view, within what the asker may see."""

    journeys: JourneyReader[TransactionT]
    questions: Questions[TransactionT]

    def list_page(
        self, wanted: Wanted, after: str | None, limit: int, may_see: MaySee, now: datetime
    ) -> Scan:
        """Looks at up to `limit` questions; a page may hold fewer. Raises `ActRefused` for a wrong cursor."""
        stage, position = _cursor(after)
        items: list[InboxItem] = []
        with self.journeys.database.read() as transaction:
            if stage == _STORED and wanted.kind in {None, *STORED_KINDS}:
                found = self._stored(transaction, wanted, position, limit)
                items += [
                    self._line(transaction, question, now)
                    for question in found
                    if self._sees(transaction, question.event_id, may_see)
                ]
                if len(found) == limit:
                    return Scan(tuple(items), f"{_STORED}{found[-1].question_id}")
                limit -= len(found)
            if not _wants_held(wanted):
                return Scan(tuple(items), None)
            seen = int(position) if stage == _HELD else 0
            jobs = self.journeys.queue.list_jobs(transaction, None, State.HELD, seen, limit)
            items += self._held(transaction, jobs, wanted, may_see, now)
        return Scan(tuple(items), f"{_HELD}{jobs[-1].sequence}" if len(jobs) == limit else None)

    def get(self, question_id: QuestionId, may_see: MaySee, now: datetime) -> QuestionPage:
        """Raises `ActRefused` where there is none that the asker may see."""
        with self.journeys.database.read() as transaction:
            question = self.questions.find(transaction, question_id)
            if question is not None:
                if not self._sees(transaction, question.event_id, may_see):
                    raise ActRefused("not_found")
                return self._stored_page(transaction, question, may_see, now)
            delivery, job = self._find_held(transaction, DeliveryId(question_id))
            if not self._sees(transaction, delivery.event_id, may_see):
                raise ActRefused("not_found")
            return self._held_page(transaction, delivery, job, now)

    def sees_delivery(self, delivery_id: DeliveryId, may_see: MaySee) -> bool:
        """Whether there is such a delivery, in whatever state, and the asker may see it."""
        with self.journeys.database.read() as transaction:
            try:
                delivery = self.journeys.deliveries.get(transaction, delivery_id)
            except DeliveryNotFound:
                return False
            return self._sees(transaction, delivery.event_id, may_see)

    def count(self) -> OpenCounts:
        """By kind, without reading the events: a refused item may also be about a unit or a commune."""
        with self.journeys.database.read() as transaction:
            stored = self.questions.count_open(transaction)
            held = self.journeys.queue.list_jobs(transaction, None, State.HELD, 0, HELD_COUNTED_MAX)
        return {**stored, **count_held(held)}

    def _stored(self, transaction: TransactionT, wanted: Wanted, position: str, limit: int) -> list[Question]:
        chosen = QuestionFilter(wanted.state, wanted.kind, wanted.authority_code)
        after = QuestionId(position) if position else None
        return list(self.questions.list_page(transaction, chosen, after, limit))

    def _sees(self, transaction: TransactionT, event_id: EventId, may_see: MaySee) -> bool:
        origin = self.journeys.events.origins_of(transaction, [event_id]).get(event_id)
        return origin is not None and may_see(origin)

    def _line(self, transaction: TransactionT, question: Question, now: datetime) -> InboxItem:
        return _stored_item(question, self.journeys.events.get(transaction, question.event_id), now)

    def _held(
        self,
        transaction: TransactionT,
        jobs: Sequence[Job],
        wanted: Wanted,
        may_see: MaySee,
        now: datetime,
    ) -> Iterator[InboxItem]:
        for job in jobs:
            if not is_question(job):
                continue
            delivery = self.journeys.deliveries.get(transaction, DeliveryId(job.job_id))
            if not self._sees(transaction, delivery.event_id, may_see):
                continue
            item, _, _ = self._told(transaction, delivery, job, now)
            is_wanted = wanted.kind in {None, item.kind}
            if is_wanted and wanted.authority_code in {None, item.authority_code}:
                yield item

    def _find_held(self, transaction: TransactionT, delivery_id: DeliveryId) -> tuple[Delivery, Job]:
        try:
            delivery = self.journeys.deliveries.get(transaction, delivery_id)
        except DeliveryNotFound:
            raise ActRefused("not_found") from None
        job = self.journeys.queue.find_job(transaction, JobId(delivery_id))
        if job is None or not is_question(job):
            raise ActRefused("not_found")
        return delivery, job

    def _told(
        self, transaction: TransactionT, delivery: Delivery, job: Job, now: datetime
    ) -> tuple[InboxItem, StoredEvent, tuple[DoubtfulPlace, ...]]:
        journeys = self.journeys
        stored = journeys.events.get(transaction, delivery.event_id, delivery.version)
        attempts = journeys.deliveries.list_attempts(transaction, delivery.delivery_id)
        places = doubtful_places(stored)
        kind = kind_of(job, delivery.destination, attempts, places)
        registration = stored.event.registration
        item = InboxItem(
            question_id=delivery.delivery_id,
            kind=kind,
            state=QuestionState.OPEN,
            question=_QUESTIONS[kind] + Sentence(f"({_name(delivery).vi})", f"({_name(delivery).en})"),
            event_id=stored.event_id,
            event_type=stored.event.event_type,
            authority_code=registration.authority_code,
            registered_at=registration.registered_at,
            delivery_id=delivery.delivery_id,
            destination=delivery.destination.value,
            reason=job.held_reason or "",
            asked_at=job.updated_at,
            due_at=job.due_at,
            seconds_left=(job.due_at - now).total_seconds(),
        )
        return item, stored, places

    def _held_page(
        self, transaction: TransactionT, delivery: Delivery, job: Job, now: datetime
    ) -> QuestionPage:
        item, _, places = self._told(transaction, delivery, job, now)
        acts = tuple(Choice(each.act.value, each.consequence, each.needs) for each in allowed_acts(job))
        can_edit = any(choice.answer == "edit" for choice in acts)
        units = tuple(_units(places)) if can_edit else ()
        decision = f"/api/v1/deliveries/{delivery.delivery_id}"
        return QuestionPage(item, (), places, decision, (*units, *acts))

    def _stored_page(
        self, transaction: TransactionT, question: Question, may_see: MaySee, now: datetime
    ) -> QuestionPage:
        stored = self._newest(transaction, question.event_id)
        others = tuple(
            self._other(transaction, stored, suspicion, may_see)
            for suspicion in question.suspicions
            if suspicion.event_id != question.event_id
        )
        is_open = question.state is QuestionState.OPEN
        choices = tuple(_choice(question, answer) for answer in ALLOWED[question.kind]) if is_open else ()
        problems = self._problems(transaction, question)
        return QuestionPage(_stored_item(question, stored, now), others, (), None, choices, problems)

    def _problems(self, transaction: TransactionT, question: Question) -> tuple[Violation, ...]:
        declarations = self.journeys.declarations
        if question.kind is not QuestionKind.NOT_ENTERED or declarations is None:
            return ()
        course = declarations.find_all(transaction, [question.event_id]).get(question.event_id)
        return () if course is None else course.problems

    def _other(
        self, transaction: TransactionT, stored: StoredEvent, suspicion: Suspicion, may_see: MaySee
    ) -> OtherSide:
        earlier = self._newest(transaction, suspicion.event_id)
        sees = self._sees(transaction, suspicion.event_id, may_see)
        return other_side(stored, earlier, suspicion, may_see=sees)

    def _newest(self, transaction: TransactionT, event_id: EventId) -> StoredEvent:
        version = self.journeys.deliveries.newest_version(transaction, event_id)
        return self.journeys.events.get(transaction, event_id, version)


_STORED: Final = "q:"
_HELD: Final = "d:"
_QUESTIONS: Final = {
    QuestionKind.DUPLICATE: Sentence(
        "Việc này đã được đăng ký trước đó chưa?", "Has this event been registered before?"
    ),
    QuestionKind.TWIN: Sentence(
        "Sinh đôi, hay một người con được đăng ký hai lần?", "Twins, or one child registered twice?"
    ),
    QuestionKind.NOT_ENTERED: Sentence(
        "Hồ sơ đã được đăng ký nhưng chưa ghi nhận được thành sự kiện: ghi lại, hay bỏ qua?",
        "The dossier is registered, and its event could not be taken in: once more, or set aside?",
    ),
    QuestionKind.SPLIT_COMMUNE: Sentence(
        "Mã đơn vị cũ đã bị chia: địa chỉ này nay thuộc đơn vị nào?",
        "The old unit was divided: to which unit does this address belong now?",
    ),
    QuestionKind.WRONG_UNIT: Sentence(
        "Bên nhận không biết mã đơn vị này: mã nào đúng?",
        "The destination does not know this unit: which code is right?",
    ),
    QuestionKind.UNKNOWN_OUTCOME: Sentence(
        "Thông điệp đã đến bên nhận chưa?", "Has the message arrived there?"
    ),
    QuestionKind.REFUSED_ITEM: Sentence(
        "Không chuyển được: sửa nội dung, gửi tiếp, hay hủy?",
        "It could not be handed over: correct it, send it on, or cancel it?",
    ),
}
_CONSEQUENCES: Final = {
    Answer.SAME_EVENT: Sentence(
        "Sự kiện sau bị hủy như đăng ký trùng: không gửi đi đâu cả. Không thể lấy lại.",
        "The later event is cancelled as a repetition: nothing of it is sent. This cannot be undone.",
    ),
    Answer.TWO_EVENTS: Sentence(
        "Hai việc khác nhau: sự kiện sau được chuyển đi; thời hạn không đổi; không hỏi lại về cặp này.",
        "Two different events: the later one is sent on; the due time stays; this pair is not asked again.",
    ),
    Answer.TRY_AGAIN: Sentence(
        "Sự kiện được lập lại từ hồ sơ và kết quả đăng ký; nếu vẫn vướng thì hỏi lại.",
        "The event is made once more of dossier and result; what still stands in its way is asked again.",
    ),
    Answer.SET_ASIDE: Sentence(
        "Không lập sự kiện từ hồ sơ này; hệ thống dân cư không được báo từ đây.",
        "No event is made of this dossier; the population database is told nothing from here.",
    ),
    Answer.TWINS: Sentence(
        "Hai người con của một lần sinh: sự kiện sau được chuyển đi; thời hạn không đổi.",
        "Two children of one birth: the later event is sent on; the due time stays.",
    ),
}
_UNIT_USED: Final = Sentence(
    "Ghi đơn vị này vào nội dung, kiểm tra lại mọi quy tắc và gửi lại với mã yêu cầu mới.",
    "This unit is put into the content, measured by every rule, and sent under a new request number.",
)


def _stored_item(question: Question, stored: StoredEvent, now: datetime) -> InboxItem:
    gravest = next(each for each in question.suspicions if each.kind is question.kind)
    return InboxItem(
        question_id=question.question_id,
        kind=question.kind,
        state=question.state,
        question=_QUESTIONS[question.kind],
        event_id=question.event_id,
        event_type=stored.event.event_type,
        authority_code=question.authority_code,
        registered_at=question.registered_at,
        delivery_id=None,
        destination=None,
        reason=gravest.ground,
        asked_at=question.asked_at,
        due_at=question.due_at,
        seconds_left=(question.due_at - now).total_seconds(),
        answered=_given(question),
    )


def _given(question: Question) -> AnswerGiven | None:
    answer, by, at = question.answer, question.answered_by, question.answered_at
    if answer is None or by is None or at is None:
        return None
    return AnswerGiven(answer.value, by, at, question.reason or "")


def _choice(question: Question, answer: Answer) -> Choice:
    needs_which = answer is Answer.SAME_EVENT and len(question.suspicions) > 1
    return Choice(answer.value, _CONSEQUENCES[answer], ("reason", "same_as") if needs_which else ("reason",))


def _units(places: tuple[DoubtfulPlace, ...]) -> Iterator[Choice]:
    for place in places:
        for unit in place.candidates:
            yield _unit_choice(place, unit)


def _unit_choice(place: DoubtfulPlace, unit: Unit) -> Choice:
    needs = ("reason", "unit_code", "pointer")
    return Choice(USE_UNIT, _UNIT_USED, needs, unit.code, unit.full_name, place.pointer)


def _name(delivery: Delivery) -> Sentence:
    return DESTINATIONS[delivery.destination]


def _wants_held(wanted: Wanted) -> bool:
    is_open = wanted.state in {None, QuestionState.OPEN}
    return is_open and wanted.kind not in STORED_KINDS


def _cursor(after: str | None) -> tuple[str, str]:
    if after is None:
        return _STORED, ""
    stage, position = after[:2], after[2:]
    if stage not in {_STORED, _HELD} or (stage == _HELD and not position.isdecimal()):
        raise ActRefused("invalid_cursor")
    return stage, position
