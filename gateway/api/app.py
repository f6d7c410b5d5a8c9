"""The HTTP application, put together from its paths; every dependency is an argument."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi_offline import FastAPIOffline

from gateway.api import problems
from gateway.api.allowed import allowed_methods
from gateway.api.authenticate import TokenCheck
from gateway.api.openapi import documented
from gateway.model.ids import RandomBytes

DESCRIPTION = (
    "Hộ tịch Gateway accepts civil-status events (sự kiện hộ tịch) and delivers each of them, once and in"
    " order, to the three national systems within twelve hours of registration. Errors are problem documents"
    " (RFC 9457)."
)


@dataclass(frozen=True, slots=True)
class Edge:
    """What the application is made of."""

    routers: Sequence[APIRouter]
    tokens: TokenCheck
    schemas: Mapping[str, Mapping[str, Any]]
    """Event type -> JSON Schema."""
    version: str
    random_bytes: RandomBytes


def create_app(edge: Edge) -> FastAPI:
    """The application; `/docs` works without the internet."""
    app: FastAPI = FastAPIOffline(
        title="Hộ tịch Gateway", version=edge.version, description=DESCRIPTION, redoc_url=None
    )
    app.state.tokens = edge.tokens
    problems.install(app, edge.random_bytes, allowed_methods(app))
    for router in edge.routers:
        app.include_router(router)
    setattr(app, "openapi", documented(app, edge.schemas))  # noqa: B010 - FastAPI's own way to replace its document
    return app
