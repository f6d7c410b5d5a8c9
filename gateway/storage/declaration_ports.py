"""What declarations ask of the storage; memory and SQL pass one contract suite."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from gateway.model.declaring import DeclarationCourse, DeclarationState
from gateway.model.ids import EventId

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


class Declarations(Protocol[TransactionT_contra]):
    """The courses of declarations; one begins, open, when its event is inserted."""

    def list_told(self, transaction: TransactionT_contra, limit: int) -> Sequence[EventId]:
        """Open ones of which the registry has told the day of the entry, oldest first."""
        ...

    def find_all(
        self, transaction: TransactionT_contra, event_ids: Iterable[EventId]
    ) -> Mapping[EventId, DeclarationCourse]:
        """By the id of the declaration; what is none is left out."""
        ...

    def find_of_event(
        self, transaction: TransactionT_contra, registered_event_id: EventId
    ) -> DeclarationCourse | None:
        """The declaration that this event was."""
        ...

    def list_in(
        self, transaction: TransactionT_contra, state: DeclarationState, limit: int
    ) -> Sequence[DeclarationCourse]:
        """Oldest first."""
        ...

    def put(self, transaction: TransactionT_contra, course: DeclarationCourse) -> bool:
        """Go on; false, and nothing written, if it is registered already."""
        ...
