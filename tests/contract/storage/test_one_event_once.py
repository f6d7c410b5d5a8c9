"""One event, once, on every backend: refused, asked about, answered, remembered."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.model.operating import Act
from gateway.model.questioning import HELD_FOR_QUESTION, QuestionKind, QuestionState
from gateway.model.submission import Accepted, Conflict, ConflictKind, Repeated
from gateway.operations.orders import Asker
from gateway.operations.question_items import InboxItem, Wanted
from gateway.operations.questions import AnswerOrder
from gateway.operations.refusals import ActRefused
from gateway.receive.once import SUSPICIONS_MAX
from retry_queue.job import Lane
from retry_queue.states import State
from retry_queue.store import Appetite
from tests.contract.storage.conftest import Backend
from tests.support.events import ABSENT, a_birth, a_death, a_marriage
from tests.support.once_desk import OnceDesk, sees_all

JsonObject = dict[str, Any]

NO_MOTHERS_NUMBER: JsonObject = {"mother__personal_id": ABSENT, "mother__unknown": ["personal_id"]}


@pytest.fixture
def desk(backend: Backend) -> OnceDesk:
    return OnceDesk(backend)


def _birth(number: int, **changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    own = {
        "source_event_id": f"KS-{number}",
        "registration__number": str(number),
        "dossier__code": f"H60.129-261116-{number:04}",
    }
    return a_birth(**{**own, **changes})


def _twin(number: int, **changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    return _birth(number, **{"child__name": {"full": "LÊ MẪU BÌNH"}, **changes})


def test_a_second_registration_of_the_same_child_is_refused_with_office_and_day(desk: OnceDesk) -> None:
    first = desk.accept(_birth(1))
    (again,) = desk.hand_in(_birth(2, registration__authority_code="00715"), client="client-2")
    assert isinstance(again, Conflict)
    assert again.kind is ConflictKind.SAME_EVENT
    assert (again.first_authority_code, again.first_event_id) == ("00691", None)
    assert again.first_registered_at is not None
    (own,) = desk.hand_in(_birth(3))
    assert isinstance(own, Conflict)
    assert own.first_event_id == first.event_id
    assert desk.count_events() == 1


def test_a_second_registration_within_one_batch_is_refused_too(desk: OnceDesk) -> None:
    first, second = desk.hand_in(_birth(1), _birth(2))
    assert isinstance(first, Accepted)
    assert isinstance(second, Conflict)
    assert second.kind is ConflictKind.SAME_EVENT


def test_deaths_and_marriages_are_once_too(desk: OnceDesk) -> None:
    for make in (a_death, a_marriage):
        desk.accept(make())
        other = {"source_event_id": "X-2", "registration__number": "77", "dossier__code": "H60.X-2"}
        (again,) = desk.hand_in(make(**other))
        assert isinstance(again, Conflict)
        assert again.kind is ConflictKind.SAME_EVENT


def test_the_same_message_again_is_a_repetition_not_a_duplicate(desk: OnceDesk) -> None:
    first = desk.accept(_birth(1))
    assert desk.hand_in(_birth(1)) == [Repeated(first)]


def test_a_suspected_one_is_accepted_and_nothing_of_it_is_sent(desk: OnceDesk, backend: Backend) -> None:
    first = desk.accept(_birth(1))
    twin = desk.accept(_twin(2))
    (asked,) = twin.questions
    assert asked.kind == "twin"
    assert "thời hạn không đổi" in asked.message_vi
    assert first.questions == ()
    assert set(desk.states(twin).values()) == {"held"}
    assert {job.held_reason for job in desk.jobs(twin).values()} == {HELD_FOR_QUESTION}
    assert {job.due_at for job in desk.jobs(twin).values()} == {twin.due_at}
    question = desk.question(twin)
    assert (question.kind, question.state, question.due_at) == (
        QuestionKind.TWIN,
        QuestionState.OPEN,
        twin.due_at,
    )
    assert [suspicion.event_id for suspicion in question.suspicions] == [first.event_id]
    assert desk.changes(twin)[1] == ("question.asked", {"question_id": asked.question_id, "kind": "twin"})
    with backend.database.write() as transaction:
        later = desk.now + timedelta(hours=5)
        backend.queue.promote_due(transaction, later, 100)
        lane = Lane("national_registry")
        leases = backend.queue.claim(transaction, lane, "w", Appetite(10, 10), later, later)
    assert {lease.job.job_id for lease in leases} == {desk.jobs(first)["registry_record"].job_id}


def test_the_receipt_is_the_same_when_it_is_asked_for_again(desk: OnceDesk) -> None:
    desk.accept(_birth(1))
    twin = desk.accept(_twin(2))
    assert desk.hand_in(_twin(2)) == [Repeated(twin)]


def test_twins_go_on_in_order_behind_their_own_gates_and_the_due_time_stays(desk: OnceDesk) -> None:
    desk.accept(_birth(1))
    twin = desk.accept(_twin(2))
    answered = desk.answer(twin, "twins")
    assert answered.question.state is QuestionState.ANSWERED
    jobs = desk.jobs(twin)
    assert {job.due_at for job in jobs.values()} == {twin.due_at}
    # The record still waits for the child's number: it had that gate before the question, and keeps it.
    assert jobs["registry_record"].state is State.WAITING
    assert jobs["registry_record"].gate is not None
    assert {act.act for act in answered.acts} == {Act.ANSWER}
    assert {(act.before_state, act.reason) for act in answered.acts} == {("held", "compared both books")}
    told = [change for change, _ in desk.changes(twin)]
    assert told[:3] == ["event.accepted", "question.asked", "question.answered"]
    assert set(told[3:]) == {"delivery.released"}
    journey = desk.journeys.get(twin.event_id, desk.now)
    assert [(each.kind, each.answer) for each in journey.questions] == [("twin", "twins")]


def test_the_same_event_is_cancelled_and_its_sender_sees_why(desk: OnceDesk) -> None:
    first = desk.accept(_birth(1))
    second = desk.accept(_birth(2, **NO_MOTHERS_NUMBER))
    desk.answer(second, "same_event")
    assert set(desk.states(second).values()) == {"cancelled"}
    assert set(desk.states(first).values()) == {"queued", "waiting"}
    assert ("delivery.cancelled", "duplicate") in [
        (change, detail.get("reason")) for change, detail in desk.changes(second)
    ]
    journey = desk.journeys.get(second.event_id, desk.now)
    assert all("registered before" in story.why.en for story in journey.deliveries)
    assert desk.question(second).same_as == first.event_id


def test_what_was_found_to_be_the_same_is_refused_from_then_on(desk: OnceDesk) -> None:
    first = desk.accept(_birth(1))
    second = desk.accept(_birth(2, **NO_MOTHERS_NUMBER))
    desk.answer(second, "same_event")
    (third,) = desk.hand_in(_birth(3, **NO_MOTHERS_NUMBER))
    assert isinstance(third, Conflict)
    assert third.first_event_id == first.event_id


def test_two_people_are_never_asked_about_again(desk: OnceDesk) -> None:
    """The second was sent in again under another entry: of the first nobody is asked any more."""
    desk.accept(_birth(1))
    second = desk.accept(_birth(2, **NO_MOTHERS_NUMBER))
    desk.answer(second, "two_events")
    third = desk.accept(_birth(3, **NO_MOTHERS_NUMBER))
    suspected = [suspicion.event_id for suspicion in desk.question(third).suspicions]
    assert suspected == [second.event_id]


def test_of_several_the_one_that_it_repeats_must_be_named(desk: OnceDesk) -> None:
    first = desk.accept(_birth(1))
    twin = desk.accept(_twin(2))
    desk.answer(twin, "twins")
    third = desk.accept(_birth(3, child__name={"full": "LÊ MẪU CHÂU"}))
    with pytest.raises(ActRefused) as refused:
        desk.answer(third, "same_event")
    assert refused.value.code == "same_as_needed"
    assert refused.value.details["candidates"] == [first.event_id, twin.event_id]
    assert set(desk.states(third).values()) == {"held"}
    desk.answer(third, "same_event", same_as=twin.event_id)
    assert desk.question(third).same_as == twin.event_id


def test_a_repetition_of_a_repetition_leads_to_the_first(desk: OnceDesk) -> None:
    first = desk.accept(_birth(1))
    second = desk.accept(_birth(2, **NO_MOTHERS_NUMBER))
    third = desk.accept(_birth(3, child__name={"full": "LE THU NGHIEM"}, **NO_MOTHERS_NUMBER))
    desk.answer(second, "same_event")
    desk.answer(third, "same_event", same_as=second.event_id)
    assert desk.question(third).same_as == first.event_id


def test_the_later_of_two_answers_is_told_what_was_decided(desk: OnceDesk) -> None:
    desk.accept(_birth(1))
    twin = desk.accept(_twin(2))
    desk.answer(twin, "twins", who="operator-1")
    before = desk.states(twin)
    with pytest.raises(ActRefused) as refused:
        desk.answer(twin, "same_event", who="operator-2")
    assert refused.value.code == "question_answered"
    assert refused.value.details["answer"] == "twins"
    assert desk.states(twin) == before


def test_the_same_answer_under_the_same_request_number_is_one_answer(desk: OnceDesk) -> None:
    desk.accept(_birth(1))
    twin = desk.accept(_twin(2))
    first = desk.answer(twin, "twins", request_id="once")
    again = desk.answer(twin, "twins", request_id="once")
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.question == first.question
    with pytest.raises(ActRefused) as refused:
        desk.answer(twin, "same_event", request_id="once")
    assert refused.value.code == "request_id_reused"


def test_an_answer_that_the_question_does_not_have_is_refused(desk: OnceDesk) -> None:
    desk.accept(_birth(1))
    second = desk.accept(_birth(2, **NO_MOTHERS_NUMBER))
    with pytest.raises(ActRefused) as refused:
        desk.answer(second, "twins")
    assert refused.value.code == "answer_not_allowed"
    unknown = AnswerOrder("0198a6f0-0000-7000-8000-000000000000", "twins", Asker("o", "why not", "r"))  # type: ignore[arg-type]  # an id of ours
    with pytest.raises(ActRefused) as missing:
        desk.answering.answer(unknown, desk.now)
    assert missing.value.code == "not_found"


def test_who_names_the_first_entry_is_asked_about_instead_of_refused(desk: OnceDesk) -> None:
    """The first was wrong, and its paper is being revoked: a person lets the right one go."""
    desk.accept(_birth(1))
    registered_on = {"year": 2026, "month": 11, "day": 16, "certainty": "exact"}
    entry = {
        "authority_code": "00691",
        "book_code": "KS",
        "number": "1",
        "registered_on": registered_on,
    }
    right = desk.accept(_birth(2, registration__authority_code="00715", amends={"entry": entry}))
    assert [question.kind for question in right.questions] == ["duplicate"]


def test_only_so_many_are_put_next_to_each_other(desk: OnceDesk) -> None:
    names = ("AN", "BÌNH", "CHÂU", "DUNG", "GIANG", "HOA", "KHÁNH")
    for number, name in enumerate(names, start=1):
        receipt = desk.accept(
            _birth(
                number,
                child__name={"full": f"LÊ MẪU {name}"},
                birth__multiple={"order": number, "total": len(names)},
            )
        )
        assert receipt.questions == ()
    late = desk.accept(_birth(50, child__name={"full": "LÊ MẪU PHƯƠNG"}))
    assert len(desk.question(late).suspicions) == SUSPICIONS_MAX


def test_the_inbox_pages_through_stored_questions_and_held_deliveries(
    desk: OnceDesk, backend: Backend
) -> None:
    first = desk.accept(_birth(1))
    twins = [
        desk.accept(_twin(number, child__name={"full": f"LÊ MẪU {name}"}))
        for number, name in ((2, "BÌNH"), (3, "CHÂU"))
    ]
    job = desk.jobs(first)["one_stop_dossier"]
    with backend.database.write() as transaction:
        backend.queue.hold(transaction, job.job_id, "refused.content", desk.now)
    found: list[InboxItem] = []
    after, pages = None, 0
    while pages == 0 or after is not None:
        scan = desk.inbox.list_page(Wanted(), after, 1, sees_all, desk.now)
        found += scan.items
        after, pages = scan.next_after, pages + 1
    assert [item.kind.value for item in found] == ["twin", "twin", "refused_item"]
    assert [item.event_id for item in found[:2]] == [twin.event_id for twin in twins]
    assert found[2].delivery_id == job.job_id
    assert {item.seconds_left for item in found} == {(first.due_at - desk.now).total_seconds()}
    only = desk.inbox.list_page(Wanted(kind=QuestionKind.REFUSED_ITEM), None, 10, sees_all, desk.now)
    assert [item.delivery_id for item in only.items] == [job.job_id]
    nobody = desk.inbox.list_page(Wanted(), None, 10, lambda _origin: False, desk.now)
    assert nobody.items == ()
    counts = desk.inbox.count(desk.now)
    assert {kind.value: each.count for kind, each in counts.items()} == {"twin": 2, "refused_item": 1}
