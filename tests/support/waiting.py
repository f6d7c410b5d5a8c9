"""Waiting for a condition with a deadline, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

ValueT = TypeVar("ValueT")

POLL_SECONDS = 0.05


class NeverHappenedError(AssertionError):
    """The condition did not come true before the deadline."""


def wait_for(
    look: Callable[[], ValueT | None],
    what: str,
    deadline_seconds: float = 30.0,
    explain: Callable[[], object] | None = None,
) -> ValueT:
    """Look until something true is seen and hand it back; `explain` tells what was there instead."""
    deadline = time.monotonic() + deadline_seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() >= deadline:
            raise NeverHappenedError(f"{what} (last seen: {explain() if explain else seen!r})")
        time.sleep(POLL_SECONDS)
