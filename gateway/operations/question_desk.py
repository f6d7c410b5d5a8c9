"""Answers to any question of the inbox: a stored one is answered here, the others by the acts there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from gateway.model.clock import VIETNAM
from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import MOVES, Act, Scope
from gateway.model.questioning import STORED_KINDS, QuestionId
from gateway.operations.acts import Acts
from gateway.operations.edit_orders import Change, EditOrder
from gateway.operations.edit_views import EditView
from gateway.operations.edits import Edits
from gateway.operations.orders import Asker, Expected, Order, Performed
from gateway.operations.question_inbox import Inbox
from gateway.operations.question_items import USE_UNIT, MaySee, QuestionPage
from gateway.operations.question_kinds import DoubtfulPlace, changes_to
from gateway.operations.questions import Answered, Answering, AnswerOrder
from gateway.operations.refusals import ActRefused
from mappings.units import Unit, find_province_of

TransactionT = TypeVar("TransactionT")

_MOVES: Final[Mapping[str, Act]] = {act.value: act for act in MOVES}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person says, with whatever his answer needs."""

    question_id: QuestionId
    answer: str
    asker: Asker
    same_as: EventId | None = None
    unit_code: str | None = None
    pointer: str | None = None
    """Which place the unit is for; needed where there are several."""
    values: Mapping[str, Any] | None = None
    """To edit: JSON Pointer -> new value."""
    evidence: str = ""
    reference: str | None = None
    expected: Expected = field(default_factory=Expected)


Done = Answered | Performed | EditView
"""By which of the mechanisms it was carried out."""


@dataclass(frozen=True, slots=True)
class QuestionDesk(Generic[TransactionT]):
    """One way in for every answer; what guards the acts guards the answers."""

    inbox: Inbox[TransactionT]
    answering: Answering[TransactionT]
    acts: Acts[TransactionT]
    edits: Edits[TransactionT]

    def answer(self, reply: Reply, may_see: MaySee, now: datetime) -> Done:
        """Raises `ActRefused`, `NotAllowed`; nothing is done then."""
        if self._is_stored(reply, may_see, now):
            order = AnswerOrder(reply.question_id, reply.answer, reply.asker, reply.same_as)
            return self.answering.answer(order, now)
        delivery_id = DeliveryId(reply.question_id)
        if reply.answer in _MOVES:
            act = _MOVES[reply.answer]
            order_of_act = Order(
                delivery_id, act, reply.asker, reply.expected, reply.evidence, reply.reference
            )
            return self.acts.perform(order_of_act, now)
        return self.edits.edit(self._edit_order(reply, may_see, now), now)

    def _is_stored(self, reply: Reply, may_see: MaySee, now: datetime) -> bool:
        """A repeated act may find its delivery on its way already: then the act itself tells."""
        try:
            page = self.inbox.get(reply.question_id, may_see, now)
        except ActRefused:
            if reply.answer in _MOVES and self.inbox.sees_delivery(DeliveryId(reply.question_id), may_see):
                return False
            raise
        return page.item.kind in STORED_KINDS

    def _edit_order(self, reply: Reply, may_see: MaySee, now: datetime) -> EditOrder:
        delivery_id, scope = DeliveryId(reply.question_id), Scope.DELIVERY
        page = self.inbox.get(reply.question_id, may_see, now)
        if page.item.answered is not None:
            raise ActRefused("question_answered", answer=page.item.answered.answer)
        allowed = sorted({choice.answer for choice in page.allowed})
        if reply.answer not in allowed:
            raise ActRefused("answer_not_allowed", allowed=allowed)
        if reply.answer == USE_UNIT:
            change, scope = Change(patch=_unit_patch(reply, page)), Scope.EVENT
        elif reply.values:
            change = Change(set=reply.values)
        else:
            raise ActRefused("answer_not_allowed", allowed=allowed, needs=["reason", "set"])
        return EditOrder(delivery_id, reply.asker, change, scope, reply.expected)


def _unit_patch(reply: Reply, page: QuestionPage) -> list[dict[str, Any]]:
    """The place in the codes of the registration day. Raises `ActRefused` where it is not clear which."""
    place = _place(reply, page.places)
    unit = next((each for each in place.candidates if each.code == reply.unit_code), None)
    if unit is None:
        raise ActRefused("answer_not_allowed", units=[each.code for each in place.candidates])
    on_date = page.item.registered_at.astimezone(VIETNAM).date()
    return changes_to(place, unit, _province(unit, page), on_date)


def _province(unit: Unit, page: QuestionPage) -> str:
    found = find_province_of(unit.code, page.item.registered_at.astimezone(VIETNAM).date())
    return unit.code[:2] if found is None else found.code


def _place(reply: Reply, places: tuple[DoubtfulPlace, ...]) -> DoubtfulPlace:
    if reply.pointer is None and len(places) == 1:
        return places[0]
    for place in places:
        if place.pointer == reply.pointer:
            return place
    raise ActRefused("answer_not_allowed", pointers=[place.pointer for place in places])
