"""The port of what a forecast looks at: how much is due when, and how much has come. Counts, never jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from retry_queue.job import Lane, Track
from retry_queue.states import State

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

BUCKET_SECONDS = 60
"""Jobs that are due within the same minute are counted together, as due with the first of them."""


@dataclass(frozen=True, slots=True)
class DueCount:
    """Unfinished jobs of one track in one state that are due within one minute."""

    lane: Lane
    track: Track
    state: State
    due_at: datetime
    """Of the first of them."""
    jobs: int


@dataclass(frozen=True, slots=True)
class Enqueued:
    """What has come since some number was given to a job."""

    up_to_sequence: int
    """The last number given so far."""
    jobs: Mapping[tuple[Lane, Track], int]


class Profile(Protocol[TransactionT_contra]):
    """Finished jobs are never looked at, so the cost grows with the backlog only."""

    def due_profile(self, transaction: TransactionT_contra) -> Sequence[DueCount]:
        """Unfinished jobs of every lane by track, state and minute of their due time, in that order."""
        ...

    def count_enqueued(self, transaction: TransactionT_contra, after: int) -> Enqueued:
        """Jobs with a number after the given one. A job that is committed late may be missed for good."""
        ...
