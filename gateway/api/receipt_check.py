"""Whether a receipt is ours: public keys for those who check by themselves, and a check for those who ask."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Anyone, Caller
from gateway.api.body import ReadLimits, read_body
from gateway.model.ids import EventId
from gateway.operations.receipts import ReceiptCheck, ReceiptVerdict

RECEIPT_BYTES_MAX: Final = 256 * 1024
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/receipt"}}},
    }
}
MaySee = Callable[[Caller, EventId], bool]


def receipt_router(
    key_set: Callable[[], Mapping[str, Any]],
    check: Callable[[object], ReceiptCheck],
    is_as_given: Callable[[EventId, Mapping[str, Any]], bool],
    may_see: MaySee,
    body_seconds_max: float,
) -> APIRouter:
    """The keys are open; asking needs a token."""
    router = APIRouter(tags=["receipts"])
    limits = ReadLimits(RECEIPT_BYTES_MAX, body_seconds_max)

    @router.get(
        "/.well-known/hotich-gateway-keys",
        openapi_extra={"security": []},
        summary="Public keys that sign or have signed receipts, as a JSON Web Key Set (khóa công khai)",
    )
    async def keys() -> JSONResponse:
        return JSONResponse(dict(await run_in_threadpool(key_set)), headers={"Cache-Control": "max-age=300"})

    @router.post(
        "/api/v1/receipts/verify",
        openapi_extra=_BODY,
        summary="Whether a receipt is genuine (kiểm tra biên nhận)",
    )
    async def verify(caller: Anyone, request: Request) -> JSONResponse:
        document = _json_in(await read_body(request, limits))
        return JSONResponse(await run_in_threadpool(answer, document, caller))

    def answer(document: object, caller: Caller) -> dict[str, Any]:
        found, event_id = check(document), _event_id(document)
        is_as_given_here = None
        # Nothing is said of events that the caller may not see.
        if event_id is not None and isinstance(document, Mapping) and may_see(caller, event_id):
            is_as_given_here = is_as_given(event_id, document)
        return {
            "verdict": found.verdict.value,
            "is_genuine": found.verdict is ReceiptVerdict.GENUINE,
            "key_id": found.key_id,
            "is_as_given": is_as_given_here,
        }

    return router


def _json_in(body: bytes) -> object:
    """What is no JSON is no receipt."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _event_id(document: object) -> EventId | None:
    named = document.get("event_id") if isinstance(document, Mapping) else None
    try:
        return EventId(str(UUID(named))) if isinstance(named, str) else None
    except ValueError:
        return None
