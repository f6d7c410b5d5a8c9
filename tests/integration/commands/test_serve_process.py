"""`serve` as a real process: it tells where it listens, keeps what it accepted, and ends when it is told to."""

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.support.database import emptied, sqlite_url
from tests.support.served import Served, run_command, served, settings_of
from tests.support.submissions import another_birth


def _first_token(running: Served) -> str:
    client = running.first_client
    assert client is not None
    return running.token(*client)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_says_ready_and_ends_well_when_told_to(tmp_path: Path, number: signal.Signals) -> None:
    with served(settings=settings_of(sqlite_url(tmp_path)), cwd=tmp_path) as running:
        assert running.output[-1] == "ready"
        assert running.call("GET", "/health/live").json() == {"status": "alive"}
        assert running.call("GET", "/health/ready").status_code == httpx.codes.OK
        assert running.stop(number) == 0
    for line in (tmp_path / "gateway.log").read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["event"]


def test_what_was_accepted_is_there_after_a_restart_and_nobody_is_introduced_twice(tmp_path: Path) -> None:
    settings = settings_of(f"sqlite:///{tmp_path / 'new' / 'hotich.db'}")
    with served(settings=settings, cwd=tmp_path) as running:
        token = _first_token(running)
        event = another_birth()
        first = running.call("POST", "/api/v1/events", token, json=event)
        assert first.status_code == httpx.codes.UNPROCESSABLE_ENTITY or first.status_code == httpx.codes.ACCEPTED
        assert running.stop() == 0
    with served(settings=settings, cwd=tmp_path) as running:
        assert running.first_client is None
        again = running.call("POST", "/api/v1/events", token, json=event)
        assert again.content == first.content
