"""A message as it would be sent, without sending it: for people who edit, and for couriers."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from adapters.port import OutboundMessage, RequestId
from gateway.deliver.assignment import Shelves, read_assignment
from gateway.deliver.translate import Translates, translate
from gateway.model.ids import DeliveryId
from gateway.model.outcome import NotTranslated
from mappings.canonical.declaration import AnyStored

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class Preview:
    """The message, or why there is none, and the facts that it uses."""

    message: OutboundMessage | NotTranslated
    facts_used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Previewer(Generic[TransactionT]):
    """Translates exactly as the delivering walk does."""

    shelves: Shelves[TransactionT]
    catalog: Translates

    def preview(self, transaction: TransactionT, delivery_id: DeliveryId, now: datetime) -> Preview:
        """As it stands. Raises `DeliveryNotFound`."""
        return self._preview(transaction, delivery_id, now, None)

    def preview_edited(
        self,
        transaction: TransactionT,
        delivery_id: DeliveryId,
        edited: tuple[AnyStored, RequestId],
        now: datetime,
    ) -> Preview:
        """With other content, under another number. Raises `DeliveryNotFound`."""
        return self._preview(transaction, delivery_id, now, edited)

    def _preview(
        self,
        transaction: TransactionT,
        delivery_id: DeliveryId,
        now: datetime,
        edited: tuple[AnyStored, RequestId] | None,
    ) -> Preview:
        assignment = read_assignment(self.shelves, transaction, delivery_id)
        if edited is not None:
            event, request_id = edited
            assignment = replace(
                assignment,
                stored=replace(assignment.stored, event=event),
                delivery=replace(assignment.delivery, request_id=request_id),
            )
        return Preview(translate(assignment, self.catalog, now), tuple(sorted(assignment.facts)))
