"""Replays as operators see and move them, within their units."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar, assert_never, cast

from gateway.api.authenticate import Caller
from gateway.api.problems import Problem
from gateway.api.replays import ReplayBody, ReplayMove, ReplayOrder
from gateway.model.clock import Clock
from gateway.model.replaying import ItemState, Limits, Replay, ReplayId, Selection
from gateway.operations.plain import plain
from gateway.operations.replays.desk import Covers, ReplayDesk, Starter, Wishes
from gateway.operations.replays.read import ReplayReader
from gateway.operations.replays.stories import counts_of

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class ReplayViews(Generic[TransactionT]):
    """Whoever does not see all units of a replay does not see it at all."""

    desk: ReplayDesk[TransactionT]
    reader: ReplayReader[TransactionT]
    limits: Limits
    covers: Covers
    clock: Clock

    def draft(self, asked: ReplayBody, caller: Caller, request_id: str) -> Mapping[str, Any]:
        """Selected and written down, with a dry run."""
        chosen = {
            name: value
            for name in ("ramp", "error_percent", "outcomes_min", "live_due_seconds")
            if (value := getattr(asked, name)) is not None
        }
        wishes = Wishes(
            act=asked.act,
            selection=Selection(**dict(asked.selection)),
            limits=replace(self.limits, **chosen),
            reason=asked.reason,
            request_id=request_id,
            who=caller.client_id,
            scope=caller.authorities,
        )
        return self._told(self.desk.draft(wishes, self.clock()).replay_id)

    def show(self, replay_id: ReplayId, caller: Caller) -> Mapping[str, Any]:
        """As it stands now. Raises a `not_found` problem."""
        self._require_visible(replay_id, caller)
        return self._told(replay_id)

    def list_all(self, limit: int, caller: Caller) -> Mapping[str, Any]:
        """Newest first."""
        now = self.clock()
        found = [
            {
                "replay_id": each.replay_id,
                "act": each.act.value,
                "state": each.state.value,
                "stopped_because": each.stopped_because,
                "reason": each.reason,
                "created_by": each.created_by,
                "created_at": each.created_at,
                "items": each.items,
                "counts": counts_of(tally),
            }
            for each, tally in self.reader.list_all(limit)
            if self._sees(each, caller, now)
        ]
        return {"replays": plain(found)}

    def ledger(
        self, replay_id: ReplayId, after: int, limit: int, state: ItemState | None, caller: Caller
    ) -> Mapping[str, Any]:
        """A page; `next_after` is None on the last one."""
        self._require_visible(replay_id, caller)
        items = self.reader.ledger(replay_id, after, limit, state)
        return {
            "items": plain(items),
            "next_after": items[-1].ordinal if len(items) == limit else None,
        }

    def move(self, order: ReplayOrder, caller: Caller) -> Mapping[str, Any]:
        """Do it, and show what it led to. Raises `ActRefused`, a `not_found` problem."""
        self._require_visible(order.replay_id, caller)
        name, who, now = order.replay_id, caller.client_id, self.clock()
        match order.move:
            case ReplayMove.START:
                self.desk.start(name, order.reason, Starter(who, order.request_id), now)
            case ReplayMove.PAUSE:
                self.desk.pause(name, order.reason, who, now)
            case ReplayMove.RESUME:
                self.desk.resume(name, order.reason, who, now)
            case ReplayMove.CANCEL:
                self.desk.cancel(name, order.reason, who, now)
            case _:
                assert_never(order.move)
        return self._told(name)

    def _told(self, replay_id: ReplayId) -> Mapping[str, Any]:
        return cast("dict[str, Any]", plain(self.reader.get(replay_id)))

    def _require_visible(self, replay_id: ReplayId, caller: Caller) -> None:
        replay = self.reader.find(replay_id)
        if replay is None or not self._sees(replay, caller, self.clock()):
            raise Problem("not_found")

    def _sees(self, replay: Replay, caller: Caller, now: datetime) -> bool:
        return all(self.covers(caller.authorities, unit, now) for unit in replay.scope)
