"""Edits within the caller's units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from gateway.api.authenticate import Caller
from gateway.api.deliveries import Reason
from gateway.api.delivery_views import DeliveryViews
from gateway.api.edits import ApprovalBody, EditBody
from gateway.model.clock import Clock
from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import EditProposal, ProposalState
from gateway.operations.edit_orders import Change, Decision, EditOrder
from gateway.operations.edit_views import EditView
from gateway.operations.edits import Edits
from gateway.operations.orders import Asker
from gateway.operations.plain import plain
from gateway.operations.refusals import ActRefused

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class EditViews(Generic[TransactionT]):
    """None also where the caller may not know that something exists."""

    edits: Edits[TransactionT]
    deliveries: DeliveryViews[TransactionT]
    clock: Clock

    def edit(
        self, delivery_id: DeliveryId, body: EditBody, caller: Caller, request_id: str
    ) -> Mapping[str, Any] | None:
        """Preview, propose or apply."""
        if not self.deliveries.may_move(delivery_id, caller):
            return None
        order = EditOrder(
            delivery_id=delivery_id,
            asker=Asker(caller.client_id, body.reason, request_id),
            change=Change(body.event, body.patch, body.set),
            scope=body.scope,
            expected=body.expected.as_seen(),
            is_preview=body.dry_run,
        )
        return shown(self.edits.edit(order, self.clock()))

    def approve(
        self, proposal_id: str, body: ApprovalBody, caller: Caller, request_id: str
    ) -> Mapping[str, Any] | None:
        """A second person lets it go."""
        if self._find(proposal_id, caller) is None:
            return None
        asker = Asker(caller.client_id, body.reason, request_id)
        return shown(self.edits.approve(Decision(proposal_id, asker, body.content_sha256), self.clock()))

    def reject(
        self, proposal_id: str, body: Reason, caller: Caller, request_id: str
    ) -> Mapping[str, Any] | None:
        """It is closed."""
        if self._find(proposal_id, caller) is None:
            return None
        asker = Asker(caller.client_id, body.reason, request_id)
        return shown(self.edits.reject(Decision(proposal_id, asker, None), self.clock()))

    def show(self, proposal_id: str, caller: Caller) -> Mapping[str, Any] | None:
        """With its differences as they are now."""
        if self._find(proposal_id, caller) is None:
            return None
        return shown(self.edits.show(proposal_id, self.clock()))

    def list_proposals(
        self, state: ProposalState | None, event_id: EventId | None, limit: int, caller: Caller
    ) -> Mapping[str, Any]:
        """Without the content."""
        found = self.edits.list_proposals(state, event_id, limit)
        visible = self.deliveries.visible({each.event_id for each in found}, caller)
        return {"edits": [_proposal(each) for each in found if each.event_id in visible]}

    def _find(self, proposal_id: str, caller: Caller) -> EditProposal | None:
        try:
            proposal = self.edits.get_proposal(proposal_id)
        except ActRefused:
            return None
        visible = self.deliveries.visible({proposal.event_id}, caller)
        return proposal if visible else None


def shown(view: EditView) -> dict[str, Any]:
    """As JSON; the bytes themselves are told by their fingerprint and differences."""
    document = cast("dict[str, Any]", plain(view))
    if view.proposal is not None:
        document["proposal"] = _proposal(view.proposal)
    return document


def _proposal(proposal: EditProposal) -> dict[str, Any]:
    document = cast("dict[str, Any]", plain(proposal))
    del document["content"]
    return document
