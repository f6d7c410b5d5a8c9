"""A login that several threads share: obtained once, kept until shortly before it expires."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from adapters.errors import ContractBroken, NotSent, OutcomeUnknown

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Credential(Generic[Value]):
    """What a login gave."""

    value: Value
    good_until: datetime


class CredentialCache(Generic[Value]):
    """Keeps one credential for the process; while one thread logs in, the others wait for its result."""

    def __init__(self, obtain: Callable[[], Credential[Value]], now: Callable[[], datetime]) -> None:
        self._obtain = obtain
        self._now = now
        self._lock = threading.Lock()
        self._kept: Credential[Value] | None = None

    def get(self) -> Credential[Value]:
        """A credential that is good now.

        Raises NotAuthorized, Busy, and NotSent for any other trouble: the message itself has not left.
        """
        with self._lock:
            kept = self._kept
            if kept is not None and self._now() < kept.good_until:
                return kept
            return self._log_in()

    def renew(self, refused: Credential[Value]) -> Credential[Value]:
        """Another credential than the refused one, perhaps another thread's renewal. Raises as `get`."""
        with self._lock:
            kept = self._kept
            if kept is not None and kept is not refused:
                return kept
            return self._log_in()

    def _log_in(self) -> Credential[Value]:
        self._kept = None
        try:
            self._kept = self._obtain()
        except (OutcomeUnknown, ContractBroken) as error:
            raise NotSent(error.evidence) from error
        return self._kept
