"""Posting an event and following it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Anyone, Caller, Sender
from gateway.api.batch_results import first_of
from gateway.api.body import ReadLimits, read_body
from gateway.api.identifiers import event_id_of
from gateway.api.problems import RETRY_AFTER, Problem
from gateway.api.receipts import PROBLEM_SCHEMA, RECEIPT_SCHEMA, receipt_json
from gateway.api.visibility import SEES_UNITS
from gateway.errors import IntakeUnavailable
from gateway.model.clock import Clock
from gateway.model.ids import EventId
from gateway.model.submission import (
    Accepted,
    Conflict,
    IntakeResult,
    RawSubmission,
    Repeated,
    ValidSubmission,
    Violation,
)
from gateway.observability.metrics import Metrics

PREPARED_INLINE_BYTES_MAX = 8_192
"""Larger messages are checked in a thread: an event has some 3,000 bytes and takes a millisecond or two, one
with attachments or a thousand faults takes hundreds and must not stop the others."""
NAMES_AN_EARLIER_EVENT = b"amends"
"""Such a message may need a look into the database, which also belongs into a thread."""
PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=255, description="Defaults to source_event_id."),
]


@dataclass(frozen=True, slots=True)
class Intake:
    """What the edge needs of the receiving corridor."""

    prepare: Callable[[RawSubmission], ValidSubmission | tuple[Violation, ...]]
    submit: Callable[[ValidSubmission], Future[IntakeResult]]
    is_full: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Journeys:
    """Reading what became of events, within what the caller may see."""

    find: Callable[[EventId, Caller], Mapping[str, Any] | None]
    find_by_source: Callable[[str, Caller], Sequence[Mapping[str, Any]]]


def submission_router(
    intake: Intake, event_types: tuple[str, ...], limits: ReadLimits, clock: Clock, metrics: Metrics
) -> APIRouter:
    """Posting events."""
    router = APIRouter(prefix="/api/v1/events", tags=["events"])

    @router.post(
        "",
        summary="Hand in one event (gửi một sự kiện hộ tịch)",
        status_code=202,
        openapi_extra=_body_of(event_types),
        responses=_RESPONSES,
    )
    async def post_event(
        caller: Sender, request: Request, idempotency_key: IdempotencyKey = None
    ) -> JSONResponse:
        body = await read_body(request, limits)
        raw = RawSubmission(
            caller.client_id,
            caller.authorities,
            idempotency_key,
            body,
            clock(),
            sees_units=not caller.roles.isdisjoint(SEES_UNITS),
        )
        return _answer(await take_in(intake, await _prepare(intake, raw), metrics))

    return router


async def take_in(
    intake: Intake, prepared: ValidSubmission | tuple[Violation, ...], metrics: Metrics
) -> Accepted | Repeated:
    """Commit what was prepared, whatever way it came in. Raises the problem that speaks against it."""
    if isinstance(prepared, tuple):
        metrics.submissions.labels("invalid").inc()
        raise Problem("invalid_message", errors=prepared)
    try:
        result = await _commit(intake, prepared)
    except Problem as turned_away:
        metrics.submissions.labels(turned_away.code).inc()
        raise
    if isinstance(result, Conflict):
        metrics.submissions.labels("conflict").inc()
        raise Problem(result.kind.value, **first_of(result))
    metrics.submissions.labels("accepted" if isinstance(result, Accepted) else "repeated").inc()
    return result


def journey_router(journeys: Journeys) -> APIRouter:
    """Following events; served by every process."""
    router = APIRouter(prefix="/api/v1/events", tags=["events"])

    @router.get("/{event_id}", summary="The journey of an event (hành trình của sự kiện)")
    async def journey(caller: Anyone, event_id: str) -> JSONResponse:
        found = await run_in_threadpool(journeys.find, event_id_of(event_id), caller)
        if found is None:
            raise Problem("not_found")
        return JSONResponse(dict(found))

    @router.get("", summary="Find events by the sender's own number (tìm theo mã sự kiện của nguồn)")
    async def by_source(
        caller: Anyone,
        source_event_id: Annotated[
            str, Query(min_length=1, max_length=100, pattern=PRINTABLE, description="As it was sent.")
        ],
    ) -> JSONResponse:
        found = await run_in_threadpool(journeys.find_by_source, source_event_id, caller)
        return JSONResponse({"events": [dict(event) for event in found]})

    return router


async def _prepare(intake: Intake, raw: RawSubmission) -> ValidSubmission | tuple[Violation, ...]:
    if len(raw.body) <= PREPARED_INLINE_BYTES_MAX and NAMES_AN_EARLIER_EVENT not in raw.body:
        return intake.prepare(raw)
    return await run_in_threadpool(intake.prepare, raw)


async def _commit(intake: Intake, valid: ValidSubmission) -> IntakeResult:
    """Wait for the commit; the receipt is a promise only after it."""
    if intake.is_full():
        raise Problem("too_many_requests", headers=RETRY_AFTER)
    try:
        return await asyncio.wrap_future(intake.submit(valid))
    except IntakeUnavailable as unavailable:
        raise Problem("intake_unavailable", headers=RETRY_AFTER) from unavailable


def _answer(result: Accepted | Repeated) -> JSONResponse:
    receipt = result.receipt
    status = HTTPStatus.ACCEPTED if isinstance(result, Accepted) else HTTPStatus.OK
    return JSONResponse(receipt_json(receipt), status_code=status, headers=_location(receipt.event_id))


def _location(event_id: EventId) -> dict[str, str]:
    return {"Location": f"/api/v1/events/{event_id}"}


def _body_of(event_types: tuple[str, ...]) -> dict[str, Any]:
    """Document the body, although it is read raw and validated once."""
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in event_types],
                        "discriminator": {"propertyName": "event_type"},
                    }
                }
            },
        }
    }


_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The same content again: the first receipt.", "content": RECEIPT_SCHEMA},
    202: {"description": "Accepted: on disk, and will be delivered.", "content": RECEIPT_SCHEMA},
    408: {"description": "The message did not arrive in time.", "content": PROBLEM_SCHEMA},
    409: {"description": "An identity is taken by other content.", "content": PROBLEM_SCHEMA},
    413: {"description": "Too large.", "content": PROBLEM_SCHEMA},
    422: {"description": "Every fault of the message at once.", "content": PROBLEM_SCHEMA},
    429: {"description": "Too many waiting; nothing was stored.", "content": PROBLEM_SCHEMA},
    503: {"description": "Cannot store now; nothing was stored.", "content": PROBLEM_SCHEMA},
}
