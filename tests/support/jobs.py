"""Jobs and leases as the queue would hand them out, for tests that need no queue."""

from datetime import UTC, datetime, timedelta
from typing import Any

from retry_queue.job import Fence, Job, JobId, Lane, Lease
from retry_queue.states import State

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def a_job(**changes: Any) -> Job:  # noqa: ANN401 - a field may hold any of a job's values
    """A leased job for the registry, due in twelve hours; `a_job(state=State.HELD, held_reason="x")`."""
    values: dict[str, Any] = {
        "job_id": JobId("delivery-1"),
        "lane": Lane("national_registry"),
        "kind": "record",
        "sequence": 1,
        "state": State.LEASED,
        "due_at": NOON + timedelta(hours=12),
        "enqueued_at": NOON,
        "updated_at": NOON,
        "attempts": 0,
        "asks": 0,
        "fence": Fence(1),
        "maybe_sent": False,
        "next_attempt_at": None,
        "lease_until": None,
        "gate": None,
        "gate_opens_at": None,
        "held_reason": None,
        "finished_at": None,
    }
    return Job(**(values | changes))


def a_lease(**changes: Any) -> Lease:  # noqa: ANN401 - passed on to the job
    """A lease on such a job."""
    return Lease(job=a_job(**changes), worker="worker-1")
