"""What a listening conformance check adds to the edge: it overhears what comes in, and serves its report."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol, TypeAlias

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.operations.conformance.page import report_page
from gateway.operations.conformance.report import Report, report_document

_POLICY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
_KEY = b"idempotency-key"

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]


class Listener(Protocol):
    """Hears one request."""

    def hear(self, part: bytes, *, is_last: bool) -> None:
        """The body, piece by piece; whatever is whole is judged before the gateway answers it."""
        ...


class Overhearing:
    """Passes every request on as it is; a body that the edge reads is heard on the way."""

    def __init__(self, app: Application, ways: Mapping[str, Callable[[str | None], Listener]]) -> None:
        """`ways`: path -> makes the listener of one request, from its `Idempotency-Key`."""
        self._app, self._ways = app, ways

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Whoever is turned away before his body is read, as without a token, is not heard."""
        make = (
            self._ways.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        )
        await self._app(scope, receive if make is None else _heard(receive, make(_key_in(scope))), send)


def _heard(receive: Receive, listener: Listener) -> Receive:
    async def hearing() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            part, is_last = message.get("body", b""), not message.get("more_body", False)
            await run_in_threadpool(lambda: listener.hear(part, is_last=is_last))
        return message

    return hearing


def _key_in(scope: Message) -> str | None:
    found = next((value for name, value in scope["headers"] if name == _KEY), None)
    return None if found is None else bytes(found).decode("latin-1")


def report_router(report: Callable[[], Report]) -> APIRouter:
    """Open to whoever can reach the check: it holds places and codes, nothing of people."""
    router = APIRouter(tags=["conformance"])

    @router.get("/", include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(await run_in_threadpool(lambda: report_page(report())), headers=_POLICY)

    @router.get("/report.json", include_in_schema=False)
    async def document() -> JSONResponse:
        return JSONResponse(await run_in_threadpool(lambda: report_document(report())))

    return router
