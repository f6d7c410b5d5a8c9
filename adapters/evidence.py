"""Proof of what was exchanged: the bytes by their SHA-256, the partner's own code and words."""

import hashlib

from adapters.partner_text import storable
from adapters.port import Evidence

CODE_CHARACTERS_MAX = 40


def sha256_of(content: bytes | None) -> str | None:
    """Lower-case hexadecimal digest of the bytes as they went over the wire; None for no bytes at all."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def evidence_of(
    operation: str,
    *,
    request: bytes | None = None,
    response: bytes | None = None,
    http_status: int | None = None,
    partner_code: str | None = None,
    partner_text: str | None = None,
) -> Evidence:
    """Evidence of one exchange; the digests let an outsider check a stored message against what went out."""
    return Evidence(
        operation=operation,
        http_status=http_status,
        partner_code=storable(partner_code, CODE_CHARACTERS_MAX),
        partner_text=storable(partner_text),
        request_sha256=sha256_of(request),
        response_sha256=sha256_of(response),
    )
