"""The change feed as its readers see it: ids and codes of the events in their units, nothing about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from gateway.api.authenticate import Caller
from gateway.api.problems import Problem
from gateway.api.visibility import covers
from gateway.errors import CursorInvalid
from gateway.feed.read import read_page
from gateway.model.units import UnitsAbove
from gateway.storage.ports import Database, Events, Feed, PositionedEntry

TransactionT = TypeVar("TransactionT")

PUBLIC_DETAILS = frozenset(
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
    }
)
"""Codes and names of ours. Whatever else an entry holds, above all what operators wrote, stays inside."""


@dataclass(frozen=True, slots=True)
class ChangeViews(Generic[TransactionT]):
    """Reads pages of the feed."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    feed: Feed[TransactionT]
    units_above: UnitsAbove

    def read(self, after: str | None, limit: int, caller: Caller) -> Mapping[str, Any]:
        """The cursor also passes over what the caller may not see. Raises an `invalid_cursor` problem."""
        with self.database.read() as transaction:
            try:
                page = read_page(transaction, self.feed, after, limit)
            except CursorInvalid as bad:
                raise Problem("invalid_cursor") from bad
            origins = self.events.origins_of(transaction, [each.entry.event_id for each in page.entries])
        visible = [
            _shown(each)
            for each in page.entries
            if (origin := origins.get(each.entry.event_id)) is not None
            and covers(caller, origin.authority_code, origin.registered_at, self.units_above)
        ]
        return {"changes": visible, "cursor": page.next_cursor, "has_more": page.has_more}


def _shown(positioned: PositionedEntry) -> dict[str, Any]:
    entry = positioned.entry
    return {
        "change": entry.change,
        "event_id": entry.event_id,
        "delivery_id": entry.delivery_id,
        "happened_at": entry.happened_at.isoformat(),
        "detail": {name: value for name, value in entry.detail.items() if name in PUBLIC_DETAILS},
    }
