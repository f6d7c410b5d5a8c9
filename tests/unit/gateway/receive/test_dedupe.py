"""The same again gets the same receipt; other content is a conflict, and it tells no secrets."""

from dataclasses import replace

import pytest

from gateway.model.ids import ClientId
from gateway.model.submission import Conflict, ConflictKind, Repeated, ValidSubmission
from gateway.receive.dedupe import New, check_duplicate
from gateway.storage.ports import KnownSubmission
from tests.support.submissions import a_submission, an_accepted

FIRST = an_accepted(a_submission(client="client-1"))
STRANGER = ClientId("client-2")


def _known(content_sha256: str | None = None, client: ClientId | None = None) -> KnownSubmission:
    submission = FIRST.submission
    return KnownSubmission(
        event_id=FIRST.receipt.event_id,
        client_id=client or submission.client_id,
        idempotency_key=submission.idempotency_key,
        source_event_id=submission.event.source_event_id,
        content_sha256=content_sha256 or submission.content_sha256,
        receipt=FIRST.receipt,
        registered_at=submission.event.registration.registered_at,
        authority_code=submission.event.registration.authority_code,
    )


def _again() -> ValidSubmission:
    return FIRST.submission


def test_what_holds_nothing_is_new() -> None:
    assert check_duplicate(a_submission(), []) == New()


def test_the_same_again_gets_the_first_receipt() -> None:
    holders = [(kind, _known()) for kind in ("idempotency_key", "source_event", "entry", "dossier")]
    assert check_duplicate(_again(), holders) == Repeated(FIRST.receipt)


@pytest.mark.parametrize("kind", ["idempotency_key", "source_event"])
def test_the_same_content_under_one_of_its_numbers_is_the_same(kind: str) -> None:
    assert check_duplicate(_again(), [(kind, _known())]) == Repeated(FIRST.receipt)


@pytest.mark.parametrize(
    ("kind", "conflict"),
    [
        ("idempotency_key", ConflictKind.IDEMPOTENCY_KEY),
        ("source_event", ConflictKind.SOURCE_EVENT),
        ("entry", ConflictKind.ENTRY),
        ("dossier", ConflictKind.DOSSIER),
    ],
)
def test_same_key_with_other_content_is_a_conflict(kind: str, conflict: ConflictKind) -> None:
    known = _known(content_sha256="other")
    verdict = check_duplicate(_again(), [(kind, known)])
    assert verdict == Conflict(conflict, known.event_id, known.registered_at, known.authority_code)


def test_a_key_of_one_event_and_the_number_of_another_are_a_conflict() -> None:
    holders = [("idempotency_key", _known()), ("source_event", _known(content_sha256="other"))]
    verdict = check_duplicate(_again(), holders)
    assert isinstance(verdict, Conflict)
    assert verdict.kind is ConflictKind.SOURCE_EVENT


def test_the_same_content_from_another_sender_is_an_entry_registered_twice() -> None:
    known = _known(client=STRANGER)
    verdict = check_duplicate(_again(), [("dossier", known), ("entry", known)])
    assert isinstance(verdict, Conflict)
    assert verdict.kind is ConflictKind.ENTRY


def test_of_another_senders_event_only_the_common_entry_is_told() -> None:
    entry = check_duplicate(_again(), [("entry", _known(client=STRANGER))])
    assert entry == Conflict(ConflictKind.ENTRY, None, _known().registered_at, _known().authority_code)
    dossier = check_duplicate(_again(), [("dossier", _known(client=STRANGER))])
    assert dossier == Conflict(ConflictKind.DOSSIER, None)


def test_the_content_decides_not_the_time_it_came() -> None:
    later = replace(_again(), idempotency_key="another")
    assert check_duplicate(later, [("source_event", _known())]) == Repeated(FIRST.receipt)
