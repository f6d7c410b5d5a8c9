"""The receiving corridor on real databases: several gateways at once, and a server that goes away."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from gateway.errors import IntakeUnavailable
from gateway.model.submission import Accepted, Conflict, ConflictKind, IntakeResult, Repeated, ValidSubmission
from gateway.receive.intake_writer import IntakeWriter, WriterLimits
from gateway.receive.once import OnceStores
from gateway.receive.plan import shipped_plans
from gateway.receive.walk import Committer, IntakeStores, Promise
from gateway.storage.sql.deliveries import SqlDeliveries
from gateway.storage.sql.engine import SqlDatabase
from gateway.storage.sql.events import SqlEvents
from gateway.storage.sql.feed import SqlFeed
from gateway.storage.sql.questions import SqlNaturalKeys, SqlQuestions
from retry_queue.sql_store import SqlStore
from tests.support.database import emptied, opened, sqlite_url
from tests.support.postgres import PostgresServer
from tests.support.submissions import PROMISE, RECEIVED_AT, a_submission, another_birth, counted_bytes
from tests.support.waiting import wait_for

DEADLINE_SECONDS = 30
GATEWAYS = 3
EVENTS = 25
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)
COUNTED = ("events", "deliveries", "queue_jobs", "feed_entries")


@pytest.fixture(params=["sqlite", POSTGRES])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    return emptied(request.getfixturevalue("postgres_url"))


def _committer(database: SqlDatabase, seed: int) -> Committer[Connection]:
    noise = counted_bytes()
    return Committer(
        database=database,
        stores=IntakeStores(
            SqlEvents(),
            SqlDeliveries(),
            SqlStore(database),
            SqlFeed(),
            OnceStores(SqlNaturalKeys(), SqlQuestions()),
        ),
        promise=Promise(shipped_plans({"personal_id_wait_seconds": 7200}), PROMISE.total_seconds()),
        clock=lambda: RECEIVED_AT,
        random_bytes=lambda size: seed.to_bytes(1, "big") + noise(size)[1:],
    )


@contextmanager
def _gateway(url: str, seed: int = 0) -> Iterator[IntakeWriter]:
    """A process of its own, as far as the database can tell."""
    with opened(url) as database:
        writer = IntakeWriter(_committer(database, seed), WriterLimits(), lambda _lanes, _messages: None)
        writer.start()
        try:
            yield writer
        finally:
            writer.stop(DEADLINE_SECONDS)


def _counts(url: str) -> dict[str, int]:
    with opened(url) as database, database.read() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - our own names
            for table in COUNTED
        }


def _results(answers: list[Future[IntakeResult]]) -> list[IntakeResult]:
    return [answer.result(DEADLINE_SECONDS) for answer in answers]


def test_the_same_events_through_several_gateways_are_accepted_once(url: str) -> None:
    submissions = [a_submission() for _ in range(EVENTS)]
    with _gateway(url, 1) as first, _gateway(url, 2) as second, _gateway(url, 3) as third:
        answers = [writer.submit(each) for each in submissions for writer in (first, second, third)]
        results = _results(answers)
    accepted = [result for result in results if isinstance(result, Accepted)]
    repeated = [result for result in results if isinstance(result, Repeated)]
    assert len(accepted) == EVENTS
    assert len(repeated) == EVENTS * (GATEWAYS - 1)
    assert {each.receipt for each in repeated} == {each.receipt for each in accepted}
    assert _counts(url) == {
        "events": EVENTS,
        "deliveries": EVENTS * 3,
        "queue_jobs": EVENTS * 3,
        "feed_entries": EVENTS,
    }


def test_two_contents_for_one_entry_through_two_gateways_are_one_event_and_one_conflict(url: str) -> None:
    pairs = [
        [a_submission(another_birth(registration__number=f"9{number}")) for _ in range(2)]
        for number in range(EVENTS)
    ]
    with _gateway(url, 1) as first, _gateway(url, 2) as second:
        answers = [
            writer.submit(each) for pair in pairs for writer, each in zip((first, second), pair, strict=True)
        ]
        results = _results(answers)
    for one, other in zip(results[::2], results[1::2], strict=True):
        assert {type(one), type(other)} == {Accepted, Conflict}
        conflict = one if isinstance(one, Conflict) else other
        assert isinstance(conflict, Conflict)
        assert conflict.kind is ConflictKind.ENTRY


def test_one_mother_in_two_gateways_is_one_person(url: str) -> None:
    mother = "099197000555"
    submissions = [a_submission(another_birth(mother__personal_id=mother)) for _ in range(EVENTS)]
    with _gateway(url, 1) as first, _gateway(url, 2) as second:
        writers = (first, second)
        answers = [writers[number % 2].submit(each) for number, each in enumerate(submissions)]
        accepted = [result for result in _results(answers) if isinstance(result, Accepted)]
    with opened(url) as database, database.read() as connection:
        persons = {
            SqlEvents().persons_of(connection, result.receipt.event_id)["mother"] for result in accepted
        }
    assert len(accepted) == EVENTS
    assert len(persons) == 1


def test_a_receipt_outlives_the_process(url: str) -> None:
    submission = a_submission()
    with _gateway(url, 1) as writer:
        (accepted,) = _results([writer.submit(submission)])
    assert isinstance(accepted, Accepted)
    with _gateway(url, 2) as writer:
        assert _results([writer.submit(submission)]) == [Repeated(accepted.receipt)]


@pytest.mark.postgres
def test_while_the_server_is_down_nothing_is_promised_and_afterwards_everything_works(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    url, submission = emptied(postgres_url), a_submission()
    with _gateway(url) as writer:
        postgres_server.stop(crash=True)
        try:
            refused = writer.submit(submission)
            assert isinstance(refused.exception(DEADLINE_SECONDS), IntakeUnavailable)
        finally:
            postgres_server.start()
        assert writer.is_alive()
        (result,) = wait_for(lambda: _accepted_again(writer, submission), "the writer to accept again")
    assert isinstance(result, Accepted)
    assert _counts(url)["events"] == 1


def _accepted_again(writer: IntakeWriter, submission: ValidSubmission) -> list[IntakeResult] | None:
    answer = writer.submit(submission)
    return None if answer.exception(DEADLINE_SECONDS) else [answer.result()]
