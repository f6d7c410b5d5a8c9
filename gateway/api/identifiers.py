"""Ids in paths: what has not the shape of ours names nothing, and never reaches the database."""

from uuid import UUID

from gateway.api.problems import Problem
from gateway.model.ids import DeliveryId, EventId
from gateway.model.replaying import ReplayId
from gateway.model.webhooks import WebhookId


def event_id_of(text: str) -> EventId:
    """In our spelling. Raises a `not_found` problem."""
    return EventId(_uuid(text))


def delivery_id_of(text: str) -> DeliveryId:
    """In our spelling. Raises a `not_found` problem."""
    return DeliveryId(_uuid(text))


def replay_id_of(text: str) -> ReplayId:
    """In our spelling. Raises a `not_found` problem."""
    return ReplayId(_uuid(text))


def webhook_id_of(text: str) -> WebhookId:
    """In our spelling. Raises a `not_found` problem."""
    return WebhookId(_uuid(text))


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as other:
        raise Problem("not_found") from other
