"""An earlier event named by number gives its entry to the message, to the order and to the store."""

import json
from typing import Any

import pytest

from gateway.model.ids import ClientId
from gateway.model.planning import ordering_keys
from gateway.model.submission import RawSubmission, ValidSubmission
from gateway.receive.earlier_events import EarlierEvents
from gateway.receive.parse import BodyLimits, canonical_json, content_sha256
from gateway.receive.validate import Rulebook
from gateway.receive.walk import prepare
from gateway.storage.memory.events import MemoryEvents
from mappings.canonical import parse_event
from retry_queue.memory.transactions import MemoryTransactions
from tests.support.earlier import BIRTH_WITH_RECOGNITION, GUARDIANSHIP, REMARK, find_earlier
from tests.support.events import a_decision, a_guardianship_end, a_guardianship_start, a_recognition
from tests.support.faulty_messages import as_bytes
from tests.support.submissions import a_raw_submission, a_submission, an_accepted

ENDED_TODAY = {"ending__ended_on": {"year": 2026, "month": 11, "day": 13, "certainty": "exact"}}
NAMED = {"amends": {"event_id": GUARDIANSHIP}, **ENDED_TODAY}


def _prepared(event: dict[str, Any]) -> ValidSubmission:
    prepared = prepare(a_raw_submission(as_bytes(event)), BodyLimits(), Rulebook(find_earlier=find_earlier))
    assert isinstance(prepared, ValidSubmission), prepared
    return prepared


@pytest.mark.parametrize(
    "amends",
    [
        {"event_id": GUARDIANSHIP},
        {"source_event_id": a_guardianship_start()["source_event_id"]},
        {"event_id": GUARDIANSHIP, "source_event_id": a_guardianship_start()["source_event_id"]},
    ],
)
def test_the_entry_of_the_earlier_event_is_filled_in(amends: dict[str, str]) -> None:
    event = _prepared(a_guardianship_end(amends=amends, **ENDED_TODAY)).event
    assert event.amended_entry() == parse_event(a_guardianship_start()).entry()
    assert event.amends is not None
    assert event.amends.event_id == amends.get("event_id")


def test_deliveries_about_the_two_events_stay_in_order() -> None:
    later, earlier = _prepared(a_guardianship_end(**NAMED)).event, parse_event(a_guardianship_start())
    keys = ordering_keys(later.entry(), {}, later.other_entries())
    assert keys & ordering_keys(earlier.entry(), {}, earlier.other_entries())


def test_what_is_kept_has_the_entry_and_the_hash_of_what_was_sent() -> None:
    sent = a_guardianship_end(**NAMED)
    prepared = _prepared(sent)
    assert json.loads(prepared.content)["amends"]["entry"]["number"] == "3"
    assert prepared.content_sha256 == content_sha256(canonical_json(sent))


def test_an_entry_named_beside_the_number_may_be_less_exact() -> None:
    entry = {
        "authority_code": "00691",
        "book_code": "GH",
        "number": "3",
        "registered_on": {"year": 2026, "certainty": "exact"},
    }
    event = _prepared(a_guardianship_end(amends={"event_id": GUARDIANSHIP, "entry": entry})).event
    assert event.amends is not None
    assert event.amends.entry is not None
    assert event.amends.entry.registered_on.month is None


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("number", "4"),
        ("book_code", "GSGH"),
        ("authority_code", "00694"),
        ("volume", "02/2026"),
        ("registered_on", {"year": 2025, "certainty": "exact"}),
        ("registered_on", {"year": 2026, "month": 11, "day": 13, "certainty": "exact"}),
    ],
)
def test_an_entry_that_is_not_the_events_is_refused(part: str, value: object) -> None:
    entry = {
        "authority_code": "00691",
        "book_code": "GH",
        "number": "3",
        "volume": "01/2026",
        "registered_on": {"year": 2026, "month": 11, "day": 12, "certainty": "exact"},
        part: value,
    }
    event = a_guardianship_end(amends={"event_id": GUARDIANSHIP, "entry": entry})
    refused = prepare(a_raw_submission(as_bytes(event)), BodyLimits(), Rulebook(find_earlier=find_earlier))
    assert isinstance(refused, tuple)
    assert [each.code for each in refused if each.pointer == "/amends/entry"] == ["amended_entry_differs"]


def test_of_two_entries_that_of_the_fitting_book_is_meant() -> None:
    birth = _prepared(a_recognition(amends={"event_id": BIRTH_WITH_RECOGNITION})).event.amended_entry()
    assert birth is not None
    assert birth.book_code == "KS"


def test_a_remark_stands_in_the_entry_that_it_remarks() -> None:
    sent = a_decision(
        amends={"event_id": REMARK}, source_event_id="QD-2", decision__number="99/2026/QĐ", dossier=None
    )
    assert _prepared(sent).event.amended_entry() == parse_event(a_decision()).amended_entry()


@pytest.mark.parametrize(
    ("client", "sees_units", "authorities", "is_found"),
    [
        ("client-1", False, {"01"}, True),
        ("client-2", False, {"08"}, False),
        ("client-2", True, {"08"}, True),
        ("client-2", True, {"00691"}, True),
        ("client-2", True, {"01"}, False),
    ],
)
def test_only_what_the_sender_may_see_is_found(
    client: str, *, sees_units: bool, authorities: set[str], is_found: bool
) -> None:
    database, events = MemoryTransactions(), MemoryEvents()
    accepted = an_accepted(a_submission(a_guardianship_start()))
    with database.write() as transaction:
        events.insert(transaction, [accepted])
    earlier = EarlierEvents(database, events, lambda code, _day: frozenset({code, "08"}))
    raw: RawSubmission = a_raw_submission(
        b"", client_id=ClientId(client), sees_units=sees_units, authorities=frozenset(authorities)
    )
    found = earlier.find(raw, "event_id", accepted.receipt.event_id)
    assert (found is not None) == is_found
    by_source = earlier.find(raw, "source_event_id", accepted.submission.event.source_event_id)
    assert (by_source is not None) == (client == "client-1")
