"""The most memory that another process ever took, and what it cost: asked of the kernel."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SAMPLE_SECONDS: Final = 0.05
_PEAK: Final = re.compile(r"VmHWM:\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process that has ended took."""

    status: int
    seconds: float
    processor_seconds: float
    peak_mebibytes: float
    """Of resident memory."""
    output: str


class Peak:
    """Grows while it is watched; the kernel keeps the highest value, so no peak falls between samples."""

    def __init__(self) -> None:
        self.mebibytes = 0.0


@contextmanager
def watched_peak(process_id: int) -> Iterator[Peak]:
    """Ask from time to time until the end; Linux only, elsewhere it stays zero."""
    peak, has_ended = Peak(), threading.Event()
    status = Path(f"/proc/{process_id}/status")

    def watch() -> None:
        while not has_ended.wait(_SAMPLE_SECONDS):
            _look(status, peak)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
        _look(status, peak)
    finally:
        has_ended.set()
        watcher.join()


def run_watched(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run to the end; what it says on standard error is nobody's business."""
    begun = time.perf_counter()
    with subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        with watched_peak(process.pid) as peak:
            output = "" if process.stdout is None else process.stdout.read()
            _, ended, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(ended)
    seconds = time.perf_counter() - begun
    return Cost(process.returncode, seconds, used.ru_utime + used.ru_stime, peak.mebibytes, output)


def _look(status: Path, peak: Peak) -> None:
    try:
        found = _PEAK.search(status.read_text(encoding="utf-8"))
    except OSError:
        return
    if found is not None:
        peak.mebibytes = max(peak.mebibytes, int(found[1]) / 1024)
