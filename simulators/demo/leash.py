"""`python leash.py COMMAND…`: becomes the command, and dies with whoever started it (on Linux)."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

SET_PARENT_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG
NO_COMMAND, CANNOT_RUN = 2, 127


def main(command: Sequence[str]) -> int:
    """Replace this process; returns only when that fails."""
    if not command:
        return NO_COMMAND
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the signal was ordered
            return CANNOT_RUN
    try:
        os.execvp(command[0], list(command))  # noqa: S606 - no shell wanted
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
    return CANNOT_RUN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
