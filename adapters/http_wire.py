"""What stands in a request besides its content, and how libcurl is told and tells of it."""

from collections.abc import Iterable, Mapping, Sequence

import httpx

_OWN_HEADERS = {
    "User-Agent": "hotich-gateway",
    "Accept": "*/*",
    "Connection": "keep-alive",
}
_TAKES_CONTENT = frozenset({"POST", "PUT", "PATCH"})
_UNSAID = "Expect:"
"""libcurl asks before it sends much content; who does not know that lets it wait in vain."""
_NO_CONTENT_TYPE = "Content-Type:"
"""libcurl would name one for all content."""


class UnsendableHeader(ValueError):
    """A header that would not be one line of printable ASCII; nothing of it is told, it may be a secret."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def address_of(url: httpx.URL) -> str:
    """Names in their form for the wire."""
    return b"".join((url.raw_scheme, b"://", url.netloc, url.raw_path)).decode("ascii")


def headers_of(
    method: str, headers: Mapping[str, str] | None, content: bytes | None
) -> Sequence[tuple[str, str]]:
    """What every request says, and its own.

    Raises:
        UnsendableHeader: a name or a value would not be one line of printable ASCII.

    """
    named = {**_OWN_HEADERS, **(headers or {})}
    if not content and method in _TAKES_CONTENT:
        named["Content-Length"] = "0"
    for name, value in named.items():
        if not (name.isascii() and name.isprintable() and value.isascii() and value.isprintable()):
            raise UnsendableHeader
    return tuple(named.items())


def curl_lines(headers: Sequence[tuple[str, str]]) -> Sequence[str]:
    """In libcurl's form: what has nothing behind its colon is left out, what is empty ends in a semicolon."""
    lines = [_UNSAID, *(f"{name}: {value}" if value else f"{name};" for name, value in headers)]
    return lines if any(name.lower() == "content-type" for name, _ in headers) else [*lines, _NO_CONTENT_TYPE]


def read_headers(lines: Iterable[bytes]) -> Mapping[str, str]:
    """Of an answer's head; what is said twice is joined by a comma, what is no header is passed over."""
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            continue
        name, value = name.strip().lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
