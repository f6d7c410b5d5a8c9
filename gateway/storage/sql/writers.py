"""Writers of one SQLite file take turns, and those who queue share a commit: the disk is asked once for all.

The first begins a transaction. Who ends while others wait hands it on as it is; the last, or the one with
whom it has become long, commits for all, and nobody returns before that. Each but the first stands behind a
savepoint, so that a failure undoes the work of one only.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine

from gateway.errors import StorageUnavailable
from gateway.storage.sql.failures import named_failures
from gateway.storage.sql.side_lock import SideLock

_MEMBERS_MAX: Final = 64
_SECONDS_MAX: Final = 0.05
"""An open transaction is not handed on for longer: the first in it is waiting for its commit."""


class _Line:
    """One at a time, first come, first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Event] = deque()

    def enter(self, wait_seconds: float) -> bool:
        """Wait for our turn; false when it did not come in time."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(wait_seconds):
            return True
        with self._lock:
            if called.is_set():  # in the last moment
                return True
            self._waiting.remove(called)
            return False

    def pass_on(self) -> bool:
        """The turn is the next one's; false, and still ours, when nobody waits."""
        with self._lock:
            if not self._waiting:
                return False
            self._waiting.popleft().set()
            return True

    def leave(self) -> None:
        """The turn is the next one's, or nobody's."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False


class _Group:
    """One transaction with the work of several writers; only who has the turn touches it."""

    def __init__(self, engine: Engine, turn: SideLock) -> None:
        self._turn = turn
        self._connection = engine.connect()
        try:
            self._transaction = self._connection.begin()
        except BaseException:
            self._connection.close()
            raise
        self._begun_at = time.monotonic()
        self._members = 0
        self._ended = threading.Event()
        self._error: Exception | None = None

    @property
    def has_ended(self) -> bool:
        """Committed or rolled back."""
        return self._ended.is_set()

    @property
    def has_room(self) -> bool:
        """Another one may join."""
        return self._members < _MEMBERS_MAX and time.monotonic() < self._begun_at + _SECONDS_MAX

    @contextmanager
    def member(self) -> Iterator[Connection]:
        """The work of one; what it raises undoes that work and nothing else."""
        self._members += 1
        if self._members == 1:
            try:
                yield self._connection
            except BaseException:
                self._undo_all(None)
                raise
            return
        try:
            self._connection.exec_driver_sql("SAVEPOINT member")
            yield self._connection
            self._connection.exec_driver_sql("RELEASE member")
        except BaseException:
            self._undo_member()
            raise

    def commit(self) -> None:
        """For all; a failure is told to everybody by `wait`."""
        try:
            self._transaction.commit()
        except Exception as error:  # noqa: BLE001  # whatever it is: it must reach each of those who wait
            self._error = error
            self._connection.invalidate()  # closed, it leaves no half of a transaction behind
        finally:
            self._end()

    def wait(self) -> None:
        """Until the disk has it. Raises `StorageUnavailable` when it will never have it."""
        self._ended.wait()
        if self._error is not None:
            raise StorageUnavailable(reason="not_committed") from self._error

    def _undo_member(self) -> None:
        try:
            self._connection.exec_driver_sql("ROLLBACK TO member")
            self._connection.exec_driver_sql("RELEASE member")
        except Exception as error:  # noqa: BLE001  # as when the disk is full: then SQLite has undone everything
            self._undo_all(error)

    def _undo_all(self, error: Exception | None) -> None:
        self._error = error
        try:
            self._transaction.rollback()
        finally:
            self._end()

    def _end(self) -> None:
        self._turn.give_back()
        try:
            self._connection.close()
        finally:
            self._ended.set()


class Writers:
    """Opens the writing transactions of one process."""

    def __init__(self, engine: Engine, turn: SideLock, wait_seconds: float) -> None:
        self._engine = engine
        self._turn = turn
        self._wait_seconds = wait_seconds
        self._line = _Line()
        self._owner: int | None = None
        self._open: _Group | None = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Wait for our turn, then write; on the disk on leaving, undone on an exception. Not to be nested."""
        if self._owner == threading.get_ident():
            message = "a write transaction was opened inside another one of the same thread"
            raise RuntimeError(message)
        if not self._line.enter(self._wait_seconds):
            raise StorageUnavailable(reason="writer_busy")
        with named_failures():
            group = self._join()
            try:
                with group.member() as connection:
                    yield connection
            finally:
                self._owner = None
                self._leave(group)
            group.wait()

    def _join(self) -> _Group:
        """What was handed on to us, or a new transaction."""
        try:
            group = self._open or self._begin()
        except BaseException:
            self._line.leave()
            raise
        self._open = group
        self._owner = threading.get_ident()
        return group

    def _begin(self) -> _Group:
        """When no other process writes."""
        if not self._turn.take(self._wait_seconds):
            raise StorageUnavailable(reason="writer_busy")
        try:
            return _Group(self._engine, self._turn)
        except BaseException:
            self._turn.give_back()
            raise

    def _leave(self, group: _Group) -> None:
        """Hand it on, or end it."""
        if not group.has_ended and group.has_room and self._line.pass_on():
            return
        self._open = None
        try:
            if not group.has_ended:
                group.commit()
        finally:
            self._line.leave()
