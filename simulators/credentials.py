"""Who may call the sandbox, and the short-lived tokens and sessions it gives out."""

import base64
import binascii
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulators.clock import Clock


@dataclass(frozen=True, slots=True)
class Credentials:
    """The one account of the sandbox, the same for all three systems; invented."""

    name: str = "gateway"
    secret: str = "sandbox-secret"  # noqa: S105 - invented; opens only simulators on the loopback address


class Tickets:
    """Tokens or sessions of one system, each with an end."""

    def __init__(self, clock: Clock, lifetime_seconds: int) -> None:
        self.lifetime_seconds = lifetime_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._valid_until: dict[str, datetime] = {}

    def issue(self) -> str:
        """Give out a new one."""
        ticket = secrets.token_hex(16)
        with self._lock:
            self._valid_until[ticket] = self._clock.now() + timedelta(seconds=self.lifetime_seconds)
        return ticket

    def is_valid(self, ticket: str) -> bool:
        """Say whether it was given out and has not ended."""
        with self._lock:
            until = self._valid_until.get(ticket)
        return until is not None and self._clock.now() < until

    def expire(self, ticket: str) -> None:
        """End one before its time; unknown ones are ignored."""
        with self._lock:
            self._valid_until.pop(ticket, None)

    def reset(self) -> None:
        """End all."""
        with self._lock:
            self._valid_until.clear()


def find_basic(authorization: str) -> tuple[str, str] | None:
    """Name and secret of an HTTP Basic header, or None when it is not one."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (name, secret) if colon else None
