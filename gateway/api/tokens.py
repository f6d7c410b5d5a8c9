"""POST /oauth/token: client credentials become a bearer token (RFC 6749 section 4.4)."""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from gateway.api.body import ReadLimits, read_body
from gateway.api.problems import Problem
from gateway.model.clock import Clock
from gateway.model.ids import ClientId
from gateway.operations.clients import NewToken

GiveToken = Callable[[ClientId, str, datetime], NewToken | None]
FORM_BYTES_MAX: Final = 8_192
FORM_FIELDS_MAX: Final = 10
CHECKS_AT_ONCE: Final = 2
"""Checking a secret costs 16 MB and tens of milliseconds on purpose: strangers must not take all threads."""
_ID_SHAPE: Final = re.compile(r"[!-~]{1,100}")
_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="hotich-gateway"'}

_FORM: Final[dict[str, Any]] = {
    "security": [],
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
    },
}


def token_router(give_token: GiveToken, clock: Clock, body_seconds_max: float) -> APIRouter:
    """The one path that needs no token, because it gives them."""
    router = APIRouter(tags=["access"])
    limits = ReadLimits(FORM_BYTES_MAX, body_seconds_max)
    checks = CapacityLimiter(CHECKS_AT_ONCE)

    @router.post("/oauth/token", openapi_extra=_FORM, summary="Get a bearer token (lấy mã truy cập)")
    async def token(request: Request) -> JSONResponse:
        fields = _fields_in(await read_body(request, limits))
        if fields.get("grant_type") != "client_credentials":
            raise Problem("unsupported_grant_type", error="unsupported_grant_type")
        client_id, secret = _credentials(request.headers.get("authorization"), fields)
        now = clock()
        given = await to_thread.run_sync(give_token, ClientId(client_id), secret, now, limiter=checks)
        if given is None:
            raise _unknown_client()
        return JSONResponse(
            {
                "access_token": given.token,
                "token_type": "Bearer",
                "expires_in": int((given.expires_at - now).total_seconds()),
            },
            headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
        )

    return router


def _fields_in(body: bytes) -> dict[str, str]:
    """The form; one with too many fields is none of ours."""
    try:
        return dict(parse_qsl(body.decode("utf-8", errors="replace"), max_num_fields=FORM_FIELDS_MAX))
    except ValueError:
        return {}


def _unknown_client() -> Problem:
    """`error` is what clients of RFC 6749 look for."""
    return Problem("invalid_client", headers=_CHALLENGE, error="invalid_client")


def _credentials(authorization: str | None, fields: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as broken:
            raise _unknown_client() from broken
    else:
        client_id, secret = fields.get("client_id", ""), fields.get("client_secret", "")
    if _ID_SHAPE.fullmatch(client_id) is None:
        raise _unknown_client()
    return client_id, secret
