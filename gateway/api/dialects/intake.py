"""Taking a dossier in: read it, then the very same corridor as every other event."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, assert_never

from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller
from gateway.api.dialects import wire
from gateway.api.dialects.answers import DialectFault
from gateway.api.dialects.faults import conflict_of, faults_of, number_of, sentences_of, warnings_of
from gateway.api.events import Intake
from gateway.api.problems import RETRY_AFTER, Problem
from gateway.api.visibility import SEES_UNITS
from gateway.errors import IntakeUnavailable
from gateway.model.clock import Clock
from gateway.model.submission import (
    Accepted,
    Conflict,
    ConflictKind,
    IntakeResult,
    RawSubmission,
    Receipt,
    Repeated,
    ValidSubmission,
    Violation,
)
from gateway.observability.metrics import Metrics
from mappings.canonical import VIETNAM_TIME
from mappings.national_registry.reading.dossier import Dossier, Reading, read_dossier

_OWN_NUMBERS: Final = frozenset({ConflictKind.IDEMPOTENCY_KEY, ConflictKind.SOURCE_EVENT})


@dataclass(frozen=True, slots=True)
class Taken:
    """On disk, now or before."""

    receipt: Receipt
    warnings: tuple[DialectFault, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Nothing was stored."""

    number: int
    description: str
    faults: tuple[DialectFault, ...]


@dataclass(frozen=True, slots=True)
class DossierIntake:
    """Hands dossiers to the intake."""

    intake: Intake
    clock: Clock
    metrics: Metrics

    async def take(self, dossier: Dossier, caller: Caller) -> Taken | NotTaken:
        """The answer counts only after the commit. Raises problems of the intake: no room, no storage."""
        now = self.clock()
        reading = await run_in_threadpool(read_dossier, dossier, now)
        prepared = await self._prepare(reading, caller, now)
        if isinstance(prepared, tuple) or reading.faults:
            self.metrics.submissions.labels("invalid").inc()
            violations = prepared if isinstance(prepared, tuple) else ()
            return _not_taken(faults_of(reading, violations))
        result = await self._submit(prepared)
        first = _first_moment(result, reading)
        if first is not None:
            result = await self._submit_as_first(reading, caller, now, first) or result
        return self._verdict(result, reading, dossier.code_field)

    async def _submit_as_first(
        self, reading: Reading, caller: Caller, now: datetime, first: datetime
    ) -> IntakeResult | None:
        """The dialect has no moment of registration: a repeat has that of the first time."""
        registration = {**reading.event["registration"], "registered_at": first.isoformat()}
        event = {**reading.event, "registration": registration}
        prepared = await self._prepare(replace(reading, event=event), caller, now)
        return None if isinstance(prepared, tuple) else await self._submit(prepared)

    async def _prepare(
        self, reading: Reading, caller: Caller, now: datetime
    ) -> ValidSubmission | tuple[Violation, ...]:
        if not reading.event:
            return ()
        raw = RawSubmission(
            client_id=caller.client_id,
            authorities=caller.authorities,
            idempotency_key=None,
            body=json.dumps(reading.message, ensure_ascii=False).encode(),
            received_at=now,
            may_declare=True,
            sees_units=not caller.roles.isdisjoint(SEES_UNITS),
        )
        return await run_in_threadpool(self.intake.prepare, raw)

    async def _submit(self, valid: ValidSubmission) -> IntakeResult:
        if self.intake.is_full():
            raise self._turned_away("too_many_requests")
        try:
            return await asyncio.wrap_future(self.intake.submit(valid))
        except IntakeUnavailable as unavailable:
            raise self._turned_away("intake_unavailable") from unavailable

    def _turned_away(self, code: str) -> Problem:
        self.metrics.submissions.labels(code).inc()
        return Problem(code, headers=RETRY_AFTER)

    def _verdict(self, result: IntakeResult, reading: Reading, code_field: str) -> Taken | NotTaken:
        match result:
            case Accepted(receipt):
                self.metrics.submissions.labels("accepted").inc()
                return Taken(receipt, tuple(warnings_of(reading, receipt.warnings)), again=False)
            case Repeated(receipt):
                self.metrics.submissions.labels("repeated").inc()
                return Taken(receipt, tuple(warnings_of(reading, receipt.warnings)), again=True)
            case Conflict():
                self.metrics.submissions.labels("conflict").inc()
                return _not_taken([conflict_of(_of_dossier(result, reading), code_field)])
        assert_never(result)


def _not_taken(faults: Sequence[DialectFault]) -> NotTaken:
    number = number_of(faults)
    description = sentences_of(faults) if number == wire.DATA_INCORRECT else wire.NAMES[number]
    return NotTaken(number, description, tuple(faults))


def _of_dossier(conflict: Conflict, reading: Reading) -> Conflict:
    """A declaration has no entry yet: what stands for it is the office and the code of the dossier."""
    is_code = bool(reading.open) and conflict.kind is ConflictKind.ENTRY
    return replace(conflict, kind=ConflictKind.DOSSIER) if is_code else conflict


def _first_moment(result: IntakeResult, reading: Reading) -> datetime | None:
    """When the sender's first dossier of this code was registered, if on the day that this one says too."""
    if reading.open or not isinstance(result, Conflict) or result.kind not in _OWN_NUMBERS:
        return None
    first, said = result.first_registered_at, reading.event["registration"]["registered_at"]
    if first is None or _day(first) != _day(datetime.fromisoformat(said)):
        return None
    return first.astimezone(VIETNAM_TIME)


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM_TIME).date()
