"""Webhooks: who wants to be told what, and what became of telling him."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from gateway.model.ids import ClientId, DeliveryId, EventId

WebhookId = NewType("WebhookId", str)
MessageId = NewType("MessageId", str)
"""Our `webhook-id`: the same for every attempt at the message, so that a receiver knows a repeat."""

EVERYTHING: Final = "*"
DEFAULT_TYPES: Final = frozenset({"delivery.held", "delivery.done", "question.opened", "question.answered"})
"""What a sender must act upon, and what he waits for."""
TEST_TYPE: Final = "webhook.test"


class WebhookState(StrEnum):
    """Whether anything is sent."""

    ACTIVE = "active"
    DISABLED = "disabled"
    """Nothing is sent; changes wait in the feed and go out when it is enabled again."""
    REMOVED = "removed"


class MessageState(StrEnum):
    """What became of one message."""

    PENDING = "pending"
    TAKEN = "taken"
    """The receiver has answered with 2xx."""
    GIVEN_UP = "given_up"
    """No attempt of the whole schedule was taken."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver of one client, and how far he has been told."""

    webhook_id: WebhookId
    client_id: ClientId
    url: str
    types: frozenset[str]
    """Changes that he wants; `*` for all."""
    state: WebhookState
    created_at: datetime
    position: int
    """Everything in the feed up to here has become a message, or is none of his."""
    sealed_secret: str
    """Encrypted; never in logs or answers."""
    earlier_sealed_secret: str | None = None
    earlier_until: datetime | None = None
    """So long the earlier secret signs beside the new one."""
    failing_since: datetime | None = None
    """The first failure after the last success."""
    disabled_because: str | None = None
    leased_until: datetime | None = None
    fence: int = 0
    """Grows with every lease: who has an old one records nothing."""

    def wants(self, change: str) -> bool:
        """Whether he is told of this kind of change."""
        return EVERYTHING in self.types or change in self.types

    def __repr__(self) -> str:
        """Without secrets, and without the address, which may hold one."""
        return f"Webhook({self.webhook_id!r}, {self.client_id!r}, {self.state.value!r})"


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """One message and its attempts: the log of deliveries to a receiver."""

    message_id: MessageId
    webhook_id: WebhookId
    position: int
    """Of the change in the feed; the order of messages about one event."""
    change: str
    event_id: EventId | None
    """None of a test message."""
    body: bytes
    """What is posted, the same at every attempt; codes, ids and paths, nothing about people."""
    created_at: datetime
    next_attempt_at: datetime
    state: MessageState = MessageState.PENDING
    attempts: int = 0
    last_attempt_at: datetime | None = None
    last_result: str | None = None
    """`HTTP 503`, or the kind of failure."""
    finished_at: datetime | None = None
    delivery_id: DeliveryId | None = None


@dataclass(frozen=True, slots=True)
class WebhookCount:
    """For metrics."""

    state: WebhookState
    webhooks: int
    pending: int
