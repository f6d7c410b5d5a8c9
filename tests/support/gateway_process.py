"""The real gateway as a process of its own, and the HTTP client of an office that sends to it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.support.killable_gateway import KILL_AT
from tests.support.sandbox import ACCOUNT_NAME, ACCOUNT_SECRET, ROOT, Sandbox
from tests.support.waiting import wait_for

DEADLINE_SECONDS = 40.0
TIME_FACTOR = 10
JsonObject = dict[str, Any]

POLICIES = """
log_level = "info"
sandbox_mode = true
time_factor = {factor}
[delivery]
processes = {processes}
personal_id_wait_seconds = {personal_id_wait_seconds}
threads_per_destination = 2
lease_seconds = 5
idle_poll_seconds = 0.05
upkeep_seconds = 0.1
watch_schedule_seconds = [2, 5]
[delivery.retry]
schedule_seconds = [2, 5]
ask_schedule_seconds = [2, 5]
destination_fault_seconds = 3
[delivery.breaker]
failures_to_open = 3
open_seconds = 5
open_seconds_max = 10
probe_seconds = 3
[destinations.national_registry]
base_url = "{registry}"
client_id = "{user}"
client_secret = "{secret}"
read_seconds = 2
[destinations.population_db]
service_url = "{population}"
user = "{user}"
secret = "{secret}"
officer_id = "099180000009"
read_seconds = 2
[destinations.one_stop]
base_url = "{one_stop}"
user = "{user}"
password = "{secret}"
read_seconds = 2
"""
"""Every policy is divided by the time factor; read_seconds and lease_seconds are real."""


class GatewayEnded(AssertionError):
    """The gateway is not there any more; the message is the end of its log."""


@dataclass
class GatewayProcess:
    """One installation: a database, settings, and at most one running process."""

    folder: Path
    sandbox: Sandbox
    database_url: str = ""
    personal_id_wait_seconds: float = 1.0
    processes: int = 1
    """That deliver."""
    more_settings: str = ""
    """Further sections of the settings file."""
    process: "subprocess.Popen[str] | None" = field(default=None, init=False)
    address: str = field(default="", init=False)
    client: tuple[str, str] | None = field(default=None, init=False)
    token: str | None = field(default=None, init=False)

    def start(self, kill_at: str | None = None) -> None:
        """Return when it accepts, or when it is dead already."""
        (self.folder / "hotich.toml").write_text(self._settings(), encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HOTICH_")}
        environment |= {"HOTICH_CONFIG": str(self.folder / "hotich.toml"), "HOTICH_DATABASE_URL": self._url()}
        if kill_at is not None:
            environment[KILL_AT] = kill_at
        with self.log.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.killable_gateway", "serve", "--port", "0"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        is_ready = self._listen(self.process.stdout or ())
        assert is_ready or kill_at is not None, self.log_tail()

    def kill(self) -> None:
        """SIGKILL: no time to tidy up."""
        if self.process is not None:
            self.process.kill()
            self._forget(self.process)

    def stop(self) -> None:
        """SIGTERM, as an operator would."""
        if self.process is not None:
            self.process.terminate()
            self._forget(self.process)

    def wait_until_killed(self) -> None:
        """The process must die by the signal, not by an error of its own."""
        process = self.process
        assert process is not None
        wait_for(lambda: process.poll() is not None, "the gateway reaches its kill point", DEADLINE_SECONDS)
        assert process.returncode == -signal.SIGKILL, self.log_tail()
        self._forget(process)

    @property
    def log(self) -> Path:
        """What all its processes wrote."""
        return self.folder / "gateway.log"

    def log_tail(self) -> str:
        """The end of it."""
        return self.log.read_text(encoding="utf-8")[-3000:]

    def post(self, event: Mapping[str, Any]) -> JsonObject | None:
        """The receipt, or None when the connection broke before there was one."""
        answer = self._call("POST", "/api/v1/events", event)
        if answer is None:
            return None
        assert answer.status_code in {200, 202}, answer.text
        receipt: JsonObject = answer.json()
        return receipt

    def get(self, path: str) -> JsonObject | None:
        """A JSON answer, or None when the connection broke."""
        answer = self._call("GET", path)
        if answer is None:
            return None
        assert answer.status_code == httpx.codes.OK, answer.text
        found: JsonObject = answer.json()
        return found

    def is_ready(self) -> bool:
        """Whether every part says that it works."""
        answer = self._call("GET", "/health/ready")
        return answer is not None and answer.status_code == httpx.codes.OK

    def operate(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, token: str | None = None
    ) -> JsonObject:
        """A call that must succeed; by the first client unless a token says otherwise."""
        own, self.token = self.token, token or self.token
        try:
            answer = self._call(method, path, body)
        finally:
            self.token = own if token else self.token
        assert answer is not None, self.log_tail()
        assert answer.is_success, answer.text
        found: JsonObject = answer.json()
        return found

    def act(self, delivery_id: str, act: str) -> None:
        """What an operator does with a delivery."""
        answer = self._call(
            "POST", f"/api/v1/deliveries/{delivery_id}/{act}", {"reason": "the test wants it"}
        )
        assert answer is not None, self.log_tail()
        assert answer.status_code == httpx.codes.OK, answer.text

    def journey(self, event_id: str) -> JsonObject:
        """The event's journey."""
        found = self.get(f"/api/v1/events/{event_id}")
        if found is None:
            raise GatewayEnded(self.log_tail())
        return found

    def get_story(self, event_id: str, step: str) -> JsonObject:
        """One delivery of the journey, by the name of its step."""
        found = self.find_story(event_id, step)
        assert found is not None, (event_id, step)
        return found

    def find_story(self, event_id: str, step: str) -> JsonObject | None:
        """None when that step is not planned."""
        deliveries: list[JsonObject] = self.journey(event_id)["deliveries"]
        return next((each for each in deliveries if each["step"] == step), None)

    def wait_for_state(self, event_id: str, step: str, state: str) -> JsonObject:
        """Wait until a delivery stands there."""
        return wait_for(
            lambda: found if (found := self.find_story(event_id, step)) and found["state"] == state else None,
            f"{step} of {event_id} becomes {state}",
            DEADLINE_SECONDS,
            lambda: self.find_story(event_id, step),
        )

    def wait_until_complete(self, event_id: str, last_step: str = "one_stop_progress.completed") -> None:
        """Wait until the last follow-up is planned, and everything that was planned is done."""
        wait_for(
            lambda: self._is_complete(event_id, last_step),
            f"{event_id} is delivered",
            DEADLINE_SECONDS,
            lambda: (self.journey(event_id)["deliveries"], self.log_tail()),
        )

    def _is_complete(self, event_id: str, last_step: str) -> bool:
        journey = self.journey(event_id)
        return bool(journey["is_complete"]) and last_step in {each["step"] for each in journey["deliveries"]}

    def _listen(self, lines: Iterable[str]) -> bool:
        """Read what it says until `ready`; false when it ended before."""
        client_id = ""
        for line in lines:
            match line.split():
                case ["first", "client_id", value]:
                    client_id = value
                case ["first", "client_secret", value, *_]:
                    self.client = (client_id, value)
                case ["address", value]:
                    self.address = value
                case ["ready"]:
                    return True
        return False

    def _forget(self, process: "subprocess.Popen[str]") -> None:
        process.wait(DEADLINE_SECONDS)
        if process.stdout is not None:
            process.stdout.close()
        self.process = None

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response | None:
        try:
            headers = {"Authorization": f"Bearer {self._bearer()}"}
            return httpx.request(
                method, self.address + path, json=body, headers=headers, timeout=20, trust_env=False
            )
        except httpx.TransportError:
            return None

    def _bearer(self) -> str:
        """Tokens outlive the process: they are on disk."""
        if self.token is None:
            assert self.client is not None, self.log_tail()
            client_id, client_secret = self.client
            form = {
                "grant_type": "client_credentials",
                "client_id": client_id,
                "client_secret": client_secret,
            }
            answer = httpx.post(self.address + "/oauth/token", data=form, timeout=20, trust_env=False)
            assert answer.status_code == httpx.codes.OK, answer.text
            self.token = answer.json()["access_token"]
        return self.token

    def _settings(self) -> str:
        settings = POLICIES.format(
            factor=TIME_FACTOR,
            processes=self.processes,
            personal_id_wait_seconds=self.personal_id_wait_seconds * TIME_FACTOR,
            registry=self.sandbox.addresses["national_registry"],
            population=self.sandbox.addresses["population_db"],
            one_stop=self.sandbox.addresses["one_stop"],
            user=ACCOUNT_NAME,
            secret=ACCOUNT_SECRET,
        )
        return settings + self.more_settings

    def _url(self) -> str:
        return self.database_url or f"sqlite:///{self.folder / 'hotich.db'}"
