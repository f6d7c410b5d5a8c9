"""The turn to write goes from process to process: the kernel hands it on, and takes it from the dead."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.storage.sql.side_lock import SideLock, open_lock, try_lock

SOON, PATIENTLY = 0.05, 30.0
HOLDS = """
import sys
from pathlib import Path
from gateway.storage.sql.side_lock import SideLock
lock = SideLock(Path(sys.argv[1]))
assert lock.take(30)
print("held", flush=True)
sys.stdin.readline()
lock.give_back()
sys.stdin.readline()
"""


@contextmanager
def holder(file: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that has the lock, and gives it back at the first line that it is told."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert (process.stdout or sys.stdin).readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def give_back(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("give back\n")
    process.stdin.flush()


def is_free(file: Path) -> bool:
    with file.open() as probe:
        return try_lock(probe.fileno())


def test_one_holder_at_a_time_and_the_next_gets_it_when_it_is_given_back(tmp_path: Path) -> None:
    file = tmp_path / "turn"
    ours = SideLock(file)
    with holder(file) as other, ThreadPoolExecutor(1) as threads:
        assert not ours.take(SOON)
        waiting = threads.submit(ours.take, PATIENTLY)
        give_back(other)
        assert waiting.result()
        assert not is_free(file)
    ours.give_back()
    assert is_free(file)
    ours.close()


def test_what_the_dead_held_is_free(tmp_path: Path) -> None:
    ours = SideLock(tmp_path / "turn")
    with holder(tmp_path / "turn") as other, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(ours.take, PATIENTLY)
        other.kill()
        assert waiting.result()
    ours.close()


def test_who_gave_up_does_not_keep_what_comes_too_late(tmp_path: Path) -> None:
    file = tmp_path / "turn"
    ours = SideLock(file)
    with holder(file) as other:
        assert not ours.take(SOON)
        give_back(other)
        # The thread that was left waiting gets it now, and gives it back; a third one gets it in the end.
        third = SideLock(file)
        assert third.take(PATIENTLY)
        third.give_back()
        third.close()
    assert ours.take(PATIENTLY)
    ours.give_back()
    assert is_free(file)
    ours.close()


def test_two_processes_take_turns_many_times(tmp_path: Path) -> None:
    """Each counts up what the other left; a turn held by both would lose a count."""
    file, number, turns = tmp_path / "turn", tmp_path / "number", 300
    number.write_text("0", encoding="utf-8")
    program = """
import sys
from pathlib import Path
from gateway.storage.sql.side_lock import SideLock
lock, number = SideLock(Path(sys.argv[1])), Path(sys.argv[2])
for _ in range(int(sys.argv[3])):
    assert lock.take(30)
    number.write_text(str(int(number.read_text()) + 1))
    lock.give_back()
"""
    command = [sys.executable, "-c", program, str(file), str(number), str(turns)]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [each.wait(40) for each in processes] == [0, 0]
    assert number.read_text(encoding="utf-8") == str(2 * turns)


def test_closing_lets_go(tmp_path: Path) -> None:
    file = tmp_path / "turn"
    ours = SideLock(file)
    assert ours.take(SOON)
    ours.close()
    assert is_free(file)


def test_what_root_makes_belongs_to_whoever_has_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that root has run must not keep the gateway of another user from starting."""
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda _file, user, group: given.append((user, group)))
    os.close(open_lock(tmp_path / "some.db-turn"))
    folder = tmp_path.stat()
    assert given == [(folder.st_uid, folder.st_gid)]


def test_who_is_not_root_gives_nothing_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "fchown", lambda *_: pytest.fail("only root may do that"))
    os.close(open_lock(tmp_path / "some.db-turn"))
