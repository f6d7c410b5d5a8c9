"""Natural keys and questions: what every backend promises."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.errors import IdentityTaken
from gateway.model.ids import EventId
from gateway.model.natural_keys import Fingerprint, JudgedPair, KeyHolder, digest, pair_of
from gateway.model.questioning import (
    Answer,
    OpenQuestions,
    Question,
    QuestionId,
    QuestionKind,
    QuestionState,
    Suspicion,
)
from gateway.storage.question_ports import QuestionFilter
from tests.contract.storage.conftest import Backend
from tests.support.submissions import RECEIVED_AT, an_accepted

MOTHER, CHILD = digest("mother", "099197000001"), digest("child", "099326000001")
EVERYTHING = QuestionFilter()


def _events(backend: Backend, count: int) -> list[EventId]:
    new = [an_accepted() for _ in range(count)]
    with backend.database.write() as transaction:
        backend.events.insert(transaction, new)
    return [each.receipt.event_id for each in new]


def _question(number: int, event_id: EventId, earlier: EventId, **changes: object) -> Question:
    question = Question(
        question_id=QuestionId(f"0198a6f0-0000-7000-8000-{number:012d}"),
        kind=QuestionKind.DUPLICATE,
        event_id=event_id,
        suspicions=(Suspicion(earlier, QuestionKind.DUPLICATE, "like_child_like_mother"),),
        authority_code="00691",
        registered_at=RECEIVED_AT,
        due_at=RECEIVED_AT + timedelta(hours=12),
        asked_at=RECEIVED_AT + timedelta(minutes=number),
    )
    return replace(question, **changes)  # type: ignore[arg-type]  # fields of a question


def _asked(backend: Backend, questions: Sequence[Question]) -> None:
    with backend.database.write() as transaction:
        backend.questions.insert(transaction, questions)


def test_holders_of_a_key_come_back_in_the_order_of_their_numbers(backend: Backend) -> None:
    one, other = _events(backend, 2)
    first, second = KeyHolder(MOTHER, 1, one), KeyHolder(MOTHER, 2, other, "1103")
    with backend.database.write() as transaction:
        backend.natural_keys.insert(transaction, [first, KeyHolder(CHILD, 1, one)])
        backend.natural_keys.insert(transaction, [second])
    with backend.database.read() as transaction:
        found = backend.natural_keys.find_holders(transaction, [MOTHER, digest("nobody")])
    assert {key: list(holders) for key, holders in found.items()} == {MOTHER: [first, second]}


def test_a_number_of_a_key_is_given_once(backend: Backend) -> None:
    one, other = _events(backend, 2)
    with backend.database.write() as transaction:
        backend.natural_keys.insert(transaction, [KeyHolder(MOTHER, 1, one)])
    with pytest.raises(IdentityTaken), backend.database.write() as transaction:
        backend.natural_keys.insert(transaction, [KeyHolder(MOTHER, 1, other)])
    with backend.database.read() as transaction:
        (holders,) = backend.natural_keys.find_holders(transaction, [MOTHER]).values()
    assert [holder.event_id for holder in holders] == [one]


def test_the_keys_of_a_duplicate_lead_to_the_event_that_it_repeats(backend: Backend) -> None:
    one, other = _events(backend, 2)
    with backend.database.write() as transaction:
        backend.natural_keys.insert(transaction, [KeyHolder(MOTHER, 1, one), KeyHolder(CHILD, 1, other)])
        backend.natural_keys.hand_over(transaction, other, one)
    with backend.database.read() as transaction:
        found = backend.natural_keys.find_holders(transaction, [MOTHER, CHILD])
    assert {holder.event_id for holders in found.values() for holder in holders} == {one}


def test_a_pair_is_judged_once_and_a_later_judgment_replaces_it(backend: Backend) -> None:
    one, other = _events(backend, 2)
    _asked(backend, [_question(1, other, one)])
    pair = pair_of(Fingerprint("b"), Fingerprint("a"))
    assert pair == ("a", "b")
    judged = JudgedPair(*pair, is_same=False, question_id="0198a6f0-0000-7000-8000-000000000001")
    with backend.database.write() as transaction:
        backend.natural_keys.judge(transaction, [judged])
    with backend.database.write() as transaction:
        assert list(backend.natural_keys.find_judged(transaction, [pair])) == [judged]
        backend.natural_keys.judge(transaction, [replace(judged, is_same=True)])
    with backend.database.read() as transaction:
        found = backend.natural_keys.find_judged(transaction, [pair, pair_of(Fingerprint("a"), pair[0])])
    assert list(found) == [replace(judged, is_same=True)]


def test_a_question_comes_back_as_it_was_asked_and_then_with_its_answer(backend: Backend) -> None:
    one, other = _events(backend, 2)
    question = _question(1, other, one)
    _asked(backend, [question])
    with backend.database.write() as transaction:
        assert backend.questions.find(transaction, question.question_id, for_change=True) == question
        answered = replace(
            question,
            state=QuestionState.ANSWERED,
            answer=Answer.SAME_EVENT,
            same_as=one,
            answered_by="operator-1",
            answered_at=RECEIVED_AT + timedelta(hours=1),
            reason="compared with the book",
            request_id="r-1",
        )
        backend.questions.settle(transaction, answered)
    with backend.database.read() as transaction:
        assert backend.questions.find(transaction, question.question_id) == answered
        assert backend.questions.find(transaction, QuestionId("unknown")) is None
        assert list(backend.questions.list_of_events(transaction, [other, one])) == [answered]


def test_pages_go_by_the_time_of_asking_and_filters_hold(backend: Backend) -> None:
    one, other = _events(backend, 2)
    twin = _question(2, other, one, kind=QuestionKind.TWIN, authority_code="00715")
    answered = _question(3, other, one, state=QuestionState.ANSWERED, answer=Answer.TWO_EVENTS)
    first = _question(1, other, one)
    _asked(backend, [answered, twin, first])

    def listed(wanted: QuestionFilter, after: QuestionId | None = None, limit: int = 10) -> list[Question]:
        with backend.database.read() as transaction:
            return list(backend.questions.list_page(transaction, wanted, after, limit))

    assert listed(EVERYTHING) == [first, twin, answered]
    assert listed(EVERYTHING, limit=1) == [first]
    assert listed(EVERYTHING, after=first.question_id) == [twin, answered]
    assert listed(QuestionFilter(state=QuestionState.OPEN)) == [first, twin]
    assert listed(QuestionFilter(kind=QuestionKind.TWIN)) == [twin]
    assert listed(QuestionFilter(authority_code="00715")) == [twin]


def test_open_questions_are_counted_by_kind_with_their_oldest(backend: Backend) -> None:
    one, other = _events(backend, 2)
    _asked(
        backend,
        [
            _question(1, other, one),
            _question(2, other, one),
            _question(3, other, one, kind=QuestionKind.TWIN, state=QuestionState.ANSWERED),
        ],
    )
    with backend.database.read() as transaction:
        counts = backend.questions.count_open(transaction)
    assert dict(counts) == {QuestionKind.DUPLICATE: OpenQuestions(2, RECEIVED_AT + timedelta(minutes=1))}
