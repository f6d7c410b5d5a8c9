"""Offices read what was changed in their books; higher offices read every change to a registered event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Anyone, Caller, Consumer
from gateway.api.body import ReadLimits, read_body
from gateway.api.deliveries import REASON_BYTES_MAX, body_in, json_body
from gateway.api.identifiers import uuid_of

View = Mapping[str, Any]
NoticeFilter = Literal["open", "acknowledged", "all"]
_UNIT: Final = r"^([0-9]{2}|[0-9]{3}|[0-9]{5}|M[A-Z]{2}[0-9]{2}|[A-Z]{3})$"

After = Annotated[str, Query(max_length=36, description="`next_after` of an earlier page.")]
Unit = Annotated[
    str | None,
    Query(alias="for", pattern=_UNIT, description="Only what concerns this unit or those below it."),
]


class NoteBody(BaseModel):
    """A word with an acknowledgement."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    note: str = Field(
        min_length=3,
        max_length=500,
        description="Ghi chú: where the change was noted in the book, or what was found on looking.",
    )


@dataclass(frozen=True, slots=True)
class NoticeQuery:
    """Which notices."""

    wanted: NoticeFilter
    unit: str | None
    after: str
    limit: int


@dataclass(frozen=True, slots=True)
class OversightQuery:
    """Which warnings."""

    only_unseen: bool
    unit: str | None
    after: str
    limit: int


@dataclass(frozen=True, slots=True)
class CorrectionPaths:
    """What the paths call."""

    list_notices: Callable[[NoticeQuery, Caller], View]
    get_notice: Callable[[str, Caller], View]
    acknowledge: Callable[[str, str, Caller], View]
    list_changes: Callable[[OversightQuery, Caller], View]
    get_change: Callable[[str, Caller], View]
    mark_seen: Callable[[str, str, Caller], View]


def office_notice_router(paths: CorrectionPaths, page_size_max: int, body_seconds_max: float) -> APIRouter:
    """The inbox of the office whose entry another one changed."""
    router = APIRouter(prefix="/api/v1/office-notices", tags=["corrections"])
    limits = ReadLimits(REASON_BYTES_MAX, body_seconds_max)

    @router.get("", summary="Changes that other offices made to our entries (thông báo thay đổi hộ tịch)")
    async def listing(
        caller: Anyone,
        state: Annotated[NoticeFilter, Query(description="Which; `open` is what waits for us.")] = "open",
        unit: Unit = None,
        after: After = "",
        limit: Annotated[int, Query(ge=1, le=page_size_max, description="Most rows.")] = 100,
    ) -> JSONResponse:
        asked = NoticeQuery(state, unit, after, limit)
        return JSONResponse(dict(await run_in_threadpool(paths.list_notices, asked, caller)))

    @router.get("/{notice_id}", summary="One notice, with before and after (một thông báo)")
    async def one(caller: Anyone, notice_id: str) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(paths.get_notice, uuid_of(notice_id), caller)))

    @router.post(
        "/{notice_id}/acknowledge",
        summary="We have noted it in our book (xác nhận đã ghi vào sổ)",
        openapi_extra=json_body(NoteBody),
    )
    async def acknowledge(caller: Anyone, notice_id: str, request: Request) -> JSONResponse:
        note = body_in(NoteBody, await read_body(request, limits)).note
        done = await run_in_threadpool(paths.acknowledge, uuid_of(notice_id), note, caller)
        return JSONResponse(dict(done))

    return router


def oversight_router(paths: CorrectionPaths, page_size_max: int, body_seconds_max: float) -> APIRouter:
    """The view of the higher office."""
    router = APIRouter(prefix="/api/v1/oversight/changes", tags=["corrections"])
    limits = ReadLimits(REASON_BYTES_MAX, body_seconds_max)

    @router.get("", summary="Every change to a registered event below us (cảnh báo thay đổi hộ tịch)")
    async def listing(
        caller: Consumer,
        only_unseen: Annotated[bool, Query(description="Leave out what somebody has looked at.")] = False,  # noqa: FBT002 - a query parameter
        unit: Unit = None,
        after: After = "",
        limit: Annotated[int, Query(ge=1, le=page_size_max, description="Most rows.")] = 100,
    ) -> JSONResponse:
        asked = OversightQuery(only_unseen, unit, after, limit)
        return JSONResponse(dict(await run_in_threadpool(paths.list_changes, asked, caller)))

    @router.get("/{oversight_id}", summary="One change, with before and after (một cảnh báo)")
    async def one(caller: Consumer, oversight_id: str) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(paths.get_change, uuid_of(oversight_id), caller)))

    @router.post(
        "/{oversight_id}/seen",
        summary="We have looked at it (đã xem)",
        openapi_extra=json_body(NoteBody),
    )
    async def seen(caller: Consumer, oversight_id: str, request: Request) -> JSONResponse:
        note = body_in(NoteBody, await read_body(request, limits)).note
        done = await run_in_threadpool(paths.mark_seen, uuid_of(oversight_id), note, caller)
        return JSONResponse(dict(done))

    return router
