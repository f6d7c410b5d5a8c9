"""What the real moves make of a job, seen with only what matters: its state and `maybe_sent`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from retry_queue import moves
from retry_queue.errors import NotAllowed
from retry_queue.job import Fence, Job, JobId, Lane
from retry_queue.states import State

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)

Move = Callable[[Job], Job]
"""An act of `retry_queue.moves` with its other arguments filled in. Raises `NotAllowed`."""


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """A job without times, counts and names."""

    state: State
    maybe_sent: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What one act makes of one standing."""

    before: Standing
    after: Standing


def steps_of(move: Move) -> Iterator[Step]:
    """Every standing that the act accepts, and where it leads; the model knows no more of the acts."""
    for before in standings():
        try:
            after = move(_job(before))
        except NotAllowed:
            continue
        yield Step(before, Standing(after.state, after.maybe_sent))


def standings() -> Iterator[Standing]:
    """All that the database lets exist."""
    for state in State:
        for maybe_sent in (False, True):
            if maybe_sent or state is not State.UNKNOWN:
                yield Standing(state, maybe_sent)


def claim(job: Job) -> Job:
    """A worker takes it."""
    return moves.claimed(job, NOW, LATER)


def _job(standing: Standing) -> Job:
    """A whole job that stands so."""
    waits = standing.state in {State.DEFERRED, State.UNKNOWN}
    return Job(
        job_id=JobId("j"),
        lane=Lane("l"),
        kind="k",
        sequence=1,
        state=standing.state,
        due_at=LATER,
        enqueued_at=NOW,
        updated_at=NOW,
        attempts=0,
        asks=0,
        fence=Fence(1),
        maybe_sent=standing.maybe_sent,
        next_attempt_at=NOW if waits else None,
        lease_until=LATER if standing.state is State.LEASED else None,
        gate=None,
        gate_opens_at=None,
        held_reason="reason" if standing.state is State.HELD else None,
        finished_at=NOW if standing.state.is_final else None,
    )
