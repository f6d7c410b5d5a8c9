"""The stage of a run: sandbox, gateway, a client of the gateway, and the hand on the control port."""

import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import httpx

from simulators.demo.processes import Child
from simulators.demo.settings import DemoSettings
from simulators.local_registry.client import Credentials
from simulators.local_registry.places import PROVINCE

START_SECONDS, COMMAND_SECONDS, CONTROL_SECONDS = 60.0, 60.0, 20.0
CLERK_SECONDS = 0.8
ACCOUNT, OFFICER_ID = "gateway", "099180000009"
SYSTEMS = ("national_registry", "population_db", "one_stop")


class CommandFailed(Exception):
    """A command of the gateway failed; the message is what it said."""

    def __init__(self, words: Sequence[str], said: str) -> None:
        super().__init__(f"{' '.join(words)}: {said}")


class Control:
    """The sandbox's control port."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=CONTROL_SECONDS, trust_env=False)

    def put_faults(self, plan: Mapping[str, Any]) -> None:
        """Put a plan in force; `from_seconds` counts from now."""
        self._call("PUT", "/faults", plan)

    def add_people(self, people: Sequence[Mapping[str, str]]) -> None:
        """Tell the population register who lives here."""
        self._call("POST", "/people", {"people": list(people)})

    def journal(self, system: str) -> dict[str, Any]:
        """Everything one system holds, absorbed and refused."""
        return self._call("GET", f"/journal?system={system}")

    def summary(self) -> dict[str, Any]:
        """Counts of all three."""
        return self._call("GET", "/journal/summary")

    def planted(self) -> list[dict[str, Any]]:
        """Faults that really struck, oldest first."""
        found: list[dict[str, Any]] = self._call("GET", "/faults/planted")["planted"]
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer = self._http.request(method, path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


class Stage:
    """Open between `set_up` and `close`; the gateway may be killed and comes back at another address."""

    def __init__(self, settings: DemoSettings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._secret = secrets.token_urlsafe(16)
        self._lock = threading.Lock()
        self._address = ""
        self._sandbox: Child | None = None
        self._gateway: Child | None = None
        self._control: Control | None = None
        self._environment: dict[str, str] = {}
        self.kills = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for child in (self._gateway, self._sandbox):
            if child is not None:
                child.stop()
        if self._control is not None:
            self._control.close()

    @property
    def control(self) -> Control:
        """The control port; only after `set_up`."""
        if self._control is None:
            raise RuntimeError
        return self._control

    def address(self) -> str:
        """Where the gateway listens now."""
        with self._lock:
            return self._address

    def set_up(self) -> Credentials:
        """Start both processes and register the communes' software as a client."""
        addresses = self._start_sandbox()
        self._control = Control(addresses["control"])
        self._environment = self._gateway_environment(addresses)
        self._command("migrate")
        credentials = self._add_client()
        self.start_gateway()
        return credentials

    def start_gateway(self) -> None:
        """Start it on a free port and wait until it accepts."""
        command = (*self._settings.gateway_command, "serve")
        self._gateway = Child("gateway", command, self._environment, self._folder)
        lines = self._gateway.wait_ready(START_SECONDS)
        found = [line.removeprefix("address ") for line in lines if line.startswith("address ")]
        with self._lock:
            self._address = found[0]

    def check(self) -> None:
        """Raise `ChildFailed` when a process has ended that should run."""
        for child in (self._sandbox, self._gateway):
            if child is not None:
                child.check()

    def kill_gateway(self) -> None:
        """SIGKILL and start again on the same database."""
        if self._gateway is not None:
            self._gateway.kill()
            self.kills += 1
        self.start_gateway()

    def _start_sandbox(self) -> dict[str, str]:
        ports = [f"--{name}-port=0" for name in ("national-registry", "population-db", "one-stop", "control")]
        options = (
            *("--json", "--known-only", "--people=0", f"--seed={self._settings.seed}"),
            *(f"--clerk-seconds={CLERK_SECONDS}", f"--account-name={ACCOUNT}"),
            f"--account-secret={self._secret}",
        )
        command = (sys.executable, "-m", "simulators", *ports, *options)
        self._sandbox = Child("sandbox", command, _environment_with_sources(), self._folder)
        lines = self._sandbox.wait_ready(START_SECONDS)
        found: dict[str, str] = json.loads("".join(lines))["addresses"]
        return found

    def _gateway_environment(self, addresses: Mapping[str, str]) -> dict[str, str]:
        found = {
            "HOTICH_DATABASE_URL": f"sqlite:///{self._folder / 'hotich.db'}",
            "HOTICH_SANDBOX_MODE": "true",
            "HOTICH_TIME_FACTOR": str(self._settings.time_factor),
            "HOTICH_SERVER__PORT": "0",
            "HOTICH_LOG_LEVEL": "warning",
            "HOTICH_SOAP__PASSWORD_KEY": secrets.token_urlsafe(32),
        }
        of_destinations = {
            "NATIONAL_REGISTRY__BASE_URL": addresses["national_registry"],
            "NATIONAL_REGISTRY__CLIENT_ID": ACCOUNT,
            "NATIONAL_REGISTRY__CLIENT_SECRET": self._secret,
            "POPULATION_DB__SERVICE_URL": addresses["population_db"],
            "POPULATION_DB__USER": ACCOUNT,
            "POPULATION_DB__SECRET": self._secret,
            "POPULATION_DB__OFFICER_ID": OFFICER_ID,
            "ONE_STOP__BASE_URL": addresses["one_stop"],
            "ONE_STOP__USER": ACCOUNT,
            "ONE_STOP__PASSWORD": self._secret,
        }
        for system in SYSTEMS:
            of_destinations[f"{system.upper()}__CONNECT_SECONDS"] = "1"
            of_destinations[f"{system.upper()}__READ_SECONDS"] = str(self._settings.answers_within_seconds)
        found |= {f"HOTICH_DESTINATIONS__{name}": value for name, value in of_destinations.items()}
        return {**_environment_with_sources(), **found}

    def _add_client(self) -> Credentials:
        """One client for all communes of the province, which may also read the operators' view."""
        said = self._command(
            *("client", "add", "Demonstration", "--authority", PROVINCE),
            *("--role", "sender", "--role", "operator", "--json"),
        )
        made = json.loads(said)
        return Credentials(made["client_id"], made["client_secret"], made.get("soap_password", ""))

    def _command(self, *words: str) -> str:
        """What a command of the gateway prints; raises `CommandFailed`."""
        done = subprocess.run(
            (*self._settings.gateway_command, *words),
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )
        if done.returncode != 0:
            raise CommandFailed(words, f"{done.stdout}\n{done.stderr}")
        return done.stdout


def _environment_with_sources() -> dict[str, str]:
    """Ours without any setting of a gateway; children find the packages where we found them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTICH_")}
    sources = str(Path(__file__).resolve().parents[2])
    before = kept.get("PYTHONPATH")
    return {**kept, "PYTHONPATH": f"{sources}{os.pathsep}{before}" if before else sources}
