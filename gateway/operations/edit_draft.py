"""From a wished change to an edit that breaks no rule: differences, messages, and what else it touches."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from adapters.port import OutboundMessage, RequestId
from gateway.model.delivery import Delivery
from gateway.model.ids import DeliveryId
from gateway.model.operating import EditProposal, Scope
from gateway.model.outcome import NotTranslated
from gateway.model.planning import request_id_of
from gateway.model.submission import ValidSubmission, Violation
from gateway.operations.acts import RESERVED, ActStores, get_job, require_not_reserved
from gateway.operations.edit_rules import identity_faults, place_of_matter
from gateway.operations.edit_views import EditStatus, EditView, MessageChange, Untouched
from gateway.operations.json_change import FieldChange, differences, value_at
from gateway.operations.refusals import ActRefused
from mappings.canonical.declaration import AnyStored
from retry_queue.job import Job, JobId
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

Validates: TypeAlias = Callable[[bytes, frozenset[str], datetime], ValidSubmission | tuple[Violation, ...]]
"""Every rule of receiving: body, authorities that may be spoken for, now."""
Spoken: TypeAlias = OutboundMessage | NotTranslated


class Speaks(Protocol[TransactionT_contra]):
    """Says a delivery in its destination's words; deliver provides it, bootstrap hands it over."""

    def message(
        self, transaction: TransactionT_contra, delivery_id: DeliveryId, now: datetime
    ) -> tuple[Spoken, tuple[str, ...]]:
        """As it stands, and the names of the facts that it uses."""
        ...

    def edited_message(
        self,
        transaction: TransactionT_contra,
        delivery_id: DeliveryId,
        edited: tuple[AnyStored, RequestId],
        now: datetime,
    ) -> Spoken:
        """With other content, under another number."""
        ...


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another delivery of the event that the edit reaches."""

    delivery: Delivery
    job: Job


@dataclass(frozen=True, slots=True)
class Draft:
    """An edit that breaks no rule, not yet made."""

    delivery: Delivery
    job: Job
    scope: Scope
    version: int
    content: bytes
    content_sha256: str
    changes: tuple[FieldChange, ...]
    messages: tuple[MessageChange, ...]
    others: tuple[Sibling, ...]
    untouched: tuple[Untouched, ...]

    def request_id_of(self, delivery: Delivery) -> RequestId:
        """Its new number: a destination may remember what the old one stood for."""
        return request_id_of(delivery.event_id, delivery.step, self.version)

    def view(self, status: EditStatus) -> EditView:
        """As people see it."""
        return EditView(
            status=status,
            event_id=self.delivery.event_id,
            delivery_id=self.delivery.delivery_id,
            scope=self.scope,
            based_on_version=self.delivery.version,
            version=None,
            content_sha256=self.content_sha256,
            changes=self.changes,
            messages=self.messages,
            untouched=self.untouched,
            due_at=self.job.due_at,
        )


@dataclass(frozen=True, slots=True)
class Drafting(Generic[TransactionT]):
    """Builds drafts inside the caller's transaction; writes nothing."""

    stores: ActStores[TransactionT]
    speaker: Speaks[TransactionT]
    validate: Validates
    now: datetime

    def draft(
        self,
        transaction: TransactionT,
        delivery: Delivery,
        scope: Scope,
        change: Callable[[bytes], bytes],
    ) -> Draft:
        """Raises `ActRefused` with everything that speaks against it, at once."""
        stores = self.stores
        job = get_job(stores.queue, transaction, delivery.delivery_id)
        _require_editable(job)
        before = stores.events.content_of(transaction, delivery.event_id, delivery.version)
        valid = self._validated(before, change(before))
        if valid.content == before:
            raise ActRefused("edit_changes_nothing", version=delivery.version)
        versions = stores.events.list_versions(transaction, delivery.event_id)
        version = max((each.version for each in versions), default=1) + 1
        others, untouched = self._siblings(transaction, delivery, scope)
        reached = [Sibling(delivery, job), *others]
        return Draft(
            delivery=delivery,
            job=job,
            scope=scope,
            version=version,
            content=valid.content,
            content_sha256=valid.content_sha256,
            changes=tuple(differences(json.loads(before), json.loads(valid.content))),
            messages=self._messages(transaction, reached, valid.event, version),
            others=tuple(others),
            untouched=tuple(untouched),
        )

    def redraft(self, transaction: TransactionT, proposal: EditProposal, delivery: Delivery) -> Draft:
        """The proposal's own bytes, measured again by everything. Raises `ActRefused`."""
        if delivery.version != proposal.based_on_version:
            raise ActRefused(
                "edit_outdated", based_on_version=proposal.based_on_version, version=delivery.version
            )
        draft = self.draft(transaction, delivery, proposal.scope, lambda _: proposal.content)
        if draft.content_sha256 != proposal.content_sha256:
            raise ActRefused("edit_other_bytes", proposed_sha256=proposal.content_sha256)
        return draft

    def _validated(self, before: bytes, after: bytes) -> ValidSubmission:
        old, new = json.loads(before), json.loads(after)
        faults = [*identity_faults(old, new)]
        office = value_at(old, f"{place_of_matter(old)}/registration/authority_code")
        authorities = frozenset({str(office)})
        found = self.validate(after, authorities, self.now)
        if isinstance(found, tuple):
            told = {fault.pointer for fault in faults}
            faults += [fault for fault in found if fault.pointer not in told]
        if faults or isinstance(found, tuple):
            raise ActRefused("edit_invalid", errors=faults)
        return found

    def _messages(
        self, transaction: TransactionT, reached: Sequence[Sibling], event: AnyStored, version: int
    ) -> tuple[MessageChange, ...]:
        """Before and after, in each destination's own words; one that cannot be said stops the edit."""
        made: list[MessageChange] = []
        faults: list[Violation] = []
        for index, each in enumerate(reached):
            delivery = each.delivery
            new_id = request_id_of(delivery.event_id, delivery.step, version)
            before, _ = self.speaker.message(transaction, delivery.delivery_id, self.now)
            edited = (event, new_id)
            after = self.speaker.edited_message(transaction, delivery.delivery_id, edited, self.now)
            if isinstance(after, NotTranslated):
                faults += [*_mapping_faults(after)]
                continue
            stays_held = index > 0 and each.job.state is State.HELD
            made.append(_message_change(delivery, before, after, "stay_held" if stays_held else "send"))
        if faults:
            raise ActRefused("edit_not_translatable", errors=faults)
        return tuple(made)

    def _siblings(
        self, transaction: TransactionT, delivery: Delivery, scope: Scope
    ) -> tuple[list[Sibling], list[Untouched]]:
        reached: list[Sibling] = []
        untouched: list[Untouched] = []
        family = self.stores.deliveries.list_of_event(transaction, delivery.event_id)
        others = [each for each in family if each.delivery_id != delivery.delivery_id]
        jobs = self.stores.queue.find_jobs(transaction, [JobId(each.delivery_id) for each in others])
        for each in others:
            job = jobs[JobId(each.delivery_id)]
            why = _why_untouched(job, scope)
            if why is None:
                reached.append(Sibling(each, job))
            else:
                untouched.append(Untouched(each.delivery_id, each.destination.value, each.step, why))
        return reached, untouched


def _require_editable(job: Job) -> None:
    """Held, and certainly not at the destination under the old number."""
    if job.state is State.UNKNOWN or job.maybe_sent:
        raise ActRefused("ask_first", state=job.state.value)
    if job.state is not State.HELD:
        raise ActRefused("not_allowed_now", state=job.state.value, act="edit")
    require_not_reserved(job)


def _why_untouched(job: Job, scope: Scope) -> str | None:
    if job.state.is_final:
        return "finished"
    if job.state is State.LEASED:
        return "under_way"
    if job.maybe_sent or job.state is State.UNKNOWN:
        return "maybe_sent"
    if job.held_reason in RESERVED:
        return job.held_reason
    return None if scope is Scope.EVENT else "not_meant"


def _mapping_faults(found: NotTranslated) -> Sequence[Violation]:
    return [
        Violation("/" + each.path.replace(".", "/"), each.code, each.message_vi, each.message_en)
        for each in found.violations
    ]


def _message_change(delivery: Delivery, before: Spoken, after: OutboundMessage, will: str) -> MessageChange:
    old = None if isinstance(before, NotTranslated) else _document(before)
    new = _document(after)
    return MessageChange(
        delivery_id=delivery.delivery_id,
        destination=delivery.destination.value,
        step=delivery.step,
        request_id_before=delivery.request_id,
        request_id_after=after.request_id,
        will=will,
        changes=tuple(differences(old or {}, new)),
        before=old,
        after=new,
    )


def _document(message: OutboundMessage) -> Mapping[str, Any]:
    """Its own fields only: numbers of ours stand beside it."""
    document: dict[str, Any] = json.loads(json.dumps({"operation": message.operation, "body": message.body}))
    return document
