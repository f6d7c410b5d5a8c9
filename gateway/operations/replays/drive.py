"""Driving replays: look at what is under way, then take the next step. Nothing of it is kept in memory.

One process drives a replay at a time; its fence is looked at in the transaction of every write, so that one
that was thought dead can do no harm. Items, acts and jobs change in one commit: after a kill the next driver
goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar, assert_never

from gateway.model.clock import Clock
from gateway.model.replaying import (
    ItemState,
    Limits,
    Replay,
    ReplayAct,
    ReplayChange,
    ReplayId,
    ReplayItem,
    ReplayState,
    Tally,
)
from gateway.observability.logging import get_log
from gateway.operations.replays.judge import came_to, is_due_soon
from gateway.operations.replays.perform import Performer
from gateway.operations.replays.ramp import (
    TOO_MANY_FAILURES,
    Act,
    Finish,
    Move,
    NextStep,
    Stop,
    Wait,
    next_move,
)
from gateway.operations.replays.resend import DRIVEN_FOR, Resending
from gateway.storage.ports import Database
from gateway.storage.replay_ports import Replays
from retry_queue.job import Job, JobId, Track
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")

ACTS_AT_ONCE = 20
"""Items of one transaction: other writers wait for it."""
LOOK_AT_ONCE = 500
ROUNDS_MAX = 100
"""So much for one replay, then the next has its turn."""
BLOCKERS_MAX = 20
GATEWAY = "gateway"
"""Who did it when nobody did."""

log = get_log("operations.replays")


@dataclass(frozen=True, slots=True)
class ReplayDriver(Generic[TransactionT]):
    """A chore of every process that delivers."""

    name: str
    database: Database[TransactionT]
    replays: Replays[TransactionT]
    performer: Performer[TransactionT]
    resending: Resending[TransactionT]
    clock: Clock
    on_moved: Callable[[], None]

    def drive(self) -> int:
        """One turn for each replay; says how many items were acted upon."""
        with self.database.read() as transaction:
            names = [replay.replay_id for replay in self.replays.list_driven(transaction)]
        acted = 0
        for name in names:
            fence = self._take(name)
            if fence is not None:
                acted += self._go(name, fence)
        return acted

    def _take(self, name: ReplayId) -> int | None:
        """The right to drive it, or None while somebody else does."""
        now = self.clock()
        with self.database.write() as transaction:
            replay = self.replays.find(transaction, name, for_change=True)
            if replay is None or not replay.is_driven:
                return None
            is_mine = replay.driver == self.name
            if not is_mine and replay.driven_until is not None and replay.driven_until > now:
                return None
            fence = replay.fence if is_mine else replay.fence + 1
            driven = replace(replay, driver=self.name, driven_until=now + DRIVEN_FOR, fence=fence)
            self.replays.put(transaction, driven)
        return fence

    def _go(self, name: ReplayId, fence: int) -> int:
        acted = 0
        for _ in range(ROUNDS_MAX):
            self._settle(name, fence)
            took = self._advance(name, fence)
            if took is None:
                break
            acted += took
            if took:
                self.on_moved()
        return acted

    def _settle(self, name: ReplayId, fence: int) -> None:
        """What has come to an outcome, and what has become urgent on the way."""
        after = 0
        while True:
            with self.database.read() as transaction:
                replay = self.replays.find(transaction, name)
                items = self.replays.items_after(transaction, name, after, LOOK_AT_ONCE, ItemState.UNDER_WAY)
                jobs = self.performer.queue.find_jobs(transaction, [_carrier(item) for item in items])
                now = self.clock()
                looked = [self._settled(transaction, item, jobs[_carrier(item)], now) for item in items]
            settled = [item for item in looked if item is not None]
            urgent = [job.job_id for job in jobs.values() if replay and _is_urgent(job, replay.limits, now)]
            if settled or urgent:
                self._write(name, fence, settled, urgent)
            if len(items) < LOOK_AT_ONCE:
                return
            after = items[-1].ordinal

    def _settled(
        self, transaction: TransactionT, item: ReplayItem, job: Job, now: datetime
    ) -> ReplayItem | None:
        came = came_to(job, waits_for_a_person=self._waits_for_a_person(transaction, job))
        if came is None:
            return None
        return replace(item, state=came.state, result=came.result, settled_at=job.finished_at or now)

    def _waits_for_a_person(self, transaction: TransactionT, job: Job) -> bool:
        """Behind something held, or at a gate."""
        if job.state is not State.WAITING:
            return False
        queue = self.performer.queue
        blockers = queue.find_jobs(transaction, queue.list_blockers(transaction, job.job_id, BLOCKERS_MAX))
        return not blockers or any(each.state is State.HELD for each in blockers.values())

    def _write(self, name: ReplayId, fence: int, settled: list[ReplayItem], urgent: list[JobId]) -> None:
        with self.database.write() as transaction:
            if self._mine(transaction, name, fence) is None:
                return
            if urgent:
                self.performer.queue.lock_keys(transaction, job_ids=urgent)
            for job_id in urgent:
                self.performer.queue.make_live(transaction, job_id, self.clock())
            self.replays.put_items(transaction, settled)

    def _mine(self, transaction: TransactionT, name: ReplayId, fence: int) -> Replay | None:
        """None for one who has been replaced."""
        replay = self.replays.find(transaction, name, for_change=True)
        return replay if replay is not None and replay.fence == fence else None

    def _advance(self, name: ReplayId, fence: int) -> int | None:
        """How many items were acted upon; None when there is nothing more to do now."""
        if self._resends(name):
            return self.resending.take(name, fence, self.clock)
        with self.database.write() as transaction:
            replay = self._mine(transaction, name, fence)
            if replay is None:
                return None
            tally = Tally(tuple(self.replays.count_items(transaction, name)))
            if replay.state is not ReplayState.RUNNING:
                self._rest(transaction, replay, tally)
                return None
            move = next_move(replay.limits, replay.step, replay.rung, tally)
            return self._do(transaction, replay, move, self.clock())

    def _resends(self, name: ReplayId) -> bool:
        """Whether the next move is to ask a destination, which no transaction may wait for."""
        with self.database.read() as transaction:
            replay = self.replays.find(transaction, name)
            if (
                replay is None
                or replay.act is not ReplayAct.RESEND
                or replay.state is not ReplayState.RUNNING
            ):
                return False
            tally = Tally(tuple(self.replays.count_items(transaction, name)))
        return isinstance(next_move(replay.limits, replay.step, replay.rung, tally), Act)

    def _do(self, transaction: TransactionT, replay: Replay, move: Move, now: datetime) -> int | None:
        match move:
            case Act(items=count):
                limit = min(count, ACTS_AT_ONCE)
                name = replay.replay_id
                items = self.replays.items_after(transaction, name, 0, limit, ItemState.PENDING)
                self.replays.put_items(transaction, self.performer.perform(transaction, replay, items, now))
                return len(items)
            case Wait():
                return None
            case NextStep(rung=rung):
                self.replays.put(transaction, replace(replay, step=replay.step + 1, rung=rung))
                return 0
            case Stop(failed=failed, outcomes=outcomes):
                stopped = replace(replay, state=ReplayState.PAUSED, stopped_because=TOO_MANY_FAILURES)
                self.replays.put(transaction, stopped)
                self._tell(transaction, replay, "stopped_itself", f"{failed} of {outcomes} failed", now)
                return None
            case Finish():
                done = replace(replay, state=ReplayState.DONE, is_driven=False, finished_at=now)
                self.replays.put(transaction, done)
                self._tell(transaction, replay, "finished", replay.reason, now)
                return None
            case _:
                assert_never(move)

    def _rest(self, transaction: TransactionT, replay: Replay, tally: Tally) -> None:
        """Paused or cancelled: look on until nothing is under way."""
        if not tally.of(ItemState.UNDER_WAY):
            self.replays.put(transaction, replace(replay, is_driven=False))

    def _tell(
        self, transaction: TransactionT, replay: Replay, change: str, reason: str, now: datetime
    ) -> None:
        number = len(self.replays.changes_of(transaction, replay.replay_id)) + 1
        line = ReplayChange(replay.replay_id, number, change, GATEWAY, reason, now)
        self.replays.add_change(transaction, line)
        log.warning("replay.changed", replay_id=replay.replay_id, state=change)


def _is_urgent(job: Job, limits: Limits, now: datetime) -> bool:
    """Bulk work that will be due soon becomes live again."""
    is_open = job.state not in {State.DONE, State.CANCELLED, State.LEASED}
    return is_open and job.track is Track.BULK and is_due_soon(job, limits, now)


def _carrier(item: ReplayItem) -> JobId:
    return JobId(item.carrier_id or item.delivery_id)
