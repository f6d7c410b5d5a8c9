"""Which process can know of a job, and from when on."""

from datetime import UTC, datetime

import pytest

from retry_queue.job import JobId, Lane, NewJob, OrderingKey
from retry_queue.proof.chronicle import NEVER, Cause, Life
from retry_queue.proof.knowing import Knowing, Shift, opens
from retry_queue.proof.slots import Hand

NEWS = 1_500
FIRST, SECOND = Shift("process-1", 0, 10_000), Shift("process-2", 0, 20_000)


def life(job_id: str, brought_by: str, causes: tuple[Cause, ...] = ()) -> Life:
    keys = frozenset({OrderingKey(f"person:{job_id}")})
    new = NewJob(JobId(job_id), Lane("lane"), "record", datetime(2026, 11, 16, 12, tzinfo=UTC), keys)
    return Life(new, 0, 5_000, causes, brought_by)


def test_who_brought_it_in_knows_at_once_and_another_one_after_his_next_look() -> None:
    knowing = Knowing([FIRST, SECOND], {}, NEWS)
    assert knowing.hands(life("job", "process-1"), 5_000) == (
        Hand(0, 5_000, 10_000),
        Hand(1, 6_500, 20_000),
    )


@pytest.mark.parametrize(
    ("found", "known"),
    [([4_000], 6_500), ([4_000, 5_000], 5_000), ([5_200, 5_300], 5_200), ([9_000], 6_500)],
    ids=["before", "in the same instant", "soon after", "later than by a poll"],
)
def test_who_finds_work_meanwhile_has_looked(found: list[int], known: int) -> None:
    knowing = Knowing([FIRST, SECOND], {("process-2", "lane"): found}, NEWS)
    assert knowing.hands(life("job", "process-1"), 5_000)[1].start == known


def test_who_finds_work_for_another_destination_has_not_looked_for_this_one() -> None:
    knowing = Knowing([FIRST, SECOND], {("process-2", "elsewhere"): [5_100]}, NEWS)
    assert knowing.hands(life("job", "process-1"), 5_000)[1].start == 6_500


def test_who_starts_later_looks_first_and_who_is_gone_knows_nothing() -> None:
    shifts = [Shift("process-1", 0, 5_000), Shift("process-3", 5_100, NEVER)]
    assert Knowing(shifts, {}, NEWS).hands(life("job", "process-1"), 5_000) == (Hand(1, 5_100, NEVER),)


def test_who_stood_still_looks_when_he_goes_on() -> None:
    shifts = [Shift("process-1", 0, 10_000), Shift("process-2", 0, 4_000), Shift("process-2", 5_300, 20_000)]
    assert Knowing(shifts, {}, NEWS).hands(life("job", "process-1"), 5_000) == (
        Hand(0, 5_000, 10_000),
        Hand(2, 5_300, 20_000),
    )


def test_what_follows_from_a_job_anybody_might_have_brought_who_knew_of_that_job() -> None:
    knowing = Knowing([FIRST, SECOND], {}, NEWS)
    knowing.hands(life("cause", "process-1"), 1_000)
    early = knowing.hands(life("early", "process-1", (Cause("cause"),)), 2_000)
    late = knowing.hands(life("late", "process-1", (Cause("cause"),)), 3_000)
    assert [hand.start for hand in early] == [2_000, 3_500]
    assert [hand.start for hand in late] == [3_000, 3_000]


def test_hands_open_when_the_first_of_those_who_are_there_can_begin() -> None:
    hands = (Hand(0, 10, 20), Hand(1, 30, 40))
    assert [opens(hands, at) for at in (0, 15, 20, 39, 40)] == [10, 15, 30, 39, None]
