"""`serve` with several delivering processes: what a destination bears holds for all of them together."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.database import emptied, sqlite_url
from tests.support.served import Served, run_command, served, settings_of
from tests.support.submissions import another_birth
from tests.support.waiting import wait_for
from tests.support.watched_partner import WatchedPartner, watched_partner

PROCESSES = 2
BIRTHS = 30
ATTEMPT_SECONDS = 0.05
STOPPED = 'hotich_destination_stopped{by="breaker",destination="national_registry"} 1.0'


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    return emptied(request.getfixturevalue("postgres_url"))


@contextmanager
def delivering(url: str, folder: Path, partner: WatchedPartner, **more: str) -> Iterator[tuple[Served, str]]:
    """All processes are at work."""
    settings = settings_of(
        url,
        DELIVERY__PROCESSES=str(PROCESSES),
        DELIVERY__IDLE_POLL_SECONDS="0.1",
        DESTINATIONS__NATIONAL_REGISTRY__BASE_URL=partner.address,
        DESTINATIONS__POPULATION_DB__SERVICE_URL=f"{partner.address}/dancuquocgia",
        DESTINATIONS__ONE_STOP__BASE_URL=partner.address,
    )
    settings |= {f"HOTICH_{name}": value for name, value in more.items()}
    with served(settings=settings, cwd=folder) as running:
        client = running.first_client
        assert client is not None
        wait_for(lambda: len(told(running, "deliverer.ready")) == PROCESSES - 1, "all processes deliver")
        yield running, running.token(*client)
        assert running.stop() == 0


def told(running: Served, event: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in running.log.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["event"] == event]


def hand_in(running: Served, token: str, births: int) -> None:
    lines = [json.dumps(another_birth(), ensure_ascii=False) for _ in range(births)]
    answer = running.call("POST", "/api/v1/events/batch", token, content="\n".join(lines).encode())
    assert answer.text.count('"event_id"') == births, answer.text


def test_attempts_at_once_are_counted_over_all_processes(database_url: str, tmp_path: Path) -> None:
    pace = {"DELIVERY__PACING__NATIONAL_REGISTRY__CONCURRENCY_MAX": "2"}
    with (
        watched_partner(ATTEMPT_SECONDS) as partner,
        delivering(database_url, tmp_path, partner, **pace) as (running, token),
    ):
        hand_in(running, token, BIRTHS)
        wait_for(lambda: partner.asked >= BIRTHS, "all are delivered", explain=lambda: partner.asked)
        wait_for(lambda: len(recorded_by(running)) == BIRTHS, "all are recorded")
        assert partner.peak == 2
        assert set(partner.bodies.values()) == {1}
        assert set(recorded_by(running)) == {1, 2}


def test_a_destination_that_is_down_is_probed_by_one_process_at_a_time(tmp_path: Path) -> None:
    breaker = {"DELIVERY__BREAKER__FAILURES_TO_OPEN": "1", "DELIVERY__BREAKER__OPEN_SECONDS": "0.2"}
    with (
        watched_partner(ATTEMPT_SECONDS) as partner,
        delivering(sqlite_url(tmp_path), tmp_path, partner, **breaker) as (running, token),
    ):
        partner.is_down = True
        hand_in(running, token, BIRTHS)
        wait_for(lambda: STOPPED in running.call("GET", "/metrics", token).text, "the breaker opens")
        before = partner.asked

        def three_came_alone() -> bool:
            """Not counting what was in somebody's hands when the breaker opened."""
            nonlocal before
            if partner.peak > 1 and recorded(running) == partner.asked:
                partner.peak, before = 0, partner.asked
            return partner.asked >= before + 3 and partner.peak == 1

        wait_for(three_came_alone, "probes, one at a time", 60.0, lambda: (partner.asked, partner.peak))
        partner.is_down = False
        wait_for(lambda: len(partner.bodies) == BIRTHS, "all are delivered", explain=lambda: partner.asked)


def test_more_processes_than_are_sensible_are_refused(tmp_path: Path) -> None:
    settings = settings_of(sqlite_url(tmp_path), DELIVERY__PROCESSES="17")
    refused = run_command("serve", settings=settings, cwd=tmp_path)
    assert refused.returncode == 2
    assert "HOTICH_DELIVERY__PROCESSES" in refused.stderr


def recorded(running: Served) -> int:
    """Attempts at the registry that all processes have recorded."""
    attempted = told(running, "delivery.attempted")
    return sum(line["destination"] == "national_registry" for line in attempted)


def recorded_by(running: Served) -> list[int]:
    """The number of the process, for each dossier that the registry took."""
    attempted = [line for line in told(running, "delivery.attempted") if line["outcome"] == "accepted"]
    return [line.get("process", 1) for line in attempted if line["destination"] == "national_registry"]
