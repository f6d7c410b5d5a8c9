"""When to try again, when to give up, when to stop calling a receiver: pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from gateway.model.webhooks import MessageState, Webhook, WebhookMessage, WebhookState

GONE: Final = 410
"""The receiver says that it wants nothing any more (Standard Webhooks)."""
TOO_LONG_FAILING: Final = "failing_too_long"
RECEIVER_GONE: Final = "receiver_gone"
Random = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt."""

    status: int | None
    """None: there was no answer."""
    text: str
    """`HTTP 503`, or the kind of failure; never what the receiver wrote."""
    retry_after_seconds: float | None = None

    @property
    def is_taken(self) -> bool:
        """Any 2xx."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - as HTTP has it


@dataclass(frozen=True, slots=True)
class Patience:
    """How long it is tried."""

    schedule_seconds: tuple[float, ...]
    jitter_fraction: float
    retry_after_seconds_max: float
    disable_after_seconds: float


def record(
    webhook: Webhook,
    message: WebhookMessage,
    answer: Answer,
    patience: Patience,
    now: datetime,
    random: Random,
) -> tuple[Webhook, WebhookMessage]:
    """Both as they are after this attempt."""
    attempts = message.attempts + 1
    tried = replace(message, attempts=attempts, last_attempt_at=now, last_result=answer.text)
    if answer.is_taken:
        return replace(webhook, failing_since=None), replace(tried, state=MessageState.TAKEN, finished_at=now)
    failing = replace(webhook, failing_since=webhook.failing_since or now)
    return _disabled_if_hopeless(failing, answer, patience, now), _again(tried, answer, patience, now, random)


def _again(
    tried: WebhookMessage, answer: Answer, patience: Patience, now: datetime, random: Random
) -> WebhookMessage:
    if tried.attempts > len(patience.schedule_seconds):
        return replace(tried, state=MessageState.GIVEN_UP, finished_at=now)
    planned = patience.schedule_seconds[tried.attempts - 1]
    # Spread to both sides: many messages failed in the same moment and shall not come back in one.
    wait = planned * (1 + patience.jitter_fraction * (2 * random() - 1))
    if answer.retry_after_seconds is not None:
        wait = max(wait, min(answer.retry_after_seconds, patience.retry_after_seconds_max))
    return replace(tried, next_attempt_at=now + timedelta(seconds=wait))


def _disabled_if_hopeless(webhook: Webhook, answer: Answer, patience: Patience, now: datetime) -> Webhook:
    since = webhook.failing_since or now
    if answer.status == GONE:
        return replace(webhook, state=WebhookState.DISABLED, disabled_because=RECEIVER_GONE)
    if now - since >= timedelta(seconds=patience.disable_after_seconds):
        return replace(webhook, state=WebhookState.DISABLED, disabled_because=TOO_LONG_FAILING)
    return webhook
