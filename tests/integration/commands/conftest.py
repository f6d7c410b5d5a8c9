"""The commands in this process, on an SQLite file of their own."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from tests.support.database import sqlite_url
from tests.support.logs import kept_logging


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Runs `hotich-gateway` with the settings of the test."""

    database_url: str
    set: Callable[[str, str], None]

    def run(self, *arguments: str) -> Result:
        """The finished command; what it did not foresee fails the test."""
        result = CliRunner().invoke(app, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever the command prints
        """What it prints with --json; it must succeed."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CommandLine]:
    for name in [name for name in os.environ if name.startswith("HOTICH_")]:
        monkeypatch.delenv(name)
    url = sqlite_url(tmp_path)
    monkeypatch.setenv("HOTICH_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    with kept_logging():
        yield CommandLine(url, monkeypatch.setenv)
