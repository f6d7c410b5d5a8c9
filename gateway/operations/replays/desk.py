"""What operators do with replays: draft, start, pause, resume, cancel; each with who, when and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Generic, TypeVar

from gateway.errors import RequestRepeated
from gateway.model.replaying import (
    Candidate,
    Limits,
    Replay,
    ReplayAct,
    ReplayChange,
    ReplayId,
    ReplayItem,
    ReplayState,
    Selection,
)
from gateway.observability.logging import get_log
from gateway.operations.refusals import ActRefused
from gateway.operations.replays.judge import MOVABLE, states_of
from gateway.storage.ports import Database
from gateway.storage.replay_ports import Replays
from gateway.storage.stored_replays import limits_to_text, selection_to_text

TransactionT = TypeVar("TransactionT")

SELECT_AT_ONCE = 500
OPERATOR = "operator"
"""Why a replay is paused when nothing went wrong."""

Covers = Callable[[frozenset[str], str, datetime], bool]
"""Whether one of these units, or one below it, has this code on that day."""

log = get_log("operations.replays")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an operator asks for."""

    act: ReplayAct
    selection: Selection
    limits: Limits
    reason: str
    request_id: str
    who: str
    scope: frozenset[str]


@dataclass(frozen=True, slots=True)
class Starter:
    """Who starts it, under which number: the same number again is the same start."""

    who: str
    request_id: str


@dataclass(frozen=True, slots=True)
class ReplayDesk(Generic[TransactionT]):
    """Changes nothing but the replay itself; the driver does the rest."""

    database: Database[TransactionT]
    replays: Replays[TransactionT]
    covers: Covers
    new_id: Callable[[datetime], str]
    items_max: int
    needs_second_person: bool

    def draft(self, wishes: Wishes, now: datetime) -> Replay:
        """Select and write the list down; the same request leads to the same replay.

        Raises `ActRefused`.
        """
        if not states_of(wishes.act, wishes.selection):
            allowed = sorted(state.value for state in MOVABLE[wishes.act])
            raise ActRefused("selection_empty", act=wishes.act.value, states=allowed)
        replay = self._known(wishes) or self._insert(wishes, now)
        while replay.state is ReplayState.SELECTING:
            replay = self._select_more(replay.replay_id, now)
        return replay

    def start(self, replay_id: ReplayId, reason: str, starter: Starter, now: datetime) -> Replay:
        """Raises `ActRefused`."""
        with self.database.write() as transaction:
            replay = self._get(transaction, replay_id)
            if (replay.start_request_id, replay.started_by) == (starter.request_id, starter.who):
                return replay
            _require(replay, "start", ReplayState.DRAFT)
            if self.needs_second_person and starter.who == replay.created_by:
                raise ActRefused("second_person_needed", proposed_by=replay.created_by)
            started = replace(
                replay,
                state=ReplayState.RUNNING,
                is_driven=True,
                step=1,
                rung=0,
                started_by=starter.who,
                started_at=now,
                start_request_id=starter.request_id,
            )
            return self._change(transaction, started, "started", starter.who, reason, now)

    def pause(self, replay_id: ReplayId, reason: str, who: str, now: datetime) -> Replay:
        """What was let go already goes on. Raises `ActRefused`."""
        with self.database.write() as transaction:
            replay = self._get(transaction, replay_id)
            if replay.state is ReplayState.PAUSED:
                return replay
            _require(replay, "pause", ReplayState.RUNNING)
            paused = replace(replay, state=ReplayState.PAUSED, stopped_because=OPERATOR)
            return self._change(transaction, paused, "paused", who, reason, now)

    def resume(self, replay_id: ReplayId, reason: str, who: str, now: datetime) -> Replay:
        """With the smallest step again. Raises `ActRefused`."""
        with self.database.write() as transaction:
            replay = self._get(transaction, replay_id)
            if replay.state is ReplayState.RUNNING:
                return replay
            _require(replay, "resume", ReplayState.PAUSED)
            running = replace(
                replay,
                state=ReplayState.RUNNING,
                stopped_because=None,
                is_driven=True,
                step=replay.step + 1,
                rung=0,
            )
            return self._change(transaction, running, "resumed", who, reason, now)

    def cancel(self, replay_id: ReplayId, reason: str, who: str, now: datetime) -> Replay:
        """What was not begun never will be. Raises `ActRefused`."""
        with self.database.write() as transaction:
            replay = self._get(transaction, replay_id)
            if replay.state is ReplayState.CANCELLED:
                return replay
            allowed = (ReplayState.SELECTING, ReplayState.DRAFT, ReplayState.RUNNING, ReplayState.PAUSED)
            _require(replay, "cancel", *allowed)
            self.replays.drop_pending(transaction, replay_id)
            cancelled = replace(replay, state=ReplayState.CANCELLED, stopped_because=None, finished_at=now)
            return self._change(transaction, cancelled, "cancelled", who, reason, now)

    def _known(self, wishes: Wishes) -> Replay | None:
        with self.database.read() as transaction:
            known = self.replays.find_by_request(transaction, wishes.who, wishes.request_id)
        if known is not None and known.asked_sha256 != _asked(wishes):
            raise ActRefused("request_id_reused", replay_id=known.replay_id)
        return known

    def _insert(self, wishes: Wishes, now: datetime) -> Replay:
        new = Replay(
            replay_id=ReplayId(self.new_id(now)),
            act=wishes.act,
            selection=wishes.selection,
            limits=wishes.limits,
            reason=wishes.reason,
            scope=wishes.scope,
            created_by=wishes.who,
            created_at=now,
            request_id=wishes.request_id,
            asked_sha256=_asked(wishes),
        )
        try:
            with self.database.write() as transaction:
                self.replays.insert(transaction, new)
        except RequestRepeated:
            known = self._known(wishes)
            if known is None:
                raise
            return known
        return new

    def _select_more(self, replay_id: ReplayId, now: datetime) -> Replay:
        """One page of the list; it may be cut off after any of them, and go on later."""
        with self.database.write() as transaction:
            replay = self._get(transaction, replay_id)
            if replay.state is not ReplayState.SELECTING:
                return replay
            states = states_of(replay.act, replay.selection)
            page = self.replays.select(
                transaction, replay.selection, states, replay.selected_up_to, SELECT_AT_ONCE
            )
            items = self._items(replay, page)
            count = replay.items + len(items)
            last = page[-1].sequence if page else replay.selected_up_to
            selected = replace(replay, items=count, selected_up_to=last)
            if count <= self.items_max:
                self.replays.add_items(transaction, items)
                if len(page) == SELECT_AT_ONCE:
                    self.replays.put(transaction, selected)
                    return selected
                drafted = replace(selected, state=ReplayState.DRAFT)
                return self._change(transaction, drafted, "drafted", replay.created_by, replay.reason, now)
        self.cancel(replay_id, f"more than {self.items_max} deliveries", replay.created_by, now)
        raise ActRefused("replay_too_large", items_max=self.items_max)

    def _items(self, replay: Replay, page: Sequence[Candidate]) -> list[ReplayItem]:
        """Those in the units of whoever asks, and in the unit he asks for."""
        wanted = [replay.scope]
        if replay.selection.authority is not None:
            wanted.append(frozenset({replay.selection.authority}))
        fitting = [
            each
            for each in page
            if all(self.covers(units, each.authority_code, each.registered_at) for units in wanted)
        ]
        return [
            ReplayItem(replay.replay_id, replay.items + number, each.delivery_id, each.event_id)
            for number, each in enumerate(fitting, start=1)
        ]

    def _get(self, transaction: TransactionT, replay_id: ReplayId) -> Replay:
        replay = self.replays.find(transaction, replay_id, for_change=True)
        if replay is None:
            raise ActRefused("not_found")
        return replay

    def _change(
        self, transaction: TransactionT, after: Replay, change: str, who: str, reason: str, now: datetime
    ) -> Replay:
        self.replays.put(transaction, after)
        number = len(self.replays.changes_of(transaction, after.replay_id)) + 1
        line = ReplayChange(after.replay_id, number, change, who, reason, now)
        self.replays.add_change(transaction, line)
        log.info("replay.changed", replay_id=after.replay_id, state=change, client_id=who)
        return after


def _require(replay: Replay, act: str, *states: ReplayState) -> None:
    if replay.state not in states:
        raise ActRefused("replay_not_possible", state=replay.state.value, act=act)


def _asked(wishes: Wishes) -> str:
    asked = (
        wishes.act.value,
        selection_to_text(wishes.selection),
        limits_to_text(wishes.limits),
        wishes.reason,
    )
    return sha256("\n".join(asked).encode()).hexdigest()
