"""Secrets and personal data are removed before a line is written, whoever forgot not to log them."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

HIDDEN = "[hidden]"

SAFE_KEYS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "room",
        "event_id",
        "delivery_id",
        "client_id",
        "destination",
        "lane",
        "outcome",
        "state",
        "step",
        "code",
        "number",
        "count",
        "attempts",
        "http_status",
        "worker",
        "error_id",
        "request_path",
        "method",
        "route",
        "duration_milliseconds",
        "batch",
        "due_at",
        "next_attempt_at",
        "reason",
        "version",
        "address",
        "port",
        "job",
        "partner_code",
        "verb",
        "seconds",
        "moved",
        "health",
    }
)
"""Keys whose values are ours (ids, codes, counts, times); they are still searched for what looks personal."""

_SECRET_KEY = re.compile(
    r"secret|password|token|authorization|cookie|session|body|content|payload|full_?name|birth|personal|address_detail|paper",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"(?<![\w-])(?:\d{12}|\d{9})(?![\w-])")
_BEARER = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+", re.IGNORECASE)
_CAPITAL_NAME = re.compile(r"(?<!\w)(?:[^\W\d_a-zà-ỹ]{1,12})(?:[ '-][^\W\d_a-zà-ỹ]{1,12}){1,7}(?!\w)")
"""Two or more words in capitals: how the books write names."""
_URL_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")


def redact_line(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: hide by key, then by shape."""
    return {key: _redact(key, value) for key, value in line.items()}


def redact_text(text: str) -> str:
    """Hide identity numbers, credentials and names in capitals wherever they stand."""
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _URL_CREDENTIALS.sub(f"{HIDDEN}@", text)
    text = _PERSONAL.sub(HIDDEN, text)
    return _CAPITAL_NAME.sub(HIDDEN, text)


def _redact(key: str, value: Any) -> Any:  # noqa: ANN401 - a log field may hold anything
    if key not in SAFE_KEYS and _SECRET_KEY.search(key):
        return HIDDEN
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {str(name): _redact(str(name), inner) for name, inner in value.items()}
    if isinstance(value, bytes | bytearray):
        return HIDDEN
    if isinstance(value, Sequence):
        return [_redact(key, inner) for inner in value]
    if isinstance(value, bool | int | float | None):
        return value if not isinstance(value, int) or len(str(abs(value))) not in {9, 12} else HIDDEN
    return redact_text(str(value))
