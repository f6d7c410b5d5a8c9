"""What of a change may leave the house, in feeds and webhooks."""

from typing import Final

PUBLIC_DETAILS: Final = frozenset(
    {
        "event_type",
        "authority_code",
        "destination",
        "step",
        "outcome",
        "reason",
        "state",
        "stage",
        "partner_code",
        "fact",
        "replay",
        "notice_id",
        "question_id",
        "registered_event_id",
        "problem",
        "kind",
        "answer",
    }
)
"""Codes and names of ours. Whatever else an entry holds, above all what operators wrote, stays inside."""
