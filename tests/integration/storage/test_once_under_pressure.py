"""Offices that register the same in the same moment: the database decides, not luck."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import func, select

from gateway.errors import IdentityTaken
from gateway.model.questioning import QuestionId
from gateway.model.submission import (
    Accepted,
    Conflict,
    ConflictKind,
    IntakeResult,
    Repeated,
    ValidSubmission,
)
from gateway.operations.orders import Asker
from gateway.operations.questions import AnswerOrder
from gateway.operations.refusals import ActRefused
from gateway.receive.intake_writer import IntakeWriter, WriterLimits
from gateway.storage.sql.question_tables import natural_keys
from gateway.storage.sql.tables import events
from tests.contract.storage.conftest import Backend, on_sql
from tests.support.database import emptied, opened, sqlite_url
from tests.support.events import ABSENT, a_birth, a_name
from tests.support.once_desk import OnceDesk
from tests.support.submissions import a_submission, counted_bytes

ROUNDS: Final = 15
DISTINCT: Final = 100
POSTS: Final = 1_000
SECONDS: Final = 60


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    return emptied(request.getfixturevalue("postgres_url"))


def _desk(backend: Backend, seed: int) -> OnceDesk:
    noise = counted_bytes()
    return OnceDesk(backend, lambda size: seed.to_bytes(1, "big") + noise(size)[1:])


@contextmanager
def _processes(url: str, count: int) -> Iterator[list[OnceDesk]]:
    """Each with connections of its own, as another process has them."""
    with ExitStack() as stack:
        yield [_desk(stack.enter_context(on_sql(url)), number) for number in range(1, count + 1)]


def _birth(entry: int, child: int, **changes: Any) -> ValidSubmission:  # noqa: ANN401 - any JSON value
    """One of many entries about one of a hundred children."""
    own = {
        "source_event_id": f"KS-{entry}",
        "registration__number": str(entry),
        "dossier__code": f"H60.129-261116-{entry:04}",
        "child__name": a_name(child),
        "mother__personal_id": f"0991970{child:05}",
        "mother__name": a_name(child + 50_000),
        "father__personal_id": f"0990940{child:05}",
    }
    return a_submission(a_birth(**{**own, **changes}), f"client-{entry % 2}")


def _together(acts: Sequence[Callable[[], IntakeResult]]) -> list[IntakeResult]:
    """All of them begin in the same moment."""
    start = threading.Barrier(len(acts))

    def begin(act: Callable[[], IntakeResult]) -> IntakeResult:
        start.wait(SECONDS)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result(SECONDS) for future in [threads.submit(begin, act) for act in acts]]


def _submitted(desk: OnceDesk, submission: ValidSubmission) -> IntakeResult:
    """As the intake writer does it: who loses a race begins again."""
    for _ in range(WriterLimits().races_max):
        try:
            (result,) = desk.submit([submission])
        except IdentityTaken:
            continue
        return result
    raise AssertionError("lost every race")


def _elder_brother(desk: OnceDesk, child: int) -> None:
    """His people are known then: no new number of theirs can decide the race instead of the keys."""
    elder = {"year": 2020, "month": 5, "day": 1, "certainty": "exact"}
    brother = _birth(3_000 + child, child, child__birth_date=elder, child__name=a_name(90_000 + child))
    result = _submitted(desk, brother)
    assert isinstance(result, Accepted)
    assert result.receipt.questions == ()


def test_the_same_birth_from_two_processes_in_the_same_moment_is_accepted_once(url: str) -> None:
    with _processes(url, 2) as (one, other):
        for child in range(ROUNDS):
            posts = (_birth(1_000 + child, child), _birth(2_000 + child, child))
            results = _together(
                [
                    lambda: _submitted(one, posts[0]),  # noqa: B023 - called within the round
                    lambda: _submitted(other, posts[1]),  # noqa: B023 - called within the round
                ]
            )
            assert sorted(type(result).__name__ for result in results) == ["Accepted", "Conflict"]
            (refused,) = (result for result in results if isinstance(result, Conflict))
            assert refused.kind is ConflictKind.SAME_EVENT
        assert one.count_events() == ROUNDS


def test_of_two_that_look_alike_in_the_same_moment_exactly_one_raises_a_question(url: str) -> None:
    without = {"mother__personal_id": ABSENT, "mother__unknown": ["personal_id"]}
    with _processes(url, 2) as (one, other):
        for child in range(ROUNDS):
            _elder_brother(one, child)
            posts = (_birth(1_000 + child, child), _birth(2_000 + child, child, **without))
            results = _together(
                [
                    lambda: _submitted(one, posts[0]),  # noqa: B023 - called within the round
                    lambda: _submitted(other, posts[1]),  # noqa: B023 - called within the round
                ]
            )
            accepted = [result for result in results if isinstance(result, Accepted)]
            assert len(accepted) == 2
            assert sorted(len(result.receipt.questions) for result in accepted) == [0, 1]


def test_who_already_has_earlier_children_is_raced_about_just_the_same(url: str) -> None:
    """The key is there before either comes: both would take its second number."""
    with _processes(url, 2) as (one, other):
        for child in range(ROUNDS):
            _elder_brother(one, child)
            posts = (_birth(1_000 + child, child), _birth(2_000 + child, child))
            results = _together(
                [
                    lambda: _submitted(one, posts[0]),  # noqa: B023 - called within the round
                    lambda: _submitted(other, posts[1]),  # noqa: B023 - called within the round
                ]
            )
            assert sorted(type(result).__name__ for result in results) == ["Accepted", "Conflict"]


def test_a_thousand_posts_of_a_hundred_events_leave_a_hundred_events(url: str) -> None:
    """Each child ten times: five under its own entry again, five under entries of another office."""
    posts = [
        _birth(child if turn < 5 else 1_000 * turn + child, child)
        for turn in range(POSTS // DISTINCT)
        for child in range(DISTINCT)
    ]
    with _processes(url, 3) as desks:
        writers = [
            IntakeWriter(desk.commit, WriterLimits(), lambda _lanes, _messages: None) for desk in desks
        ]
        for writer in writers:
            writer.start()
        try:
            answers = [writers[at % len(writers)].submit(post) for at, post in enumerate(posts)]
            results = [answer.result(SECONDS) for answer in answers]
        finally:
            for writer in writers:
                writer.stop(SECONDS)
    accepted = [result for result in results if isinstance(result, Accepted)]
    assert len(accepted) == DISTINCT
    assert all(result.receipt.questions == () for result in accepted)
    others = [result for result in results if not isinstance(result, Accepted)]
    assert {type(result) for result in others} <= {Repeated, Conflict}
    conflicts = {result.kind for result in others if isinstance(result, Conflict)}
    assert conflicts == {ConflictKind.SAME_EVENT}
    with opened(url) as database, database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(events)) == DISTINCT
        assert connection.scalar(select(func.count()).select_from(natural_keys)) == DISTINCT * 2


def test_of_two_operators_who_answer_at_once_one_wins_and_the_other_is_told(url: str) -> None:
    with _processes(url, 2) as (one, other):
        for child in range(ROUNDS):
            one.submit([_birth(1_000 + child, child)])
            (result,) = one.submit([_birth(2_000 + child, child, child__name=a_name(70_000 + child))])
            assert isinstance(result, Accepted)
            (asked,) = result.receipt.questions
            told: list[str] = []

            def answer(desk: OnceDesk, who: str, what: str, question_id: str, told: list[str]) -> None:
                order = AnswerOrder(QuestionId(question_id), what, Asker(who, "looked at both", f"{who}-1"))
                try:
                    desk.answering.answer(order, desk.now)
                    told.append(what)
                except ActRefused as refused:
                    told.append(refused.code)

            people = [(one, "operator-1", "twins"), (other, "operator-2", "same_event")]
            with ThreadPoolExecutor(2) as threads:
                futures = [
                    threads.submit(answer, desk, who, what, asked.question_id, told)
                    for desk, who, what in people
                ]
                for future in futures:
                    future.result(SECONDS)
            (won,) = {"twins", "same_event"} & set(told)
            assert sorted(told) == sorted([won, "question_answered"])
            states = set(one.states(result.receipt).values())
            assert (states == {"cancelled"}) == (won == "same_event")
