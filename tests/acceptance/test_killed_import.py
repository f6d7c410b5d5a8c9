"""An import of an old book that is killed or told to stop in the middle, and goes on by the same command."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gateway.operations.clients import ClientRegister
from gateway.storage.ports import Role
from gateway.storage.sql.clients import SqlClients
from tests.support.books import a_birth_row, write_xlsx
from tests.support.database import opened, sqlite_url
from tests.support.source_tree import ROOT
from tests.support.submissions import RECEIVED_AT
from tests.support.waiting import wait_for

ROWS = 150
ENTRY = (sys.executable, "-c", "from gateway.cli import app; app()")
SECONDS_MAX = 200.0


class _Office:
    """A database, a client, and a book."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "hotich.db"
        self.report = folder / "report.xlsx"
        rows = [a_birth_row(number) for number in range(1, ROWS + 1)]
        self.book = write_xlsx(folder / "00691.KS.1995.01.xlsx", rows)
        with opened(sqlite_url(folder)) as database:
            register = ClientRegister(database, SqlClients(), os.urandom, 3_600)
            units, roles = frozenset({"02", "08"}), frozenset({Role.SENDER})
            register.add("digitisers", units, roles, RECEIVED_AT)

    @property
    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("HOTICH_")}
        url = f"sqlite:///{self.database}"
        return own | {"HOTICH_DATABASE_URL": url, "HOTICH_IMPORTS__ROWS_PER_COMMIT": "5"}

    @contextmanager
    def importing(self) -> Iterator["subprocess.Popen[str]"]:
        """The command under way."""
        command = ("import", str(self.book), "--client", "digitisers", "--json", "--report", str(self.report))
        with subprocess.Popen(
            [*ENTRY, *command], env=self._environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            yield process

    def complete(self) -> dict[str, Any]:
        """The same command again, to its end."""
        with self.importing() as process:
            told, _ = process.communicate(timeout=SECONDS_MAX)
        assert process.returncode == 0, told
        document: dict[str, Any] = json.loads(told)
        return document

    def counts(self) -> tuple[int, int, int]:
        """Events, deliveries, jobs."""
        tables = ("events", "deliveries", "queue_jobs")
        with closing(sqlite3.connect(self.database)) as connection:
            found = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]  # noqa: S608 - names of ours
        return found[0], found[1], found[2]

    def is_in_the_middle(self) -> bool:
        """Some rows are stored and some are not."""
        return 0 < self.counts()[0] < ROWS


@pytest.mark.timeout(500)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_lost_or_there_twice_after_a_break(tmp_path: Path, number: signal.Signals) -> None:
    office = _Office(tmp_path)
    with office.importing() as process:
        wait_for(office.is_in_the_middle, "some rows are stored", SECONDS_MAX)
        process.send_signal(number)
        told, _ = process.communicate(timeout=SECONDS_MAX)
    stored = office.counts()
    assert 0 < stored[0] < ROWS
    assert set(stored) == {stored[0]}  # whole transactions only
    if number is signal.SIGTERM:
        assert process.returncode == 130
        document = json.loads(told)
        assert (document["complete"], document["accepted"]) == (False, document["rows"])
        assert 0 < document["accepted"] <= stored[0]
        assert len(openpyxl.load_workbook(office.report).sheetnames) == 3
    again = office.complete()
    assert (again["complete"], again["repeated"], again["accepted"]) == (True, stored[0], ROWS - stored[0])
    assert set(office.counts()) == {ROWS}
