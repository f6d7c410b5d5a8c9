"""The demonstration with real processes: it passes, notices what is broken, leaves no process behind."""

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mappings.canonical import EVENT_TYPES
from tests.support.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
BROKEN_GATEWAY = shlex.join([sys.executable, str(ROOT / "tests" / "support" / "broken_gateway.py")])
EVENTS = 30
ONE_ROUND = 60
"""So many events hold every type at least once."""
RUN_SECONDS_MAX = 180


def _demo(*options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "simulators.demo", "--json", f"--events={EVENTS}", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_SECONDS_MAX,
    )


def _result(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.timeout(RUN_SECONDS_MAX + 20)
def test_a_small_run_carries_every_type_of_event_although_the_gateway_is_killed_under_faults() -> None:
    done = _demo("--seed", "2", f"--events={ONE_ROUND}")
    result = _result(done)
    assert result["disagreements"] == []
    assert done.returncode == 0
    assert result["intake"]["accepted"] == ONE_ROUND
    assert ONE_ROUND / 6 <= result["intake"]["accepted_over_soap"] <= ONE_ROUND / 2
    assert set(result["matters"]) == set(EVENT_TYPES)
    assert all(each["holds"]["national_registry"] >= 1 for each in result["matters"].values())
    assert result["linked_dossiers"] >= 1
    assert result["duplicates_sent"] == result["lost"] == result["breaches"] == 0
    assert result["faults"]["population_db/suspected_duplicate"] >= 1
    assert result["systems"]["national_registry"]["absorbed"] >= 1
    assert all(each["planted"] for each in result["waiting"])


@pytest.mark.timeout(RUN_SECONDS_MAX + 20)
def test_a_gateway_that_does_not_know_already_received_fails_the_run() -> None:
    done = _demo("--seed", "2", "--no-kill", "--gateway-command", BROKEN_GATEWAY)
    result = _result(done)
    assert done.returncode == 1
    assert any("waits for a person without a planted fault" in each for each in result["disagreements"])


def test_a_command_that_is_no_gateway_ends_the_run_with_what_it_said() -> None:
    done = _demo("--gateway-command", f"{sys.executable} -c \"raise SystemExit('no gateway')\"")
    assert done.returncode == 2
    assert "no gateway" in done.stderr


def test_an_interrupted_run_leaves_no_process_behind(tmp_path: Path) -> None:
    mark = tmp_path.name
    process = subprocess.Popen(
        [sys.executable, "-m", "simulators.demo", "--events", str(EVENTS)],
        cwd=ROOT,
        env={**os.environ, "DEMO_OF_TEST": mark},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: len(_family(mark)) >= 3, "sandbox and gateway to run")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    finally:
        process.kill()
    wait_for(lambda: _family(mark) == [], "every process to be gone")


def _family(mark: str) -> list[int]:
    """Processes that were started with the mark in their environment."""
    wanted = f"DEMO_OF_TEST={mark}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found
