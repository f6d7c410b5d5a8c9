"""Child processes that say when they are ready, can be killed, and never outlive the demonstration."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

LEASH = Path(__file__).with_name("leash.py")
READY = "ready"
STOP_SECONDS, LOG_LINES_SHOWN = 10.0, 30


class ChildFailed(Exception):
    """A child ended, or did not become ready; the message holds the end of its log."""

    def __init__(self, name: str, log: Path) -> None:
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        end = "\n".join(text.splitlines()[-LOG_LINES_SHOWN:])
        super().__init__(f"{name} ended or did not become ready; the end of its log:\n{end}")


class Child:
    """One process in a session of its own, so that Ctrl-C at the terminal reaches only the demonstration."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self._log_path = folder / f"{name}.log"
        self._said: queue.Queue[str | None] = queue.Queue()
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(LEASH), *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=dict(environment),
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Say whether it lives."""
        return self._process.poll() is None

    def wait_ready(self, seconds: float) -> list[str]:
        """Lines printed up to `ready`; raises `ChildFailed`."""
        lines: list[str] = []
        while True:
            try:
                line = self._said.get(timeout=seconds)
            except queue.Empty:
                line = None
            if line is None:
                raise ChildFailed(self.name, self._log_path)
            if line == READY:
                return lines
            lines.append(line)

    def check(self) -> None:
        """Raise `ChildFailed` when it has ended by itself."""
        if not self.is_running:
            raise ChildFailed(self.name, self._log_path)

    def kill(self) -> None:
        """SIGKILL, as if the power went."""
        self._signal(signal.SIGKILL)
        self._process.wait(STOP_SECONDS)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for whatever is still there afterwards."""
        if self.is_running:
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self._process.wait(STOP_SECONDS)

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._said.put(line.strip())
        self._said.put(None)
