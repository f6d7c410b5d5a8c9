"""Ids in paths: what has not the shape of ours names nothing, and never reaches the database."""

from uuid import UUID

from gateway.api.problems import Problem
from gateway.model.ids import DeliveryId, EventId
from gateway.model.questioning import QuestionId
from gateway.model.replaying import ReplayId
from gateway.model.webhooks import WebhookId


def event_id_of(text: str) -> EventId:
    """In our spelling. Raises a `not_found` problem."""
    return EventId(uuid_of(text))


def delivery_id_of(text: str) -> DeliveryId:
    """In our spelling. Raises a `not_found` problem."""
    return DeliveryId(uuid_of(text))


def replay_id_of(text: str) -> ReplayId:
    """In our spelling. Raises a `not_found` problem."""
    return ReplayId(uuid_of(text))


def question_id_of(text: str) -> QuestionId:
    """In our spelling. Raises a `not_found` problem."""
    return QuestionId(uuid_of(text))


def webhook_id_of(text: str) -> WebhookId:
    """In our spelling. Raises a `not_found` problem."""
    return WebhookId(uuid_of(text))


def uuid_of(text: str) -> str:
    """In our spelling. Raises a `not_found` problem."""
    try:
        return str(UUID(text))
    except ValueError as other:
        raise Problem("not_found") from other
