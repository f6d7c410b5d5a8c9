"""Operators correct the content of a refused event; a second person may have to approve."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, Operator
from gateway.api.body import ReadLimits, read_body
from gateway.api.deliveries import (
    REASON_BYTES_MAX,
    ExpectedBody,
    Reason,
    body_in,
    json_body,
    request_id_in,
)
from gateway.api.identifiers import delivery_id_of, event_id_of
from gateway.api.problems import Problem
from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import ProposalState, Scope

_LISTED_MAX: Final = 200


class EditBody(Reason):
    """How the content is to change: exactly one of `event`, `patch` and `set`."""

    event: dict[str, Any] | None = Field(None, description="Toàn bộ nội dung: the whole content, changed.")
    patch: list[dict[str, Any]] | None = Field(None, description="A JSON Patch (RFC 6902).")
    set: dict[str, Any] | None = Field(
        None, description="JSON Pointer (RFC 6901) -> the new value of that field."
    )
    scope: Scope = Field(
        Scope.DELIVERY,
        description="`delivery`: this one; `event`: every delivery of the event that was certainly not sent.",
    )
    dry_run: bool = Field(default=False, description="Only show what would be changed.")
    expected: ExpectedBody = ExpectedBody()

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(each is not None for each in (self.event, self.patch, self.set)) != 1:
            raise PydanticCustomError("one_change", "exactly one of event, patch and set must be given")
        return self


class ApprovalBody(Reason):
    """Approves exactly these bytes."""

    content_sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="Of the proposed content, as it was shown."
    )


View = Mapping[str, Any]
Edit = Callable[[DeliveryId, EditBody, Caller, str], View | None]
Approve = Callable[[str, ApprovalBody, Caller, str], View | None]
Reject = Callable[[str, Reason, Caller, str], View | None]
ListProposals = Callable[[ProposalState | None, EventId | None, int, Caller], View]
ShowProposal = Callable[[str, Caller], View | None]


class EditPaths:
    """What the paths call."""

    def __init__(
        self, edit: Edit, approve: Approve, reject: Reject, listing: ListProposals, show: ShowProposal
    ) -> None:
        self.edit, self.approve, self.reject = edit, approve, reject
        self.listing, self.show = listing, show


def edit_router(paths: EditPaths, body_bytes_max: int, body_seconds_max: float) -> APIRouter:
    """The content is shown only to operators of the event's own units."""
    router = APIRouter(prefix="/api/v1", tags=["operations"])
    whole = ReadLimits(body_bytes_max, body_seconds_max)
    short = ReadLimits(REASON_BYTES_MAX, body_seconds_max)
    _add_edit(router, paths.edit, whole)

    @router.get("/edits", summary="Proposed edits, newest first (đề nghị sửa)")
    async def listing(
        caller: Operator,
        state: ProposalState | None = None,
        event_id: str | None = None,
        limit: Annotated[int, Query(ge=1, le=_LISTED_MAX)] = 50,
    ) -> JSONResponse:
        event = event_id_of(event_id) if event_id else None
        return JSONResponse(dict(await run_in_threadpool(paths.listing, state, event, limit, caller)))

    @router.get("/edits/{proposal_id}", summary="One proposed edit with its differences (xem đề nghị sửa)")
    async def show(caller: Operator, proposal_id: str) -> JSONResponse:
        return _found(await run_in_threadpool(paths.show, _id(proposal_id), caller))

    @router.post(
        "/edits/{proposal_id}/approve",
        summary="A second person lets exactly these bytes go (duyệt)",
        openapi_extra=json_body(ApprovalBody),
    )
    async def approve(caller: Operator, proposal_id: str, request: Request) -> JSONResponse:
        body = body_in(ApprovalBody, await read_body(request, short))
        request_id = request_id_in(request)
        return _found(await run_in_threadpool(paths.approve, _id(proposal_id), body, caller, request_id))

    @router.post(
        "/edits/{proposal_id}/reject",
        summary="Close a proposal; nothing changes (không duyệt)",
        openapi_extra=json_body(Reason),
    )
    async def reject(caller: Operator, proposal_id: str, request: Request) -> JSONResponse:
        body = body_in(Reason, await read_body(request, short))
        request_id = request_id_in(request)
        return _found(await run_in_threadpool(paths.reject, _id(proposal_id), body, caller, request_id))

    return router


def _add_edit(router: APIRouter, edit: Edit, limits: ReadLimits) -> None:
    @router.post(
        "/deliveries/{delivery_id}/edit",
        summary="Correct the content of one held delivery and send it again (sửa và gửi lại)",
        openapi_extra=json_body(EditBody),
    )
    async def run(caller: Operator, delivery_id: str, request: Request) -> JSONResponse:
        body = body_in(EditBody, await read_body(request, limits))
        wished, request_id = delivery_id_of(delivery_id), request_id_in(request)
        return _found(await run_in_threadpool(edit, wished, body, caller, request_id))


def _found(view: View | None) -> JSONResponse:
    if view is None:
        raise Problem("not_found")
    return JSONResponse(dict(view))


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as other:
        raise Problem("not_found") from other
