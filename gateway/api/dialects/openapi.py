"""How the operations of the dialects stand in the API's own document."""

from typing import Any

from gateway.api.dialects.answers import Voice
from gateway.storage.ports import Role

_FIRST_ANSWER: dict[str, Any] = {
    "status": {"type": "integer", "description": "1 taken or answered, 0 not; a status question: 1 to 4."},
    "value": {"description": "What was asked for; lists and records as JSON text."},
    "errorCode": {
        "type": "integer",
        "description": "100, 101, 106, 108, 200, 201, 302, 500; 503: send again.",
    },
    "errorDescription": {"type": "string"},
}
_SECOND_ANSWER: dict[str, Any] = {
    "status": {"enum": ["1", "0"]},
    "statusDescription": {"type": "string"},
    "errorCode": {"type": "string"},
    "errorDescription": {"type": "string", "description": "A repeat: “đã được tiếp nhận”."},
}
_BESIDES: dict[str, Any] = {
    "receipt": {"$ref": "#/components/schemas/receipt"},
    "errors": {"type": "array", "description": "Every fault with the dialect's own field."},
    "warnings": {"type": "array", "description": "Accepted, but should be looked at."},
}


def operation_of(voice: Voice, *, is_push: bool) -> dict[str, Any]:
    """Body and answer of one operation, and who may call it."""
    roles = [Role.SENDER] if is_push else list(Role)
    answer = _SECOND_ANSWER if voice.speaks_text else _FIRST_ANSWER
    schema = {"type": "object", "properties": {**answer, **_BESIDES}}
    return {
        "openapi_extra": {
            "x-roles": sorted(role.value for role in roles),
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
        },
        "responses": {
            200: {"description": "The answer.", "content": {"application/json": {"schema": schema}}}
        },
    }
