"""Questions as operators see and answer them, within their units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from gateway.api.authenticate import Caller
from gateway.api.edit_views import shown
from gateway.api.problems import Problem
from gateway.api.questions import AnswerBody, QuestionList
from gateway.api.visibility import covers
from gateway.model.clock import Clock
from gateway.model.ids import EventId
from gateway.model.questioning import QuestionId
from gateway.model.units import UnitsAbove
from gateway.operations.edit_views import EditView
from gateway.operations.orders import Asker, Performed
from gateway.operations.plain import plain
from gateway.operations.question_desk import Done, QuestionDesk, Reply
from gateway.operations.question_items import MaySee, QuestionPage, Wanted
from gateway.operations.questions import Answered
from gateway.storage.ports import EventOrigin
from retry_queue.errors import NotAllowed

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class QuestionViews(Generic[TransactionT]):
    """Whoever does not cover the office whose event waits does not see its question."""

    desk: QuestionDesk[TransactionT]
    units_above: UnitsAbove
    clock: Clock

    def list_page(self, wanted: QuestionList, caller: Caller) -> Mapping[str, Any]:
        """Raises an `invalid_cursor` refusal."""
        chosen = Wanted(wanted.state, wanted.kind, wanted.authority)
        scan = self.desk.inbox.list_page(
            chosen, wanted.after, wanted.limit, self._may_see(caller), self.clock()
        )
        return {"questions": plain(scan.items), "next_after": scan.next_after}

    def show(self, question_id: QuestionId, caller: Caller) -> Mapping[str, Any]:
        """Raises a `not_found` refusal."""
        return shown_page(self.desk.inbox.get(question_id, self._may_see(caller), self.clock()))

    def answer(
        self, question_id: QuestionId, body: AnswerBody, caller: Caller, request_id: str
    ) -> Mapping[str, Any]:
        """Raises `ActRefused`, a `not_allowed_now` problem."""
        reply = Reply(
            question_id=question_id,
            answer=body.answer,
            asker=Asker(caller.client_id, body.reason, request_id),
            same_as=None if body.same_as is None else EventId(body.same_as),
            unit_code=body.unit_code,
            pointer=body.pointer,
            values=body.set,
            evidence=body.evidence,
            reference=body.reference,
            expected=body.expected.as_seen(),
        )
        try:
            done = self.desk.answer(reply, self._may_see(caller), self.clock())
        except NotAllowed as refused:
            raise Problem("not_allowed_now", state=refused.state.value, act=body.answer) from refused
        return shown_answer(question_id, body.answer, done)

    def _may_see(self, caller: Caller) -> MaySee:
        def may_see(origin: EventOrigin) -> bool:
            return covers(caller, origin.authority_code, origin.registered_at, self.units_above)

        return may_see


def shown_page(page: QuestionPage) -> Mapping[str, Any]:
    """As plain JSON; a unit by code, name and parent."""
    found = cast("dict[str, Any]", plain(page))
    item = found.pop("item")
    found["places"] = [
        {
            "pointer": place.pointer,
            "old_code": place.old.code,
            "old_name": place.old.full_name,
            "detail": place.detail,
            "candidates": [{"code": unit.code, "name": unit.full_name} for unit in place.candidates],
        }
        for place in page.places
    ]
    return {**item, **found}


def shown_answer(question_id: QuestionId, answer: str, done: Done) -> Mapping[str, Any]:
    """What was done, whichever mechanism did it."""
    told: dict[str, Any] = {"question_id": question_id, "answer": answer}
    match done:
        case Answered():
            question = cast("dict[str, Any]", plain(done.question))
            told |= {"status": "answered", "question": question, "acts": plain(done.acts)}
            told["is_repeat"] = done.is_repeat
        case Performed():
            told |= {"status": "answered", "acts": [plain(done.act)], "is_repeat": done.is_repeat}
        case EditView():
            told |= {"status": done.status.value, "edit": shown(done), "is_repeat": done.is_repeat}
    return told
