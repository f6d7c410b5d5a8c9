"""The simulated national systems as a process of their own, and the hand on their control port.

A `conftest.py` wraps `running_sandbox` in a fixture of the scope it needs and calls `reset` before each test.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT_NAME = "gateway"
ACCOUNT_SECRET = "sandbox-secret"
STOP_SECONDS_MAX = 20
CONTROL_SECONDS_MAX = 20
PORTS = ("--national-registry-port", "--population-db-port", "--one-stop-port", "--control-port")


class SandboxDidNotStart(RuntimeError):
    """The simulators ended before they were ready; the message is what they wrote."""


class Sandbox:
    """Addresses and control port of running simulators."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self.addresses = addresses
        """`control`, `national_registry`, `population_db` (with its path), `one_stop`."""
        self._control = httpx.Client(
            base_url=addresses["control"], timeout=CONTROL_SECONDS_MAX, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._control.close()

    def reset(self) -> None:
        """Forget what the systems hold, their tokens and the fault plan."""
        self._call("POST", "/reset")

    def plan(self, *faults: Mapping[str, object], seed: int = 1) -> None:
        """Put a fault plan in force; counts begin anew."""
        self._call("PUT", "/faults", {"seed": seed, "faults": list(faults)})

    def clear_plan(self) -> None:
        """Let everything work."""
        self._call("DELETE", "/faults")

    def advance(self, seconds: float) -> None:
        """Push the simulators' time forward."""
        self._call("POST", "/clock/advance", {"seconds": seconds})

    def planted(self, system: str) -> list[dict[str, Any]]:
        """Faults that really struck one system, oldest first."""
        found: list[dict[str, Any]] = self._call("GET", f"/faults/planted?system={system}")["planted"]
        return found

    def records(self, system: str) -> list[dict[str, Any]]:
        """What one system holds, in the order of commitment."""
        found: list[dict[str, Any]] = self._call("GET", f"/journal?system={system}")["records"]
        return found

    def summary(self, system: str) -> dict[str, Any]:
        """Counts of one system: held, repeats_absorbed, duplicates, refused, by_operation."""
        found: dict[str, Any] = self._call("GET", "/journal/summary")[system]
        return found

    def _call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        answer = self._control.request(method, path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def running_sandbox(*options: str) -> Iterator[Sandbox]:
    """Start the simulators on free ports, hand over when they are ready, stop them at the end."""
    arguments = [
        "--json",
        "--clerk-seconds",
        "0",
        *(word for name in PORTS for word in (name, "0")),
        *options,
    ]
    with _process(arguments) as process:
        try:
            with Sandbox(_addresses(process)) as sandbox:
                yield sandbox
        finally:
            process.terminate()
            process.wait(STOP_SECONDS_MAX)


def _process(arguments: Sequence[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "simulators", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def _addresses(process: "subprocess.Popen[str]") -> Mapping[str, str]:
    """Read the line with the addresses, then wait for `ready`; the end of the output means that it failed."""
    lines: list[str] = []
    for line in process.stdout or ():
        if line.strip() == "ready":
            return {**json.loads("".join(lines))["addresses"]}
        lines.append(line)
    raise SandboxDidNotStart("".join(lines))
