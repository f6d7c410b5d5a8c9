"""One attempt over the network: to the very address that was checked, no redirect, no body read."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

import httpx

from gateway.operations.webhooks.guard import Forbidden, Guard, Resolve
from gateway.operations.webhooks.policy import Answer

USER_AGENT: Final = "hotich-gateway-webhooks/1"
SILENCES_MAX: Final = 2
"""So many times the longest silence is the end of any attempt."""


class Post(Protocol):
    """Sends one message."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> Answer:
        """Never raises for what a receiver or a network can do."""
        ...


@dataclass(frozen=True, slots=True)
class HttpPost:
    """Over HTTP/1.1 with the machine's own trust in certificates."""

    guard: Guard
    resolve: Resolve
    seconds: float

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> Answer:
        """A new connection each time: an address that was checked must not outlive it."""
        try:
            target = self.guard.aim(url, self.resolve)
        except Forbidden as forbidden:
            return Answer(None, f"forbidden: {forbidden.reason}")
        except OSError:
            return Answer(None, "name_not_resolved")
        named = {
            **headers,
            "host": target.host_header,
            "content-type": "application/json",
            "user-agent": USER_AGENT,
        }
        client = httpx.Client(timeout=self.seconds, trust_env=False, follow_redirects=False)
        # Its time-out is one of silence: who answers a byte a second would keep a thread for ever.
        cut = threading.Timer(self.seconds * SILENCES_MAX, client.close)
        cut.daemon = True
        cut.start()
        try:
            with client.stream(
                "POST", target.url, content=body, headers=named, extensions={"sni_hostname": target.host}
            ) as answer:
                return Answer(answer.status_code, f"HTTP {answer.status_code}", _retry_after(answer, now))
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as failure:
            return Answer(None, type(failure).__name__)
        finally:
            cut.cancel()
            client.close()


def _retry_after(answer: httpx.Response, now: datetime) -> float | None:
    """Seconds or a date (RFC 9110 section 10.2.3); what is neither is nothing."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
