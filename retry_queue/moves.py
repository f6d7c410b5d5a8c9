"""What each act makes of a job: pure steps along the arrows of the state table, for every backend."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from retry_queue.errors import NotAllowed
from retry_queue.job import Fence, Job
from retry_queue.job_copy import changed
from retry_queue.states import Cause, State, is_allowed
from retry_queue.verdict import AskAt, Done, GiveUp, RetryAt, SendAgain, Verdict


def claimed(job: Job, now: datetime, lease_until: datetime) -> Job:
    """A worker takes it; the fence grows, so that earlier workers are shut out."""
    fence = Fence(job.fence + 1)
    return _moved(
        job, Cause.CLAIMED, State.LEASED, now, fence=fence, lease_until=lease_until, next_attempt_at=None
    )


def completed(job: Job, verdict: Verdict, now: datetime) -> Job:
    """The leased job after a verdict."""
    match verdict:
        case Done():
            return _moved(
                job, Cause.COMPLETED, State.DONE, now, lease_until=None, maybe_sent=False, finished_at=now
            )
        case RetryAt(at=at, counts=counts):
            return _postponed(job, job.attempts + int(counts), at, now)
        case SendAgain(at=at):
            return _postponed(job, job.attempts, at, now)
        case AskAt(at=at, counts=counts):
            changes = {"asks": job.asks + int(counts), "next_attempt_at": _still_to_come(at, now)}
            return _settled(job, Cause.OUTCOME_LOST, State.UNKNOWN, now, maybe_sent=True, **changes)
        case GiveUp(reason=reason, maybe_sent=maybe_sent):
            return _settled(
                job, Cause.FAULT_FOUND, State.HELD, now, maybe_sent=maybe_sent, held_reason=reason
            )
        case _:
            assert_never(verdict)


def require_may_be_done(jobs: Iterable[Job]) -> None:
    """As `completed` checks for `Done`, without making anything. Raises `NotAllowed`."""
    for job in jobs:
        if job.state is not State.LEASED and not is_allowed(job.state, Cause.COMPLETED, State.DONE):
            raise NotAllowed(job.job_id, job.state, Cause.COMPLETED)


def given_back(job: Job, now: datetime) -> Job:
    """A worker that stops returns what it did not begin."""
    return _unleased(job, Cause.GIVEN_BACK, now)


def expired(job: Job, now: datetime) -> Job:
    """Its worker is gone."""
    return _unleased(job, Cause.LEASE_EXPIRED, now)


def time_came(job: Job, now: datetime) -> Job:
    """The instant that a job waited for, to be sent or to be asked about, has come."""
    if job.state is State.UNKNOWN:
        return changed(job, next_attempt_at=None, updated_at=now)
    return changed(_moved(job, Cause.TIME_CAME, State.QUEUED, now), next_attempt_at=None)


def way_cleared(job: Job, now: datetime) -> Job:
    """Nothing stands before a waiting job any more."""
    return _moved(job, Cause.WAY_CLEARED, State.QUEUED, now)


def released(job: Job, now: datetime, *, is_clear: bool) -> Job:
    """A person lets it go on: to ask if it may have been sent, behind earlier jobs if there are any."""
    if job.maybe_sent:
        after = changed(_moved(job, Cause.RELEASED, State.UNKNOWN, now), next_attempt_at=None, asks=0)
    else:
        goal = State.QUEUED if is_clear else State.WAITING
        after = changed(_moved(job, Cause.RELEASED, goal, now), next_attempt_at=None)
    return changed(after, held_reason=None)


def held(job: Job, reason: str, now: datetime) -> Job:
    """A person stops it."""
    return changed(_moved(job, Cause.PAUSED, State.HELD, now), held_reason=reason, next_attempt_at=None)


def cancelled(job: Job, now: datetime) -> Job:
    """A person withdraws it; refused while something may have been sent."""
    if job.maybe_sent:
        raise NotAllowed(job.job_id, job.state, Cause.WITHDRAWN)
    after = _moved(job, Cause.WITHDRAWN, State.CANCELLED, now)
    return changed(after, next_attempt_at=None, held_reason=None, finished_at=now)


def confirmed(job: Job, now: datetime) -> Job:
    """A person has made sure that the destination has it, by another way or by this one."""
    after = _moved(job, Cause.CONFIRMED, State.DONE, now)
    return changed(after, maybe_sent=False, next_attempt_at=None, held_reason=None, finished_at=now)


def denied(job: Job, now: datetime, *, is_clear: bool) -> Job:
    """A person has made sure that the destination does not have it: it may be sent."""
    return released(changed(job, maybe_sent=False, asks=0), now, is_clear=is_clear)


def _postponed(job: Job, attempts: int, at: datetime, now: datetime) -> Job:
    """Nothing is in flight: the next attempt may send."""
    changes = {"attempts": attempts, "asks": 0, "next_attempt_at": at}
    return _settled(job, Cause.POSTPONED, State.DEFERRED, now, maybe_sent=False, **changes)


def _settled(job: Job, cause: Cause, goal: State, now: datetime, **changes: object) -> Job:
    """No longer leased."""
    return _moved(job, cause, goal, now, lease_until=None, **changes)


def _still_to_come(at: datetime, now: datetime) -> datetime | None:
    """Nothing to wait for is None."""
    return at if at > now else None


def _unleased(job: Job, cause: Cause, now: datetime) -> Job:
    """Back to be sent, or to be asked about."""
    if job.maybe_sent:
        return changed(_moved(job, cause, State.UNKNOWN, now), lease_until=None, next_attempt_at=None)
    return changed(_moved(job, cause, State.QUEUED, now), lease_until=None)


def _moved(job: Job, cause: Cause, goal: State, now: datetime, **changes: object) -> Job:
    """Along an arrow of the table, or not at all; one copy, because batches are long."""
    if not is_allowed(job.state, cause, goal):
        raise NotAllowed(job.job_id, job.state, cause)
    return changed(job, state=goal, updated_at=now, **changes)
