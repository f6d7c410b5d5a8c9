"""A receipt as JSON values, and the bytes of it that are signed."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from gateway.model.submission import Receipt

SIGNATURE = "signature"
ALGORITHM = "Ed25519"


def receipt_document(receipt: Receipt) -> dict[str, Any]:
    """The same receipt gives the same values in the same order, also the second time."""
    document: dict[str, Any] = {
        "event_id": receipt.event_id,
        "accepted_at": receipt.accepted_at.isoformat(),
        "due_at": receipt.due_at.isoformat(),
        "content_sha256": receipt.content_sha256,
        "deliveries": [
            {
                "delivery_id": delivery.delivery_id,
                "destination": delivery.destination.value,
                "message": delivery.message,
            }
            for delivery in receipt.deliveries
        ],
        "warnings": [asdict(warning) for warning in receipt.warnings],
        "questions": [asdict(question) for question in receipt.questions],
    }
    if receipt.signature is not None:
        document[SIGNATURE] = asdict(receipt.signature)
    return document


def signed_bytes(document: Mapping[str, Any]) -> bytes:
    """The canonical form: everything but the signature as JSON, keys sorted, no blanks, UTF-8."""
    rest = {name: value for name, value in document.items() if name != SIGNATURE}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
