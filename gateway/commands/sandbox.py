"""`sandbox` and `demo`: the simulators run as programs of their own; nothing here imports them."""

import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from gateway.commands.output import fail
from gateway.settings import Settings

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
ACCOUNT = "gateway"
STOP_SECONDS = 10.0
SANDBOX_OFFICER = "099180000009"
"""An invented officer; place code 099 belongs to no place."""


def sandbox(context: typer.Context) -> None:
    """Run the three simulated national systems (ports 9101, 9102, 9103; control 9100) until stopped.

    All options are those of the simulators; try `hotich-gateway sandbox --help-simulators`.

    Example: hotich-gateway sandbox --seed 7 --clerk-seconds 0
    """
    arguments = ["--help" if text == "--help-simulators" else text for text in context.args]
    _become("simulators", arguments)


def demo(
    events: Annotated[int, typer.Option(min=1, help="How many events to generate and post.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people, events and faults.")] = 1,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Post generated events through sandbox and gateway under faults, and judge by the simulators' journals.

    Ends by itself; status 0 only if every event got where the law wants it.

    Example: hotich-gateway demo --events 100 --seed 3
    """
    arguments = ["--events", str(events), "--seed", str(seed), *(["--json"] if as_json else [])]
    _become("simulators.demo", arguments)


def _become(module: str, arguments: list[str]) -> None:
    """Replace this process, so that signals and the exit status are the program's own."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - no shell wanted


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """Simulators started beside the gateway."""

    process: subprocess.Popen[str]
    addresses: dict[str, str]
    secret: str

    def stop(self) -> None:
        """End them with us."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def applied_to(self, settings: Settings) -> Settings:
        """The settings with the simulators as destinations."""
        destinations = {
            "national_registry": {
                "base_url": self.addresses["national_registry"],
                "client_id": ACCOUNT,
                "client_secret": self.secret,
            },
            "population_db": {
                "service_url": self.addresses["population_db"],
                "user": ACCOUNT,
                "secret": self.secret,
                "officer_id": SANDBOX_OFFICER,
            },
            "one_stop": {"base_url": self.addresses["one_stop"], "user": ACCOUNT, "password": self.secret},
        }
        changes: dict[str, Any] = {"destinations": destinations, "sandbox_mode": True}
        return Settings.model_validate({**settings.model_dump(exclude={"destinations"}), **changes})


def start_sandbox() -> RunningSandbox:
    """Start the simulators on their usual ports and wait until they accept."""
    secret = secrets.token_urlsafe(16)
    command = [
        sys.executable,
        "-m",
        "simulators",
        "--json",
        "--account-name",
        ACCOUNT,
        "--account-secret",
        secret,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    lines = process.stdout
    first = lines.readline() if lines is not None else ""
    if not first.startswith("{"):
        process.kill()
        process.wait()
        fail("The sandbox did not start: its ports 9100 to 9103 may be in use.")
    if lines is not None:
        lines.readline()
    return RunningSandbox(process, json.loads(first)["addresses"], secret)
