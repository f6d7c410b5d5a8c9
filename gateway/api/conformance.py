"""The report of a listening conformance check, as a page and as JSON; only such a check serves it."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.operations.conformance.page import report_page
from gateway.operations.conformance.report import Report, report_document

_POLICY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


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
