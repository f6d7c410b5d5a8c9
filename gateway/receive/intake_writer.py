"""One thread commits whatever has gathered in one transaction, and only then answers (group commit)."""

import threading
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from gateway.errors import IdentityTaken, IntakeUnavailable, StorageUnavailable
from gateway.model.ids import Destination
from gateway.model.submission import Accepted, IntakeResult, ValidSubmission
from gateway.observability.logging import get_log

log = get_log("receive.intake_writer")

Commit: TypeAlias = Callable[[Sequence[ValidSubmission]], Sequence[IntakeResult]]
"""Commits all or nothing; raises `IdentityTaken`, `StorageUnavailable`."""
OnCommitted: TypeAlias = Callable[[frozenset[Destination], int], None]
"""Told after each commit: the lanes that have new work, and how many messages were in the transaction."""


@dataclass(frozen=True, slots=True)
class WriterLimits:
    """How much is gathered, and for how long."""

    linger_seconds: float = 0.002
    batch_max: int = 200
    queue_max: int = 5000
    races_max: int = 20
    """How often a message is tried again because another process took an identity first."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    submission: ValidSubmission
    answer: Future[IntakeResult]


class IntakeWriter:
    """Takes what is there; lingers only when there is company; if it dies, everybody is told at once."""

    def __init__(self, commit: Commit, limits: WriterLimits, on_committed: OnCommitted) -> None:
        self._commit = commit
        self._limits = limits
        self._on_committed = on_committed
        self._changed = threading.Condition()
        self._queue: deque[_Waiting] = deque()
        self._under_way: list[_Waiting] = []
        self._last_batch = 0
        self._is_open = True
        self._thread = threading.Thread(target=self._run, name="intake-writer", daemon=True)

    def start(self) -> None:
        """Begin to commit."""
        self._thread.start()

    def submit(self, submission: ValidSubmission) -> Future[IntakeResult]:
        """Answered after the commit. Raises `IntakeUnavailable` at once when full, stopped or dead."""
        waiting = _Waiting(submission, Future())
        with self._changed:
            if not self._is_open:
                raise IntakeUnavailable(reason="stopped")
            if len(self._queue) >= self._limits.queue_max:
                raise IntakeUnavailable(reason="full")
            self._queue.append(waiting)
            self._changed.notify()
        return waiting.answer

    def is_full(self) -> bool:
        """Whether the next message would be turned away."""
        return len(self._queue) >= self._limits.queue_max

    def is_alive(self) -> bool:
        """For the health check: false when nothing would be committed."""
        return self._is_open and self._thread.is_alive()

    def stop(self, timeout_seconds: float = 30) -> None:
        """Take nothing new, commit what is waiting, end."""
        with self._changed:
            self._is_open = False
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)
        self._turn_everybody_away()

    def _run(self) -> None:
        try:
            while batch := self._take():
                self._answer(batch)
        except BaseException as error:  # noqa: BLE001 - whatever ends the thread, nobody may be left waiting
            _log_failure("intake.writer_died", len(self._queue), error)
        finally:
            self._turn_everybody_away()

    def _take(self) -> list[_Waiting]:
        """The next batch; empty when stopped and drained."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or not self._is_open)
            if self._is_open and (len(self._queue) > 1 or self._last_batch > 1):
                self._changed.wait_for(self._is_batch_full, timeout=self._limits.linger_seconds)
            size = min(len(self._queue), self._limits.batch_max)
            self._under_way = [self._queue.popleft() for _ in range(size)]
            self._last_batch = size
            return list(self._under_way)

    def _is_batch_full(self) -> bool:
        return len(self._queue) >= self._limits.batch_max or not self._is_open

    def _answer(self, batch: Sequence[_Waiting]) -> None:
        # Whoever hung up before his turn is not stored; after this nobody can.
        staying = [waiting for waiting in batch if waiting.answer.set_running_or_notify_cancel()]
        if staying:
            self._answer_together(staying)

    def _answer_together(self, batch: Sequence[_Waiting]) -> None:
        try:
            results = self._commit([waiting.submission for waiting in batch])
        except StorageUnavailable as error:
            self._turn_away(batch, error)
        except Exception as error:  # noqa: BLE001 - one message must not take the others, or the writer, with it
            if not isinstance(error, IdentityTaken):
                _log_failure("intake.batch_failed", len(batch), error)
            for waiting in batch:
                self._answer_alone(waiting)
        else:
            self._hand_out(batch, results)

    def _answer_alone(self, waiting: _Waiting) -> None:
        """A race may be lost several times; a fault of ours fails this message only."""
        for _ in range(self._limits.races_max):
            try:
                results = self._commit([waiting.submission])
            except IdentityTaken:
                continue
            except Exception as error:  # noqa: BLE001 - the writer lives on
                self._turn_away([waiting], error)
                return
            self._hand_out([waiting], results)
            return
        self._turn_away([waiting], IdentityTaken())

    def _hand_out(self, batch: Sequence[_Waiting], results: Sequence[IntakeResult]) -> None:
        for waiting, result in zip(batch, results, strict=True):
            waiting.answer.set_result(result)
        accepted = [result for result in results if isinstance(result, Accepted)]
        lanes = {delivery.destination for result in accepted for delivery in result.receipt.deliveries}
        try:
            self._on_committed(frozenset(lanes), len(batch))
        except Exception as error:  # noqa: BLE001 - workers also look by themselves; receipts must go on
            _log_failure("intake.listener_failed", len(batch), error)

    def _turn_away(self, batch: Sequence[_Waiting], error: BaseException) -> None:
        _log_failure("intake.not_committed", len(batch), error)
        for waiting in batch:
            refusal = IntakeUnavailable(reason=type(error).__name__)
            refusal.__cause__ = error
            waiting.answer.set_exception(refusal)

    def _turn_everybody_away(self) -> None:
        """The end of the thread reaches every waiter and every later caller."""
        with self._changed:
            self._is_open = False
            left = [*self._under_way, *self._queue]
            self._queue.clear()
            self._under_way = []
        for waiting in left:
            with suppress(InvalidStateError):  # answered already, or its sender hung up
                waiting.answer.set_exception(IntakeUnavailable(reason="stopped"))


def _log_failure(happening: str, messages: int, error: BaseException) -> None:
    """What kind and where; the text of an error may name people and stays out."""
    frames = traceback.format_tb(error.__traceback__)
    log.error(happening, code=type(error).__name__, count=messages, frames=frames)
