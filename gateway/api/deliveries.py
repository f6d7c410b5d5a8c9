"""What operators see of the deliveries, and what they may do."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, Operator
from gateway.api.problems import Problem
from gateway.model.ids import DeliveryId, Destination
from retry_queue.states import State


class Act(StrEnum):
    """What an operator may do with one delivery."""

    RETRY = "retry"
    RELEASE = "release"
    HOLD = "hold"
    CANCEL = "cancel"


class Reason(BaseModel):
    """Why; kept with the act."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reason: str = Field(min_length=3, max_length=500, description="Lý do: why, for whoever reads it later.")


class Page(BaseModel):
    """Which deliveries to list."""

    model_config = ConfigDict(frozen=True)
    destination: Destination | None = None
    state: State | None = None
    after: int = 0
    limit: int = 100


DeliveryView = Mapping[str, Any]
ListDeliveries = Callable[[Page, Caller], Mapping[str, Any]]
PerformAct = Callable[[DeliveryId, Act, str, Caller], DeliveryView | None]
Summarize = Callable[[Caller], Mapping[str, Any]]


def delivery_router(
    list_deliveries: ListDeliveries, summarize: Summarize, perform: PerformAct, page_size_max: int
) -> APIRouter:
    """The operators' paths."""
    router = APIRouter(prefix="/api/v1/deliveries", tags=["operations"])

    @router.get("", summary="Deliveries by destination and state")
    async def listing(
        caller: Operator,
        destination: Destination | None = None,
        state: State | None = None,
        after: Annotated[int, Query(ge=0, description="`next_after` of an earlier page.")] = 0,
        limit: Annotated[int, Query(ge=1, le=page_size_max)] = 100,
    ) -> JSONResponse:
        page = Page(destination=destination, state=state, after=after, limit=limit)
        return JSONResponse(dict(await run_in_threadpool(list_deliveries, page, caller)))

    @router.get("/summary", summary="How many stand where, what is late, who must decide")
    async def summary(caller: Operator) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(summarize, caller)))

    for act in Act:
        _add_act(router, act, perform)
    return router


def _add_act(router: APIRouter, act: Act, perform: PerformAct) -> None:
    @router.post(
        "/{delivery_id}/" + act.value, name=act.value, summary=f"{act.value.capitalize()} one delivery"
    )
    async def run(caller: Operator, delivery_id: str, why: Reason) -> JSONResponse:
        done = await run_in_threadpool(perform, DeliveryId(delivery_id), act, why.reason, caller)
        if done is None:
            raise Problem("not_found")
        return JSONResponse(dict(done))
