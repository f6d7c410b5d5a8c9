"""A transport of httpx at the end of a line: tests script their partners in httpx's words."""

from typing import Final

import httpcore
import httpx

_WORDS: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.ReadError,
    httpx.ReadTimeout,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.LocalProtocolError,
    httpx.RemoteProtocolError,
)
"""The errors that both libraries have, under the same names."""


class LineTo:
    """Carries a request of httpcore to the transport, and its answer or error back."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Raises httpcore's error of the same name as the transport's."""
        url = request.url
        content = b"".join(request.stream)  # type: ignore[arg-type]  # a channel's requests are synchronous
        asked = httpx.Request(
            request.method.decode(),
            httpx.URL(bytes(url).decode()),
            headers=request.headers,
            content=content,
            extensions=request.extensions,
        )
        try:
            answer = self._transport.handle_request(asked)
        except _WORDS as error:
            raise getattr(httpcore, type(error).__name__)(str(error)) from error
        return httpcore.Response(answer.status_code, headers=answer.headers.raw, content=answer.stream)

    def close(self) -> None:
        """Nothing is held."""
