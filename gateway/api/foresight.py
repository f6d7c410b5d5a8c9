"""What operators see of the future, and who was told."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Operator
from gateway.api.deliveries import POSITION_MAX

LookAhead = Callable[[], Mapping[str, Any]]
ListNotices = Callable[[int, int], Mapping[str, Any]]


def foresight_router(look_ahead: LookAhead, list_notices: ListNotices, page_size_max: int) -> APIRouter:
    """Counts, codes and times name nobody, so that every operator sees all of it."""
    router = APIRouter(prefix="/api/v1", tags=["operations"])

    @router.get(
        "/destinations/forecast",
        summary="When each destination will be done, what will miss, and from when on (dự báo trễ hạn)",
    )
    async def forecast(_caller: Operator) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(look_ahead)))

    @router.get("/notices", summary="Who was told when, and whether it arrived (thông báo đã gửi)")
    async def notices(
        _caller: Operator,
        after: Annotated[
            int, Query(ge=0, le=POSITION_MAX, description="`next_after` of an earlier page.")
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=page_size_max, description="Most rows of the page.")] = 100,
    ) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(list_notices, after, limit)))

    return router
