"""The published schemas of the events."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from gateway.api.authenticate import Anyone
from gateway.api.problems import Problem

SCHEMA_MEDIA_TYPE = "application/schema+json"


def schema_router(schemas: Mapping[str, Mapping[str, Any]]) -> APIRouter:
    """JSON Schema with Vietnamese terms and legal sources in the descriptions."""
    router = APIRouter(prefix="/api/v1/schemas", tags=["events"])

    @router.get("", summary="The event types (các loại sự kiện hộ tịch)")
    async def types(_caller: Anyone) -> dict[str, list[dict[str, str]]]:
        return {
            "event_types": [{"event_type": name, "schema": f"/api/v1/schemas/{name}"} for name in schemas]
        }

    @router.get("/{event_type}", summary="JSON Schema of one event type (lược đồ của một loại sự kiện)")
    async def schema(_caller: Anyone, event_type: str) -> JSONResponse:
        if event_type not in schemas:
            raise Problem("not_found", event_types=list(schemas))
        return JSONResponse(dict(schemas[event_type]), media_type=SCHEMA_MEDIA_TYPE)

    return router
