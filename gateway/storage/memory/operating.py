"""Operators' acts, proposed edits and courier bundles in memory."""

from collections.abc import Sequence

from gateway.errors import RequestRepeated
from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import (
    ANSWERS,
    QUESTIONED,
    Bundle,
    BundleItem,
    EditProposal,
    OperatorAct,
    ProposalState,
)
from retry_queue.memory.transactions import MemoryTransaction


class MemoryOperatorActs:
    """Who did what to which delivery."""

    def __init__(self) -> None:
        self._acts: dict[tuple[str, str, DeliveryId], OperatorAct] = {}

    def insert(self, transaction: MemoryTransaction, acts: Sequence[OperatorAct]) -> None:
        """Raises `RequestRepeated`."""
        for act in acts:
            key = (act.actor, act.request_id, act.delivery_id)
            if key in self._acts:
                raise RequestRepeated(acts=1)
            transaction.put(self._acts, key, act)

    def find(
        self, transaction: MemoryTransaction, actor: str, request_id: str, delivery_id: DeliveryId
    ) -> OperatorAct | None:
        """By the unique triple."""
        transaction.require_open()
        return self._acts.get((actor, request_id, delivery_id))

    def list_of_delivery(
        self, transaction: MemoryTransaction, delivery_id: DeliveryId
    ) -> Sequence[OperatorAct]:
        """Oldest first."""
        transaction.require_open()
        ours = [act for act in self._acts.values() if act.delivery_id == delivery_id]
        return sorted(ours, key=lambda act: (act.happened_at, act.act_id))

    def list_answers(self, transaction: MemoryTransaction, after: str, limit: int) -> Sequence[OperatorAct]:
        """By id."""
        transaction.require_open()
        found = [
            act
            for act in self._acts.values()
            if act.act_id > after and act.act in ANSWERS and act.before_state in QUESTIONED
        ]
        return sorted(found, key=lambda act: act.act_id)[:limit]


class MemoryEditProposals:
    """Edits that wait for a second person."""

    def __init__(self) -> None:
        self._proposals: dict[str, EditProposal] = {}

    def put(self, transaction: MemoryTransaction, proposal: EditProposal) -> None:
        """Insert or replace."""
        transaction.put(self._proposals, proposal.proposal_id, proposal)

    def find(
        self,
        transaction: MemoryTransaction,
        proposal_id: str,
        *,
        for_change: bool = False,  # noqa: ARG002 - there is one writer
    ) -> EditProposal | None:
        """There is one writer: it is locked already."""
        transaction.require_open()
        return self._proposals.get(proposal_id)

    def list_by(
        self,
        transaction: MemoryTransaction,
        state: ProposalState | None,
        event_id: EventId | None,
        limit: int,
    ) -> Sequence[EditProposal]:
        """Newest first."""
        transaction.require_open()
        found = [
            each
            for each in self._proposals.values()
            if state in {None, each.state} and event_id in {None, each.event_id}
        ]
        return sorted(found, key=lambda each: (each.proposed_at, each.proposal_id), reverse=True)[:limit]


class MemoryBundles:
    """Bundles, their files and their items."""

    def __init__(self) -> None:
        self._bundles: dict[str, Bundle] = {}
        self._files: dict[str, bytes] = {}
        self._items: dict[tuple[str, int], BundleItem] = {}

    def insert(
        self, transaction: MemoryTransaction, bundle: Bundle, file: bytes, items: Sequence[BundleItem]
    ) -> None:
        """Raises `RequestRepeated`."""
        if self.find_by_request(transaction, bundle.created_by, bundle.request_id) is not None:
            raise RequestRepeated(bundle_id=bundle.bundle_id)
        transaction.put(self._bundles, bundle.bundle_id, bundle)
        transaction.put(self._files, bundle.bundle_id, file)
        for item in items:
            self.put_item(transaction, item)

    def find(
        self,
        transaction: MemoryTransaction,
        bundle_id: str,
        *,
        for_change: bool = False,  # noqa: ARG002 - there is one writer
    ) -> Bundle | None:
        """There is one writer: it is locked already."""
        transaction.require_open()
        return self._bundles.get(bundle_id)

    def find_by_request(
        self, transaction: MemoryTransaction, created_by: str, request_id: str
    ) -> Bundle | None:
        """By the unique pair."""
        transaction.require_open()
        wanted = (created_by, request_id)
        found = (each for each in self._bundles.values() if (each.created_by, each.request_id) == wanted)
        return next(found, None)

    def file_of(self, transaction: MemoryTransaction, bundle_id: str) -> bytes | None:
        """The ZIP as it was signed."""
        transaction.require_open()
        return self._files.get(bundle_id)

    def items_of(self, transaction: MemoryTransaction, bundle_id: str) -> Sequence[BundleItem]:
        """In the order of the bundle."""
        transaction.require_open()
        return [self._items[key] for key in sorted(self._items) if key[0] == bundle_id]

    def items_of_delivery(
        self, transaction: MemoryTransaction, delivery_id: DeliveryId
    ) -> Sequence[BundleItem]:
        """Oldest bundle first."""
        transaction.require_open()
        ours = [item for item in self._items.values() if item.delivery_id == delivery_id]
        return sorted(ours, key=lambda item: (self._bundles[item.bundle_id].created_at, item.bundle_id))

    def put_bundle(self, transaction: MemoryTransaction, bundle: Bundle) -> None:
        """Replace; the file stays."""
        transaction.put(self._bundles, bundle.bundle_id, bundle)

    def put_item(self, transaction: MemoryTransaction, item: BundleItem) -> None:
        """Insert or replace."""
        transaction.put(self._items, (item.bundle_id, item.ordinal), item)

    def list_all(self, transaction: MemoryTransaction, limit: int) -> Sequence[Bundle]:
        """Newest first."""
        transaction.require_open()
        found = sorted(
            self._bundles.values(), key=lambda each: (each.created_at, each.bundle_id), reverse=True
        )
        return found[:limit]
