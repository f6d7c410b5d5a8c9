"""What operators' acts ask of the storage; memory and SQL pass one contract suite."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import Bundle, BundleItem, EditProposal, OperatorAct, ProposalState

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


class OperatorActs(Protocol[TransactionT_contra]):
    """Who did what to which delivery, when and why."""

    def insert(self, transaction: TransactionT_contra, acts: Sequence[OperatorAct]) -> None:
        """Raises `RequestRepeated` when actor, request and delivery are known; then roll back."""
        ...

    def find(
        self, transaction: TransactionT_contra, actor: str, request_id: str, delivery_id: DeliveryId
    ) -> OperatorAct | None:
        """The act that this request led to."""
        ...

    def list_of_delivery(
        self, transaction: TransactionT_contra, delivery_id: DeliveryId
    ) -> Sequence[OperatorAct]:
        """Oldest first."""
        ...

    def list_answers(self, transaction: TransactionT_contra, after: str, limit: int) -> Sequence[OperatorAct]:
        """Acts of `ANSWERS` on deliveries that were held or in doubt, by id, after this one."""
        ...


class EditProposals(Protocol[TransactionT_contra]):
    """Edits that wait for a second person."""

    def put(self, transaction: TransactionT_contra, proposal: EditProposal) -> None:
        """Insert or replace."""
        ...

    def find(
        self, transaction: TransactionT_contra, proposal_id: str, *, for_change: bool = False
    ) -> EditProposal | None:
        """For change: nobody else who asks so gets it before the commit."""
        ...

    def list_by(
        self,
        transaction: TransactionT_contra,
        state: ProposalState | None,
        event_id: EventId | None,
        limit: int,
    ) -> Sequence[EditProposal]:
        """Newest first."""
        ...


class Bundles(Protocol[TransactionT_contra]):
    """Courier bundles with their files and what became of each message."""

    def insert(
        self, transaction: TransactionT_contra, bundle: Bundle, file: bytes, items: Sequence[BundleItem]
    ) -> None:
        """Raises `RequestRepeated` when creator and request are known; then roll back."""
        ...

    def find(
        self, transaction: TransactionT_contra, bundle_id: str, *, for_change: bool = False
    ) -> Bundle | None:
        """For change: nobody else who asks so gets it before the commit."""
        ...

    def find_by_request(
        self, transaction: TransactionT_contra, created_by: str, request_id: str
    ) -> Bundle | None:
        """The bundle that this request led to."""
        ...

    def file_of(self, transaction: TransactionT_contra, bundle_id: str) -> bytes | None:
        """The ZIP as it was signed."""
        ...

    def items_of(self, transaction: TransactionT_contra, bundle_id: str) -> Sequence[BundleItem]:
        """In the order of the bundle."""
        ...

    def items_of_delivery(
        self, transaction: TransactionT_contra, delivery_id: DeliveryId
    ) -> Sequence[BundleItem]:
        """Every bundle that it was in."""
        ...

    def put_bundle(self, transaction: TransactionT_contra, bundle: Bundle) -> None:
        """Replace; the file stays."""
        ...

    def put_item(self, transaction: TransactionT_contra, item: BundleItem) -> None:
        """Replace."""
        ...

    def list_all(self, transaction: TransactionT_contra, limit: int) -> Sequence[Bundle]:
        """Newest first."""
        ...
