"""One exchange at a time with a partner, whoever carries it: what it is asked, what it says, how it fails."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """What is to leave."""

    method: str
    url: str
    """A full address; names in their form for the wire."""
    headers: Sequence[tuple[str, str]]
    """Those that are not the carrier's own, as are host and length; each one line of printable ASCII."""
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes
    """Decoded, where a partner compresses although it was asked not to."""


class ConnectionFailed(Exception):
    """Why no connection came to stand; carries no part of the request."""


class ExchangeBroken(Exception):
    """How an exchange broke off; carries no part of request or answer."""


class Line(Protocol):
    """Made for one thread."""

    def exchange(self, request: Request, about_to_send: Callable[[], None]) -> Reply:
        """`about_to_send` is called once, with the connection standing and before the first byte leaves.

        Raises:
            ConnectionFailed: nothing has left, and `about_to_send` was not called.
            ExchangeBroken: something may have left.
            Exception: what `about_to_send` raised, unchanged; nothing has left.

        """
        ...

    def close(self) -> None:
        """Let go of the connection; a later request opens a new one."""
        ...
