"""Between our words and httpcore's: addresses, the headers of a request, headers and body of an answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpcore
import httpx
from typing_extensions import override

_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "keep-alive",
    "User-Agent": "hotich-gateway",
}
_TAKES_CONTENT = frozenset({"POST", "PUT", "PATCH"})
_CONTENT_ENCODING = b"content-encoding"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes."""

    url: httpcore.URL
    host: bytes
    """As it stands in the header of this name."""


def address_of(url: httpx.URL) -> Address:
    """Names in their form for the wire."""
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    return Address(target, url.netloc)


def raw_headers(
    method: str, address: Address, headers: Mapping[str, str] | None, content: bytes | None
) -> Sequence[tuple[bytes, bytes]]:
    """What every request says, and its own; in the order in which httpx writes them.

    Raises:
        UnicodeEncodeError: a name or a value is not ASCII.

    """
    named = {**_HEADERS, **(headers or {})}
    own = [(name.encode("ascii"), value.encode("ascii")) for name, value in named.items()]
    host = (b"Host", address.host)
    if content:
        return [host, *own, (b"Content-Length", b"%d" % len(content))]
    return [host, (b"Content-Length", b"0"), *own] if method in _TAKES_CONTENT else [host, *own]


def read_headers(response: httpcore.Response) -> Mapping[str, str]:
    """Names in lower case; what is said twice is joined by a comma."""
    return httpx.Headers(response.headers)


def chunks_of(response: httpcore.Response) -> Iterable[bytes]:
    """As sent; decoded where a partner compresses although it was asked not to.

    Raises:
        httpx.DecodingError: while it is read, when it is not what it says.

    """
    stream = response.stream
    if not isinstance(stream, Iterable):
        raise TypeError(type(stream).__qualname__)
    if any(name.lower() == _CONTENT_ENCODING for name, _ in response.headers):
        return httpx.Response(response.status, headers=response.headers, stream=_Body(stream)).iter_bytes()
    return stream


class _Body(httpx.SyncByteStream):
    """A compressed body, for httpx to decode."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    @override
    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)
