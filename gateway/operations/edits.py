"""Edit and resend: an operator corrects the content, a second person may have to approve."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from gateway.errors import IdentityTaken, RequestRepeated
from gateway.model.delivery import Delivery, StoredEvent
from gateway.model.ids import EventId, RandomBytes, new_uuid7
from gateway.model.operating import (
    Act,
    EditProposal,
    EventVersion,
    OperatorAct,
    ProposalState,
    Scope,
)
from gateway.observability.logging import get_log
from gateway.operations.acts import ActStores, get_job
from gateway.operations.asked_about import kept_question
from gateway.operations.edit_draft import Draft, Drafting, Speaks, Validates
from gateway.operations.edit_orders import Decision, EditOrder, changer, decision_sha256, edit_sha256
from gateway.operations.edit_views import EditStatus, EditView
from gateway.operations.orders import Asker, asked_sha256, require_expected, require_same
from gateway.operations.refusals import ActRefused
from gateway.storage.operating_ports import EditProposals
from gateway.storage.ports import FeedEntry
from retry_queue.job import Job, JobId
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")

log = get_log("operations.edits")


@dataclass(frozen=True, slots=True)
class EditTools(Generic[TransactionT]):
    """What edits need besides the stores of all acts."""

    proposals: EditProposals[TransactionT]
    speaker: Speaks[TransactionT]
    validate: Validates
    needs_second_person: bool
    random_bytes: RandomBytes
    on_moved: Callable[[], None]
    find_again_by: Callable[[TransactionT, StoredEvent], None]
    """Adds the natural keys of the edited content, so that a repetition of what it says now is found."""


@dataclass(frozen=True, slots=True)
class Edits(Generic[TransactionT]):
    """The content as sent in is never touched; the due time never moves."""

    stores: ActStores[TransactionT]
    tools: EditTools[TransactionT]

    def edit(self, order: EditOrder, now: datetime) -> EditView:
        """Preview, propose or apply. Raises `DeliveryNotFound`, `ActRefused` with every fault at once."""
        try:
            return self._told(self._edit(order, now))
        except (RequestRepeated, IdentityTaken):
            # Somebody was faster: with the same request, or with an event that shares a natural key.
            return self._told(self._edit(order, now))

    def approve(self, decision: Decision, now: datetime) -> EditView:
        """A second person lets exactly those bytes go. Raises `ActRefused`."""
        stores, asker = self.stores, decision.asker
        with stores.database.write() as transaction:
            proposal, delivery = self._proposal(transaction, decision)
            repeat = self._decided_already(transaction, proposal, decision, Act.EDIT)
            if repeat is not None:
                return repeat
            _require_open(proposal)
            if asker.actor == proposal.proposed_by:
                raise ActRefused("second_person_needed", proposed_by=proposal.proposed_by)
            if decision.content_sha256 != proposal.content_sha256:
                raise ActRefused("edit_other_bytes", proposed_sha256=proposal.content_sha256)
            draft = self._drafting(now).redraft(transaction, proposal, delivery)
            decided = _decided(proposal, ProposalState.APPROVED, asker, now)
            self.tools.proposals.put(transaction, decided)
            view = self._apply(transaction, draft, asker, (proposal.proposed_by, asker.actor), now)
        return self._told(replace(view, proposal=decided))

    def reject(self, decision: Decision, now: datetime) -> EditView:
        """The proposal is closed and nothing changes; its author may take it back himself."""
        stores = self.stores
        with stores.database.write() as transaction:
            proposal, delivery = self._proposal(transaction, decision)
            repeat = self._decided_already(transaction, proposal, decision, Act.REJECT_EDIT)
            if repeat is not None:
                return repeat
            _require_open(proposal)
            decided = _decided(proposal, ProposalState.REJECTED, decision.asker, now)
            self.tools.proposals.put(transaction, decided)
            job = get_job(stores.queue, transaction, delivery.delivery_id)
            wish = decision_sha256(decision)
            act = self._act(Act.REJECT_EDIT, decision.asker, wish, delivery, (job, job), now)
            self._record(transaction, act, "delivery.edit_rejected")
        return self._told(replace(self._shown(decided, delivery, job, EditStatus.REJECTED), act=act))

    def show(self, proposal_id: str, now: datetime) -> EditView:
        """The proposal with its differences as they are now. Raises `ActRefused` when there is none."""
        with self.stores.database.read() as transaction:
            proposal = self.tools.proposals.find(transaction, proposal_id)
            if proposal is None:
                raise ActRefused("not_found")
            delivery = self.stores.deliveries.get(transaction, proposal.delivery_id)
            job = get_job(self.stores.queue, transaction, proposal.delivery_id)
            if proposal.state is not ProposalState.OPEN:
                status = EditStatus(
                    {ProposalState.APPROVED: "applied"}.get(proposal.state, proposal.state.value)
                )
                return self._shown(proposal, delivery, job, status)
            draft = self._drafting(now).redraft(transaction, proposal, delivery)
        return replace(draft.view(EditStatus.PROPOSED), proposal=proposal)

    def get_proposal(self, proposal_id: str) -> EditProposal:
        """Raises `ActRefused` when there is none."""
        with self.stores.database.read() as transaction:
            proposal = self.tools.proposals.find(transaction, proposal_id)
        if proposal is None:
            raise ActRefused("not_found")
        return proposal

    def list_proposals(
        self, state: ProposalState | None, event_id: EventId | None, limit: int
    ) -> Sequence[EditProposal]:
        """Newest first."""
        with self.stores.database.read() as transaction:
            return self.tools.proposals.list_by(transaction, state, event_id, limit)

    def _edit(self, order: EditOrder, now: datetime) -> EditView:
        stores, asker = self.stores, order.asker
        with stores.database.read() if order.is_preview else stores.database.write() as transaction:
            delivery = stores.deliveries.get(transaction, order.delivery_id)
            wish = edit_sha256(order)
            if not order.is_preview:
                self._lock(transaction, delivery)
                known = stores.acts.find(transaction, asker.actor, asker.request_id, order.delivery_id)
                if known is not None:
                    require_same(known, wish)
                    return self._repeated(transaction, known, delivery, order.scope)
            job = get_job(stores.queue, transaction, order.delivery_id)
            require_expected(order.expected, job, delivery)
            draft = self._drafting(now).draft(transaction, delivery, order.scope, changer(order.change))
            if order.is_preview:
                return draft.view(EditStatus.PREVIEW)
            if self.tools.needs_second_person:
                return self._propose(transaction, draft, asker, wish, now)
            return self._apply(transaction, draft, asker, (asker.actor, None), now, wish)

    def _propose(
        self, transaction: TransactionT, draft: Draft, asker: Asker, wish: str, now: datetime
    ) -> EditView:
        proposal = EditProposal(
            proposal_id=new_uuid7(now, self.tools.random_bytes),
            event_id=draft.delivery.event_id,
            delivery_id=draft.delivery.delivery_id,
            scope=draft.scope,
            based_on_version=draft.delivery.version,
            content=draft.content,
            content_sha256=draft.content_sha256,
            reason=asker.reason,
            proposed_by=asker.actor,
            proposed_at=now,
        )
        self.tools.proposals.put(transaction, proposal)
        detail = {"proposal_id": proposal.proposal_id, "content_sha256": proposal.content_sha256}
        jobs = (draft.job, draft.job)
        act = self._act(Act.PROPOSE_EDIT, asker, wish, draft.delivery, jobs, now, detail)
        self._record(transaction, act, "delivery.edit_proposed")
        return replace(draft.view(EditStatus.PROPOSED), proposal=proposal, act=act)

    def _apply(
        self,
        transaction: TransactionT,
        draft: Draft,
        asker: Asker,
        people: tuple[str, str | None],
        now: datetime,
        wish: str | None = None,
    ) -> EditView:
        """The new version, the deliveries that carry it, and the named one goes again."""
        stores, delivery = self.stores, draft.delivery
        proposed_by, approved_by = people
        version = EventVersion(
            event_id=delivery.event_id,
            version=draft.version,
            content=draft.content,
            content_sha256=draft.content_sha256,
            based_on_version=delivery.version,
            proposed_by=proposed_by,
            approved_by=approved_by,
            reason=asker.reason,
            created_at=now,
        )
        stores.events.add_version(transaction, version)
        if stores.witness is not None:
            stores.witness.edited(transaction, version, draft.changes)
        edited = stores.events.get(transaction, delivery.event_id, draft.version)
        self.tools.find_again_by(transaction, edited)
        for other in draft.others:
            self._pass_on(transaction, other.delivery, other.job, draft, now)
        new_id = draft.request_id_of(delivery)
        stores.deliveries.use_version(transaction, delivery.delivery_id, draft.version, new_id, now)
        after = stores.queue.release(transaction, draft.job.job_id, now)
        detail = {"version": str(draft.version), "content_sha256": draft.content_sha256}
        wish = wish or asked_sha256(content=draft.content_sha256, delivery=delivery.delivery_id)
        act = self._act(Act.EDIT, asker, wish, delivery, (draft.job, after), now, detail)
        self._record(transaction, act, "delivery.edited")
        return replace(draft.view(EditStatus.APPLIED), version=draft.version, act=act)

    def _pass_on(
        self, transaction: TransactionT, delivery: Delivery, job: Job, draft: Draft, now: datetime
    ) -> None:
        """Held and let go in one transaction: so no worker can have it while its content changes."""
        queue = self.stores.queue
        if job.state is not State.HELD:
            queue.hold(transaction, job.job_id, "edit", now)
        new_id = draft.request_id_of(delivery)
        self.stores.deliveries.use_version(transaction, delivery.delivery_id, draft.version, new_id, now)
        if job.state is not State.HELD:
            queue.release(transaction, job.job_id, now)

    def _lock(self, transaction: TransactionT, delivery: Delivery) -> None:
        siblings = self.stores.deliveries.list_of_event(transaction, delivery.event_id)
        self.stores.events.lock(transaction, delivery.event_id)
        self.stores.queue.lock_keys(transaction, job_ids=[JobId(each.delivery_id) for each in siblings])

    def _proposal(self, transaction: TransactionT, decision: Decision) -> tuple[EditProposal, Delivery]:
        proposal = self.tools.proposals.find(transaction, decision.proposal_id)
        if proposal is None:
            raise ActRefused("not_found")
        delivery = self.stores.deliveries.get(transaction, proposal.delivery_id)
        self._lock(transaction, delivery)
        locked = self.tools.proposals.find(transaction, decision.proposal_id, for_change=True)
        return locked or proposal, self.stores.deliveries.get(transaction, proposal.delivery_id)

    def _decided_already(
        self, transaction: TransactionT, proposal: EditProposal, decision: Decision, act: Act
    ) -> EditView | None:
        """The same request of the same person again."""
        asker = decision.asker
        known = self.stores.acts.find(transaction, asker.actor, asker.request_id, proposal.delivery_id)
        if known is None:
            return None
        if known.act is not act or proposal.decided_by != asker.actor:
            raise ActRefused("request_id_reused", act=known.act.value, at=known.happened_at.isoformat())
        delivery = self.stores.deliveries.get(transaction, proposal.delivery_id)
        return self._repeated(transaction, known, delivery, proposal.scope)

    def _repeated(
        self, transaction: TransactionT, known: OperatorAct, delivery: Delivery, scope: Scope
    ) -> EditView:
        """What the first call led to, without its differences."""
        proposal_id = known.detail.get("proposal_id")
        proposal = self.tools.proposals.find(transaction, proposal_id) if proposal_id else None
        status = {Act.EDIT: EditStatus.APPLIED, Act.PROPOSE_EDIT: EditStatus.PROPOSED}
        job = get_job(self.stores.queue, transaction, delivery.delivery_id)
        version = int(known.detail["version"]) if "version" in known.detail else None
        return EditView(
            status=status.get(known.act, EditStatus.REJECTED),
            event_id=known.event_id,
            delivery_id=known.delivery_id,
            scope=scope,
            based_on_version=delivery.version,
            version=version,
            content_sha256=known.detail.get("content_sha256", ""),
            changes=(),
            messages=(),
            untouched=(),
            due_at=job.due_at,
            proposal=proposal,
            act=known,
            is_repeat=True,
        )

    def _shown(self, proposal: EditProposal, delivery: Delivery, job: Job, status: EditStatus) -> EditView:
        return EditView(
            status=status,
            event_id=proposal.event_id,
            delivery_id=proposal.delivery_id,
            scope=proposal.scope,
            based_on_version=proposal.based_on_version,
            version=delivery.version if status is EditStatus.APPLIED else None,
            content_sha256=proposal.content_sha256,
            changes=(),
            messages=(),
            untouched=(),
            due_at=job.due_at,
            proposal=proposal,
        )

    def _act(
        self,
        act: Act,
        asker: Asker,
        wish: str,
        delivery: Delivery,
        jobs: tuple[Job, Job],
        now: datetime,
        detail: Mapping[str, str] | None = None,
    ) -> OperatorAct:
        before, after = jobs
        return OperatorAct(
            act_id=new_uuid7(now, self.tools.random_bytes),
            request_id=asker.request_id,
            actor=asker.actor,
            act=act,
            delivery_id=delivery.delivery_id,
            event_id=delivery.event_id,
            reason=asker.reason,
            asked_sha256=wish,
            before_state=before.state.value,
            after_state=after.state.value,
            before_fence=int(before.fence),
            happened_at=now,
            detail={**kept_question(before), **(detail or {})},
        )

    def _record(self, transaction: TransactionT, act: OperatorAct, change: str) -> None:
        """Feed last; never a word of the content."""
        self.stores.acts.insert(transaction, [act])
        detail = {"why": act.reason, "by": act.actor, "state": act.after_state, **act.detail}
        entry = FeedEntry(act.event_id, change, act.delivery_id, detail, act.happened_at)
        self.stores.feed.append(transaction, [entry])

    def _drafting(self, now: datetime) -> Drafting[TransactionT]:
        return Drafting(self.stores, self.tools.speaker, self.tools.validate, now)

    def _told(self, view: EditView) -> EditView:
        if view.act is not None and not view.is_repeat:
            log.info(
                "delivery.edit",
                delivery_id=view.delivery_id,
                state=view.status.value,
                client_id=view.act.actor,
                count=len(view.messages),
            )
            if view.status is EditStatus.APPLIED:
                self.tools.on_moved()
        return view


def _require_open(proposal: EditProposal) -> None:
    if proposal.state is not ProposalState.OPEN:
        raise ActRefused("proposal_decided", state=proposal.state.value, decided_by=proposal.decided_by)


def _decided(proposal: EditProposal, state: ProposalState, asker: Asker, now: datetime) -> EditProposal:
    return replace(
        proposal, state=state, decided_by=asker.actor, decided_at=now, decision_reason=asker.reason
    )
