"""Every store of events keeps these."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from gateway.errors import EventNotFound, IdentityTaken
from gateway.model.ids import ClientId, EventId, PersonId
from gateway.storage.identity_keys import identities_of
from gateway.storage.ports import KnownSubmission, NewEvent
from tests.contract.storage.conftest import Backend
from tests.support.events import ABSENT
from tests.support.submissions import RECEIVED_AT, a_submission, an_accepted, another_birth

RACERS = 8


class Withdrawn(Exception):
    """What goes wrong after the writing."""


def _insert_and_withdraw(backend: Backend, new: NewEvent) -> None:
    with backend.database.write() as transaction:
        backend.events.insert(transaction, [new])
        raise Withdrawn


def _insert(backend: Backend, *new_events: NewEvent) -> None:
    with backend.database.write() as transaction:
        backend.events.insert(transaction, new_events)


def _known(backend: Backend, new: NewEvent) -> Sequence[tuple[str, KnownSubmission]]:
    with backend.database.read() as transaction:
        (holders,) = backend.events.find_known(transaction, [identities_of(new.submission)])
    return holders


def _person(backend: Backend, personal_id: str) -> PersonId | None:
    with backend.database.read() as transaction:
        return backend.events.find_persons(transaction, [personal_id]).get(personal_id)


def test_an_event_comes_back_as_it_was_accepted(backend: Backend) -> None:
    new = an_accepted()
    _insert(backend, new)
    with backend.database.read() as transaction:
        stored = backend.events.get(transaction, new.receipt.event_id)
        receipt = backend.events.find_receipt(transaction, new.receipt.event_id)
        persons = backend.events.persons_of(transaction, new.receipt.event_id)
    assert stored.event == new.submission.event
    assert (stored.client_id, stored.content_sha256) == ("client-1", new.submission.content_sha256)
    assert (stored.accepted_at, stored.due_at) == (new.receipt.accepted_at, new.receipt.due_at)
    assert receipt == new.receipt
    assert persons == new.persons


def test_an_unknown_event_is_an_error_to_get_and_nothing_to_find(backend: Backend) -> None:
    nobody = EventId("nobody")
    with backend.database.read() as transaction:
        with pytest.raises(EventNotFound):
            backend.events.get(transaction, nobody)
        assert backend.events.find_receipt(transaction, nobody) is None
        assert backend.events.persons_of(transaction, nobody) == {}
        assert backend.events.origins_of(transaction, [nobody]) == {}


def test_the_origin_of_an_event_is_told_without_its_body(backend: Backend) -> None:
    new = an_accepted()
    _insert(backend, new)
    with backend.database.read() as transaction:
        origins = backend.events.origins_of(transaction, [new.receipt.event_id])
    origin = origins[new.receipt.event_id]
    registration = new.submission.event.registration
    assert (origin.client_id, origin.authority_code) == ("client-1", registration.authority_code)
    assert origin.registered_at == registration.registered_at


def test_every_identity_leads_to_its_holder(backend: Backend) -> None:
    new = an_accepted()
    _insert(backend, new)
    holders = _known(backend, new)
    assert {which for which, _ in holders} == {"idempotency_key", "source_event", "entry", "dossier"}
    for _, known in holders:
        assert known.event_id == new.receipt.event_id
        assert known.receipt == new.receipt
        assert known.content_sha256 == new.submission.content_sha256


def test_another_senders_numbers_are_his_own(backend: Backend) -> None:
    _insert(backend, an_accepted(a_submission(another_birth(source_event_id="same"), client="one")))
    other = an_accepted(a_submission(another_birth(source_event_id="same"), client="two"))
    assert _known(backend, other) == []
    _insert(backend, other)
    with backend.database.read() as transaction:
        of_one = backend.events.find_by_source(transaction, ClientId("two"), "same")
        of_all = backend.events.find_by_source(transaction, None, "same")
    assert of_one == [other.receipt.event_id]
    assert len(of_all) == 2


def test_one_question_about_many_submissions_is_answered_in_their_order(backend: Backend) -> None:
    first, second, stranger = an_accepted(), an_accepted(), an_accepted()
    _insert(backend, first, second)
    asked = [identities_of(each.submission) for each in (second, stranger, first)]
    with backend.database.read() as transaction:
        answers = backend.events.find_known(transaction, asked)
    holders = [{known.event_id for _, known in answer} for answer in answers]
    assert holders == [{second.receipt.event_id}, set(), {first.receipt.event_id}]


def test_a_question_larger_than_any_statement_is_answered(backend: Backend) -> None:
    new = an_accepted()
    _insert(backend, new)
    asked = [identities_of(a_submission()) for _ in range(700)] + [identities_of(new.submission)]
    with backend.database.read() as transaction:
        answers = backend.events.find_known(transaction, asked)
    assert [bool(answer) for answer in answers] == [False] * 700 + [True]


@pytest.mark.parametrize(
    "shared",
    [
        {"source_event_id": "shared"},
        {"registration__number": "shared".upper()},
        {"dossier__code": "shared"},
    ],
    ids=["source_event", "entry", "dossier"],
)
def test_a_taken_identity_is_refused_and_nothing_of_it_stays(
    backend: Backend, shared: dict[str, str]
) -> None:
    _insert(backend, an_accepted(a_submission(another_birth(**shared))))
    late = an_accepted(a_submission(another_birth(**shared), key="another-key"))
    with pytest.raises(IdentityTaken):
        _insert(backend, late)
    with backend.database.read() as transaction:
        assert backend.events.find_receipt(transaction, late.receipt.event_id) is None


def test_a_batch_with_one_taken_identity_is_refused_as_a_whole(backend: Backend) -> None:
    _insert(backend, an_accepted(a_submission(another_birth(source_event_id="taken"))))
    good, bad = an_accepted(), an_accepted(a_submission(another_birth(source_event_id="taken")))
    with pytest.raises(IdentityTaken):
        _insert(backend, good, bad)
    assert _known(backend, good) == []


def test_of_many_racers_for_one_identity_exactly_one_wins(backend: Backend) -> None:
    racers = [
        an_accepted(a_submission(another_birth(source_event_id="race"), key="race")) for _ in range(RACERS)
    ]
    line = Barrier(RACERS)

    def race(new: NewEvent) -> bool:
        line.wait()
        try:
            _insert(backend, new)
        except IdentityTaken:
            return False
        return True

    with ThreadPoolExecutor(RACERS) as threads:
        won = list(threads.map(race, racers))
    assert won.count(True) == 1
    winner = racers[won.index(True)]
    assert {known.event_id for _, known in _known(backend, winner)} == {winner.receipt.event_id}


def test_two_new_persons_with_one_number_are_a_race_that_one_loses(backend: Backend) -> None:
    number = "099197000777"
    _insert(backend, an_accepted(a_submission(another_birth(mother__personal_id=number)), mother="first"))
    late = an_accepted(a_submission(another_birth(mother__personal_id=number)), mother="second")
    with pytest.raises(IdentityTaken):
        _insert(backend, late)
    assert _person(backend, number) == "first"


def test_a_known_person_takes_part_in_further_events(backend: Backend) -> None:
    number = "099197000778"
    for _ in range(2):
        _insert(backend, an_accepted(a_submission(another_birth(mother__personal_id=number)), mother="same"))
    assert _person(backend, number) == "same"


def test_a_number_that_comes_later_leads_to_the_person(backend: Backend) -> None:
    child = PersonId("person-child")
    _insert(backend, an_accepted(child=child))
    with backend.database.write() as transaction:
        backend.events.attach_personal_id(transaction, child, "099226000001", RECEIVED_AT)
    assert _person(backend, "099226000001") == child


def test_a_replaced_number_still_leads_to_the_person(backend: Backend) -> None:
    child = PersonId("person-child")
    with backend.database.write() as transaction:
        for hours, number in enumerate(["099226000001", "099226000002", "099226000002"]):
            moment = RECEIVED_AT + timedelta(hours=hours)
            backend.events.attach_personal_id(transaction, child, number, moment)
    assert _person(backend, "099226000001") == child
    assert _person(backend, "099226000002") == child


def test_a_number_of_somebody_known_stays_with_its_first_holder(backend: Backend) -> None:
    number = "099226000003"
    with backend.database.write() as transaction:
        backend.events.attach_personal_id(transaction, PersonId("first"), number, RECEIVED_AT)
        backend.events.attach_personal_id(transaction, PersonId("second"), number, RECEIVED_AT)
    assert _person(backend, number) == "first"


def test_an_exception_takes_everything_back(backend: Backend) -> None:
    new = an_accepted()
    with pytest.raises(Withdrawn):
        _insert_and_withdraw(backend, new)
    assert _known(backend, new) == []


def test_events_without_a_dossier_never_collide_by_it(backend: Backend) -> None:
    one, other = (an_accepted(a_submission(another_birth(dossier=ABSENT))) for _ in range(2))
    _insert(backend, one, other)
    assert {which for which, _ in _known(backend, other)} == {"idempotency_key", "source_event", "entry"}


def test_locking_an_event_needs_no_more_than_its_id(backend: Backend) -> None:
    new = an_accepted()
    _insert(backend, new)
    with backend.database.write() as transaction:
        backend.events.lock(transaction, new.receipt.event_id)
        assert backend.events.find_receipt(transaction, new.receipt.event_id) == new.receipt


def test_events_are_listed_page_by_page_in_the_order_of_their_ids(backend: Backend) -> None:
    many = [an_accepted() for _ in range(5)]
    _insert(backend, *many)
    read: list[EventId] = []
    with backend.database.read() as transaction:
        while page := backend.events.list_after(transaction, read[-1] if read else None, 2):
            assert len(page) <= 2
            read += [stored.event_id for stored in page]
        first = backend.events.get(transaction, read[0])
        assert backend.events.list_after(transaction, None, 1) == [first]
    assert read == sorted(new.receipt.event_id for new in many)
