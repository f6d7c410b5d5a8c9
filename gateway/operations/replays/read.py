"""Replays as people see them: progress, dry run, ledger, history, and what a delivery knows of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.model.clock import Clock
from gateway.model.replaying import (
    ItemState,
    Replay,
    ReplayId,
    ReplayItem,
    ReplayState,
    Tally,
)
from gateway.operations.refusals import ActRefused
from gateway.operations.replays.judge import Would, would
from gateway.operations.replays.stories import (
    DryRun,
    ItemStory,
    ReplayStory,
    sample_of,
    tell_item,
    tell_replay,
)
from gateway.storage.ports import Database
from gateway.storage.replay_ports import Replays
from retry_queue.job import Job, JobId
from retry_queue.store import Inspection

TransactionT = TypeVar("TransactionT")

LOOK_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ReplayReader(Generic[TransactionT]):
    """Reads; changes nothing."""

    database: Database[TransactionT]
    replays: Replays[TransactionT]
    queue: Inspection[TransactionT]
    clock: Clock

    def find(self, replay_id: ReplayId) -> Replay | None:
        """As stored."""
        with self.database.read() as transaction:
            return self.replays.find(transaction, replay_id)

    def get(self, replay_id: ReplayId) -> ReplayStory:
        """With the dry run of a draft. Raises `ActRefused`."""
        with self.database.read() as transaction:
            replay = self.replays.find(transaction, replay_id)
            if replay is None:
                raise ActRefused("not_found")
            tally = Tally(tuple(self.replays.count_items(transaction, replay_id)))
            history = tuple(self.replays.changes_of(transaction, replay_id))
            is_draft = replay.state is ReplayState.DRAFT
            dry_run = self._dry_run(transaction, replay) if is_draft else None
        return tell_replay(replay, tally, history, dry_run)

    def list_all(self, limit: int) -> Sequence[tuple[Replay, Tally]]:
        """Newest first."""
        with self.database.read() as transaction:
            found = self.replays.list_all(transaction, limit)
            return [
                (each, Tally(tuple(self.replays.count_items(transaction, each.replay_id)))) for each in found
            ]

    def open_tallies(self) -> Sequence[tuple[Replay, Tally]]:
        """Of those that run or are paused, for the metrics."""
        with self.database.read() as transaction:
            found = self.replays.list_open(transaction)
            return [
                (each, Tally(tuple(self.replays.count_items(transaction, each.replay_id)))) for each in found
            ]

    def ledger(
        self, replay_id: ReplayId, after: int, limit: int, state: ItemState | None
    ) -> Sequence[ItemStory]:
        """A page of it; of what is pending also what would happen. Raises `ActRefused`."""
        with self.database.read() as transaction:
            replay = self.replays.find(transaction, replay_id)
            if replay is None:
                raise ActRefused("not_found")
            items = self.replays.items_after(transaction, replay_id, after, limit, state)
            return self._stories(transaction, replay, items)

    def _dry_run(self, transaction: TransactionT, replay: Replay) -> DryRun:
        counts: Counter[str] = Counter()
        tracks: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        allowed = 0
        for _, job, answer in self._answers(transaction, replay):
            counts[answer.code] += 1
            allowed += answer.allowed
            if answer.track is not None:
                tracks[answer.track.value] += 1
            if job.held_reason is not None:
                reasons[job.held_reason] += 1
        sample = [
            item
            for ordinal in sample_of(replay.replay_id, replay.items)
            for item in self.replays.items_after(transaction, replay.replay_id, ordinal - 1, 1)
        ]
        stories = tuple(self._stories(transaction, replay, sample))
        return DryRun(allowed, dict(counts), dict(tracks), dict(reasons), stories)

    def _answers(self, transaction: TransactionT, replay: Replay) -> Iterator[tuple[ReplayItem, Job, Would]]:
        after, now = 0, self.clock()
        while True:
            items = self.replays.items_after(transaction, replay.replay_id, after, LOOK_AT_ONCE)
            jobs = self.queue.find_jobs(transaction, [JobId(item.delivery_id) for item in items])
            for item in items:
                job = jobs[JobId(item.delivery_id)]
                yield item, job, would(replay.act, replay.selection, replay.limits, job, now)
            if len(items) < LOOK_AT_ONCE:
                return
            after = items[-1].ordinal

    def _stories(
        self, transaction: TransactionT, replay: Replay, items: Sequence[ReplayItem]
    ) -> list[ItemStory]:
        jobs = self.queue.find_jobs(transaction, [_carrier(item) for item in items])
        now = self.clock()
        return [tell_item(replay, item, jobs[_carrier(item)], now) for item in items]


def _carrier(item: ReplayItem) -> JobId:
    return JobId(item.carrier_id or item.delivery_id)
