"""Further processes are started, heard, started again and stopped; the programs here only speak."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.bootstrap import deliverers as module
from gateway.bootstrap.deliverer_words import counts_line
from gateway.bootstrap.deliverers import Deliverers, Program
from gateway.observability.metrics import AttemptCount, Metrics
from gateway.settings import read_settings
from tests.support.database import sqlite_url
from tests.support.served import settings_of
from tests.support.waiting import wait_for

DELIVERED = AttemptCount("one_stop", "send", "accepted", 2.0)
COUNTED = 'hotich_attempts_total{destination="one_stop",outcome="accepted",verb="send"}'
ENDED = "hotich_processes_ended_total"
PART = "processes.2"
SPEAKS = f"""
import json, os, sys
orders = json.loads(sys.stdin.readline())
def say(line): os.write(1, line)
delivered, nothing = {counts_line([DELIVERED])!r}, {counts_line([])!r}
open("pids", "a").write(str(os.getpid()) + "\\n")
"""
LISTENS = "stop = sys.stdin.readline()\n"


class Scene:
    """One further process, its folder, and what the gateway has counted."""

    def __init__(self, folder: Path, program: str, silent_seconds_max: float) -> None:
        self.metrics = Metrics()
        self._pids = folder / "pids"
        self.deliverers = Deliverers(
            2,
            read_settings(settings_of(sqlite_url(folder))),
            self.metrics,
            Program((sys.executable, "-c", SPEAKS + program), silent_seconds_max),
        )

    def value(self, name: str) -> float:
        lines = [line for line in self.metrics.render().decode().splitlines() if line.startswith(name)]
        return float(lines[0].rsplit(" ", 1)[1]) if lines else 0.0

    def pids(self) -> list[int]:
        found = self._pids.read_text(encoding="utf-8").split("\n")[:-1] if self._pids.exists() else []
        return [int(each) for each in found]

    def is_well(self) -> bool:
        return self.deliverers.parts[PART]()


StartScene = Callable[..., "Iterator[Scene]"]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "RESTART_SECONDS", 0.2)
    monkeypatch.chdir(tmp_path)


@contextmanager
def started(folder: Path, program: str, silent_seconds_max: float = 30.0) -> Iterator[Scene]:
    scene = Scene(folder, program, silent_seconds_max)
    scene.deliverers.start(())
    try:
        yield scene
    finally:
        scene.deliverers.stop_soon(5)
        scene.deliverers.wait()
    assert not any(is_there(pid) for pid in scene.pids())


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_it_counts_is_counted_by_the_gateway(tmp_path: Path) -> None:
    with started(tmp_path, "say(delivered + delivered)\n" + LISTENS) as scene:
        wait_for(lambda: scene.value(COUNTED) == 2, "both are counted")
        assert scene.value('hotich_delivered_seconds_sum{destination="one_stop"}') == 4
        assert scene.is_well()


def test_a_killed_one_is_unwell_until_the_next_speaks_and_no_count_goes_backwards(tmp_path: Path) -> None:
    program = """
say(delivered)
import time
while not os.path.exists("may_speak") and open("pids").read().count("\\n") > 1: time.sleep(0.01)
say(delivered)
"""
    with started(tmp_path, program + LISTENS) as scene:
        wait_for(lambda: scene.value(COUNTED) == 2, "the first has spoken")
        os.kill(scene.pids()[0], signal.SIGKILL)
        wait_for(lambda: scene.value(ENDED) == 1, "its end is seen")
        wait_for(lambda: len(scene.pids()) == 2, "another one is started")
        (tmp_path / "may_speak").touch()
        wait_for(lambda: scene.value(COUNTED) == 4, "what the second counts comes on top")
        assert scene.is_well()


def test_one_that_has_ended_is_unwell_as_long_as_no_other_speaks(tmp_path: Path) -> None:
    program = "import time\nwhile open('pids').read().count('\\n') > 1: time.sleep(0.01)\nsay(nothing)\n"
    with started(tmp_path, program) as scene:
        wait_for(lambda: len(scene.pids()) == 2, "the first has ended, the second is started and silent")
        assert not scene.is_well()
        (tmp_path / "pids").write_text(f"{scene.pids()[1]}\n", encoding="utf-8")
        wait_for(lambda: scene.value(ENDED) >= 2, "the second has spoken and ended")


def test_one_that_falls_silent_is_killed_and_replaced(tmp_path: Path) -> None:
    program = "say(delivered)\nimport signal\nos.kill(os.getpid(), signal.SIGSTOP)\n"
    with started(tmp_path, program, silent_seconds_max=0.3) as scene:
        wait_for(lambda: len(scene.pids()) >= 2, "another one is started")
        assert not is_there(scene.pids()[0])


def test_one_that_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    program = Program(("/nowhere/to/be/found",))
    metrics = Metrics()
    deliverers = Deliverers(2, read_settings(settings_of(sqlite_url(tmp_path))), metrics, program)
    deliverers.start(())
    wait_for(lambda: f"{ENDED} 2.0" in metrics.render().decode(), "two tries")
    assert not deliverers.parts[PART]()
    deliverers.stop_soon(5)
    deliverers.wait()


def test_a_stop_is_told_and_the_last_counts_are_heard(tmp_path: Path) -> None:
    with started(tmp_path, "say(nothing)\n" + LISTENS + "assert '5' in stop\nsay(delivered)\n") as scene:
        wait_for(scene.pids, "it runs")
    assert scene.value(COUNTED) == 1
    assert scene.value(ENDED) == 0


def test_one_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "say(nothing)\nimport time\nwhile True: time.sleep(1)\n", 30.0)
    scene.deliverers.start(())
    wait_for(scene.pids, "it runs")
    scene.deliverers.stop_soon(0.2)
    scene.deliverers.wait()
    assert not is_there(scene.pids()[0])
