"""What is made the quick way is a job like any other."""

from dataclasses import FrozenInstanceError, astuple, replace

import pytest

from retry_queue.job import Job, Lease
from retry_queue.job_copy import changed, job_from, jobs_from, leases_from
from retry_queue.memory_store import MemoryStore
from retry_queue.states import State
from tests.support.queue_builders import START, after, new_job


@pytest.fixture
def job() -> Job:
    store = MemoryStore()
    with store.write() as transaction:
        store.enqueue(transaction, [new_job("job", keys=("key",), gate="gate")], START)
        found = store.find_job(transaction, new_job("job").job_id)
    assert found is not None
    return found


def test_job_from_its_values_is_equal_and_of_the_same_class(job: Job) -> None:
    made = job_from(*astuple(job))
    assert type(made) is Job
    assert (made, hash(made), repr(made)) == (job, hash(job), repr(job))


def test_many_at_once_are_as_one_at_a_time(job: Job) -> None:
    other = replace(job, attempts=7)
    made = jobs_from(map(astuple, (job, other)))
    assert made == [job, other]
    leases = leases_from(made, "anna")
    assert leases == [Lease(job, "anna"), Lease(other, "anna")]
    assert [type(each) for each in (*made, *leases)] == [Job, Job, Lease, Lease]
    with pytest.raises(FrozenInstanceError):
        leases[0].worker = "berta"  # type: ignore[misc]  # that is what is tested


def test_changed_is_as_replace_and_leaves_the_first_alone(job: Job) -> None:
    changes = {"state": State.DONE, "updated_at": after(5), "finished_at": after(5), "maybe_sent": True}
    assert changed(job, **changes) == replace(job, **changes)  # type: ignore[arg-type]  # the fields of a job
    assert job.state is State.WAITING


def test_made_job_is_frozen_too(job: Job) -> None:
    with pytest.raises(FrozenInstanceError):
        changed(job, attempts=1).attempts = 2  # type: ignore[misc]  # that is what is tested


def test_unknown_field_and_wrong_number_of_values_are_refused(job: Job) -> None:
    with pytest.raises(KeyError):
        changed(job, colour="red")
    with pytest.raises(TypeError):
        job_from(*astuple(job)[1:])
    with pytest.raises(TypeError):
        jobs_from([astuple(job)[1:]])
