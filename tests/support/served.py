"""The command `hotich-gateway` as a real process, and a served gateway that answers over HTTP."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.support.source_tree import ROOT

ENTRY = (sys.executable, "-c", "from gateway.cli import app; app()")
SECONDS_MAX = 40
NOWHERE = "http://127.0.0.1:9"
"""Nobody listens there: every call is refused at once."""


def settings_of(database_url: str, *, destinations: bool = True, **more: str) -> dict[str, str]:
    """The environment of a gateway whose destinations are all down; `LOG_LEVEL="error"` sets a setting."""
    found = {"HOTICH_DATABASE_URL": database_url, "HOTICH_SERVER__PORT": "0"}
    if destinations:
        values = {
            "NATIONAL_REGISTRY__BASE_URL": NOWHERE,
            "NATIONAL_REGISTRY__CLIENT_ID": "gateway",
            "NATIONAL_REGISTRY__CLIENT_SECRET": "registry-secret",
            "POPULATION_DB__SERVICE_URL": NOWHERE,
            "POPULATION_DB__USER": "gateway",
            "POPULATION_DB__SECRET": "population-secret",
            "POPULATION_DB__OFFICER_ID": "099180000009",
            "ONE_STOP__BASE_URL": NOWHERE,
            "ONE_STOP__USER": "gateway",
            "ONE_STOP__PASSWORD": "one-stop-secret",
        }
        found |= {f"HOTICH_DESTINATIONS__{name}": value for name, value in values.items()}
    return found | {f"HOTICH_{name}": value for name, value in more.items()}


def run_command(*arguments: str, settings: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run to the end, as a script would."""
    return subprocess.run(
        [*ENTRY, *arguments],
        env=_environment(settings),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


@dataclass
class Served:
    """A running `serve`."""

    process: "subprocess.Popen[str]"
    log: Path
    output: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens."""
        return self._value("address")

    @property
    def first_client(self) -> tuple[str, str] | None:
        """Id and secret of the client that was made because there was none."""
        if not any(line.startswith("first client_id") for line in self.output):
            return None
        return self._value("first client_id"), self._value("first client_secret")

    def call(self, method: str, path: str, token: str | None = None, **more: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes them
        """One request over a real socket."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.request(
            method, self.address + path, headers=headers, timeout=SECONDS_MAX, trust_env=False, **more
        )

    def token(self, client_id: str, client_secret: str) -> str:
        """A bearer token for these credentials."""
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        answer = self.call("POST", "/oauth/token", data=form)
        assert answer.status_code == httpx.codes.OK, answer.text
        token: str = answer.json()["access_token"]
        return token

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and wait; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS_MAX)

    def _value(self, name: str) -> str:
        line = next(each for each in self.output if each.startswith(name + " "))
        return line.removeprefix(name).split()[0]


@contextmanager
def served(*options: str, settings: Mapping[str, str], cwd: Path) -> Iterator[Served]:
    """Start `serve`, hand over when it is ready, kill it at the end if it still runs."""
    log = cwd / "gateway.log"
    with (
        log.open("a", encoding="utf-8") as errors,
        subprocess.Popen(
            [*ENTRY, "serve", *options],
            env=_environment(settings),
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        running = Served(process, log)
        try:
            for line in process.stdout or ():
                running.output.append(line.strip())
                if line.strip() == "ready":
                    break
            assert "ready" in running.output, log.read_text(encoding="utf-8")[-3000:]
            yield running
        finally:
            process.kill()


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTICH_")}
    return kept | {"PYTHONPATH": str(ROOT), **settings}
