"""What operations look up in the queue; they move nothing through it."""

from typing import Protocol, TypeVar

from retry_queue.store import Inspection, Lanes

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


class QueueView(Inspection[TransactionT_contra], Lanes[TransactionT_contra], Protocol[TransactionT_contra]):
    """Jobs and lanes as they stand."""
