"""What is asked of an edit, and what a second person says to it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.model.ids import DeliveryId
from gateway.model.operating import Scope
from gateway.model.submission import Violation
from gateway.operations.json_change import ChangeFailed, apply_patch, set_values
from gateway.operations.orders import Asker, Expected, asked_sha256
from gateway.operations.refusals import ActRefused


@dataclass(frozen=True, slots=True)
class Change:
    """How the content is to change: whole, by a patch, or field by field; exactly one of them."""

    event: Mapping[str, Any] | None = None
    patch: Sequence[Mapping[str, Any]] | None = None
    set: Mapping[str, Any] | None = None

    def applied_to(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Raises `ChangeFailed`."""
        if self.event is not None:
            return dict(self.event)
        if self.patch is not None:
            return apply_patch(content, self.patch)
        return set_values(content, self.set or {})


@dataclass(frozen=True, slots=True)
class EditOrder:
    """One edit, for one held delivery or for all of its event that were certainly not sent."""

    delivery_id: DeliveryId
    asker: Asker
    change: Change
    scope: Scope = Scope.DELIVERY
    expected: Expected = field(default_factory=Expected)
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a second person says about a proposal."""

    proposal_id: str
    asker: Asker
    content_sha256: str | None
    """Exactly these bytes are approved; a rejection needs none."""


def changer(change: Change) -> Callable[[bytes], bytes]:
    """From the content as stored to the content as it shall be, not yet validated."""

    def changed(content: bytes) -> bytes:
        try:
            after = change.applied_to(json.loads(content))
        except ChangeFailed as failed:
            raise _refused(failed) from failed
        return json.dumps(after, ensure_ascii=False).encode()

    return changed


def _refused(failed: ChangeFailed) -> ActRefused:
    fault = Violation(failed.pointer, failed.code, failed.message_vi, failed.message_en)
    return ActRefused("edit_invalid", errors=[fault])


def edit_sha256(order: EditOrder) -> str:
    """The same wish has the same fingerprint."""
    change = order.change
    return asked_sha256(
        delivery_id=order.delivery_id,
        reason=order.asker.reason,
        scope=order.scope.value,
        event=change.event,
        patch=change.patch,
        set=change.set,
    )


def decision_sha256(decision: Decision) -> str:
    """The same decision has the same fingerprint."""
    return asked_sha256(proposal_id=decision.proposal_id, content_sha256=decision.content_sha256)
