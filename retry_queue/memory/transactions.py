"""Transactions over plain dictionaries: one writer at a time, undone step by step on an exception."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from threading import Lock
from types import TracebackType
from typing import TypeVar

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


class ReadOnly(RuntimeError):
    """A reading transaction writes nothing."""


class Closed(RuntimeError):
    """The transaction is over."""


class MemoryTransaction:
    """Writes through to dictionaries and remembers how to take it back."""

    __slots__ = ("_is_open", "_read_only", "_undo")

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
        if not self._is_open:
            raise Closed(Closed.__doc__)
        if self._read_only:
            raise ReadOnly(ReadOnly.__doc__)


class _Span:
    """From opening a transaction to leaving it; a class, because simulations open a million of them."""

    __slots__ = ("_lock", "_transaction")

    def __init__(self, lock: Lock, *, read_only: bool) -> None:
        self._lock = lock
        self._transaction = MemoryTransaction(read_only=read_only)

    def __enter__(self) -> MemoryTransaction:
        self._lock.acquire()
        return self._transaction

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._transaction.roll_back()
        self._transaction.close()
        self._lock.release()


class MemoryTransactions:
    """Opens them one after another, so that each sees what the last one left."""

    def __init__(self) -> None:
        self._lock = Lock()

    def write(self) -> AbstractContextManager[MemoryTransaction]:
        """Commit on leaving, roll back on an exception."""
        return _Span(self._lock, read_only=False)

    def read(self) -> AbstractContextManager[MemoryTransaction]:
        """Nobody writes meanwhile."""
        return _Span(self._lock, read_only=True)
