"""Too much, too late, dead: whoever waits is answered, and what was answered with an error is not stored."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.errors import StorageUnavailable
from gateway.model.submission import IntakeResult, ValidSubmission
from gateway.receive.walk import Committer
from tests.support.database import sqlite_url
from tests.support.edge_desk import EVENTS, EdgeDesk, expect_problem, in_parts, opened_edge
from tests.support.submissions import another_birth
from tests.support.waiting import wait_for

ANSWER_SECONDS_MAX = 20


class _Gate:
    """Stands before the commit: stops it, then lets it through or breaks it."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self.failure: BaseException | None = None

    def pass_through(self) -> None:
        """The writer stands here until the gate is opened."""
        self.reached.set()
        assert self.open.wait(ANSWER_SECONDS_MAX)
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Gate]:
    gate, commit = _Gate(), Committer.__call__

    def gated(committer: Committer[Any], submissions: Sequence[ValidSubmission]) -> list[IntakeResult]:
        gate.pass_through()
        return commit(committer, submissions)

    monkeypatch.setattr(Committer, "__call__", gated)
    yield gate
    gate.open.set()


async def _reached(gate: _Gate) -> None:
    assert await asyncio.to_thread(gate.reached.wait, ANSWER_SECONDS_MAX)


async def _full(desk: EdgeDesk) -> None:
    receiving = desk.gateway.receiving
    assert receiving is not None
    await asyncio.to_thread(wait_for, receiving.writer.is_full, "the queue is full")


def test_a_full_queue_turns_further_messages_away(tmp_path: Path, gate: _Gate) -> None:
    with opened_edge(sqlite_url(tmp_path), INTAKE__QUEUE_MAX="1", INTAKE__BATCH_MAX="1") as desk:
        badge = desk.badge()

        async def crowd() -> tuple[httpx.Response, list[httpx.Response]]:
            under_way = asyncio.create_task(desk.post_later(another_birth(), badge))
            await _reached(gate)
            queued = asyncio.create_task(desk.post_later(another_birth(), badge))
            await _full(desk)
            too_many = await desk.post_later(another_birth(), badge)
            gate.open.set()
            return too_many, [await under_way, await queued]

        too_many, patient = desk.run(crowd())
        expect_problem(too_many, 429, "too_many_requests")
        assert int(too_many.headers["retry-after"]) >= 1
        assert [answer.status_code for answer in patient] == [202, 202]


def test_a_dead_writer_answers_everybody_who_waits_and_everybody_who_comes(
    tmp_path: Path, gate: _Gate
) -> None:
    with opened_edge(sqlite_url(tmp_path), INTAKE__QUEUE_MAX="5") as desk:
        badge = desk.badge()

        async def crowd() -> list[httpx.Response]:
            posts = [asyncio.create_task(desk.post_later(another_birth(), badge))]
            await _reached(gate)
            posts += [asyncio.create_task(desk.post_later(another_birth(), badge)) for _ in range(5)]
            await _full(desk)
            gate.failure = SystemExit("the thread is ended from outside")
            gate.open.set()
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                return list(await asyncio.gather(*posts))

        answers = desk.run(crowd())
        for answer in [*answers, desk.post(another_birth())]:
            expect_problem(answer, 503, "intake_unavailable")
            assert int(answer.headers["retry-after"]) >= 1
        ready = desk.call("GET", "/health/ready")
        assert ready.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert ready.json() == {"status": "not_ready", "parts": {"database": True, "intake_writer": False}}
        assert desk.call("GET", "/health/live").status_code == httpx.codes.OK


def test_a_database_that_is_away_is_not_an_acceptance_and_the_writer_lives_on(
    desk: EdgeDesk, gate: _Gate
) -> None:
    event = another_birth()
    gate.failure = StorageUnavailable(reason="test")
    gate.open.set()
    expect_problem(desk.post(event), 503, "intake_unavailable")
    gate.failure = None
    assert desk.accepted(event)["event_id"]


def test_a_gateway_that_is_ready_says_so_part_by_part(desk: EdgeDesk) -> None:
    ready = desk.call("GET", "/health/ready")
    assert ready.status_code == httpx.codes.OK
    assert ready.json() == {"status": "ready", "parts": {"database": True, "intake_writer": True}}


def test_a_message_that_dribbles_in_too_slowly_is_given_up(tmp_path: Path) -> None:
    async def dribble() -> Any:  # noqa: ANN401 - an async generator of bytes
        yield b"{"
        await asyncio.Event().wait()

    with opened_edge(sqlite_url(tmp_path), SERVER__BODY_SECONDS_MAX="0.05") as desk:
        answer = desk.call("POST", EVENTS, desk.badge(), content=dribble())
        assert expect_problem(answer, 408, "body_too_slow")["limit_seconds"] == 0.05


def test_a_client_that_leaves_while_it_sends_leaves_nothing_behind(desk: EdgeDesk) -> None:
    sent: list[dict[str, Any]] = []
    incoming: Iterator[dict[str, Any]] = iter(
        [
            {"type": "http.request", "body": b'{"event_type"', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> dict[str, Any]:
        return next(incoming)

    async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
        sent.append(message)

    desk.run(desk.gateway.app(desk.scope("POST", EVENTS, desk.badge()), receive, send))
    assert sent[0]["status"] == 499
    assert desk.post(another_birth()).status_code == httpx.codes.ACCEPTED


def test_a_client_that_leaves_before_the_commit_can_send_again(desk: EdgeDesk, gate: _Gate) -> None:
    event, badge = another_birth(), desk.badge()

    async def leave() -> None:
        post = asyncio.create_task(desk.post_later(event, badge))
        await _reached(gate)
        post.cancel()
        gate.open.set()
        await asyncio.gather(post, return_exceptions=True)

    desk.run(leave())
    answer = desk.post(event)
    assert answer.status_code == httpx.codes.OK, "what was committed for nobody is answered as a repeat"


def test_a_message_in_parts_without_a_length_is_a_message_like_any_other(desk: EdgeDesk) -> None:
    body = desk.encoded(another_birth())
    answer = desk.call("POST", EVENTS, desk.badge(), content=in_parts(body[:100], body[100:]))
    assert answer.status_code == httpx.codes.ACCEPTED
