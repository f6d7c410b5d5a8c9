"""The token call as the registry's clients make it on the provincial bus: our tokens, the bus's answer."""

import json
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from gateway.api.dialects import wire

_SCOPE = "default"


def bus_token_router(token_router: APIRouter) -> APIRouter:
    """The same call as /oauth/token at the bus's paths; the answer names the scope, as the bus does [S]."""
    router = APIRouter(tags=["access"])
    route = next(each for each in token_router.routes if isinstance(each, APIRoute))
    endpoint: Callable[[Request], Awaitable[Response]] = route.endpoint

    async def token(request: Request) -> Response:
        answer = await endpoint(request)
        body = json.loads(bytes(answer.body))
        told = {"access_token": body["access_token"], "scope": _SCOPE, **body}
        return JSONResponse(told, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    for path in wire.TOKEN_PATHS:
        router.add_api_route(
            path,
            token,
            methods=["POST"],
            summary="Get a bearer token as on the bus (lấy mã truy cập kiểu trục tích hợp)",
            openapi_extra=route.openapi_extra,
        )
    return router
