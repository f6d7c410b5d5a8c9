"""How small values are written into a text column: JSON with sorted keys."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.model.submission import Receipt, ReceiptDelivery, ReceiptQuestion, ReceiptSignature, Violation

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_NOTHING: Final = "{}"


def to_text(value: object) -> str:
    """Compact JSON; Vietnamese stays readable."""
    return _ENCODER.encode(value)


def mapping_to_text(value: Mapping[str, str]) -> str:
    """A mapping of texts."""
    return to_text(dict(value))


def mapping_from_text(text: str) -> dict[str, str]:
    """As `mapping_to_text` wrote it; most hold nothing."""
    read: dict[str, str] = {} if text == _NOTHING else json.loads(text)
    return read


def texts_to_text(values: Iterable[str]) -> str:
    """A list of texts, in this order."""
    return to_text(list(values))


def texts_from_text(text: str) -> tuple[str, ...]:
    """As `texts_to_text` wrote it."""
    return tuple(json.loads(text))


def receipt_to_text(receipt: Receipt) -> str:
    """The receipt as it was given, for ever."""
    signature = {} if receipt.signature is None else {"signature": asdict(receipt.signature)}
    return to_text(
        {
            **signature,
            "event_id": receipt.event_id,
            "accepted_at": receipt.accepted_at.isoformat(),
            "due_at": receipt.due_at.isoformat(),
            "content_sha256": receipt.content_sha256,
            "deliveries": [
                [delivery.delivery_id, delivery.destination.value, delivery.message]
                for delivery in receipt.deliveries
            ],
            "warnings": [asdict(warning) for warning in receipt.warnings],
            "questions": [asdict(question) for question in receipt.questions],
        }
    )


def receipt_from_text(text: str) -> Receipt:
    """As `receipt_to_text` wrote it."""
    read: dict[str, Any] = json.loads(text)
    return Receipt(
        event_id=EventId(read["event_id"]),
        accepted_at=datetime.fromisoformat(read["accepted_at"]),
        due_at=datetime.fromisoformat(read["due_at"]),
        content_sha256=read["content_sha256"],
        deliveries=tuple(
            ReceiptDelivery(DeliveryId(delivery_id), Destination(destination), message)
            for delivery_id, destination, message in read["deliveries"]
        ),
        # Receipts of the first release had none.
        warnings=tuple(Violation(**warning) for warning in read.get("warnings", ())),
        questions=tuple(ReceiptQuestion(**question) for question in read.get("questions", ())),
        signature=ReceiptSignature(**read["signature"]) if "signature" in read else None,
    )
