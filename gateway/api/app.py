"""The HTTP application, put together from its paths; every dependency is an argument."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi_offline import FastAPIOffline

from gateway.api import problems
from gateway.api.authenticate import TokenCheck
from gateway.api.receipts import COMPONENT_SCHEMAS
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
    problems.install(app, edge.random_bytes)
    for router in edge.routers:
        app.include_router(router)
    setattr(app, "openapi", _documented(app, edge))  # noqa: B010 - FastAPI's own way to replace its document
    return app


def _documented(app: FastAPI, edge: Edge) -> Callable[[], dict[str, Any]]:
    """OpenAPI with the event schemas, made once."""
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            document.update(
                get_openapi(
                    title=app.title, version=app.version, description=app.description, routes=app.routes
                )
            )
            components = document.setdefault("components", {})
            components.setdefault("schemas", {}).update(COMPONENT_SCHEMAS, **_embedded(edge.schemas))
            components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"bearer": []}]
        return document

    return openapi


def _embedded(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Each event's schema as a component: its own definitions move beside it, under its name."""
    found: dict[str, Any] = {}
    for event_type, schema in schemas.items():
        definitions = schema.get("$defs", {})
        prefix = f"{event_type}."
        for name, definition in definitions.items():
            found[prefix + name] = _renamed(definition, prefix)
        found[event_type] = _renamed(
            {key: value for key, value in schema.items() if key not in {"$defs", "$schema", "$id"}}, prefix
        )
    return found


def _renamed(node: Any, prefix: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(node, Mapping):
        return {
            key: (
                value.replace("#/$defs/", f"#/components/schemas/{prefix}")
                if key == "$ref" and isinstance(value, str)
                else _renamed(value, prefix)
            )
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_renamed(part, prefix) for part in node]
    return node
