"""One entry of a book: its history, what it says on a day, and what the paper says if that differs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Anyone, Caller, Operator
from gateway.api.body import ReadLimits, read_body
from gateway.api.deliveries import Reason, body_in, json_body, reason_in, request_id_in
from gateway.api.identifiers import event_id_of, uuid_of
from gateway.model.corrections import StatementState
from gateway.model.ids import EventId
from mappings.canonical.registration import EntryIdentity

BODY_BYTES_MAX: Final = 65_536
_LISTED_MAX: Final = 200
View = Mapping[str, Any]

Authority = Annotated[
    str, Path(pattern=r"^([0-9]{2}|[0-9]{3}|[0-9]{5}|M[A-Z]{2}[0-9]{2})$", description="As on the day of it.")
]
Book = Annotated[str, Path(pattern=r"^[A-Z]{2,4}$", description="Mã sổ: KS, KH, KT …")]
Year = Annotated[int, Path(ge=1800, le=2199)]
Number = Annotated[str, Path(pattern=r"^[0-9A-Z][0-9A-Z./-]{0,19}$", description="Số đăng ký.")]
At = Annotated[
    date | None, Query(description="Tính đến ngày: as the entry stood at the end of that day; else now.")
]


class BookBody(Reason):
    """What somebody read in the paper book."""

    values: dict[str, Annotated[str, Field(min_length=1, max_length=500)] | None] = Field(
        min_length=1,
        max_length=30,
        description="Field, named as in `changes`, -> what the book says; null: the book is blank there.",
    )
    page_reference: str = Field(
        min_length=3, max_length=200, description="Trang sổ: volume and page where it was read."
    )
    holder: str | None = Field(
        None,
        pattern=r"^([0-9]{2}|[0-9]{3}|[0-9]{5}|M[A-Z]{2}[0-9]{2})$",
        description="Cơ quan giữ sổ: needed only where the old unit was divided.",
    )
    dry_run: bool = Field(default=False, description="Only show what would be changed.")


class PlanApproval(Reason):
    """Approves exactly these differences."""

    plan_sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of the differences, as they were shown.")


@dataclass(frozen=True, slots=True)
class EntryPaths:
    """What the paths call; each raises `ActRefused`."""

    show: Callable[[EntryIdentity, date | None, Caller], View]
    show_event: Callable[[EventId, date | None, Caller], View]
    state: Callable[[EntryIdentity, BookBody, Caller, str], View]
    list_statements: Callable[[StatementState | None, int, Caller], View]
    show_statement: Callable[[str, Caller], View]
    approve: Callable[[str, PlanApproval, Caller, str], View]
    reject: Callable[[str, str, Caller, str], View]


def entry_router(paths: EntryPaths, body_seconds_max: float) -> APIRouter:
    """The path of the statement stands before that of the history: a number may hold a slash."""
    router = APIRouter(prefix="/api/v1", tags=["corrections"])
    limits = ReadLimits(BODY_BYTES_MAX, body_seconds_max)

    @router.post(
        "/entries/{authority}/{book}/{year}/{number:path}/book-wins",
        summary="The paper book says something else: align the national systems (dữ liệu theo sổ)",
        openapi_extra=json_body(BookBody),
    )
    async def book_wins(
        caller: Operator, authority: Authority, book: Book, year: Year, number: Number, request: Request
    ) -> JSONResponse:
        body = body_in(BookBody, await read_body(request, limits))
        entry = EntryIdentity(authority, book, year, number)
        done = await run_in_threadpool(paths.state, entry, body, caller, request_id_in(request))
        return JSONResponse(dict(done))

    @router.get(
        "/entries/{authority}/{book}/{year}/{number:path}",
        summary="Everything registered about an entry, and what it says (lịch sử mục đăng ký)",
    )
    async def entry_history(
        caller: Anyone, authority: Authority, book: Book, year: Year, number: Number, at: At = None
    ) -> JSONResponse:
        entry = EntryIdentity(authority, book, year, number)
        return JSONResponse(dict(await run_in_threadpool(paths.show, entry, at, caller)))

    @router.get(
        "/events/{event_id}/history",
        summary="The history of the entry that an event is about (lịch sử theo sự kiện)",
    )
    async def event_history(caller: Anyone, event_id: str, at: At = None) -> JSONResponse:
        shown = await run_in_threadpool(paths.show_event, event_id_of(event_id), at, caller)
        return JSONResponse(dict(shown))

    _add_statements(router, paths, limits)
    return router


def _add_statements(router: APIRouter, paths: EntryPaths, limits: ReadLimits) -> None:
    @router.get("/book-wins", summary="What people read in paper books (các lần đối chiếu sổ)")
    async def listing(
        caller: Operator,
        state: StatementState | None = None,
        limit: Annotated[int, Query(ge=1, le=_LISTED_MAX, description="Most rows.")] = 100,
    ) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(paths.list_statements, state, limit, caller)))

    @router.get("/book-wins/{statement_id}", summary="One of them, with its differences (một lần đối chiếu)")
    async def one(caller: Operator, statement_id: str) -> JSONResponse:
        shown = await run_in_threadpool(paths.show_statement, uuid_of(statement_id), caller)
        return JSONResponse(dict(shown))

    @router.post(
        "/book-wins/{statement_id}/approve",
        summary="A second person has seen the book too (người thứ hai duyệt)",
        openapi_extra=json_body(PlanApproval),
    )
    async def approve(caller: Operator, statement_id: str, request: Request) -> JSONResponse:
        body = body_in(PlanApproval, await read_body(request, limits))
        wanted, key = uuid_of(statement_id), request_id_in(request)
        return JSONResponse(dict(await run_in_threadpool(paths.approve, wanted, body, caller, key)))

    @router.post(
        "/book-wins/{statement_id}/reject",
        summary="Close it; nothing changes (từ chối)",
        openapi_extra=json_body(Reason),
    )
    async def reject(caller: Operator, statement_id: str, request: Request) -> JSONResponse:
        reason = reason_in(await read_body(request, limits))
        wanted, key = uuid_of(statement_id), request_id_in(request)
        return JSONResponse(dict(await run_in_threadpool(paths.reject, wanted, reason, caller, key)))
