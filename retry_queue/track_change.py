"""From one track to the other: pure, for every backend."""

from dataclasses import replace

from retry_queue.job import Job, Track
from retry_queue.rank import microseconds
from retry_queue.states import State


def can_change(job: Job, track: Track) -> bool:
    """Not what is there already, in a worker's hands, or finished."""
    return job.track is not track and job.state is not State.LEASED and not job.state.is_final


def as_bulk(job: Job, party: str, turn: int) -> Job:
    """The due time stays; when it goes is now a matter of turns."""
    return replace(job, track=Track.BULK, party=party, rank=turn)


def as_live(job: Job) -> Job:
    """Its own due time says how urgent it is."""
    return replace(job, track=Track.LIVE, rank=microseconds(job.due_at))
