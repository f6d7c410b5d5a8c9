"""Batches: a result a line, in order; what has a result is stored; whatever breaks off can be sent again."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.errors import StorageUnavailable
from gateway.model.submission import IntakeResult, ValidSubmission
from gateway.receive.walk import Committer
from gateway.storage.ports import Role
from tests.support.database import sqlite_url
from tests.support.edge_desk import Badge, EdgeDesk, expect_problem, in_parts, opened_edge
from tests.support.events import a_change
from tests.support.submissions import another_birth

BATCH = "/api/v1/events/batch"
SECONDS_MAX = 20


def _lines(*events: Mapping[str, Any] | bytes) -> bytes:
    return b"".join((each if isinstance(each, bytes) else EdgeDesk.encoded(each)) + b"\n" for each in events)


def _results(answer: httpx.Response) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    *results, last = [json.loads(line) for line in answer.text.splitlines()]
    assert [result["line"] for result in results] == list(range(1, len(results) + 1))
    return results, last["summary"]


def _post(desk: EdgeDesk, body: bytes | AsyncIterator[bytes], badge: Badge | None = None) -> httpx.Response:
    return desk.call("POST", BATCH, badge or desk.badge(), content=body)


def test_every_line_has_its_own_result_in_the_order_of_the_lines(desk_on_both: EdgeDesk) -> None:
    first = another_birth()
    other = first | {"note": "Khác"}
    faulty = another_birth() | {"registration": {}}
    body = _lines(first, b"", b"not JSON", faulty, first, other, another_birth())
    results, summary = _results(_post(desk_on_both, body))
    assert [result["status"] for result in results] == [202, 422, 422, 422, 200, 409, 202]
    sources = [result["source_event_id"] for result in results]
    known = first["source_event_id"]
    assert sources == [known, None, None, faulty["source_event_id"], known, known, sources[-1]]
    assert results[4]["receipt"] == results[0]["receipt"]
    codes = [[error["code"] for error in each["problem"]["errors"]] for each in results[1:4]]
    assert codes[:2] == [["line_blank"], ["body_not_json"]]
    assert len(codes[2]) > 1, "all faults of a line at once"
    assert results[5]["problem"]["code"] == "idempotency_key_reused"
    assert results[5]["problem"]["first_event_id"] == results[0]["receipt"]["event_id"]
    assert summary == {"complete": True, "lines": 7, "accepted": 2, "repeated": 1, "refused": 4}


def test_a_line_that_is_too_long_stops_nothing(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), SERVER__BODY_BYTES_MAX="8000") as desk:
        body = _lines(another_birth(), b'"' + b"x" * 50_000 + b'"', another_birth())
        results, summary = _results(_post(desk, in_parts(body[:9_000], body[9_000:])))
    assert [result["status"] for result in results] == [202, 413, 202]
    assert results[1]["problem"]["limit_bytes"] == 8000
    assert summary["complete"] is True


def test_the_second_time_everything_gets_its_first_receipt(desk_on_both: EdgeDesk) -> None:
    body = _lines(*(another_birth() for _ in range(30)))
    first, _ = _results(_post(desk_on_both, body))
    again, summary = _results(_post(desk_on_both, body))
    assert [each["receipt"] for each in again] == [each["receipt"] for each in first]
    assert (summary["accepted"], summary["repeated"]) == (0, 30)


def test_what_a_single_post_accepted_is_repeated_by_a_batch(desk: EdgeDesk) -> None:
    event = another_birth()
    receipt = desk.accepted(event)
    results, _ = _results(_post(desk, _lines(event)))
    assert results[0]["receipt"] == receipt


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages each transaction held."""
    found: list[int] = []
    commit = Committer.__call__

    def counted(committer: Committer[Any], submissions: Sequence[ValidSubmission]) -> list[IntakeResult]:
        found.append(len(submissions))
        return commit(committer, submissions)

    monkeypatch.setattr(Committer, "__call__", counted)
    return found


def test_thousands_of_lines_share_few_transactions(desk: EdgeDesk, sizes: list[int]) -> None:
    results, summary = _results(_post(desk, _lines(*(another_birth() for _ in range(1500)))))
    assert {result["status"] for result in results} == {202}
    assert summary["accepted"] == 1500
    assert len(sizes) < 150, sizes


def test_no_more_lines_are_in_flight_than_allowed(tmp_path: Path, sizes: list[int]) -> None:
    with opened_edge(sqlite_url(tmp_path), BATCHES__LINES_IN_FLIGHT_MAX="3") as desk:
        _, summary = _results(_post(desk, _lines(*(another_birth() for _ in range(40)))))
    assert summary["accepted"] == 40
    assert max(sizes) <= 3


def test_a_batch_waits_where_single_posts_are_turned_away(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), INTAKE__QUEUE_MAX="1", INTAKE__BATCH_MAX="1") as desk:
        _, summary = _results(_post(desk, _lines(*(another_birth() for _ in range(25)))))
    assert summary["accepted"] == 25


def test_a_line_may_name_an_event_of_a_line_before_it(desk: EdgeDesk) -> None:
    birth = another_birth()
    change = a_change(
        source_event_id="TDCC-1",
        amends={"source_event_id": birth["source_event_id"]},
        registration__registered_at="2026-11-16T09:30:00+07:00",
    )
    results, _ = _results(_post(desk, _lines(birth, change)))
    alone, _ = _results(
        _post(desk, _lines(a_change(source_event_id="TDCC-2", amends={"source_event_id": "-"})))
    )
    assert [each["code"] for each in alone[0]["problem"]["errors"]] == ["earlier_event_unknown"]
    assert [result["status"] for result in results] == [202, 202], results[1]["problem"]["errors"]


def test_a_client_without_token_or_role_learns_it_as_from_a_single_post(desk: EdgeDesk) -> None:
    expect_problem(desk.call("POST", BATCH, content=b"{}"), 401, "unauthenticated")
    expect_problem(_post(desk, b"{}", desk.badge("reader", Role.CONSUMER)), 403, "forbidden")


def test_an_empty_batch_is_complete(desk: EdgeDesk) -> None:
    results, summary = _results(_post(desk, b""))
    assert (results, summary["complete"], summary["lines"]) == ([], True, 0)


def test_a_revoked_client_is_stopped_between_two_parts(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), SECURITY__TOKEN_CACHE_SECONDS="0.001") as desk:
        badge = desk.badge()

        async def revoked_after_one() -> AsyncIterator[bytes]:
            yield _lines(another_birth())
            desk.clock.advance(1)
            desk.gateway.clients.revoke(badge.client_id, desk.clock())
            yield _lines(another_birth())

        results, summary = _results(_post(desk, revoked_after_one(), badge))
    assert [result["status"] for result in results] == [202]
    assert summary["complete"] is False
    assert summary["problem"]["code"] == "unauthenticated"


def test_a_client_that_falls_silent_gets_what_it_has_a_right_to_and_is_let_go(tmp_path: Path) -> None:
    async def silent() -> AsyncIterator[bytes]:
        yield _lines(another_birth()) + b'{"half'
        await asyncio.Event().wait()

    with opened_edge(sqlite_url(tmp_path), SERVER__BODY_SECONDS_MAX="0.5") as desk:
        results, summary = _results(_post(desk, silent()))
    assert [result["status"] for result in results] == [202]
    assert (summary["complete"], summary["problem"]["code"]) == (False, "body_too_slow")


def test_a_store_that_is_away_ends_the_batch_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> list[IntakeResult]:
        raise StorageUnavailable(reason="test")

    async def endless() -> AsyncIterator[bytes]:
        yield _lines(another_birth())
        await asyncio.Event().wait()

    with opened_edge(sqlite_url(tmp_path)) as desk, monkeypatch.context() as patch:
        patch.setattr(Committer, "__call__", away)
        results, summary = _results(_post(desk, endless()))
    assert [result["status"] for result in results] == [503]
    assert (summary["complete"], summary["problem"]["code"]) == (False, "intake_unavailable")


def test_only_so_many_batches_run_at_once_and_a_place_becomes_free_again(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), BATCHES__BATCHES_MAX="1") as desk:
        badge = desk.badge()

        async def crowd() -> tuple[httpx.Response, httpx.Response]:
            go_on, begun = asyncio.Event(), asyncio.Event()

            async def slow() -> AsyncIterator[bytes]:
                begun.set()
                yield _lines(another_birth())
                await go_on.wait()

            first = asyncio.create_task(desk._request("POST", BATCH, content=slow(), headers=badge.header))  # noqa: SLF001 - on the loop of the desk
            await begun.wait()
            second = await desk._request("POST", BATCH, content=b"", headers=badge.header)  # noqa: SLF001 - on the same loop, while the first runs
            go_on.set()
            return await first, second

        first, second = desk.run(crowd())
        expect_problem(second, 429, "too_many_requests")
        assert _results(first)[1]["accepted"] == 1
        assert _results(_post(desk, b""))[1]["complete"] is True


class _Leaving:
    """A client that sends its lines, reads some results, and hangs up."""

    def __init__(self, body: bytes, results: int) -> None:
        self.read: list[bytes] = []
        self._body, self._results = body, results
        self._left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self._body:
            part, self._body = self._body[:20_000], self._body[20_000:]
            return {"type": "http.request", "body": part, "more_body": True}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:  # noqa: ANN401 - an ASGI message
        if self._left.is_set():
            return  # as a server does for a connection that is gone
        self.read.extend(message.get("body", b"").splitlines())
        if len(self.read) >= self._results:
            self._left.set()


def test_a_client_that_hangs_up_finds_all_its_results_stored(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), BATCHES__LINES_IN_FLIGHT_MAX="10") as desk:
        badge = desk.badge()
        events = [another_birth() for _ in range(200)]
        client = _Leaving(_lines(*events), 20)

        async def converse() -> None:
            async with asyncio.timeout(SECONDS_MAX):
                await desk.gateway.app(desk.scope("POST", BATCH, badge), client.receive, client.send)

        desk.run(converse())
        answered = [json.loads(line) for line in client.read]
        assert len(answered) >= 20
        again, summary = _results(_post(desk, _lines(*events), badge))
    for before in answered:
        if "line" in before:
            assert again[before["line"] - 1]["receipt"] == before["receipt"], "a result is a promise"
    assert summary["accepted"] + summary["repeated"] == 200


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    opened, commit = threading.Event(), Committer.__call__

    def gated(committer: Committer[Any], submissions: Sequence[ValidSubmission]) -> list[IntakeResult]:
        assert opened.wait(SECONDS_MAX)
        return commit(committer, submissions)

    monkeypatch.setattr(Committer, "__call__", gated)
    yield opened
    opened.set()


def test_nothing_is_answered_before_it_is_committed(desk: EdgeDesk, gate: threading.Event) -> None:
    badge, sent = desk.badge(), []
    parts = [{"type": "http.request", "body": _lines(another_birth()), "more_body": False}]

    async def receive() -> dict[str, Any]:
        if parts:
            return parts.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
        sent.append(message)

    async def converse() -> None:
        talk = asyncio.create_task(desk.gateway.app(desk.scope("POST", BATCH, badge), receive, send))
        await asyncio.sleep(0.3)
        assert [message["type"] for message in sent] == ["http.response.start"]
        gate.set()
        async with asyncio.timeout(SECONDS_MAX):
            await talk

    desk.run(converse())
    assert b'"status":202' in b"".join(message.get("body", b"") for message in sent)
