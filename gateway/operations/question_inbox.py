"""One inbox for everything that only a person can decide: stored questions, then those of deliveries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Generic, TypeVar

from gateway.errors import DeliveryNotFound
from gateway.model.delivery import StoredEvent
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
from gateway.operations.delivery_questions import DeliveryQuestions, Looked, is_wanted
from gateway.operations.question_evidence import OtherSide, other_side
from gateway.operations.question_items import (
    CONSEQUENCES,
    QUESTIONS,
    AnswerGiven,
    Choice,
    InboxItem,
    MaySee,
    QuestionPage,
    Scan,
    Wanted,
)
from gateway.operations.questions import ALLOWED
from gateway.operations.read_journey import JourneyReader
from gateway.operations.refusals import ActRefused
from gateway.storage.question_ports import QuestionFilter, Questions
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")

_STORED: Final = "q:"
_HELD: Final = "d:"
_IN_DOUBT: Final = "u:"
_ANSWERED: Final = "a:"
_BY_NUMBER: Final = frozenset({_HELD, _IN_DOUBT})


@dataclass(frozen=True, slots=True)
class Inbox(Generic[TransactionT]):
    """Reads in one consistent view, within what the asker may see."""

    journeys: JourneyReader[TransactionT]
    questions: Questions[TransactionT]
    of_deliveries: DeliveryQuestions[TransactionT]

    def list_page(
        self, wanted: Wanted, after: str | None, limit: int, may_see: MaySee, now: datetime
    ) -> Scan:
        """Looks at up to `limit` questions; a page may hold fewer. Raises `ActRefused` for a wrong cursor."""
        stage, position = _cursor(after)
        items: list[InboxItem] = []
        with self.journeys.database.read() as transaction:
            looks = self._looks(transaction, wanted, may_see, now)
            stages = [each for each in (_STORED, _HELD, _IN_DOUBT, _ANSWERED) if each in looks]
            for each in stages[stages.index(stage) :] if stage in stages else stages:
                found = looks[each](position if each == stage else "", limit)
                items += [item for item in found.items if is_wanted(item, wanted)]
                limit -= found.seen
                if limit <= 0:
                    return Scan(tuple(items), f"{each}{found.last}")
        return Scan(tuple(items), None)

    def get(self, question_id: QuestionId, may_see: MaySee, now: datetime) -> QuestionPage:
        """Raises `ActRefused` where there is none that the asker may see."""
        with self.journeys.database.read() as transaction:
            question = self.questions.find(transaction, question_id)
            if question is None:
                sees = partial(self._sees, transaction, may_see)
                return self.of_deliveries.page(transaction, DeliveryId(question_id), sees, now)
            if not self._sees(transaction, may_see, question.event_id):
                raise ActRefused("not_found")
            return self._stored_page(transaction, question, may_see, now)

    def sees_delivery(self, delivery_id: DeliveryId, may_see: MaySee) -> bool:
        """Whether there is such a delivery, in whatever state, and the asker may see it."""
        with self.journeys.database.read() as transaction:
            try:
                delivery = self.journeys.deliveries.get(transaction, delivery_id)
            except DeliveryNotFound:
                return False
            return self._sees(transaction, may_see, delivery.event_id)

    def count(self, now: datetime) -> OpenCounts:
        """By kind, without reading the events: a refused item may also be about a unit or a commune."""
        with self.journeys.database.read() as transaction:
            stored = self.questions.count_open(transaction)
            return {**stored, **self.of_deliveries.count(transaction, now)}

    def _looks(
        self, transaction: TransactionT, wanted: Wanted, may_see: MaySee, now: datetime
    ) -> dict[str, Callable[[str, int], Looked]]:
        """Stage of the cursor -> looks at some more of it; only stages that can hold what is wanted."""
        sees, told = partial(self._sees, transaction, may_see), self.of_deliveries
        found: dict[str, Callable[[str, int], Looked]] = {}
        if wanted.kind in {None, *STORED_KINDS}:
            found[_STORED] = partial(self._stored, transaction, wanted, sees, now)
        if wanted.kind in STORED_KINDS:
            return found
        if wanted.state in {None, QuestionState.OPEN}:
            for stage, state in ((_HELD, State.HELD), (_IN_DOUBT, State.UNKNOWN)):
                found[stage] = partial(told.open_ones, transaction, state, sees=sees, now=now)
        if wanted.state in {None, QuestionState.ANSWERED}:
            found[_ANSWERED] = partial(told.answered_ones, transaction, sees=sees, now=now)
        return found

    def _stored(
        self,
        transaction: TransactionT,
        wanted: Wanted,
        sees: Callable[[EventId], bool],
        now: datetime,
        position: str,
        limit: int,
    ) -> Looked:
        chosen = QuestionFilter(wanted.state, wanted.kind, wanted.authority_code)
        after = QuestionId(position) if position else None
        found = self.questions.list_page(transaction, chosen, after, limit)
        items = tuple(self._line(transaction, each, now) for each in found if sees(each.event_id))
        return Looked(items, len(found), found[-1].question_id if found else "")

    def _sees(self, transaction: TransactionT, may_see: MaySee, event_id: EventId) -> bool:
        origin = self.journeys.events.origins_of(transaction, [event_id]).get(event_id)
        return origin is not None and may_see(origin)

    def _line(self, transaction: TransactionT, question: Question, now: datetime) -> InboxItem:
        return _stored_item(question, self.journeys.events.get(transaction, question.event_id), now)

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
        sees = self._sees(transaction, may_see, suspicion.event_id)
        return other_side(stored, earlier, suspicion, may_see=sees)

    def _newest(self, transaction: TransactionT, event_id: EventId) -> StoredEvent:
        version = self.journeys.deliveries.newest_version(transaction, event_id)
        return self.journeys.events.get(transaction, event_id, version)


def _stored_item(question: Question, stored: StoredEvent, now: datetime) -> InboxItem:
    gravest = next(each for each in question.suspicions if each.kind is question.kind)
    return InboxItem(
        question_id=question.question_id,
        kind=question.kind,
        state=question.state,
        question=QUESTIONS[question.kind],
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
    return Choice(answer.value, CONSEQUENCES[answer], ("reason", "same_as") if needs_which else ("reason",))


def _cursor(after: str | None) -> tuple[str, str]:
    if after is None:
        return _STORED, ""
    stage, position = after[:2], after[2:]
    is_known = stage in {_STORED, _ANSWERED, *_BY_NUMBER}
    if not is_known or not position or (stage in _BY_NUMBER and not position.isdecimal()):
        raise ActRefused("invalid_cursor")
    return stage, position
