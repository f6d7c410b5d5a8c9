"""Jobs that are made at the first look."""

from dataclasses import replace

import pytest

from retry_queue.errors import NotAllowed
from retry_queue.job import Job
from retry_queue.memory_store import MemoryStore
from retry_queue.moves import require_may_be_done
from retry_queue.settled_jobs import SettledJobs
from retry_queue.states import State
from tests.support.queue_builders import START, after, new_job
from tests.support.queue_desk import Desk


@pytest.fixture
def leased() -> list[Job]:
    desk = Desk(MemoryStore())
    desk.enqueue(new_job("one"), new_job("two"))
    return [lease.job for lease in desk.claim(2, now=START)]


def test_counting_makes_nothing_and_looking_makes_all_of_them_once(leased: list[Job]) -> None:
    made: list[Job] = []

    def make() -> list[Job]:
        made.extend(leased)
        return leased

    settled = SettledJobs(2, make)
    assert (len(settled), bool(settled), made) == (2, True, [])
    assert (settled[0], settled[-1], settled[:1], [*settled]) == (leased[0], leased[1], leased[:1], leased)
    assert made == leased


@pytest.mark.parametrize("state", [each for each in State if each not in (State.LEASED, State.HELD)])
def test_what_is_not_leased_cannot_be_done(leased: list[Job], state: State) -> None:
    require_may_be_done(leased)
    with pytest.raises(NotAllowed):
        require_may_be_done([*leased, replace(leased[0], state=state, lease_until=after(1))])
