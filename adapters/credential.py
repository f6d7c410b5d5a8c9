"""A login that several threads share: obtained once, kept until shortly before it expires."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from adapters.errors import ContractBroken, NotSent, OutcomeUnknown

Value = TypeVar("Value")

LOGIN_TRIES = 2
LOGIN_SECONDS_MAX = 10.0
"""After so long no further try begins."""
_WAIT_SECONDS_FIRST = 0.1
_WAIT_SECONDS_MAX = 0.5


@dataclass(frozen=True, slots=True)
class Credential(Generic[Value]):
    """What a login gave."""

    value: Value
    good_until: datetime


class CredentialCache(Generic[Value]):
    """Keeps one credential for the process; while one thread logs in, the others wait for its result."""

    def __init__(
        self,
        obtain: Callable[[], Credential[Value]],
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._obtain = obtain
        self._sleep = sleep
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
        """A login that got no usable answer is tried once more: a login done twice harms nobody."""
        self._kept = None
        retrying = Retrying(
            retry=retry_if_exception_type(OutcomeUnknown),
            stop=stop_after_attempt(LOGIN_TRIES) | stop_after_delay(LOGIN_SECONDS_MAX),
            wait=wait_random_exponential(multiplier=_WAIT_SECONDS_FIRST, max=_WAIT_SECONDS_MAX),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            self._kept = retrying(self._obtain)
        except (OutcomeUnknown, ContractBroken) as error:
            raise NotSent(error.evidence) from error
        return self._kept
