"""`serve` as a real process: says where it listens, keeps what it accepted, ends when it is told to."""

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.support.database import emptied, sqlite_url
from tests.support.served import Served, run_command, served, settings_of
from tests.support.submissions import another_birth
from tests.support.waiting import wait_for


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
        assert first.status_code == httpx.codes.ACCEPTED, first.text
        assert running.stop() == 0
    with served(settings=settings, cwd=tmp_path) as running:
        assert running.first_client is None
        again = running.call("POST", "/api/v1/events", token, json=event)
        assert (again.status_code, again.content) == (200, first.content)


def test_a_client_added_while_the_gateway_runs_can_work_at_once_until_it_is_revoked(tmp_path: Path) -> None:
    settings = settings_of(sqlite_url(tmp_path), SECURITY__TOKEN_CACHE_SECONDS="0.001")
    with served(settings=settings, cwd=tmp_path) as running:
        added = run_command(
            "client", "add", "UBND xã", "--authority", "00691", "--json", settings=settings, cwd=tmp_path
        )
        client = json.loads(added.stdout)
        token = running.token(client["client_id"], client["client_secret"])
        assert running.call("POST", "/api/v1/events", token, json=another_birth()).status_code == 202
        gone = run_command("client", "revoke", client["client_id"], settings=settings, cwd=tmp_path)
        assert gone.returncode == 0, gone.stderr
        assert running.call("GET", "/api/v1/schemas", token).status_code == httpx.codes.UNAUTHORIZED


def test_attempts_at_destinations_that_are_down_are_counted(tmp_path: Path) -> None:
    settings = settings_of(sqlite_url(tmp_path))
    with served(settings=settings, cwd=tmp_path) as running:
        token = _first_token(running)
        running.call("POST", "/api/v1/events", token, json=another_birth())
        wanted = 'hotich_attempts_total{destination="one_stop",outcome="not_sent",verb="send"}'
        wait_for(
            lambda: wanted in running.call("GET", "/metrics", token).text,
            "the attempt is counted",
            explain=lambda: running.call("GET", "/metrics", token).text,
        )


def test_a_port_that_is_taken_ends_it_with_an_error(tmp_path: Path) -> None:
    settings = settings_of(sqlite_url(tmp_path))
    with served(settings=settings, cwd=tmp_path) as running:
        port = running.address.rsplit(":", 1)[1]
        second = run_command("serve", "--port", port, settings=settings, cwd=tmp_path)
        assert second.returncode != 0
        assert "ready" not in second.stdout


@pytest.mark.parametrize("role", ["api", "worker"])
def test_one_role_alone_is_refused_on_sqlite(tmp_path: Path, role: str) -> None:
    refused = run_command("serve", "--role", role, settings=settings_of(sqlite_url(tmp_path)), cwd=tmp_path)
    assert refused.returncode == 2
    assert "PostgreSQL" in refused.stderr


def test_serving_without_destinations_is_an_error_that_says_what_to_set(tmp_path: Path) -> None:
    settings = settings_of(sqlite_url(tmp_path), destinations=False)
    refused = run_command("serve", settings=settings, cwd=tmp_path)
    assert refused.returncode == 1
    assert "destinations.national_registry" in refused.stderr


@pytest.mark.postgres
def test_two_processes_that_get_the_same_event_at_once_make_one_of_it(
    tmp_path: Path, postgres_url: str
) -> None:
    settings, events = (
        settings_of(emptied(postgres_url), destinations=False),
        [another_birth() for _ in range(5)],
    )
    options = ("--role", "api")
    with (
        served(*options, settings=settings, cwd=tmp_path) as one,
        served(*options, settings=settings, cwd=tmp_path) as other,
        ThreadPoolExecutor(8) as senders,
    ):
        token = _first_token(one)
        for event in events:
            answers = list(
                senders.map(
                    lambda served_by, sent=event: served_by.call("POST", "/api/v1/events", token, json=sent),
                    [one, other] * 4,
                )
            )
            assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
            assert len({answer.content for answer in answers}) == 1
        found = one.call("GET", f"/api/v1/events?source_event_id={events[-1]['source_event_id']}", token)
        assert len(found.json()["events"]) == 1
        assert (one.stop(), other.stop()) == (0, 0)


@pytest.mark.postgres
def test_processes_that_start_at_once_on_an_empty_database_introduce_one_client(
    tmp_path: Path, postgres_url: str
) -> None:
    settings = settings_of(emptied(postgres_url), destinations=False)

    def start(number: int) -> tuple[bool, int]:
        folder = tmp_path / str(number)
        folder.mkdir()
        with served("--role", "api", settings=settings, cwd=folder) as running:
            return running.first_client is not None, running.stop()

    with ThreadPoolExecutor(2) as starters:
        outcomes = list(starters.map(start, range(2)))
    assert sorted(outcomes) == [(False, 0), (True, 0)]


@pytest.mark.postgres
def test_a_worker_process_delivers_and_accepts_nothing(tmp_path: Path, postgres_url: str) -> None:
    settings = settings_of(emptied(postgres_url))
    with served("--role", "worker", settings=settings, cwd=tmp_path) as running:
        token = _first_token(running)
        refused = running.call("POST", "/api/v1/events", token, json=another_birth())
        assert refused.status_code == httpx.codes.METHOD_NOT_ALLOWED
        assert refused.headers["allow"] == "GET"
        parts = running.call("GET", "/health/ready").json()["parts"]
        assert "intake_writer" not in parts
        assert parts["workers.one_stop"] is True
        assert running.stop() == 0
