"""Steps of a job, without any storage."""

from dataclasses import replace

import pytest

from retry_queue import moves
from retry_queue.errors import NotAllowed
from retry_queue.job import Fence, Job, JobId
from retry_queue.states import State
from retry_queue.verdict import AskAt, Done, GiveUp, RetryAt, SendAgain, Verdict
from tests.support.queue_builders import LANE, START, after

LEASED = Job(
    job_id=JobId("a"),
    lane=LANE,
    kind="invoice",
    sequence=1,
    state=State.LEASED,
    due_at=after(3600),
    enqueued_at=START,
    updated_at=START,
    attempts=2,
    asks=3,
    fence=Fence(4),
    maybe_sent=True,
    next_attempt_at=None,
    lease_until=after(60),
    gate=None,
    gate_opens_at=None,
    held_reason=None,
    finished_at=None,
)


@pytest.mark.parametrize(
    ("verdict", "state", "attempts", "asks", "maybe_sent"),
    [
        (Done(), State.DONE, 2, 3, False),
        (RetryAt(after(9), counts=True), State.DEFERRED, 3, 0, False),
        (RetryAt(after(9), counts=False), State.DEFERRED, 2, 0, False),
        (SendAgain(after(9)), State.DEFERRED, 2, 0, False),
        (AskAt(after(9)), State.UNKNOWN, 2, 4, True),
        (AskAt(after(9), counts=False), State.UNKNOWN, 2, 3, True),
        (GiveUp("fault"), State.HELD, 2, 3, False),
        (GiveUp("no_answer", maybe_sent=True), State.HELD, 2, 3, True),
    ],
)
def test_each_verdict_ends_the_lease_and_keeps_the_deadline(
    verdict: Verdict, state: State, attempts: int, asks: int, *, maybe_sent: bool
) -> None:
    job = moves.completed(LEASED, verdict, after(5))
    assert (job.state, job.attempts, job.asks, job.maybe_sent) == (state, attempts, asks, maybe_sent)
    assert (job.lease_until, job.due_at, job.fence) == (None, LEASED.due_at, LEASED.fence)


def test_claim_raises_the_fence_and_keeps_the_doubt() -> None:
    unknown = replace(LEASED, state=State.UNKNOWN, lease_until=None, next_attempt_at=START)
    job = moves.claimed(unknown, after(1), after(61))
    assert (job.fence, job.maybe_sent, job.next_attempt_at) == (5, True, None)


def test_what_was_sent_is_asked_about_after_the_worker_vanished() -> None:
    assert moves.expired(LEASED, after(60)).state is State.UNKNOWN
    assert moves.expired(replace(LEASED, maybe_sent=False), after(60)).state is State.QUEUED


def test_release_of_a_doubtful_job_starts_a_new_row_of_questions() -> None:
    held = moves.completed(LEASED, GiveUp("no_answer", maybe_sent=True), after(5))
    job = moves.released(held, after(9), is_clear=False)
    assert (job.state, job.asks, job.next_attempt_at) == (State.UNKNOWN, 0, None)


def test_doubtful_job_is_not_withdrawn() -> None:
    held = moves.completed(LEASED, GiveUp("no_answer", maybe_sent=True), after(5))
    with pytest.raises(NotAllowed) as caught:
        moves.cancelled(held, after(9))
    assert (caught.value.job_id, caught.value.state) == ("a", State.HELD)


def test_step_without_an_arrow_is_refused() -> None:
    done = moves.completed(LEASED, Done(), after(5))
    with pytest.raises(NotAllowed):
        moves.held(done, "late", after(6))
