"""Reading a request's body once, and never more of it than the limit."""

from fastapi import Request

from gateway.api.problems import Problem


async def read_body(request: Request, bytes_max: int) -> bytes:
    """The whole body. Raises a `body_too_large` problem as soon as the limit is passed."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > bytes_max:
        raise Problem("body_too_large", limit_bytes=bytes_max)
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > bytes_max:
            raise Problem("body_too_large", limit_bytes=bytes_max)
    return bytes(parts)
