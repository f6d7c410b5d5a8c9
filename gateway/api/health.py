"""Alive, ready, and what is counted."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Operator
from gateway.observability.metrics import Metrics

_OPEN: dict[str, list[str]] = {"security": []}

HealthCheck = Callable[[], Mapping[str, bool]]
"""Part of the house -> whether it works. Names only: this path needs no token."""


def health_router(check: HealthCheck, metrics: Metrics) -> APIRouter:
    """Liveness and readiness are open, because they tell nothing but yes or no."""
    router = APIRouter(tags=["health"])

    @router.get("/health/live", summary="The process answers", openapi_extra=_OPEN)
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @router.get(
        "/health/ready",
        summary="The gateway can accept and deliver",
        openapi_extra=_OPEN,
        responses={503: {"description": "Some part does not work; `parts` says which."}},
    )
    async def ready() -> JSONResponse:
        parts = await run_in_threadpool(check)
        works = all(parts.values())
        return JSONResponse(
            {"status": "ready" if works else "not_ready", "parts": dict(parts)},
            status_code=200 if works else 503,
        )

    @router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
    async def scrape(_caller: Operator) -> PlainTextResponse:
        return PlainTextResponse(
            await run_in_threadpool(metrics.render), media_type="text/plain; version=0.0.4; charset=utf-8"
        )

    return router
