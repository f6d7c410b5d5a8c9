"""Reading a request's body once, never more of it than the limit, and never for longer."""

import asyncio
from dataclasses import dataclass

from fastapi import Request

from gateway.api.problems import Problem


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much of a body is read, and for how long."""

    bytes_max: int
    seconds_max: float


async def read_body(request: Request, limits: ReadLimits) -> bytes:
    """The whole body. Raises a `body_too_large` or `body_too_slow` problem as soon as a limit is passed."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limits.bytes_max:
        raise _too_large(limits)
    try:
        async with asyncio.timeout(limits.seconds_max):
            return await _read(request, limits)
    except TimeoutError as slow:
        raise Problem("body_too_slow", headers=_CLOSE, limit_seconds=limits.seconds_max) from slow


async def _read(request: Request, limits: ReadLimits) -> bytes:
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > limits.bytes_max:
            raise _too_large(limits)
    return bytes(parts)


def _too_large(limits: ReadLimits) -> Problem:
    return Problem("body_too_large", headers=_CLOSE, limit_bytes=limits.bytes_max)


_CLOSE = {"Connection": "close"}
"""The rest of the body is not read, so that nothing else can come over this connection."""
