"""`doctor` says what is unwell and what to do; the destinations' answers are played to it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from gateway.commands import doctor
from gateway.storage.sql.sqlite import SqliteLibrary
from tests.integration.commands.conftest import CommandLine
from tests.support.served import settings_of

REGISTRY, POPULATION, ONE_STOP = (
    "http://registry.test/bus",
    "https://population.test/ws",
    "http://one-stop.test",
)


@pytest.fixture
def set_up(command_line: CommandLine) -> CommandLine:
    """A machine with everything set."""
    for name, value in settings_of(command_line.database_url).items():
        command_line.set(name, value)
    command_line.set("HOTICH_DESTINATIONS__NATIONAL_REGISTRY__BASE_URL", REGISTRY)
    command_line.set("HOTICH_DESTINATIONS__POPULATION_DB__SERVICE_URL", POPULATION)
    command_line.set("HOTICH_DESTINATIONS__ONE_STOP__BASE_URL", ONE_STOP)
    return command_line


def _findings(command_line: CommandLine, exit_code: int) -> dict[str, dict[str, Any]]:
    result = command_line.run("doctor", "--json")
    assert result.exit_code == exit_code, result.output
    return {each["subject"]: each for each in json.loads(result.stdout)}


@pytest.fixture
def partners() -> Iterator[respx.MockRouter]:
    """Three destinations that say that they do not know the path; a test may tell one to do otherwise."""
    with respx.mock(assert_all_called=False) as router:
        for address in (REGISTRY, POPULATION, ONE_STOP):
            router.get(address).respond(404)
        yield router


@pytest.mark.usefixtures("partners")
def test_a_machine_that_is_well_ends_with_status_0(set_up: CommandLine) -> None:
    findings = _findings(set_up, 0)
    assert set(findings) == {
        "python",
        "sqlite",
        "disk",
        "database",
        "mappings",
        "national_registry",
        "population_db",
        "one_stop",
    }
    assert all(each["well"] and not each["remedy"] for each in findings.values())
    assert "pysqlite3" in findings["sqlite"]["what"]


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("silent"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("babble"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_destination_that_cannot_be_reached_is_named_with_the_remedy(
    set_up: CommandLine, partners: respx.MockRouter, error: httpx.TransportError
) -> None:
    partners.get(POPULATION).mock(side_effect=error)
    finding = _findings(set_up, 1)["population_db"]
    assert not finding["well"]
    assert finding["what"] == f"population.test: {type(error).__name__}"
    assert "network" in finding["remedy"]


@pytest.mark.parametrize("status", [200, 401, 404, 500])
def test_any_answer_shows_that_the_way_is_open(
    set_up: CommandLine, partners: respx.MockRouter, status: int
) -> None:
    partners.get(REGISTRY).respond(status)
    assert _findings(set_up, 0)["national_registry"]["what"] == f"registry.test answers (HTTP {status})"


def test_credentials_are_neither_sent_nor_shown(set_up: CommandLine, partners: respx.MockRouter) -> None:
    set_up.set("HOTICH_DESTINATIONS__ONE_STOP__BASE_URL", "http://user:hush@one-stop.test")
    shown = set_up.run("doctor").output
    assert "hush" not in shown
    assert len(partners.calls) == 3
    for call in partners.calls:
        assert "authorization" not in call.request.headers


@pytest.mark.usefixtures("partners")
def test_an_address_that_is_none_is_told(set_up: CommandLine) -> None:
    set_up.set("HOTICH_DESTINATIONS__ONE_STOP__BASE_URL", "http://one-stop:port")
    with respx.mock(assert_all_called=False):
        assert _findings(set_up, 1)["one_stop"]["what"] == "not an address"


def test_destinations_that_are_not_set_are_told(command_line: CommandLine) -> None:
    finding = _findings(command_line, 1)["destinations"]
    assert (finding["well"], finding["what"]) == (False, "none set")
    assert "--with-sandbox" in finding["remedy"]


def test_a_database_that_is_not_migrated_is_told(command_line: CommandLine, tmp_path: Path) -> None:
    command_line.set("HOTICH_DATABASE_URL", f"sqlite:///{tmp_path / 'fresh.db'}")
    finding = _findings(command_line, 1)["database"]
    assert "revision none" in finding["what"]
    assert "hotich-gateway migrate" in finding["remedy"]


def test_a_file_that_is_no_database_is_told(command_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Kính gửi Ủy ban nhân dân " * 100, encoding="utf-8")
    command_line.set("HOTICH_DATABASE_URL", f"sqlite:///{file}")
    finding = _findings(command_line, 1)["database"]
    assert not finding["well"]
    assert "HOTICH_DATABASE_URL" in finding["remedy"]


def test_a_slow_disk_is_told(command_line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "sync_milliseconds", lambda _folder: doctor.SLOW_SYNC_MILLISECONDS)
    finding = _findings(command_line, 1)["disk"]
    assert not finding["well"]
    assert "slow" in finding["remedy"]


def test_a_disk_that_cannot_be_written_is_told(
    command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> float:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor, "sync_milliseconds", refuse)
    finding = _findings(command_line, 1)["disk"]
    assert "Permission denied" in finding["what"]


def test_the_disk_is_really_measured_and_nothing_is_left_behind(tmp_path: Path) -> None:
    assert doctor.sync_milliseconds(tmp_path) > 0
    assert list(tmp_path.iterdir()) == []


def test_an_old_sqlite_is_told(command_line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    old = SqliteLibrary("sqlite3", "3.40.1", has_wal_reset_fix=False)
    monkeypatch.setattr(doctor, "sqlite_library", lambda: old)
    finding = _findings(command_line, 1)["sqlite"]
    assert "3.40.1" in finding["what"]
    assert "pysqlite3" in finding["remedy"]
