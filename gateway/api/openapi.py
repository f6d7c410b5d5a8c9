"""The OpenAPI document: event schemas built in, every error a problem document, open paths marked as open."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts

from gateway.api.authenticate import RoleCheck
from gateway.api.receipts import COMPONENT_SCHEMAS, PROBLEM_SCHEMA

_FRAMEWORKS_OWN: Final = ("HTTPValidationError", "ValidationError")
"""What FastAPI would answer to a wrong parameter; we answer 400 with a problem document."""
_REFUSALS: Final = {
    "401": {"description": "No valid token.", "content": PROBLEM_SCHEMA},
    "403": {"description": "The client's role does not allow this.", "content": PROBLEM_SCHEMA},
}
_IN_ANOTHER_SHAPE: Final = "dialects"
"""The registry's clients expect errors in the registry's shape."""
_ANY_OTHER: Final = {"description": "Any other error: a problem document.", "content": PROBLEM_SCHEMA}


def documented(app: FastAPI, schemas: Mapping[str, Mapping[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Gives the document, made once."""
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            document.update(_built(app, schemas))
        return document

    return openapi


def _built(app: FastAPI, schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    components = document.setdefault("components", {})
    known = components.setdefault("schemas", {})
    for name in _FRAMEWORKS_OWN:
        known.pop(name, None)
    known.update(COMPONENT_SCHEMAS, **_embedded(schemas))
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"bearer": []}]
    for operation, roles in _operations(app, document):
        _answers_with_problems(operation)
        if roles:
            operation["x-roles"] = sorted(roles)
    return document


def _operations(app: FastAPI, document: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Each operation, and the roles of which one is needed."""
    for context in iter_route_contexts(app.routes):
        path = document["paths"].get(context.path_format, {})
        for method in context.methods or ():
            if method.lower() in path:
                yield path[method.lower()], _roles_of(context)


def _roles_of(context: RouteContext) -> frozenset[str]:
    checks = (each.call for each in context.dependant.dependencies)
    return frozenset(role.value for check in checks if isinstance(check, RoleCheck) for role in check.roles)


def _answers_with_problems(operation: dict[str, Any]) -> None:
    if _IN_ANOTHER_SHAPE in operation.get("tags", ()):
        return
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    if operation.get("security") != []:
        responses |= _REFUSALS
    responses["default"] = _ANY_OTHER


def _embedded(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Each event's schema as a component; what several share, as `Requester`, stands there once.

    Raises:
        ValueError: two events mean something different by one name.

    """
    found: dict[str, Any] = {}
    for event_type, schema in schemas.items():
        parts = {**schema.get("$defs", {}), event_type: schema}
        for name, part in parts.items():
            own = {key: value for key, value in part.items() if key not in {"$defs", "$schema", "$id"}}
            component = _moved(own)
            if found.setdefault(name, component) != component:
                raise ValueError(name)
    return found


def _moved(node: Any) -> Any:  # noqa: ANN401 - any JSON value may stand here
    """With references that lead to components."""
    if isinstance(node, Mapping):
        return {
            key: (
                value.replace("#/$defs/", "#/components/schemas/")
                if key == "$ref" and isinstance(value, str)
                else _moved(value)
            )
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_moved(part) for part in node]
    return node
