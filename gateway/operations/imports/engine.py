"""Taking in the rows of a file: read, measured, committed by hundreds, each with its result."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from gateway.errors import IdentityTaken
from gateway.model.clock import Clock
from gateway.model.ids import ClientId
from gateway.model.submission import (
    Accepted,
    Conflict,
    IntakeResult,
    RawSubmission,
    Repeated,
    ValidSubmission,
    Violation,
)
from gateway.operations.imports.outcome import Remark, RowOutcome, RowResult, remark_of_violation, remarks_of
from gateway.operations.imports.row_source import ReadRow, RowSource
from mappings.digitised_books.cells import CellFault
from retry_queue.job import Track

Prepare: TypeAlias = Callable[
    [RawSubmission, Mapping[str, Any] | None], ValidSubmission | tuple[Violation, ...]
]
"""Takes the event as plain values, where it has not to be read from the bytes."""
Commit: TypeAlias = Callable[[Sequence[ValidSubmission]], Sequence[IntakeResult]]
"""All or nothing. Raises `IdentityTaken`, `StorageUnavailable`; of a dry run it only looks."""
RACES_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class ImportTools:
    """What an import is done with."""

    prepare: Prepare
    """By the rules of old books."""
    commit: Commit
    clock: Clock
    rows_per_commit: int


@dataclass(frozen=True, slots=True)
class Importer:
    """In whose name rows are taken in."""

    client_id: ClientId
    authorities: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Ready:
    row: ReadRow
    valid: ValidSubmission


def import_rows(source: RowSource, importer: Importer, tools: ImportTools) -> Iterator[RowResult]:
    """Every row with what became of it, in the order of the file; a result is given after the commit.

    A break loses nothing that has a result: the same rows again are repeats.

    Raises:
        ImportRefused: the file is damaged further down.
        StorageUnavailable: nothing can be stored; what was given has been.

    """
    gathered: list[_Ready | RowResult] = []
    ready = 0
    for row in source.rows():
        judged = _judge(row, source, importer, tools)
        gathered.append(judged)
        ready += isinstance(judged, _Ready)
        # Faulty rows wait too, so that results keep the order of the file; so they count as well.
        if ready >= tools.rows_per_commit or len(gathered) >= 2 * tools.rows_per_commit:
            yield from _settled(gathered, tools)
            gathered, ready = [], 0
    yield from _settled(gathered, tools)


def _judge(row: ReadRow, source: RowSource, importer: Importer, tools: ImportTools) -> _Ready | RowResult:
    if row.event is None and row.line is None:
        return RowResult(row.number, RowOutcome.FAULTY, row.remarks, row.cells)
    now: datetime = tools.clock()
    raw = RawSubmission(
        importer.client_id, importer.authorities, None, row.line or b"", now, track=Track.BULK
    )
    prepared = tools.prepare(raw, row.event)
    if not isinstance(prepared, tuple):
        told = tuple(_remark(source, each, is_warning=True) for each in prepared.warnings)
        return _Ready(ReadRow(row.number, None, (*row.remarks, *told), row.cells), prepared)
    faults = tuple(_remark(source, each) for each in prepared)
    return RowResult(row.number, RowOutcome.FAULTY, (*faults, *row.remarks), row.cells)


def _remark(source: RowSource, violation: Violation, *, is_warning: bool = False) -> Remark:
    return remark_of_violation(violation, source.column_of(violation.pointer), is_warning=is_warning)


def _settled(gathered: Sequence[_Ready | RowResult], tools: ImportTools) -> Iterator[RowResult]:
    valid = [each.valid for each in gathered if isinstance(each, _Ready)]
    results = iter(_committed(valid, tools.commit))
    for each in gathered:
        yield _result(each.row, next(results)) if isinstance(each, _Ready) else each


def _committed(valid: Sequence[ValidSubmission], commit: Commit) -> Sequence[IntakeResult]:
    """Together; when another process took an identity first, one by one."""
    if not valid:
        return ()
    try:
        return commit(valid)
    except IdentityTaken:
        return [_alone(each, commit) for each in valid]


def _alone(valid: ValidSubmission, commit: Commit) -> IntakeResult:
    for _ in range(RACES_MAX - 1):
        try:
            return commit([valid])[0]
        except IdentityTaken:
            continue
    return commit([valid])[0]


def _result(row: ReadRow, result: IntakeResult) -> RowResult:
    match result:
        case Accepted():
            return RowResult(row.number, RowOutcome.ACCEPTED, row.remarks, row.cells)
        case Repeated():
            return RowResult(row.number, RowOutcome.REPEATED, row.remarks, row.cells)
        case Conflict(kind):
            fault = CellFault(None, "already_registered", {"reason": kind.value})
            remarks = (*remarks_of([fault]), *row.remarks)
            return RowResult(row.number, RowOutcome.CONFLICT, remarks, row.cells)
