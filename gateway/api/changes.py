"""The change feed over HTTP."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, Consumer

ReadChanges = Callable[[str | None, int, Caller], Mapping[str, Any]]
"""Cursor, limit, caller -> a page; raises an `invalid_cursor` problem."""


def change_router(read: ReadChanges, page_size_max: int) -> APIRouter:
    """Positions follow commit order, so a reader that keeps its cursor misses nothing."""
    router = APIRouter(prefix="/api/v1/changes", tags=["feed"])

    @router.get("", summary="What changed since a cursor (luồng thay đổi)")
    async def changes(
        caller: Consumer,
        after: Annotated[str | None, Query(max_length=200, description="Cursor of an earlier page.")] = None,
        limit: Annotated[int, Query(ge=1, le=page_size_max)] = 100,
    ) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(read, after, limit, caller)))

    return router
