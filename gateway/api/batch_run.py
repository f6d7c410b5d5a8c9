"""One batch: lines are read, committed in groups, answered in their order; a bounded part is in flight."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeAlias

from starlette.concurrency import run_in_threadpool

from gateway.api.batch_lines import Line, LineCutter
from gateway.api.batch_results import (
    Tally,
    as_line,
    committed,
    find_source_event_id,
    refused,
    stops_the_batch,
    summary,
)
from gateway.api.batch_spool import ResultSpool
from gateway.api.body import ReadLimits
from gateway.api.events import NAMES_AN_EARLIER_EVENT, Intake
from gateway.api.problems import Problem
from gateway.errors import IntakeUnavailable, StorageUnavailable
from gateway.model.submission import IntakeResult, RawSubmission, ValidSubmission, Violation
from gateway.observability.metrics import Metrics
from gateway.receive.finding import Finding
from gateway.receive.wordings import put_into_words
from gateway.settings.batches import BatchSettings

CHUNK_LINES_MAX: Final = 50
CHUNK_BYTES_MAX: Final = 1024 * 1024
"""So much is checked in a thread in one go: enough to be quick, little enough to let others in between."""
FULL_WAIT_SECONDS: Final = 0.02
"""Single posts are turned away when the writer is full; a batch waits, and goes behind them."""

Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Prepared: TypeAlias = ValidSubmission | Problem
Answer: TypeAlias = asyncio.Future[IntakeResult]


class ClientGone(Exception):
    """Nobody reads the answer any more."""


@dataclass(frozen=True, slots=True)
class BatchTools:
    """What every batch of this process shares."""

    intake: Intake
    limits: ReadLimits
    """Of one line; and for how long a silent client is waited for."""
    settings: BatchSettings
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class _InFlight:
    line: Line
    source_event_id: str | None
    outcome: Answer | Problem


@dataclass(slots=True)
class BatchRun:
    """From the first byte of one request to its last result."""

    tools: BatchTools
    raw_of: Callable[[bytes], RawSubmission]
    still_welcome: Callable[[], Awaitable[object]]
    """Raises a `Problem` when the client's token is no longer good."""
    receive: Receive
    spool: ResultSpool
    _tally: Tally = field(init=False)
    _in_flight: deque[_InFlight] = field(default_factory=deque)
    _bytes_in_flight: int = 0
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    _has_more: bool = True
    _is_read: bool = False
    _stopped: Problem | None = None
    _reading: "asyncio.Task[None]" = field(init=False)

    def __post_init__(self) -> None:
        """Counts what this batch came to."""
        self._tally = Tally(self.tools.metrics)

    async def run(self) -> None:
        """Ends when everything read is answered, or the client has gone; what is not begun is let go then."""
        is_there = True
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._answer_in_order())
                self._reading = tasks.create_task(self._read())
        except* ClientGone:
            is_there = False
        finally:
            for waiting in self._in_flight:
                if isinstance(waiting.outcome, asyncio.Future):
                    waiting.outcome.cancel()  # stored only if the writer has begun with it
        if is_there:
            await self.spool.put(as_line(summary(self._tally, self._stopped)))
        self.spool.end()

    # ------------------------------------------------------------------ in

    async def _read(self) -> None:
        cutter = LineCutter(self.tools.limits.bytes_max)
        try:
            while (part := await self._part()) is not None:
                await self._take_in(list(cutter.feed(part)))
            last = cutter.end()
            await self._take_in([] if last is None else [last])
        except Problem as problem:
            self._stopped = self._stopped or problem
        except asyncio.CancelledError:
            if self._stopped is None:
                raise
        async with self._moved:
            self._is_read = True
            self._moved.notify_all()

    async def _part(self) -> bytes | None:
        """What has arrived; None at the end of the body. Raises a `Problem` when nothing arrives for long."""
        if not self._has_more:
            return None
        try:
            async with asyncio.timeout(self.tools.limits.seconds_max):
                message = await self.receive()
        except TimeoutError as silent:
            raise Problem("body_too_slow", limit_seconds=self.tools.limits.seconds_max) from silent
        if message["type"] == "http.disconnect":
            raise ClientGone
        self._has_more = message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body

    async def _take_in(self, lines: Sequence[Line]) -> None:
        for chunk in _chunks(lines):
            await self.still_welcome()
            if NAMES_AN_EARLIER_EVENT in chunk[0].body:
                await self._until(lambda: not self._in_flight)  # it may name a line before it
            prepared = await run_in_threadpool(partial(self._prepare, chunk))
            for line, each in zip(chunk, prepared, strict=True):
                await self._admit(line, each)

    def _prepare(self, chunk: Sequence[Line]) -> list[tuple[str | None, Prepared]]:
        return [self._prepare_one(line) for line in chunk]

    def _prepare_one(self, line: Line) -> tuple[str | None, Prepared]:
        if line.is_too_long:
            return None, Problem("body_too_large", limit_bytes=self.tools.limits.bytes_max)
        if line.is_blank:
            return None, _invalid((put_into_words(Finding("line_blank", ())),))
        try:
            prepared = self.tools.intake.prepare(self.raw_of(line.body))
        except StorageUnavailable:
            return find_source_event_id(line.body), Problem("storage_unavailable")
        if isinstance(prepared, tuple):
            return find_source_event_id(line.body), _invalid(prepared)
        return prepared.event.source_event_id, prepared

    async def _admit(self, line: Line, prepared: tuple[str | None, Prepared]) -> None:
        source_event_id, each = prepared
        await self._until(self._has_room)
        outcome = each if isinstance(each, Problem) else await self._submit(each)
        async with self._moved:
            self._in_flight.append(_InFlight(line, source_event_id, outcome))
            self._bytes_in_flight += len(line.body)
            self._moved.notify_all()

    async def _submit(self, valid: ValidSubmission) -> Answer | Problem:
        intake = self.tools.intake
        while True:
            try:
                return asyncio.wrap_future(intake.submit(valid))
            except IntakeUnavailable as unavailable:
                if unavailable.details.get("reason") != "full":
                    return Problem("intake_unavailable")
            await asyncio.sleep(FULL_WAIT_SECONDS)

    def _has_room(self) -> bool:
        settings = self.tools.settings
        return (
            len(self._in_flight) < settings.lines_in_flight_max
            and self._bytes_in_flight < settings.bytes_in_flight_max
        )

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with self._moved:
            await self._moved.wait_for(holds)

    # ------------------------------------------------------------------ out

    async def _answer_in_order(self) -> None:
        while True:
            await self._until(lambda: bool(self._in_flight) or self._is_read)
            if not self._in_flight:
                return
            waiting = self._in_flight[0]
            result = await self._result_of(waiting)
            if stops_the_batch(result) and self._stopped is None:
                self._stopped = Problem("intake_unavailable")
                self._reading.cancel()
            await self.spool.put(as_line(result))
            async with self._moved:
                self._in_flight.popleft()
                self._bytes_in_flight -= len(waiting.line.body)
                self._moved.notify_all()

    async def _result_of(self, waiting: _InFlight) -> Mapping[str, Any]:
        line, source, outcome = waiting.line, waiting.source_event_id, waiting.outcome
        if not isinstance(outcome, Problem):
            try:
                told = committed(line, source or "", await outcome, self._tally)
            except IntakeUnavailable:
                outcome = Problem("intake_unavailable")
            else:
                return refused(line, source, told) if isinstance(told, Problem) else told
        self._tally.count("invalid" if outcome.code == "invalid_message" else outcome.code)
        return refused(line, source, outcome)


def _invalid(violations: Sequence[Violation]) -> Problem:
    return Problem("invalid_message", errors=violations)


def _chunks(lines: Sequence[Line]) -> list[list[Line]]:
    """Short enough for one go; a line that names an earlier event begins one."""
    found: list[list[Line]] = []
    size = 0
    for line in lines:
        is_full = not found or len(found[-1]) >= CHUNK_LINES_MAX or size >= CHUNK_BYTES_MAX
        if is_full or NAMES_AN_EARLIER_EVENT in line.body:
            found.append([])
            size = 0
        found[-1].append(line)
        size += len(line.body)
    return found
