"""The OpenAPI document stands on its own: references resolve, errors are problems, terms have marks."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Query
from fastapi.responses import JSONResponse

from gateway.api.openapi import documented
from mappings.canonical import EVENT_TYPES, json_schema


def _document() -> dict[str, Any]:
    app, router = FastAPI(title="Cổng"), APIRouter()

    @router.get("/open", openapi_extra={"security": []})
    async def unlocked() -> JSONResponse:
        return JSONResponse({})

    @router.get("/closed")
    async def locked(_limit: Annotated[int, Query(ge=1)]) -> JSONResponse:
        return JSONResponse({})

    app.include_router(router)
    return documented(app, {name: json_schema(name) for name in EVENT_TYPES})()


def _references(node: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value may stand here
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)


def test_every_reference_leads_to_a_component() -> None:
    document = _document()
    references = set(_references(document))
    assert references
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references <= known


def test_each_event_type_is_a_component_with_vietnamese_terms() -> None:
    schemas = _document()["components"]["schemas"]
    assert set(EVENT_TYPES) <= set(schemas)
    assert "khai sinh" in str(schemas["birth"]).lower()


def test_what_events_share_is_one_component() -> None:
    schemas = _document()["components"]["schemas"]
    assert "Requester" in schemas
    assert not [name for name in schemas if "." in name]


def test_two_meanings_of_one_name_are_refused() -> None:
    clashing = {
        event_type: {"type": "object", "$defs": {"Person": {"type": kind}}}
        for event_type, kind in (("birth", "object"), ("death", "string"))
    }
    with pytest.raises(ValueError, match="Person"):
        documented(FastAPI(title="Cổng"), clashing)()


def test_the_frameworks_own_error_is_not_promised() -> None:
    document = _document()
    assert "HTTPValidationError" not in str(document)
    assert "422" not in document["paths"]["/closed"]["get"]["responses"]


def test_closed_paths_name_401_and_403_and_every_path_names_the_problem_document() -> None:
    paths = _document()["paths"]
    assert {"401", "403", "default"} <= paths["/closed"]["get"]["responses"].keys()
    assert "401" not in paths["/open"]["get"]["responses"]
    for path in paths.values():
        content = path["get"]["responses"]["default"]["content"]
        assert list(content) == ["application/problem+json"]


def test_the_document_is_made_once() -> None:
    app = FastAPI(title="Cổng")
    make = documented(app, {})
    assert make() is make()
