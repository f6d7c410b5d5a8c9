"""Handing in any number of events over one request: NDJSON in, NDJSON out, at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.api import problems
from gateway.api.authenticate import Caller, Sender, TokenCheck
from gateway.api.batch_results import BATCH_RESULT_SCHEMA
from gateway.api.batch_run import BatchRun, BatchTools, Receive
from gateway.api.batch_spool import ResultSpool
from gateway.api.problems import RETRY_AFTER, Problem
from gateway.api.receipts import PROBLEM_SCHEMA
from gateway.api.visibility import SEES_UNITS
from gateway.model.clock import Clock
from gateway.model.submission import RawSubmission

MEDIA_TYPE: Final = "application/x-ndjson"
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_DESCRIPTION: Final = (
    "One event a line, as many as you like; a result a line comes back in the same order while the request"
    " is still being read, and last a line `summary`. A faulty line gets its own error and stops nothing."
    " A line handed in again gets its first receipt, so after a break send again whatever has no result, or"
    " everything."
)


def batch_router(tools: BatchTools, clock: Clock, tokens: TokenCheck) -> APIRouter:
    """Posting batches."""
    router = APIRouter(prefix="/api/v1/events", tags=["events"])
    desk = _Desk(tools)

    @router.post(
        "/batch",
        summary="Hand in many events, one a line (gửi nhiều sự kiện, mỗi dòng một sự kiện)",
        description=_DESCRIPTION,
        openapi_extra={"requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": _BODY}}}},
        responses={
            200: {"description": "A result for each line.", "content": BATCH_RESULT_SCHEMA},
            429: {"description": "Too many batches at once; nothing was read.", "content": PROBLEM_SCHEMA},
        },
        response_class=Response,
    )
    async def post_batch(caller: Sender, request: Request) -> Response:
        authorization = request.headers.get("authorization")

        def raw_of(body: bytes) -> RawSubmission:
            return _raw(caller, body, clock)

        return _Duplex(desk, raw_of, lambda: tokens.caller_of(authorization))

    return router


class _Desk:
    """How many batches are under way in this process."""

    def __init__(self, tools: BatchTools) -> None:
        self.tools = tools
        self._places = tools.settings.batches_max

    def __enter__(self) -> None:
        """Raises a `too_many_requests` problem when every place is taken."""
        if self._places <= 0:
            raise Problem("too_many_requests", headers=RETRY_AFTER)
        self._places -= 1

    def __exit__(self, *_failure: object) -> None:
        self._places += 1


class _Duplex(Response):
    """Reads the request while it answers; Starlette's own streaming would eat the client's bytes."""

    def __init__(
        self,
        desk: _Desk,
        raw_of: Callable[[bytes], RawSubmission],
        still_welcome: Callable[[], Awaitable[object]],
    ) -> None:
        super().__init__(media_type=MEDIA_TYPE)
        self._desk, self._raw_of, self._still_welcome = desk, raw_of, still_welcome

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """The whole conversation."""
        try:
            self._desk.__enter__()
        except Problem as full:
            await problems.answer(full)(scope, receive, send)
            return
        spool = ResultSpool(self._desk.tools.settings.results_bytes_max)
        try:
            await self._converse(receive, send, spool)
        finally:
            spool.close()
            self._desk.__exit__()

    async def _converse(self, receive: Receive, send: Send, spool: ResultSpool) -> None:
        run = BatchRun(self._desk.tools, self._raw_of, self._still_welcome, receive, spool)
        running = asyncio.create_task(run.run())
        sending = asyncio.create_task(_send_all(send, spool))
        try:
            await asyncio.wait({running, sending}, return_when=asyncio.FIRST_EXCEPTION)
            await asyncio.gather(*(task for task in (running, sending) if task.done()))
            await sending
        finally:
            for task in (running, sending):
                task.cancel()
            await asyncio.gather(running, sending, return_exceptions=True)


async def _send_all(send: Send, spool: ResultSpool) -> None:
    """A connection carries one batch: its body may be left unread, so nothing else may come over it."""
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    while piece := await spool.take():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _raw(caller: Caller, body: bytes, clock: Clock) -> RawSubmission:
    sees_units = not caller.roles.isdisjoint(SEES_UNITS)
    return RawSubmission(caller.client_id, caller.authorities, None, body, clock(), sees_units=sees_units)


_BODY: Final[dict[str, Any]] = {
    "type": "string",
    "description": "One event a line, each as in a single post (NDJSON); UTF-8 without BOM.",
}
