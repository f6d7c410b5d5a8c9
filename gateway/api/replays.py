"""Bulk replays: draft with a dry run, start, pause, resume, cancel, and the ledger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, Operator
from gateway.api.body import ReadLimits, read_body
from gateway.api.deliveries import REASON_BODY, Reason, body_in, json_body, reason_in, request_id_in
from gateway.api.identifiers import replay_id_of
from gateway.model.delivery import OutcomeCode
from gateway.model.ids import Destination
from gateway.model.replaying import ItemState, ReplayAct, ReplayId
from retry_queue.states import State

BODY_BYTES_MAX: Final = 16_384
ORDINAL_MAX: Final = 2**31 - 1

Word = Annotated[str, Field(min_length=1, max_length=200)]
StepSize = Annotated[int, Field(ge=1, le=10_000)]


class ReplayMove(StrEnum):
    """What an operator may do with a replay that is there."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


class SelectionBody(BaseModel):
    """Which deliveries; what is left out does not matter."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    destination: Destination | None = None
    state: State | None = None
    held_reason: Word | None = None
    step: Word | None = None
    message: Word | None = None
    event_type: Word | None = None
    authority: Annotated[str, Field(pattern=r"^\d{2,5}$")] | None = None
    due_from: AwareDatetime | None = None
    due_until: AwareDatetime | None = None
    registered_from: AwareDatetime | None = None
    registered_until: AwareDatetime | None = None
    outcome: OutcomeCode | None = None
    partner_code: Word | None = None


class ReplayBody(Reason):
    """A new replay."""

    act: ReplayAct
    selection: SelectionBody
    ramp: Annotated[tuple[StepSize, ...], Field(min_length=1, max_length=20)] | None = None
    error_percent: Annotated[float, Field(gt=0, le=100)] | None = None
    outcomes_min: Annotated[int, Field(ge=1, le=10_000)] | None = None
    live_due_seconds: Annotated[float, Field(ge=0, le=30 * 86_400)] | None = None


@dataclass(frozen=True, slots=True)
class ReplayOrder:
    """What is to be done with a replay that is there."""

    replay_id: ReplayId
    move: ReplayMove
    reason: str
    request_id: str


Answer = Mapping[str, Any]
Draft = Callable[[ReplayBody, Caller, str], Answer]
"""With the request id."""
Show = Callable[[ReplayId, Caller], Answer]
ListAll = Callable[[int, Caller], Answer]
Ledger = Callable[[ReplayId, int, int, ItemState | None, Caller], Answer]
Move = Callable[[ReplayOrder, Caller], Answer]

_MEANINGS: Final = {
    ReplayMove.START: "Let a drafted replay begin (bắt đầu)",
    ReplayMove.PAUSE: "Begin nothing more; what is under way goes on (tạm dừng)",
    ReplayMove.RESUME: "Go on, with the smallest step again (tiếp tục)",
    ReplayMove.CANCEL: "What was not begun never will be (hủy)",
}


def replay_router(
    draft: Draft,
    show: Show,
    list_all: ListAll,
    ledger: Ledger,
    move: Move,
    page_size_max: int,
    body_seconds_max: float,
) -> APIRouter:
    """The operators' paths."""
    router = APIRouter(prefix="/api/v1/replays", tags=["operations"])
    limits = ReadLimits(BODY_BYTES_MAX, body_seconds_max)

    @router.post(
        "",
        status_code=201,
        summary="Select deliveries for one act; nothing is done yet (soạn đợt xử lý hàng loạt)",
        openapi_extra=json_body(ReplayBody),
    )
    async def new(caller: Operator, request: Request) -> JSONResponse:
        asked = body_in(ReplayBody, await read_body(request, limits))
        answer = await run_in_threadpool(draft, asked, caller, request_id_in(request))
        return JSONResponse(dict(answer), status_code=201)

    @router.get("", summary="Replays, newest first (các đợt xử lý)")
    async def listing(
        caller: Operator,
        limit: Annotated[int, Query(ge=1, le=page_size_max, description="Most rows.")] = 100,
    ) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(list_all, limit, caller)))

    @router.get("/{replay_id}", summary="How far it is; of a draft what it would do (tiến độ, chạy thử)")
    async def one(caller: Operator, replay_id: str) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(show, replay_id_of(replay_id), caller)))

    @router.get("/{replay_id}/ledger", summary="Each item, what was done and what came of it (sổ chi tiết)")
    async def rows(
        caller: Operator,
        replay_id: str,
        after: Annotated[
            int, Query(ge=0, le=ORDINAL_MAX, description="`next_after` of an earlier page.")
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=page_size_max, description="Most rows of the page.")] = 100,
        state: ItemState | None = None,
    ) -> JSONResponse:
        page = await run_in_threadpool(ledger, replay_id_of(replay_id), after, limit, state, caller)
        return JSONResponse(dict(page))

    for each in ReplayMove:
        _add_move(router, each, move, limits)
    return router


def _add_move(router: APIRouter, which: ReplayMove, move: Move, limits: ReadLimits) -> None:
    @router.post(
        "/{replay_id}/" + which.value,
        name=f"replay {which.value}",
        summary=_MEANINGS[which],
        openapi_extra=REASON_BODY,
    )
    async def run(caller: Operator, replay_id: str, request: Request) -> JSONResponse:
        reason = reason_in(await read_body(request, limits))
        done = ReplayOrder(replay_id_of(replay_id), which, reason, request_id_in(request))
        return JSONResponse(dict(await run_in_threadpool(move, done, caller)))
