"""Acting upon items of a replay: the act, its record and its feed entry are one commit with the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Generic, Protocol, TypeVar

from gateway.model.operating import Act, OperatorAct
from gateway.model.replaying import ItemState, Replay, ReplayAct, ReplayItem
from gateway.operations.acts import HELD_BY_OPERATOR
from gateway.operations.oversight import ActWitness
from gateway.operations.replays.judge import LETS_GO, Would, would
from gateway.storage.operating_ports import OperatorActs
from gateway.storage.ports import Events, Feed, FeedEntry
from retry_queue.errors import NotAllowed
from retry_queue.job import Job, JobId, Track
from retry_queue.store import Inspection, Operations, Producer, Tracks

TransactionT = TypeVar("TransactionT")
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

ACTS = {
    ReplayAct.RELEASE: (Act.RELEASE, "delivery.released"),
    ReplayAct.RETRY: (Act.RETRY, "delivery.released"),
    ReplayAct.CANCEL: (Act.CANCEL, "delivery.cancelled"),
    ReplayAct.HOLD: (Act.HOLD, "delivery.held"),
    ReplayAct.RESEND: (Act.RESEND, "delivery.resent"),
}
"""Under which names an act is recorded and told."""
_RESULTS = {ReplayAct.CANCEL: "cancelled", ReplayAct.HOLD: "held"}


class Queue(
    Operations[TransactionT_contra],
    Tracks[TransactionT_contra],
    Producer[TransactionT_contra],
    Inspection[TransactionT_contra],
    Protocol[TransactionT_contra],
):
    """What acting takes of the queue."""


@dataclass(frozen=True, slots=True)
class Performer(Generic[TransactionT]):
    """Whoever calls it holds the replay."""

    events: Events[TransactionT]
    queue: Queue[TransactionT]
    acts: OperatorActs[TransactionT]
    feed: Feed[TransactionT]
    new_id: Callable[[datetime], str]
    witness: ActWitness[TransactionT] | None = None
    """Warns the higher office of what is withdrawn."""

    def perform(
        self, transaction: TransactionT, replay: Replay, items: Sequence[ReplayItem], now: datetime
    ) -> list[ReplayItem]:
        """Each as it stands now: what has moved since it was selected is judged again."""
        names = [JobId(item.delivery_id) for item in items]
        for event_id in sorted({item.event_id for item in items}):
            self.events.lock(transaction, event_id)
        self.queue.lock_keys(transaction, job_ids=names)
        jobs = self.queue.find_jobs(transaction, names)
        after = [self._one(transaction, replay, item, jobs[JobId(item.delivery_id)], now) for item in items]
        moved = [(jobs[JobId(item.delivery_id)], item, job) for item, job in after if job is not None]
        self.record(transaction, replay, moved, now)
        return [item for item, _ in after]

    def record(
        self,
        transaction: TransactionT,
        replay: Replay,
        moved: Sequence[tuple[Job, ReplayItem, Job]],
        now: datetime,
    ) -> None:
        """Who did it and why, once per item, feed last."""
        acts = [self._act(replay, before, item, after, now) for before, item, after in moved]
        self.acts.insert(transaction, acts)
        if self.witness is not None:
            for act in acts:
                if act.act is Act.CANCEL:
                    self.witness.cancelled(transaction, act)
        entries = [_entry(replay, item, after, now) for _, item, after in moved]
        if entries:
            self.feed.append(transaction, entries)

    def _one(
        self, transaction: TransactionT, replay: Replay, item: ReplayItem, job: Job, now: datetime
    ) -> tuple[ReplayItem, Job | None]:
        answer = would(replay.act, replay.selection, replay.limits, job, now)
        if not answer.allowed:
            return skipped(item, replay, answer.code, now), None
        try:
            after = self._move(transaction, replay, job, answer, now)
        except NotAllowed as refused:
            return skipped(item, replay, f"is_{refused.state.value}", now), None
        begun = replace(item, step=replay.step, acted_at=now, carrier_id=item.delivery_id)
        if replay.act in LETS_GO:
            return replace(begun, state=ItemState.UNDER_WAY, track=after.track.value), after
        result = _RESULTS[replay.act]
        return replace(begun, state=ItemState.SUCCEEDED, result=result, settled_at=now), after

    def _move(self, transaction: TransactionT, replay: Replay, job: Job, answer: Would, now: datetime) -> Job:
        if replay.act is ReplayAct.CANCEL:
            return self.queue.cancel(transaction, job.job_id, now)
        if replay.act is ReplayAct.HOLD:
            return self.queue.hold(transaction, job.job_id, HELD_BY_OPERATOR, now)
        if answer.track is Track.BULK:
            self.queue.make_bulk(transaction, job.job_id, party_of(replay), now)
        else:
            self.queue.make_live(transaction, job.job_id, now)
        return self.queue.release(transaction, job.job_id, now)

    def _act(self, replay: Replay, before: Job, item: ReplayItem, after: Job, now: datetime) -> OperatorAct:
        asked = f"{replay.replay_id} {replay.act.value} {item.delivery_id}"
        return OperatorAct(
            act_id=self.new_id(now),
            request_id=party_of(replay),
            actor=who_of(replay),
            act=ACTS[replay.act][0],
            delivery_id=item.delivery_id,
            event_id=item.event_id,
            reason=replay.reason,
            asked_sha256=sha256(asked.encode()).hexdigest(),
            before_state=before.state.value,
            after_state=after.state.value,
            before_fence=before.fence,
            happened_at=now,
            detail={"replay_id": replay.replay_id, "step": str(replay.step)},
        )


def party_of(replay: Replay) -> str:
    """Whose bulk work it is; replays take turns with each other and with old books."""
    return f"replay:{replay.replay_id}"


def who_of(replay: Replay) -> str:
    """Whoever started it answers for it."""
    return replay.started_by or replay.created_by


def skipped(item: ReplayItem, replay: Replay, code: str, now: datetime) -> ReplayItem:
    """Nothing was done to it."""
    return replace(item, state=ItemState.SKIPPED, step=replay.step, result=code, settled_at=now)


def _entry(replay: Replay, item: ReplayItem, after: Job, now: datetime) -> FeedEntry:
    detail = {
        "why": replay.reason,
        "by": who_of(replay),
        "state": after.state.value,
        "replay": replay.replay_id,
    }
    return FeedEntry(item.event_id, ACTS[replay.act][1], item.delivery_id, detail, now)
