"""Has this been accepted before? Pure: decided from what already holds one of the submission's identities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.model.ids import ClientId
from gateway.model.submission import Conflict, ConflictKind, Repeated, ValidSubmission
from gateway.storage.identity_keys import IdentityKind
from gateway.storage.ports import KnownSubmission

Holders = Sequence[tuple[str, KnownSubmission]]
"""Which identity, and the event that holds it."""

_OWN_NUMBERS = (
    (IdentityKind.IDEMPOTENCY_KEY, ConflictKind.IDEMPOTENCY_KEY),
    (IdentityKind.SOURCE_EVENT, ConflictKind.SOURCE_EVENT),
)
_OF_EVERYBODY = (
    (IdentityKind.ENTRY, ConflictKind.ENTRY),
    (IdentityKind.DOSSIER, ConflictKind.DOSSIER),
)


@dataclass(frozen=True, slots=True)
class New:
    """Nothing holds any of its identities."""


def check_duplicate(submission: ValidSubmission, holders: Holders) -> New | Repeated | Conflict:
    """The sender's own numbers decide first: the same content again gets the first receipt again."""
    by_kind: Mapping[str, KnownSubmission] = dict(holders)
    repeated: Repeated | None = None
    for kind, conflict in _OWN_NUMBERS:
        known = by_kind.get(kind.value)
        if known is None:
            continue
        if known.content_sha256 != submission.content_sha256:
            return _conflict(conflict, known, submission.client_id)
        repeated = repeated or Repeated(known.receipt)
    if repeated is not None:
        return repeated
    for kind, conflict in _OF_EVERYBODY:
        known = by_kind.get(kind.value)
        if known is not None:
            return _conflict(conflict, known, submission.client_id)
    return New()


def _conflict(kind: ConflictKind, known: KnownSubmission, asker: ClientId) -> Conflict:
    """Say only what the asker may see: his own events, and when an entry he may speak for was registered."""
    if known.client_id == asker:
        return Conflict(kind, known.event_id, known.registered_at, known.authority_code)
    if kind is ConflictKind.ENTRY:
        return Conflict(kind, None, known.registered_at, known.authority_code)
    return Conflict(kind, None)
