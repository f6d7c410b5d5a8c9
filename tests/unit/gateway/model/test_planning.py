from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest

from gateway.model.ids import Destination, EventId, PersonId
from gateway.model.planning import PlannedStep, Share, build_delivery, gate_key, ordering_keys, request_id_of
from retry_queue.job import JobId, Track
from tests.support.deliveries import ACCEPTED_AT, EVENT_ID, a_stored_event
from tests.support.events import a_birth, a_birth_with_recognition, a_guardianship_end

REQUEST_ID_CHARACTERS_MAX = 40
PERSONS = {role: PersonId(f"p-{role}") for role in ("child", "mother", "father")}
RECORD = PlannedStep(
    "registry_record",
    Destination.NATIONAL_REGISTRY,
    "record",
    gate="personal_id.child",
    gate_opens_after_seconds=7200,
)


def noise(size: int) -> bytes:
    return bytes(range(size))


def test_delivery_and_job_have_one_id_and_the_job_goes_to_the_destinations_lane() -> None:
    delivery, job = build_delivery(a_stored_event(a_birth()), PERSONS, RECORD, ACCEPTED_AT, noise)
    assert job.job_id == JobId(delivery.delivery_id)
    assert (job.lane, job.kind) == ("national_registry", "record")


def test_the_due_time_is_the_events_own_however_late_the_delivery_is_planned() -> None:
    stored = a_stored_event(a_birth())
    _, job = build_delivery(stored, PERSONS, RECORD, stored.due_at + timedelta(days=1), noise)
    assert job.due_at == stored.due_at


def test_a_delivery_is_live_unless_it_is_planned_as_somebodys_bulk_work() -> None:
    stored = a_stored_event(a_birth())
    _, live = build_delivery(stored, PERSONS, RECORD, ACCEPTED_AT, noise)
    _, bulk = build_delivery(stored, PERSONS, RECORD, ACCEPTED_AT, noise, share=Share(Track.BULK, "books"))
    assert (live.track, live.party) == (Track.LIVE, "")
    assert (bulk.track, bulk.party) == (Track.BULK, "books")
    assert bulk.due_at == live.due_at


def test_a_gate_opens_by_itself_after_its_wait() -> None:
    _, job = build_delivery(a_stored_event(a_birth()), PERSONS, RECORD, ACCEPTED_AT, noise)
    assert job.gate == f"{EVENT_ID}:personal_id.child" == gate_key(EVENT_ID, "personal_id.child")
    assert job.gate_opens_at == ACCEPTED_AT + timedelta(hours=2)


def test_a_step_without_a_gate_is_free() -> None:
    step = PlannedStep("one_stop_dossier", Destination.ONE_STOP, "dossier")
    _, job = build_delivery(a_stored_event(a_birth()), PERSONS, step, ACCEPTED_AT, noise)
    assert (job.gate, job.gate_opens_at) == (None, None)


def test_the_entry_and_every_party_keep_deliveries_in_order() -> None:
    event = a_stored_event(a_birth()).event
    keys = ordering_keys(event.entry(), PERSONS)
    number = event.registration.number
    assert keys == {
        f"entry:00691/KS/2026/{number}",
        "person:p-child",
        "person:p-mother",
        "person:p-father",
    }


def test_the_other_entries_of_an_event_keep_their_order_too() -> None:
    second = a_stored_event(a_birth_with_recognition())
    _, job = build_delivery(second, PERSONS, RECORD, ACCEPTED_AT, noise)
    assert {"entry:00691/KS/2026/52", "entry:00691/CMC/2026/7"} <= job.keys
    ended = a_stored_event(a_guardianship_end())
    _, job = build_delivery(ended, {}, RECORD, ACCEPTED_AT, noise)
    assert job.keys == {"entry:00691/GH/2026/4", "entry:00691/GH/2025/2"}


def test_a_request_id_is_the_same_for_good_and_differs_by_step_and_event() -> None:
    first = request_id_of(EVENT_ID, "registry_record")
    assert first == request_id_of(EVENT_ID, "registry_record")
    others = {request_id_of(EVENT_ID, "personal_id"), request_id_of(EventId("other"), "registry_record")}
    assert first not in others


@pytest.mark.parametrize("version", [1, 2, 17])
def test_a_request_id_has_the_digits_of_the_uuid_that_its_name_gives(version: int) -> None:
    """Partners know requests by these numbers: no release may make others."""
    for number in range(64):
        event_id = EventId(f"0198-{number}")
        name = f"{event_id}/một bước" if version == 1 else f"{event_id}/một bước/{version}"
        assert request_id_of(event_id, "một bước", version) == f"GW-{uuid5(NAMESPACE_OID, name).hex}"


def test_a_request_id_fits_every_partner() -> None:
    request_id = request_id_of(EVENT_ID, "one_stop_progress.supplement_asked")
    assert len(request_id) <= REQUEST_ID_CHARACTERS_MAX
    assert request_id.replace("-", "").isalnum()
