"""What can go wrong with the queue itself.

QueueError
├── LeaseLost     another worker has the job, or it is finished: drop the result, it will be asked again
├── UnknownJob    no such job
├── JobExists     a job of this id was put in before: roll back
└── NotAllowed    the state table has no such arrow
"""

from collections.abc import Sequence

from retry_queue.job import JobId
from retry_queue.states import Cause, State


class QueueError(Exception):
    """The queue refused an act."""


class LeaseLost(QueueError):
    """The lease is gone; whoever has it now decides."""

    def __init__(self, job_id: JobId) -> None:
        super().__init__(self.__doc__)
        self.job_id = job_id


class UnknownJob(QueueError):
    """There is no job of this id."""

    def __init__(self, job_id: JobId) -> None:
        super().__init__(self.__doc__)
        self.job_id = job_id


class JobExists(QueueError):
    """A job of one of these ids was put in before; the transaction must be rolled back."""

    def __init__(self, job_ids: Sequence[JobId]) -> None:
        super().__init__(self.__doc__)
        self.job_ids = tuple(job_ids)


class NotAllowed(QueueError):
    """The job's state does not allow this act."""

    def __init__(self, job_id: JobId, state: State, cause: Cause) -> None:
        super().__init__(self.__doc__)
        self.job_id = job_id
        self.state = state
        self.cause = cause
