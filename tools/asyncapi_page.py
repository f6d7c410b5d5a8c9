"""The file docs/reference/asyncapi.json: what webhooks send, in the words of AsyncAPI 3."""

from importlib.metadata import version
from typing import Any, Final

from gateway.model.public_details import PUBLIC_DETAILS
from gateway.model.webhooks import DEFAULT_TYPES, TEST_TYPE

_TOLD_BY_ALL: Final = ("event.accepted", "declaration.registered", "declaration.not_entered")
_HEADERS: Final = {
    "webhook-id": "The same for every attempt: remember it, a message may come twice.",
    "webhook-timestamp": "Of the attempt, in seconds since 1970; refuse old ones.",
    "webhook-signature": "`v1,` and base64 of HMAC-SHA256 over id, timestamp and body with dots between;"
    " several with blanks between during a rotation.",
}


def asyncapi() -> dict[str, Any]:
    """The document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Hộ tịch Gateway: webhooks",
            "version": version("hotich-gateway"),
            "description": "Changes to a sender's own events, posted to his server as the Standard Webhooks"
            " describe: at least once, in order per event, answered with 2xx. Types unknown to you may come"
            " with `*`: ignore them.",
        },
        "channels": {
            "webhook": {
                "address": "the subscribed url",
                "messages": {"change": {"$ref": "#/components/messages/change"}},
            }
        },
        "operations": {
            "tell": {
                "action": "send",
                "channel": {"$ref": "#/channels/webhook"},
                "summary": "POST to the subscribed address (thông báo chủ động)",
            }
        },
        "components": {"messages": {"change": _message()}},
    }


def _message() -> dict[str, Any]:
    return {
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": sorted(_HEADERS),
            "properties": {name: {"type": "string", "description": text} for name, text in _HEADERS.items()},
        },
        "payload": {
            "type": "object",
            "required": ["type", "timestamp", "data"],
            "properties": {
                "type": {
                    "type": "string",
                    "description": "The change.",
                    "examples": [*sorted(DEFAULT_TYPES), *_TOLD_BY_ALL, TEST_TYPE],
                },
                "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
                "data": {"type": "object", "properties": _data()},
            },
        },
    }


def _data() -> dict[str, Any]:
    codes = {name: {"type": "string"} for name in sorted(PUBLIC_DETAILS)}
    return {
        "event_id": {"type": "string", "format": "uuid", "description": "As in the receipt."},
        "delivery_id": {"type": ["string", "null"], "format": "uuid"},
        **codes,
        "links": {
            "type": "object",
            "properties": {"event": {"type": "string", "description": "The journey; needs a token."}},
        },
    }
