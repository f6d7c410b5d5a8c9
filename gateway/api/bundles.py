"""Operators give messages to a courier, and enter what he brings back."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, Field
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller, Operator
from gateway.api.body import ReadLimits, read_body
from gateway.api.deliveries import Reason, body_in, json_body, request_id_in
from gateway.api.problems import Problem
from gateway.model.ids import DeliveryId, Destination

ORDER_BYTES_MAX: Final = 256 * 1024
UPLOAD_BYTES_MAX: Final = 256 * 1024 * 1024
NAMED_MAX: Final = 1_000
_UPLOAD: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "object"}},
        },
    }
}


class ExportBody(Reason):
    """Which messages the courier takes along."""

    destination: Destination
    due_before: AwareDatetime | None = Field(None, description="Hạn trước: only what is due by then.")
    at_risk: bool = Field(default=False, description="Sắp hết hạn: only what has little time left, or none.")
    delivery_ids: Annotated[list[str], Field(max_length=NAMED_MAX)] = Field(
        default_factory=list, description="Only these; empty: all that fit."
    )

    def named(self) -> tuple[DeliveryId, ...]:
        """In our spelling. Raises a `not_found` problem."""
        return tuple(DeliveryId(bundle_id_of(each)) for each in self.delivery_ids)


class Brought:
    """What a courier brought, and how it is to be taken."""

    def __init__(self, data: bytes, reason: str, brought_by: str, *, keeps_rest: bool) -> None:
        self.data, self.reason, self.brought_by = data, reason, brought_by
        self.keeps_rest = keeps_rest


View = Mapping[str, Any]
Export = Callable[[ExportBody, Caller, str], View]
ListBundles = Callable[[int, Caller], View]
ShowBundle = Callable[[str, Caller], View]
BundleFile = Callable[[str, Caller], bytes]
Apply = Callable[[str, Brought, Caller, str], View]
Verify = Callable[[bytes], View]


class BundlePaths:
    """What the paths call."""

    def __init__(
        self,
        export: Export,
        listing: ListBundles,
        show: ShowBundle,
        file: BundleFile,
        apply: Apply,
        verify: Verify,
    ) -> None:
        self.export, self.listing, self.show = export, listing, show
        self.file, self.apply, self.verify = file, apply, verify


def bundle_router(paths: BundlePaths, body_seconds_max: float) -> APIRouter:
    """Bundles of which the caller may see every message."""
    router = APIRouter(prefix="/api/v1/bundles", tags=["operations"])
    upload = ReadLimits(UPLOAD_BYTES_MAX, body_seconds_max)

    @router.post(
        "",
        status_code=201,
        summary="Give messages of one destination to a courier (lập gói thông điệp)",
        openapi_extra=json_body(ExportBody),
    )
    async def export(caller: Operator, request: Request) -> JSONResponse:
        limits = ReadLimits(ORDER_BYTES_MAX, body_seconds_max)
        body = body_in(ExportBody, await read_body(request, limits))
        made = await run_in_threadpool(paths.export, body, caller, request_id_in(request))
        return JSONResponse(dict(made), status_code=200 if made["is_repeat"] else 201)

    @router.get("", summary="Courier bundles, newest first (các gói thông điệp)")
    async def listing(caller: Operator, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(paths.listing, limit, caller)))

    @router.post(
        "/verify",
        summary="Whether a bundle is whole and signed by this gateway (kiểm tra gói)",
        openapi_extra=_UPLOAD,
    )
    async def verify(_caller: Operator, request: Request) -> JSONResponse:
        data = await read_body(request, upload)
        return JSONResponse(dict(await run_in_threadpool(paths.verify, data)))

    @router.get("/{bundle_id}", summary="One bundle and what became of each message (xem gói)")
    async def show(caller: Operator, bundle_id: str) -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(paths.show, bundle_id_of(bundle_id), caller)))

    @router.get(
        "/{bundle_id}/file",
        summary="The signed ZIP (tải gói)",
        response_class=Response,
        responses={200: {"content": {"application/zip": {}}, "description": "The signed ZIP."}},
    )
    async def file(caller: Operator, bundle_id: str) -> Response:
        name = bundle_id_of(bundle_id)
        data = await run_in_threadpool(paths.file, name, caller)
        headers = {"Content-Disposition": f'attachment; filename="bundle-{name}.zip"'}
        return Response(data, media_type="application/zip", headers=headers)

    _add_apply(router, paths.apply, upload)
    return router


def _add_apply(router: APIRouter, apply: Apply, limits: ReadLimits) -> None:
    @router.post(
        "/{bundle_id}/apply",
        summary="Enter what the courier brought back (nhập kết quả)",
        openapi_extra=_UPLOAD,
    )
    async def run(
        caller: Operator,
        bundle_id: str,
        request: Request,
        *,
        reason: Annotated[str, Query(min_length=3, max_length=500, description="Lý do: why.")],
        brought_by: Annotated[
            str, Query(min_length=3, max_length=200, description="Người đưa: who brought it.")
        ],
        keep_rest: Annotated[
            bool, Query(description="Messages without a result stay reserved: another list will come.")
        ] = False,
    ) -> JSONResponse:
        data = await read_body(request, limits)
        brought = Brought(data, reason, brought_by, keeps_rest=keep_rest)
        name = bundle_id_of(bundle_id)
        return JSONResponse(
            dict(await run_in_threadpool(apply, name, brought, caller, request_id_in(request)))
        )


def bundle_id_of(text: str) -> str:
    """In our spelling. Raises a `not_found` problem."""
    try:
        return str(UUID(text))
    except ValueError as other:
        raise Problem("not_found") from other
