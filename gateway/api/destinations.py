"""Operators stop a whole destination, or let it go on."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, Operator
from gateway.api.body import ReadLimits, read_body
from gateway.api.deliveries import REASON_BODY, REASON_BYTES_MAX, reason_in
from gateway.model.ids import Destination


class DestinationAct(StrEnum):
    """What an operator may do with a destination."""

    RELEASE = "release"
    HOLD = "hold"


PerformOnDestination = Callable[[Destination, DestinationAct, Caller], dict[str, Any]]
_MEANINGS: Final = {
    DestinationAct.RELEASE: "Let a stopped destination go on (mở lại hệ thống đích)",
    DestinationAct.HOLD: "Stop everything to a destination (dừng gửi tới hệ thống đích)",
}


def destination_router(perform: PerformOnDestination, body_seconds_max: float) -> APIRouter:
    """Where refused credentials have stopped a destination, this lets it go on after they were renewed."""
    router = APIRouter(prefix="/api/v1/destinations", tags=["operations"])
    for act in DestinationAct:
        _add_act(router, act, perform, ReadLimits(REASON_BYTES_MAX, body_seconds_max))
    return router


def _add_act(
    router: APIRouter, act: DestinationAct, perform: PerformOnDestination, limits: ReadLimits
) -> None:
    @router.post(
        "/{destination}/" + act.value,
        name=f"destination {act.value}",
        summary=_MEANINGS[act],
        openapi_extra=REASON_BODY,
    )
    async def run(caller: Operator, destination: Destination, request: Request) -> JSONResponse:
        reason_in(await read_body(request, limits))  # asked for, so that nobody stops a system without one
        return JSONResponse(await run_in_threadpool(perform, destination, act, caller))
