"""Replays as people see them: progress, dry run, ledger, history. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from gateway.model.replaying import (
    ItemState,
    Limits,
    Replay,
    ReplayChange,
    ReplayId,
    ReplayItem,
    Selection,
    Tally,
)
from gateway.operations.replays.judge import would
from gateway.operations.replays.ramp import size_of
from retry_queue.job import Job

ENDS = 3
"""So many from the beginning and from the end of the list are shown."""
MIDDLE = 4
"""So many of those between, the same ones at each look."""


@dataclass(frozen=True, slots=True)
class ItemStory:
    """One row of the ledger."""

    ordinal: int
    delivery_id: str
    event_id: str
    state: str
    step: int | None
    acted_at: datetime | None
    track: str | None
    carrier_id: str | None
    result: str | None
    settled_at: datetime | None
    delivery_state: str
    """Now."""
    due_at: datetime
    allowed: bool | None
    would: str | None
    """What the act would do now, or why it would not; only of what is pending."""


@dataclass(frozen=True, slots=True)
class StepStory:
    """One step in numbers."""

    step: int
    under_way: int
    succeeded: int
    failed: int
    set_aside: int
    skipped: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would happen if it were started now; nothing is changed."""

    allowed: int
    would: Mapping[str, int]
    tracks: Mapping[str, int]
    held_reasons: Mapping[str, int]
    sample: tuple[ItemStory, ...]


@dataclass(frozen=True, slots=True)
class ReplayStory:
    """A replay as it stands now."""

    replay_id: str
    act: str
    state: str
    stopped_because: str | None
    reason: str
    selection: Selection
    limits: Limits
    created_by: str
    created_at: datetime
    started_by: str | None
    started_at: datetime | None
    finished_at: datetime | None
    items: int
    counts: Mapping[str, int]
    """Items by state."""
    results: Mapping[str, int]
    """What was skipped, failed or set aside, by code."""
    step: int
    step_size: int | None
    """None before the start."""
    steps: tuple[StepStory, ...]
    history: tuple[ReplayChange, ...]
    dry_run: DryRun | None = None
    """Only of a draft."""


@dataclass(frozen=True, slots=True)
class ReplayMention:
    """What a delivery knows of a replay that it was in."""

    replay_id: str
    act: str
    state: str
    step: int | None
    acted_at: datetime | None
    result: str | None
    reason: str
    by: str


def sample_of(replay_id: ReplayId, items: int) -> list[int]:
    """The first, the last and some between, the same at each look."""
    ends = {*range(1, min(ENDS, items) + 1), *range(max(1, items - ENDS + 1), items + 1)}
    middle = range(ENDS + 1, max(ENDS + 1, items - ENDS + 1))
    chosen = sorted(middle, key=lambda each: sha256(f"{replay_id}:{each}".encode()).digest())[:MIDDLE]
    return sorted(ends | set(chosen))


def tell_replay(
    replay: Replay, tally: Tally, history: tuple[ReplayChange, ...], dry_run: DryRun | None
) -> ReplayStory:
    """With everything that has come of it so far."""
    results: Counter[str] = Counter()
    for count in tally.counts:
        if count.result is not None and count.state is not ItemState.SUCCEEDED:
            results[count.result] += count.items
    return ReplayStory(
        replay_id=replay.replay_id,
        act=replay.act.value,
        state=replay.state.value,
        stopped_because=replay.stopped_because,
        reason=replay.reason,
        selection=replay.selection,
        limits=replay.limits,
        created_by=replay.created_by,
        created_at=replay.created_at,
        started_by=replay.started_by,
        started_at=replay.started_at,
        finished_at=replay.finished_at,
        items=replay.items,
        counts=counts_of(tally),
        results=dict(results),
        step=replay.step,
        step_size=size_of(replay.limits, replay.rung) if replay.step else None,
        steps=_steps(tally),
        history=history,
        dry_run=dry_run,
    )


def counts_of(tally: Tally) -> dict[str, int]:
    """By state, those that there are none of too."""
    return {state.value: tally.of(state) for state in ItemState}


def _steps(tally: Tally) -> tuple[StepStory, ...]:
    numbers = sorted({count.step for count in tally.counts if count.step is not None})
    return tuple(
        StepStory(
            step=number,
            under_way=tally.of(ItemState.UNDER_WAY, step=number),
            succeeded=tally.of(ItemState.SUCCEEDED, step=number),
            failed=tally.of(ItemState.FAILED, step=number),
            set_aside=tally.of(ItemState.SET_ASIDE, step=number),
            skipped=tally.of(ItemState.SKIPPED, step=number),
        )
        for number in numbers
    )


def tell_item(replay: Replay, item: ReplayItem, job: Job, now: datetime) -> ItemStory:
    """As it stands now; of what is pending also what the act would do."""
    is_pending = item.state is ItemState.PENDING
    answer = would(replay.act, replay.selection, replay.limits, job, now) if is_pending else None
    planned = answer.track.value if answer and answer.track else None
    return ItemStory(
        ordinal=item.ordinal,
        delivery_id=item.delivery_id,
        event_id=item.event_id,
        state=item.state.value,
        step=item.step,
        acted_at=item.acted_at,
        track=item.track or planned,
        carrier_id=item.carrier_id,
        result=item.result,
        settled_at=item.settled_at,
        delivery_state=job.state.value,
        due_at=job.due_at,
        allowed=answer.allowed if answer else None,
        would=answer.code if answer else None,
    )


def mention(replay: Replay, item: ReplayItem) -> ReplayMention:
    """For the journey of the delivery."""
    return ReplayMention(
        replay_id=replay.replay_id,
        act=replay.act.value,
        state=item.state.value,
        step=item.step,
        acted_at=item.acted_at,
        result=item.result,
        reason=replay.reason,
        by=replay.started_by or replay.created_by,
    )
