"""Operators' acts and proposed edits on SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, exc, insert, select

from gateway.errors import RequestRepeated
from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import ANSWERS, QUESTIONED, Act, EditProposal, OperatorAct, ProposalState, Scope
from gateway.storage.sql.operating_tables import edit_proposals, operator_acts
from gateway.storage.sql.statements import upsert
from gateway.storage.stored_forms import mapping_from_text, mapping_to_text


class SqlOperatorActs:
    """Who did what to which delivery."""

    def insert(self, transaction: Connection, acts: Sequence[OperatorAct]) -> None:
        """Raises `RequestRepeated`; the transaction must then be rolled back."""
        if not acts:
            return
        try:
            transaction.execute(insert(operator_acts), [_act_row(act) for act in acts])
        except exc.IntegrityError as error:
            raise RequestRepeated(acts=len(acts)) from error

    def find(
        self, transaction: Connection, actor: str, request_id: str, delivery_id: DeliveryId
    ) -> OperatorAct | None:
        """By the unique triple."""
        table = operator_acts.c
        query = select(operator_acts).where(
            table.actor == actor, table.request_id == request_id, table.delivery_id == delivery_id
        )
        row = transaction.execute(query).one_or_none()
        return None if row is None else _act(row)

    def list_of_delivery(self, transaction: Connection, delivery_id: DeliveryId) -> Sequence[OperatorAct]:
        """Oldest first."""
        table = operator_acts.c
        query = select(operator_acts).where(table.delivery_id == delivery_id)
        return [_act(row) for row in transaction.execute(query.order_by(table.happened_at, table.act_id))]

    def list_answers(self, transaction: Connection, after: str, limit: int) -> Sequence[OperatorAct]:
        """By the primary key."""
        table = operator_acts.c
        query = select(operator_acts).where(
            table.act_id > after,
            table.act.in_(sorted(act.value for act in ANSWERS)),
            table.before_state.in_(sorted(QUESTIONED)),
        )
        return [_act(row) for row in transaction.execute(query.order_by(table.act_id).limit(limit))]


class SqlEditProposals:
    """Edits that wait for a second person."""

    def put(self, transaction: Connection, proposal: EditProposal) -> None:
        """Insert or replace."""
        upsert(transaction, edit_proposals, _proposal_row(proposal))

    def find(
        self, transaction: Connection, proposal_id: str, *, for_change: bool = False
    ) -> EditProposal | None:
        """On SQLite there is one writer anyway."""
        query = select(edit_proposals).where(edit_proposals.c.proposal_id == proposal_id)
        row = transaction.execute(query.with_for_update() if for_change else query).one_or_none()
        return None if row is None else _proposal(row)

    def list_by(
        self, transaction: Connection, state: ProposalState | None, event_id: EventId | None, limit: int
    ) -> Sequence[EditProposal]:
        """Newest first."""
        table = edit_proposals.c
        query = select(edit_proposals)
        if state is not None:
            query = query.where(table.state == state.value)
        if event_id is not None:
            query = query.where(table.event_id == event_id)
        newest = query.order_by(table.proposed_at.desc(), table.proposal_id.desc()).limit(limit)
        return [_proposal(row) for row in transaction.execute(newest)]


def _act_row(act: OperatorAct) -> dict[str, object]:
    return {
        "act_id": act.act_id,
        "request_id": act.request_id,
        "actor": act.actor,
        "act": act.act.value,
        "delivery_id": act.delivery_id,
        "event_id": act.event_id,
        "reason": act.reason,
        "asked_sha256": act.asked_sha256,
        "before_state": act.before_state,
        "after_state": act.after_state,
        "before_fence": act.before_fence,
        "happened_at": act.happened_at,
        "detail": mapping_to_text(act.detail),
    }


def _act(row: Row[Any]) -> OperatorAct:
    return OperatorAct(
        act_id=row.act_id,
        request_id=row.request_id,
        actor=row.actor,
        act=Act(row.act),
        delivery_id=DeliveryId(row.delivery_id),
        event_id=EventId(row.event_id),
        reason=row.reason,
        asked_sha256=row.asked_sha256,
        before_state=row.before_state,
        after_state=row.after_state,
        before_fence=row.before_fence,
        happened_at=row.happened_at,
        detail=mapping_from_text(row.detail),
    )


def _proposal_row(proposal: EditProposal) -> dict[str, object]:
    return {
        "proposal_id": proposal.proposal_id,
        "event_id": proposal.event_id,
        "delivery_id": proposal.delivery_id,
        "scope": proposal.scope.value,
        "based_on_version": proposal.based_on_version,
        "content": proposal.content,
        "content_sha256": proposal.content_sha256,
        "reason": proposal.reason,
        "proposed_by": proposal.proposed_by,
        "proposed_at": proposal.proposed_at,
        "state": proposal.state.value,
        "decided_by": proposal.decided_by,
        "decided_at": proposal.decided_at,
        "decision_reason": proposal.decision_reason,
    }


def _proposal(row: Row[Any]) -> EditProposal:
    return EditProposal(
        proposal_id=row.proposal_id,
        event_id=EventId(row.event_id),
        delivery_id=DeliveryId(row.delivery_id),
        scope=Scope(row.scope),
        based_on_version=row.based_on_version,
        content=bytes(row.content),
        content_sha256=row.content_sha256,
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        state=ProposalState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
    )
