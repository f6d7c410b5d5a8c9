"""Every store of declarations keeps these."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from adapters.port import FACT_REGISTRATION_DATE, FACT_REGISTRATION_NUMBER
from gateway.errors import IdentityTaken
from gateway.model.declaring import DeclarationCourse, DeclarationState
from gateway.model.delivery import Fact
from gateway.model.ids import Destination, EventId
from gateway.model.submission import Violation
from gateway.storage.ports import NewEvent
from mappings.canonical import Declaration
from tests.contract.storage.conftest import Backend
from tests.support.declarations import a_declaration
from tests.support.submissions import RECEIVED_AT, a_submission, an_accepted, another_birth

LATER = RECEIVED_AT + timedelta(hours=3)
PROBLEM = Violation("/registration/volume", "field_missing", "Thiếu quyển số.", "The volume is missing.")


def _new(**changes: str) -> NewEvent:
    return an_accepted(a_submission(a_declaration(another_birth(**changes))))


def _declared(backend: Backend, *new: NewEvent) -> list[EventId]:
    with backend.database.write() as transaction:
        backend.events.insert(transaction, list(new))
    return [each.receipt.event_id for each in new]


def _told(backend: Backend, event_id: EventId, name: str, value: str, at: datetime = LATER) -> None:
    with backend.database.write() as transaction:
        fact = Fact(event_id, name, value, Destination.NATIONAL_REGISTRY, at)
        backend.deliveries.add_fact(transaction, fact)


def _ready(backend: Backend, limit: int = 10) -> list[EventId]:
    with backend.database.read() as transaction:
        return list(backend.declarations.list_told(transaction, limit))


def _course(backend: Backend, event_id: EventId) -> DeclarationCourse | None:
    with backend.database.read() as transaction:
        return backend.declarations.find_all(transaction, [event_id]).get(event_id)


def _put(backend: Backend, course: DeclarationCourse) -> bool:
    with backend.database.write() as transaction:
        return backend.declarations.put(transaction, course)


def _registered(event_id: EventId, as_event: str) -> DeclarationCourse:
    return DeclarationCourse(event_id, DeclarationState.REGISTERED, EventId(as_event), (), LATER)


def _not_entered(event_id: EventId) -> DeclarationCourse:
    return DeclarationCourse(event_id, DeclarationState.NOT_ENTERED, None, (PROBLEM,), LATER)


def test_a_course_begins_open_with_its_declaration_and_an_event_has_none(backend: Backend) -> None:
    event = an_accepted()
    first, plain, second = _declared(backend, _new(), event, _new())
    with backend.database.read() as transaction:
        found = backend.declarations.find_all(transaction, [first, plain, second, EventId("nobody")])
        stored = backend.events.get(transaction, first).event
    assert isinstance(stored, Declaration)
    assert found == {
        each: DeclarationCourse(each, DeclarationState.OPEN, None, (), RECEIVED_AT)
        for each in (first, second)
    }


def test_none_begins_where_the_events_were_not_stored(backend: Backend) -> None:
    kept = _new()
    _declared(backend, kept)
    beside = _new()
    again = an_accepted(kept.submission)
    with pytest.raises(IdentityTaken), backend.database.write() as transaction:
        backend.events.insert(transaction, [beside, again])
    assert _course(backend, beside.receipt.event_id) is None
    assert _course(backend, again.receipt.event_id) is None


def test_the_time_of_a_declaration_runs_from_its_acceptance(backend: Backend) -> None:
    (event_id,) = _declared(backend, _new())
    with backend.database.read() as transaction:
        assert backend.events.get(transaction, event_id).counts_from == RECEIVED_AT


def test_ready_is_what_the_registry_has_told_the_day_of(backend: Backend) -> None:
    first, second, third = _declared(backend, _new(), _new(), _new())
    assert _ready(backend) == []
    _told(backend, second, FACT_REGISTRATION_DATE, "2026-11-18")
    _told(backend, third, FACT_REGISTRATION_NUMBER, "41")
    assert _ready(backend) == [second]
    _told(backend, first, FACT_REGISTRATION_DATE, "2026-11-19")
    assert _ready(backend) == [first, second]
    assert _ready(backend, limit=1) == [first]


def test_a_day_that_was_told_anew_makes_it_ready_once(backend: Backend) -> None:
    (event_id,) = _declared(backend, _new())
    _told(backend, event_id, FACT_REGISTRATION_DATE, "2026-11-18")
    _told(backend, event_id, FACT_REGISTRATION_DATE, "2026-11-19", LATER + timedelta(hours=1))
    assert _ready(backend) == [event_id]


def test_an_event_of_which_a_day_is_told_is_no_declaration(backend: Backend) -> None:
    (event_id,) = _declared(backend, an_accepted())
    _told(backend, event_id, FACT_REGISTRATION_DATE, "2026-11-18")
    assert _ready(backend) == []


@pytest.mark.parametrize("is_registered", [True, False])
def test_what_came_to_an_end_is_ready_no_more(backend: Backend, *, is_registered: bool) -> None:
    (event_id,) = _declared(backend, _new())
    _told(backend, event_id, FACT_REGISTRATION_DATE, "2026-11-18")
    end = _registered(event_id, "event-x") if is_registered else _not_entered(event_id)
    assert _put(backend, end)
    assert _ready(backend) == []
    assert _course(backend, event_id) == end


def test_what_is_registered_stays_so(backend: Backend) -> None:
    (event_id,) = _declared(backend, _new())
    first = _registered(event_id, "event-x")
    assert _put(backend, first)
    for other in (_registered(event_id, "event-y"), _not_entered(event_id), replace(first, updated_at=LATER)):
        assert not _put(backend, other)
    assert _course(backend, event_id) == first


def test_a_person_may_bring_one_that_was_not_entered_back_and_to_its_end(backend: Backend) -> None:
    (event_id,) = _declared(backend, _new())
    _told(backend, event_id, FACT_REGISTRATION_DATE, "2026-11-18")
    assert _put(backend, _not_entered(event_id))
    assert _put(backend, DeclarationCourse(event_id, DeclarationState.OPEN, None, (), LATER))
    assert _ready(backend) == [event_id]
    assert _put(backend, _not_entered(event_id))
    assert _put(backend, _registered(event_id, "event-x"))


def test_a_change_that_is_rolled_back_was_none(backend: Backend) -> None:
    (event_id,) = _declared(backend, _new())

    def go_on_and_fail() -> None:
        with backend.database.write() as transaction:
            assert backend.declarations.put(transaction, _registered(event_id, "event-x"))
            raise KeyError(event_id)

    with pytest.raises(KeyError):
        go_on_and_fail()
    course = _course(backend, event_id)
    assert course is not None
    assert course.state is DeclarationState.OPEN


def test_the_declaration_of_an_event_is_found_and_what_stood_in_its_way_is_not(backend: Backend) -> None:
    first, second = _declared(backend, _new(), _new())
    _put(backend, _registered(first, "event-x"))
    _put(backend, replace(_not_entered(second), registered_event_id=EventId("event-y")))
    with backend.database.read() as transaction:
        find = backend.declarations.find_of_event
        assert find(transaction, EventId("event-x")) == _registered(first, "event-x")
        assert find(transaction, EventId("event-y")) is None
        assert find(transaction, first) is None


def test_those_in_a_state_are_listed_oldest_first(backend: Backend) -> None:
    ids = _declared(backend, *(_new() for _ in range(4)))
    _put(backend, _registered(ids[0], "event-x"))
    for each in (ids[3], ids[1]):
        _put(backend, _not_entered(each))
    with backend.database.read() as transaction:
        listed = {
            state: [each.event_id for each in backend.declarations.list_in(transaction, state, 10)]
            for state in DeclarationState
        }
        (oldest,) = backend.declarations.list_in(transaction, DeclarationState.NOT_ENTERED, 1)
    assert listed == {
        DeclarationState.OPEN: [ids[2]],
        DeclarationState.REGISTERED: [ids[0]],
        DeclarationState.NOT_ENTERED: [ids[1], ids[3]],
    }
    assert oldest == _not_entered(ids[1])


def test_many_are_found_at_once(backend: Backend) -> None:
    """More than one statement can name."""
    ids = _declared(backend, *(_new() for _ in range(12)))
    wanted = [*ids, *(EventId(f"nobody-{number}") for number in range(2_000))]
    with backend.database.read() as transaction:
        assert backend.declarations.find_all(transaction, wanted).keys() == set(ids)
        assert backend.declarations.find_all(transaction, []) == {}
