"""POST /oauth/token: client credentials become a bearer token (RFC 6749 section 4.4)."""

import binascii
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.body import read_body
from gateway.api.problems import Problem
from gateway.model.clock import Clock
from gateway.model.ids import ClientId
from gateway.operations.clients import NewToken

GiveToken = Callable[[ClientId, str, datetime], NewToken | None]
FORM_BYTES_MAX = 8_192
FORM_FIELDS_MAX = 10

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "const": "client_credentials"},
                        "client_id": {"type": "string", "description": "Or as HTTP Basic user."},
                        "client_secret": {"type": "string", "description": "Or as HTTP Basic password."},
                    },
                }
            }
        },
    }
}


def token_router(give_token: GiveToken, clock: Clock) -> APIRouter:
    """The one path that needs no token, because it gives them."""
    router = APIRouter(tags=["access"])

    @router.post("/oauth/token", openapi_extra=_FORM, summary="Get a bearer token (lấy mã truy cập)")
    async def token(request: Request) -> JSONResponse:
        text = (await read_body(request, FORM_BYTES_MAX)).decode("utf-8", errors="replace")
        fields = dict(parse_qsl(text, max_num_fields=FORM_FIELDS_MAX))
        if fields.get("grant_type") != "client_credentials":
            raise Problem("unsupported_grant_type")
        client_id, secret = _credentials(request.headers.get("authorization"), fields)
        now = clock()
        given = await run_in_threadpool(give_token, ClientId(client_id), secret, now)
        if given is None:
            raise Problem("invalid_client", headers={"WWW-Authenticate": 'Basic realm="hotich-gateway"'})
        return JSONResponse(
            {
                "access_token": given.token,
                "token_type": "Bearer",
                "expires_in": int((given.expires_at - now).total_seconds()),
            },
            headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
        )

    return router


def _credentials(authorization: str | None, fields: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as broken:
            raise Problem("invalid_client") from broken
        return client_id, secret
    return fields.get("client_id", ""), fields.get("client_secret", "")
