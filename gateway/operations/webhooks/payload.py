"""What a message says: the change, its codes and ids, and where to read more; nothing about people."""

import hashlib
import json
from typing import Any

from gateway.model.public_details import PUBLIC_DETAILS
from gateway.model.webhooks import TEST_TYPE, MessageId, Webhook, WebhookMessage
from gateway.storage.ports import PositionedEntry


def message_of(webhook: Webhook, positioned: PositionedEntry, gateway_url: str) -> WebhookMessage:
    """The same change gives the same message, whoever makes it and however often."""
    entry = positioned.entry
    paths = {"event": f"/api/v1/events/{entry.event_id}"}
    data: dict[str, Any] = {"event_id": entry.event_id, "delivery_id": entry.delivery_id}
    data |= {name: value for name, value in sorted(entry.detail.items()) if name in PUBLIC_DETAILS}
    data["links"] = {name: gateway_url.rstrip("/") + path for name, path in paths.items()}
    content = {"type": entry.change, "timestamp": entry.happened_at.isoformat(), "data": data}
    return WebhookMessage(
        message_id=message_id_of(webhook, str(positioned.position)),
        webhook_id=webhook.webhook_id,
        position=positioned.position,
        change=entry.change,
        event_id=entry.event_id,
        body=json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(),
        created_at=entry.happened_at,
        next_attempt_at=entry.happened_at,
        delivery_id=entry.delivery_id,
    )


def trial_body(happened_at: str) -> bytes:
    """Of the message by which a receiver is tried out."""
    content = {"type": TEST_TYPE, "timestamp": happened_at, "data": {}}
    return json.dumps(content, separators=(",", ":")).encode()


def message_id_of(webhook: Webhook, what: str) -> MessageId:
    """Never holds a dot, which the signed text uses between its parts."""
    digest = hashlib.sha256(f"{webhook.webhook_id} {what}".encode()).hexdigest()
    return MessageId(f"msg_{digest[:32]}")
