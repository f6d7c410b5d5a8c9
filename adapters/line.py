"""What carries an exchange: one request out, one whole answer back, over whatever library."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx


class ConnectionFailed(Exception):
    """Why no connection came to stand; carries no part of the request."""


class ExchangeBroken(Exception):
    """How an exchange broke off; carries no part of request or answer."""


class LineFailed(Exception):
    """There is no whole answer; `cause` says why without a word of request or answer."""

    def __init__(self, cause: ConnectionFailed | ExchangeBroken, *, has_left: bool) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.has_left = has_left
        """Whether anything of the request may have left this machine."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A request as it is to leave."""

    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    """Without `Host` and `Content-Length`, which follow from the rest."""
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, its body as the partner means it."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes


@dataclass(frozen=True, slots=True)
class LineLimits:
    """How long and how much."""

    connect_seconds: float
    silence_seconds: float
    """Longest silence while sending or reading."""
    answer_seconds: float
    """Longest time for a whole body."""
    answer_bytes_max: int
    keepalive_seconds: float


class Line(Protocol):
    """Used by one thread; only `close` may come from another."""

    def exchange(self, letter: Letter, first_byte: Callable[[], None]) -> Reply:
        """Call `first_byte` with the connection standing and nothing written; what it raises comes out.

        Raises LineFailed.
        """
        ...

    def close(self) -> None:
        """Let go of the connection; a later exchange opens a new one."""
        ...
