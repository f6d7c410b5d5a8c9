"""What a simulated system looks like to the sandbox."""

from typing import Protocol

from simulators.exchange_values import Call, Reply, Request
from simulators.journal import Journal


class Partner(Protocol):
    """One simulated national system."""

    name: str
    body_bytes_max: int
    journal: Journal

    def open(self, request: Request) -> Call:
        """Understand a request as far as needed to name it; nothing is committed yet."""
        ...

    def expire_credentials(self, request: Request) -> Reply | None:
        """Make what the request shows invalid; an answer only where there is nothing to invalidate."""
        ...

    def failure(self, status: int) -> Reply:
        """Answer of a server or bus in trouble, in this system's clothes."""
        ...

    def wrong_answer(self, form: str) -> Reply:
        """Answer that breaks the contract: `garbage`, `html`, `wrong_shape` or `empty`."""
        ...

    def reset(self) -> None:
        """Forget all that is held."""
        ...
