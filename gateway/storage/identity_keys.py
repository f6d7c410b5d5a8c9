"""The identities that two events must not share, in one spelling for every store and the duplicate check."""

from enum import StrEnum

from gateway.model.submission import ValidSubmission
from gateway.storage.ports import Identities
from mappings.canonical.declaration import AnyStored
from mappings.canonical.registration import EntryIdentity


class IdentityKind(StrEnum):
    """Which identity."""

    IDEMPOTENCY_KEY = "idempotency_key"
    SOURCE_EVENT = "source_event"
    ENTRY = "entry"
    DOSSIER = "dossier"


IdentityKey = tuple[IdentityKind, str]


def identities_of(submission: ValidSubmission) -> Identities:
    """What a submission must not share with another event."""
    return Identities(
        client_id=submission.client_id,
        idempotency_key=submission.idempotency_key,
        source_event_id=submission.event.source_event_id,
        entry=submission.event.entry(),
        dossier=_dossier(submission.event),
        second_entry=submission.event.second_entry(),
    )


def identity_keys(identities: Identities) -> tuple[IdentityKey, ...]:
    """As kind and key; a sender's own numbers count per sender, entries and dossiers for everybody."""
    keys = [
        (IdentityKind.IDEMPOTENCY_KEY, f"{identities.client_id}/{identities.idempotency_key}"),
        (IdentityKind.SOURCE_EVENT, f"{identities.client_id}/{identities.source_event_id}"),
        (IdentityKind.ENTRY, entry_key(identities.entry)),
    ]
    if identities.second_entry is not None:
        keys.append((IdentityKind.ENTRY, entry_key(identities.second_entry)))
    if identities.dossier is not None:
        keys.append((IdentityKind.DOSSIER, "/".join(identities.dossier)))
    return tuple(keys)


def entry_key(entry: EntryIdentity) -> str:
    """Office, book, year and number in one text."""
    return f"{entry.authority_code}/{entry.book_code}/{entry.year}/{entry.number}"


def _dossier(event: AnyStored) -> tuple[str, str] | None:
    return None if event.dossier is None else (event.event_type, event.dossier.code)
