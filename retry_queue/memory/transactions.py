"""Transactions over plain dictionaries: one writer at a time, undone step by step on an exception."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import TypeVar

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


class ReadOnly(RuntimeError):
    """A reading transaction writes nothing."""


class Closed(RuntimeError):
    """The transaction is over."""


class MemoryTransaction:
    """Writes through to dictionaries and remembers how to take it back."""

    def __init__(self, *, read_only: bool) -> None:
        self._read_only = read_only
        self._undo: list[Callable[[], object]] = []
        self._is_open = True

    def put(self, mapping: dict[KeyT, ValueT], key: KeyT, value: ValueT) -> None:
        """Set one entry."""
        self._require_writing()
        if key in mapping:
            self._undo.append(partial(mapping.__setitem__, key, mapping[key]))
        else:
            self._undo.append(partial(mapping.pop, key, None))
        mapping[key] = value

    def drop(self, mapping: dict[KeyT, ValueT], key: KeyT) -> None:
        """Remove one entry, if it is there."""
        self._require_writing()
        if key in mapping:
            self._undo.append(partial(mapping.__setitem__, key, mapping.pop(key)))

    def undo_with(self, act: Callable[[ValueT], object], value: ValueT) -> None:
        """How to take back a change that is neither of these."""
        self._require_writing()
        self._undo.append(partial(act, value))

    def require_open(self) -> None:
        """A database would refuse a closed transaction; so do we. Raises `Closed`."""
        if not self._is_open:
            raise Closed(Closed.__doc__)

    def close(self) -> None:
        """Nothing can be done in it any more."""
        self._is_open = False

    def roll_back(self) -> None:
        """Take everything back, last first."""
        while self._undo:
            self._undo.pop()()

    def _require_writing(self) -> None:
        self.require_open()
        if self._read_only:
            raise ReadOnly(ReadOnly.__doc__)


class MemoryTransactions:
    """Opens them one after another, so that each sees what the last one left."""

    def __init__(self) -> None:
        self._lock = Lock()

    @contextmanager
    def write(self) -> Iterator[MemoryTransaction]:
        """Commit on leaving, roll back on an exception."""
        with self._lock:
            transaction = MemoryTransaction(read_only=False)
            try:
                yield transaction
            except BaseException:
                transaction.roll_back()
                raise
            finally:
                transaction.close()

    @contextmanager
    def read(self) -> Iterator[MemoryTransaction]:
        """Nobody writes meanwhile."""
        with self._lock:
            transaction = MemoryTransaction(read_only=True)
            try:
                yield transaction
            finally:
                transaction.close()
