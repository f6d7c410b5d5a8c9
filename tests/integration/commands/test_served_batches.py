"""Batches over real sockets: results come while lines go; a client that reads last is not left waiting."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.database import sqlite_url
from tests.support.edge_desk import EdgeDesk
from tests.support.served import Served, served, settings_of
from tests.support.submissions import another_birth
from tests.support.waiting import wait_for

BATCH = "/api/v1/events/batch"
SECONDS_MAX = 40


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Served]:
    with served(settings=settings_of(sqlite_url(tmp_path)), cwd=tmp_path) as gateway:
        yield gateway


def _token(gateway: Served) -> str:
    client = gateway.first_client
    assert client is not None
    return gateway.token(*client)


def _line() -> bytes:
    return EdgeDesk.encoded(another_birth()) + b"\n"


def test_a_result_comes_back_before_the_next_line_is_sent(running: Served) -> None:
    """The next line is sent only after the result of the one before it has been read."""
    address = httpx.URL(running.address)
    with socket.create_connection((address.host, address.port or 80), SECONDS_MAX) as connection:
        connection.settimeout(SECONDS_MAX)
        head = (
            f"POST {BATCH} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {_token(running)}\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
        )
        connection.sendall(head.encode())
        answer, results = connection.makefile("rb"), 0
        for _ in range(5):
            line = _line()
            connection.sendall(f"{len(line):x}\r\n".encode() + line + b"\r\n")
            while not (read := answer.readline()).startswith(b"{"):
                assert read, "the answer ended early"
            assert json.loads(read)["status"] == 202
            results += 1
        connection.sendall(b"0\r\n\r\n")
        assert b'"complete":true' in answer.read()
    assert results == 5


def test_a_client_that_reads_only_after_it_has_sent_everything_gets_every_result(running: Served) -> None:
    """Results of some megabytes, more than sockets hold: they wait on disk."""
    body = b'{"not":"an event","number":%d}\n'
    lines = 6_000
    with httpx.Client(trust_env=False, timeout=SECONDS_MAX) as client:
        answer = client.post(
            running.address + BATCH,
            content=b"".join(body % number for number in range(lines)),
            headers={"Authorization": f"Bearer {_token(running)}"},
        )
    *results, last = answer.text.splitlines()
    assert len(answer.content) > 2_000_000
    assert [json.loads(each)["line"] for each in results] == list(range(1, lines + 1))
    assert json.loads(last)["summary"]["refused"] == lines


def test_a_client_that_vanishes_leaves_a_gateway_that_serves_the_next(running: Served) -> None:
    token = _token(running)
    address = httpx.URL(running.address)
    line = _line()
    for _ in range(10):  # more than there are places for batches
        with socket.create_connection((address.host, address.port or 80), SECONDS_MAX) as connection:
            head = f"POST {BATCH} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\n"
            connection.sendall(f"{head}Content-Length: 100000000\r\n\r\n".encode() + line)
            assert connection.recv(9) == b"HTTP/1.1 "
    answers: list[httpx.Response] = []

    def is_let_in() -> bool:
        answers.append(running.call("POST", BATCH, token, content=line))
        return answers[-1].status_code == httpx.codes.OK

    wait_for(is_let_in, "the places of those who left are free")
    assert json.loads(answers[-1].text.splitlines()[0])["status"] in {200, 202}
    assert running.stop() == 0
