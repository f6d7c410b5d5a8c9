"""A lock between processes of one machine: an empty file beside the database, held by whoever has it locked.

The kernel queues those who wait, wakes the next at once, and lets go when a process ends, however it ends.
SQLite's own lock is asked again and again, with pauses that grow to a tenth of a second; while all of them
sleep nobody writes.
"""

import fcntl
import os
from pathlib import Path
from threading import Condition, Thread
from typing import Final

_MODE: Final = 0o600


class SideLock:
    """One holder at a time among all processes; of this process one thread at a time may ask.

    The kernel cannot be told how long to wait, so a thread of ours waits in it for whoever finds the lock
    taken. What that thread gets when nobody wants it any more it gives back at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own: int | None = None
        self._held: int | None = None
        self._waiter: _Waiter | None = None

    def take(self, wait_seconds: float) -> bool:
        """Wait for it; false when it did not come in time."""
        if self._own is None:
            self._own = open_lock(self._path)
        if try_lock(self._own):
            self._held = self._own
            return True
        if self._waiter is None:
            self._waiter = _Waiter(open_lock(self._path))
        if self._waiter.take(wait_seconds):
            self._held = self._waiter.file
        return self._held is not None

    def give_back(self) -> None:
        """The next one's, of whatever process."""
        held, self._held = self._held, None
        if held is not None:
            fcntl.flock(held, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file."""
        if self._own is not None:
            os.close(self._own)
        if self._waiter is not None:
            self._waiter.close()
        self._own = self._held = self._waiter = None


class _Waiter:
    """Waits in the kernel for others; on a file of its own, for a lock belongs to the file as opened."""

    def __init__(self, file: int) -> None:
        self.file = file
        self._state = Condition()
        self._is_asking = self._is_wanted = self._is_granted = self._is_closed = False
        self._thread = Thread(target=self._serve, name="write-turn", daemon=True)
        self._thread.start()

    def take(self, wait_seconds: float) -> bool:
        """False when it did not come in time."""
        with self._state:
            self._is_wanted = True
            self._is_asking = (
                True  # it may be so already: somebody gave up, and his place in the line is ours
            )
            self._state.notify_all()
            found = self._state.wait_for(lambda: self._is_granted, wait_seconds)
            self._is_wanted = self._is_granted = False
            return found

    def close(self) -> None:
        """The thread closes the file; if it waits in the kernel, when it comes back."""
        with self._state:
            self._is_closed = True
            self._state.notify_all()

    def _serve(self) -> None:
        try:
            while self._is_called():
                fcntl.flock(self.file, fcntl.LOCK_EX)
                self._hand_over()
        finally:
            os.close(self.file)

    def _is_called(self) -> bool:
        with self._state:
            self._state.wait_for(lambda: self._is_asking or self._is_closed)
            return not self._is_closed

    def _hand_over(self) -> None:
        with self._state:
            self._is_asking = False
            if self._is_wanted:
                self._is_granted = True
                self._state.notify_all()
            else:
                fcntl.flock(self.file, fcntl.LOCK_UN)


def open_lock(path: Path) -> int:
    """The file, made if it is not there. Made by root it is the folder's owner's, who must open it, too."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.fchown(file, folder.st_uid, folder.st_gid)
    return file


def try_lock(file: int) -> bool:
    """Without waiting."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
