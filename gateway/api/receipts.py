"""A receipt as it goes over the wire, and its schema."""

from typing import Any

from gateway.model.receipts import receipt_document
from gateway.model.submission import Receipt

RECEIPT_SCHEMA: dict[str, Any] = {"application/json": {"schema": {"$ref": "#/components/schemas/receipt"}}}
PROBLEM_SCHEMA: dict[str, Any] = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}
}


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """The same receipt gives the same bytes, also the second time."""
    return receipt_document(receipt)


_REMARKS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["pointer", "code", "message_vi", "message_en"],
        "properties": {
            "pointer": {"type": "string", "description": "JSON Pointer into the message."},
            "code": {"type": "string"},
            "message_vi": {"type": "string"},
            "message_en": {"type": "string"},
        },
    },
}

COMPONENT_SCHEMAS: dict[str, Any] = {
    "receipt": {
        "type": "object",
        "description": "Biên nhận: what is named here is on disk and will be delivered.",
        "required": [
            "event_id",
            "accepted_at",
            "due_at",
            "content_sha256",
            "deliveries",
            "warnings",
            "questions",
        ],
        "properties": {
            "event_id": {"type": "string", "format": "uuid", "description": "UUID version 7."},
            "accepted_at": {"type": "string", "format": "date-time"},
            "due_at": {
                "type": "string",
                "format": "date-time",
                "description": "Every system must hold the event by then (hạn chuyển).",
            },
            "content_sha256": {
                "type": "string",
                "description": "SHA-256 of the message as JSON: keys sorted, no blanks, NFC, UTF-8.",
            },
            "deliveries": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["delivery_id", "destination", "message"],
                    "properties": {
                        "delivery_id": {"type": "string", "format": "uuid"},
                        "destination": {"enum": ["national_registry", "population_db", "one_stop"]},
                        "message": {"type": "string"},
                    },
                },
            },
            "warnings": {
                **_REMARKS,
                "description": "Cảnh báo: accepted, but should be looked at; kept with the event.",
            },
            "questions": {
                "type": "array",
                "description": "Câu hỏi: nothing is sent on until a person has answered; the due time stays.",
                "items": {
                    "type": "object",
                    "required": ["question_id", "kind", "message_vi", "message_en"],
                    "properties": {
                        "question_id": {"type": "string", "format": "uuid"},
                        "kind": {"enum": ["duplicate", "twin"]},
                        "message_vi": {"type": "string"},
                        "message_en": {"type": "string"},
                    },
                },
            },
            "signature": {
                "type": "object",
                "description": "Chữ ký số: of the receipt without this member, as JSON with keys sorted, no"
                " blanks, UTF-8. Only where the gateway has a key; public keys at"
                " /.well-known/hotich-gateway-keys.",
                "required": ["key_id", "algorithm", "value"],
                "properties": {
                    "key_id": {"type": "string"},
                    "algorithm": {"const": "Ed25519"},
                    "value": {"type": "string", "contentEncoding": "base64"},
                },
            },
        },
    },
    "problem": {
        "type": "object",
        "description": "RFC 9457 problem document; `errors` names every fault of the message.",
        "required": ["type", "code", "status", "title"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "code": {"type": "string"},
            "status": {"type": "integer"},
            "title": {"type": "string"},
            "title_vi": {"type": "string"},
            "detail": {"type": "string"},
            "detail_vi": {"type": "string"},
            "errors": _REMARKS,
        },
    },
}
