"""What operators see of the deliveries, and what they may do."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, Operator
from gateway.api.body import ReadLimits, read_body
from gateway.api.identifiers import delivery_id_of
from gateway.api.problems import Problem, parameter_problem
from gateway.model.ids import DeliveryId, Destination
from retry_queue.states import State

REASON_BYTES_MAX: Final = 8_192
POSITION_MAX: Final = 2**63 - 1
"""What the databases count up to."""


class Act(StrEnum):
    """What an operator may do with one delivery."""

    RETRY = "retry"
    RELEASE = "release"
    HOLD = "hold"
    CANCEL = "cancel"


class Reason(BaseModel):
    """Why; kept with the act."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
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

_MEANINGS: Final = {
    Act.RETRY: "Try one delivery again now (thử lại)",
    Act.RELEASE: "Let one held delivery go on (cho đi tiếp)",
    Act.HOLD: "Stop one delivery until somebody decides (giữ lại)",
    Act.CANCEL: "Withdraw one delivery that was never sent (hủy)",
}
REASON_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": Reason.model_json_schema()}},
    }
}


def delivery_router(
    list_deliveries: ListDeliveries,
    summarize: Summarize,
    perform: PerformAct,
    page_size_max: int,
    body_seconds_max: float,
) -> APIRouter:
    """The operators' paths."""
    router = APIRouter(prefix="/api/v1/deliveries", tags=["operations"])

    @router.get("", summary="Deliveries by destination and state (danh sách lần chuyển)")
    async def listing(
        caller: Operator,
        destination: Destination | None = None,
        state: State | None = None,
        after: Annotated[
            int, Query(ge=0, le=POSITION_MAX, description="`next_after` of an earlier page.")
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=page_size_max, description="Most rows of the page.")] = 100,
    ) -> JSONResponse:
        page = Page(destination=destination, state=state, after=after, limit=limit)
        return JSONResponse(dict(await run_in_threadpool(list_deliveries, page, caller)))

    @router.get("/summary", summary="How many stand where, what is late, who must decide (tổng quan)")
    async def summary(caller: Operator) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(summarize, caller)))

    for act in Act:
        _add_act(router, act, perform, ReadLimits(REASON_BYTES_MAX, body_seconds_max))
    return router


def _add_act(router: APIRouter, act: Act, perform: PerformAct, limits: ReadLimits) -> None:
    @router.post(
        "/{delivery_id}/" + act.value, name=act.value, summary=_MEANINGS[act], openapi_extra=REASON_BODY
    )
    async def run(caller: Operator, delivery_id: str, request: Request) -> JSONResponse:
        # Read by ourselves: the framework would read a body of any size, and before it asks who is calling.
        reason = reason_in(await read_body(request, limits))
        done = await run_in_threadpool(perform, delivery_id_of(delivery_id), act, reason, caller)
        if done is None:
            raise Problem("not_found")
        return JSONResponse(dict(done))


def reason_in(body: bytes) -> str:
    """The reason of an act. Raises an `invalid_parameter` problem."""
    try:
        return Reason.model_validate_json(body).reason
    except ValidationError as invalid:
        faults = invalid.errors(include_input=False, include_url=False)
        raise parameter_problem({**fault, "loc": ("body", *fault["loc"])} for fault in faults) from None
