"""The catalogue of codes: what each means, its HTTP status, and what to do, in both languages."""

from gateway.error_codes.acts import ACTS
from gateway.error_codes.corrections import CORRECTIONS
from gateway.error_codes.edge import EDGE
from gateway.error_codes.questions import QUESTIONS
from gateway.error_codes.row import TYPE_PREFIX, CodeRow
from gateway.error_codes.soap import SOAP
from gateway.error_codes.webhooks import WEBHOOKS

CATALOGUE: dict[str, CodeRow] = {
    row.code: row for row in (*EDGE, *ACTS, *CORRECTIONS, *QUESTIONS, *SOAP, *WEBHOOKS)
}
"""Every code by name."""


def get_code(code: str) -> CodeRow:
    """The row of a code; an unknown one is a mistake of ours and raises `KeyError`."""
    return CATALOGUE[code]


__all__ = ["CATALOGUE", "TYPE_PREFIX", "CodeRow", "get_code"]
