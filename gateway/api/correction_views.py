"""Notices and warnings within the units that the caller answers for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from gateway.api.authenticate import Caller
from gateway.api.corrections import NoticeQuery, OversightQuery
from gateway.model.clock import Clock
from gateway.model.corrections import NoticeState, OfficeNotice, OversightChange
from gateway.model.entry_history import Applied, Step
from gateway.operations.office_notices import (
    ALL_STATES,
    UNACKNOWLEDGED,
    NoticeDesk,
    Reader,
    tell_notice,
)
from gateway.operations.oversight import OversightDesk
from gateway.operations.plain import plain
from gateway.storage.corrections_ports import Sight
from gateway.storage.ports import Role

TransactionT = TypeVar("TransactionT")

_STATES = {
    "open": UNACKNOWLEDGED,
    "acknowledged": frozenset({NoticeState.ACKNOWLEDGED}),
    "all": ALL_STATES,
}


@dataclass(frozen=True, slots=True)
class CorrectionViews(Generic[TransactionT]):
    """What is not for the caller does not exist."""

    notices: NoticeDesk[TransactionT]
    oversight: OversightDesk[TransactionT]
    clock: Clock

    def list_notices(self, query: NoticeQuery, caller: Caller) -> Mapping[str, Any]:
        """That the office has read them is kept; a province that only looks is not the office."""
        offices = None if Role.SENDER in caller.roles else caller.authorities
        reader = None if caller.roles == {Role.OPERATOR} else Reader(caller.client_id, offices)
        sight = Sight(caller.authorities, query.after, query.limit, query.unit)
        page, next_after = self.notices.fetch(sight, _STATES[query.wanted], reader)
        shown = [self._notice(notice, step) for notice, step in page]
        return {"notices": shown, "next_after": next_after}

    def get_notice(self, notice_id: str, caller: Caller) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        return self._notice(*self.notices.get(notice_id, Sight(caller.authorities)))

    def acknowledge(self, notice_id: str, note: str, caller: Caller) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        sight = Sight(caller.authorities)
        self.notices.acknowledge(notice_id, sight, caller.client_id, note)
        return self.get_notice(notice_id, caller)

    def list_changes(self, query: OversightQuery, caller: Caller) -> Mapping[str, Any]:
        """Oldest first."""
        sight = Sight(caller.authorities, query.after, query.limit, query.unit)
        page, next_after = self.oversight.list_page(sight, only_unseen=query.only_unseen)
        return {"changes": [change_json(each) for each in page], "next_after": next_after}

    def get_change(self, oversight_id: str, caller: Caller) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        return change_json(self.oversight.get(oversight_id, Sight(caller.authorities)))

    def mark_seen(self, oversight_id: str, note: str, caller: Caller) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        sight = Sight(caller.authorities)
        return change_json(self.oversight.mark_seen(oversight_id, sight, caller.client_id, note))

    def _notice(self, notice: OfficeNotice, step: Step | None) -> dict[str, Any]:
        return notice_json(notice, step, self.clock)


def notice_json(notice: OfficeNotice, step: Step | None, clock: Clock) -> dict[str, Any]:
    """With what the change did: the office must write it into its book."""
    document = cast("dict[str, Any]", plain(tell_notice(notice, clock())))
    document["change"] = None if step is None else step_json(step)
    return document


def step_json(step: Step) -> dict[str, Any]:
    """One event in the history of an entry."""
    document = cast("dict[str, Any]", plain(step))
    document["changes"] = changes_json(step.changes)
    return document


def changes_json(changes: Sequence[Applied]) -> list[dict[str, Any]]:
    """Field by field; what was stated is shown only where something was."""
    return [
        {
            "field": each.field,
            "before": each.before,
            "after": each.after,
            **({"before_stated": each.before_stated, "agrees": each.agrees} if each.states_before else {}),
        }
        for each in changes
    ]


def change_json(change: OversightChange) -> dict[str, Any]:
    """A warning as JSON."""
    document = cast("dict[str, Any]", plain(change))
    document["changes"] = changes_json(change.changes)
    return document
