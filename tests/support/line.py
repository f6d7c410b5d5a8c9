"""A transport of httpx at the end of a line: tests script their partners in httpx's words."""

from collections.abc import Callable, Mapping

import httpx

from adapters.line import ConnectionFailed, ExchangeBroken, Reply, Request

FIRST_BYTE = "about_to_send"
"""The trace event that a transport raises with the connection standing and nothing written yet."""


class LineTo:
    """Carries a request to the transport, and its answer or error back."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def exchange(self, request: Request, about_to_send: Callable[[], None]) -> Reply:
        """The transport's errors count by whether it has said that the first byte is about to leave."""
        has_left = False

        def hear(event: str, _info: Mapping[str, object]) -> None:
            nonlocal has_left
            if event == FIRST_BYTE:
                about_to_send()
                has_left = True

        asked = httpx.Request(
            request.method,
            request.url,
            headers=list(request.headers),
            content=request.content or b"",
            extensions={"trace": hear},
        )
        failure: Exception
        try:
            answer = self._transport.handle_request(asked)
            return Reply(answer.status_code, answer.headers, answer.read())
        except (httpx.TransportError, httpx.DecodingError) as error:
            words = f"{type(error).__name__}: {error}"
            failure = ExchangeBroken(type(error).__name__) if has_left else ConnectionFailed(words)
        raise failure

    def close(self) -> None:
        """Nothing is held."""
