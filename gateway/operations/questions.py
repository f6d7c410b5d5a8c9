"""Answering a stored question: the answer, what becomes of the deliveries, and the memory of it, at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Generic, TypeVar

from gateway.model.declaring import DeclarationCourse, DeclarationState
from gateway.model.delivery import Delivery
from gateway.model.ids import DeliveryId, EventId, RandomBytes, new_uuid7
from gateway.model.natural_keys import Fingerprint, JudgedPair, pair_of
from gateway.model.operating import Act, OperatorAct
from gateway.model.questioning import (
    HELD_FOR_QUESTION,
    Answer,
    Question,
    QuestionId,
    QuestionKind,
    QuestionState,
)
from gateway.observability.logging import get_log
from gateway.operations.acts import ActStores
from gateway.operations.orders import Asker, asked_sha256
from gateway.operations.refusals import ActRefused
from gateway.storage.declaration_ports import Declarations
from gateway.storage.ports import FeedEntry
from gateway.storage.question_ports import NaturalKeys, Questions
from mappings.canonical import AnyEvent, matter_of
from retry_queue.job import Job, JobId
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")

ALLOWED: Final[Mapping[QuestionKind, tuple[Answer, ...]]] = {
    QuestionKind.DUPLICATE: (Answer.SAME_EVENT, Answer.TWO_EVENTS),
    QuestionKind.TWIN: (Answer.TWINS, Answer.SAME_EVENT, Answer.TWO_EVENTS),
    QuestionKind.NOT_ENTERED: (Answer.TRY_AGAIN, Answer.SET_ASIDE),
}
"""What may be said to each kind of stored question."""

log = get_log("operations.questions")


@dataclass(frozen=True, slots=True)
class AnswerOrder:
    """What a person says to a question."""

    question_id: QuestionId
    answer: str
    asker: Asker
    same_as: EventId | None = None
    """Which earlier event it repeats; needed where there are several."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The question as it is now, and what was done."""

    question: Question
    acts: tuple[OperatorAct, ...]
    """One a delivery that waited."""
    is_repeat: bool
    """It had been answered already under this request number; nothing was done now."""


@dataclass(frozen=True, slots=True)
class QuestionStores(Generic[TransactionT]):
    """What answering needs beside the stores of all acts."""

    questions: Questions[TransactionT]
    keys: NaturalKeys[TransactionT]
    declarations: Declarations[TransactionT]


@dataclass(frozen=True, slots=True)
class Answering(Generic[TransactionT]):
    """One of several who answer at once wins; the others are told what was decided."""

    stores: ActStores[TransactionT]
    asked: QuestionStores[TransactionT]
    fingerprint: Callable[[AnyEvent], Fingerprint | None]
    random_bytes: RandomBytes
    on_moved: Callable[[], None]

    def answer(self, order: AnswerOrder, now: datetime) -> Answered:
        """Raises `ActRefused`; nothing is done then."""
        with self.stores.database.write() as transaction:
            question = self._locked(transaction, order.question_id)
            if question.state is QuestionState.ANSWERED:
                return _repeated(question, order)
            decided = _decided(question, order, now)
            if decided.same_as is not None:
                decided = replace(decided, same_as=self._first_of(transaction, decided.same_as))
            acts = self._move(transaction, decided, order, now)
            if decided.kind is QuestionKind.NOT_ENTERED:
                self._go_on(transaction, decided, now)
            else:
                self._remember(transaction, decided)
            self.asked.questions.settle(transaction, decided)
            self.stores.acts.insert(transaction, acts)
            entries = [_entry(decided, order, now), *(_moved(act, decided) for act in acts)]
            self.stores.feed.append(transaction, entries)
        log.info(
            "question.answered",
            event_id=decided.event_id,
            state=order.answer,
            client_id=order.asker.actor,
            count=len(acts),
        )
        self.on_moved()
        return Answered(decided, tuple(acts), is_repeat=False)

    def _locked(self, transaction: TransactionT, question_id: QuestionId) -> Question:
        """First the event and its deliveries, as all acts do, then the question itself."""
        question = self.asked.questions.find(transaction, question_id)
        if question is None:
            raise ActRefused("not_found")
        deliveries = self.stores.deliveries.list_of_event(transaction, question.event_id)
        self.stores.events.lock(transaction, question.event_id)
        self.stores.queue.lock_keys(transaction, job_ids=[JobId(each.delivery_id) for each in deliveries])
        return self.asked.questions.find(transaction, question_id, for_change=True) or question

    def _first_of(self, transaction: TransactionT, event_id: EventId) -> EventId:
        """What was itself found to repeat another leads to that other."""
        for question in self.asked.questions.list_of_events(transaction, [event_id]):
            if question.same_as is not None:
                return question.same_as
        return event_id

    def _move(
        self, transaction: TransactionT, decided: Question, order: AnswerOrder, now: datetime
    ) -> list[OperatorAct]:
        """In the order in which they were planned; the due time stays where it is."""
        queue = self.stores.queue
        deliveries = self.stores.deliveries.list_of_event(transaction, decided.event_id)
        jobs = queue.find_jobs(transaction, [JobId(each.delivery_id) for each in deliveries])
        acts: list[OperatorAct] = []
        for delivery in deliveries:
            before = jobs[JobId(delivery.delivery_id)]
            if before.state is not State.HELD or before.held_reason != HELD_FOR_QUESTION:
                continue
            move = queue.cancel if decided.answer is Answer.SAME_EVENT else queue.release
            after = move(transaction, before.job_id, now)
            acts.append(self._act(decided, order, delivery, (before, after), now))
        return acts

    def _act(
        self,
        decided: Question,
        order: AnswerOrder,
        delivery: Delivery,
        jobs: tuple[Job, Job],
        now: datetime,
    ) -> OperatorAct:
        before, after = jobs
        detail = {"question_id": decided.question_id, "answer": order.answer}
        if decided.same_as is not None:
            detail["same_as"] = decided.same_as
        return OperatorAct(
            act_id=new_uuid7(now, self.random_bytes),
            request_id=order.asker.request_id,
            actor=order.asker.actor,
            act=Act.ANSWER,
            delivery_id=DeliveryId(delivery.delivery_id),
            event_id=delivery.event_id,
            reason=order.asker.reason,
            asked_sha256=_wish(order),
            before_state=before.state.value,
            after_state=after.state.value,
            before_fence=int(before.fence),
            happened_at=now,
            detail=detail,
        )

    def _go_on(self, transaction: TransactionT, decided: Question, now: datetime) -> None:
        """The event of a declaration is made once more, at the next turn of its chore."""
        declarations = self.asked.declarations
        course = declarations.find_all(transaction, [decided.event_id]).get(decided.event_id)
        if decided.answer is Answer.TRY_AGAIN and course is not None:
            again = DeclarationCourse(course.event_id, DeclarationState.OPEN, None, (), now)
            declarations.put(transaction, again)

    def _remember(self, transaction: TransactionT, decided: Question) -> None:
        """So that the same two are never asked about again, whoever hands one of them in."""
        if decided.same_as is not None:
            self.asked.keys.hand_over(transaction, decided.event_id, decided.same_as)
            judged = [decided.same_as]
        else:
            judged = [suspicion.event_id for suspicion in decided.suspicions]
        new = self._fingerprint_of(transaction, decided.event_id)
        pairs: set[JudgedPair] = set()
        for event_id in judged:
            first = self._fingerprint_of(transaction, event_id)
            if new is not None and first is not None and new != first:
                pair = pair_of(new, first)
                is_same = decided.answer is Answer.SAME_EVENT
                pairs.add(JudgedPair(*pair, is_same=is_same, question_id=decided.question_id))
        self.asked.keys.judge(transaction, list(pairs))

    def _fingerprint_of(self, transaction: TransactionT, event_id: EventId) -> Fingerprint | None:
        version = self.stores.deliveries.newest_version(transaction, event_id)
        return self.fingerprint(matter_of(self.stores.events.get(transaction, event_id, version).event))


def _repeated(question: Question, order: AnswerOrder) -> Answered:
    """The same call of the same person again is the same answer; anything else comes too late."""
    asker = order.asker
    if (question.answered_by, question.request_id) != (asker.actor, asker.request_id):
        raise ActRefused(
            "question_answered",
            answer=None if question.answer is None else question.answer.value,
            answered_at=None if question.answered_at is None else question.answered_at.isoformat(),
        )
    if question.answer is None or question.answer.value != order.answer or question.reason != asker.reason:
        raise ActRefused("request_id_reused", act=Act.ANSWER.value)
    return Answered(question, (), is_repeat=True)


def _decided(question: Question, order: AnswerOrder, now: datetime) -> Question:
    """Raises `ActRefused` for an answer that this question does not have."""
    allowed = ALLOWED[question.kind]
    if order.answer not in {each.value for each in allowed}:
        raise ActRefused("answer_not_allowed", allowed=[each.value for each in allowed])
    answer = Answer(order.answer)
    return replace(
        question,
        state=QuestionState.ANSWERED,
        answer=answer,
        same_as=_same_as(question, order) if answer is Answer.SAME_EVENT else None,
        answered_by=order.asker.actor,
        answered_at=now,
        reason=order.asker.reason,
        request_id=order.asker.request_id,
    )


def _same_as(question: Question, order: AnswerOrder) -> EventId:
    candidates = [suspicion.event_id for suspicion in question.suspicions]
    if order.same_as is None and len(candidates) == 1:
        return candidates[0]
    if order.same_as not in candidates:
        raise ActRefused("same_as_needed", candidates=candidates)
    return order.same_as


def _wish(order: AnswerOrder) -> str:
    return asked_sha256(
        question_id=order.question_id,
        answer=order.answer,
        same_as=order.same_as,
        reason=order.asker.reason,
    )


def _entry(decided: Question, order: AnswerOrder, now: datetime) -> FeedEntry:
    """Codes, and why: the event that it repeats may be another office's and is not named."""
    detail = {
        "question_id": decided.question_id,
        "kind": decided.kind.value,
        "answer": order.answer,
        "why": order.asker.reason,
        "by": order.asker.actor,
    }
    return FeedEntry(decided.event_id, "question.answered", None, detail, now)


def _moved(act: OperatorAct, decided: Question) -> FeedEntry:
    is_same = decided.answer is Answer.SAME_EVENT
    detail = {"why": act.reason, "by": act.actor, "state": act.after_state}
    if is_same:
        detail["reason"] = "duplicate"
    change = "delivery.cancelled" if is_same else "delivery.released"
    return FeedEntry(act.event_id, change, act.delivery_id, detail, act.happened_at)
