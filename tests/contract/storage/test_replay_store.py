"""Every store of replays keeps these."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.port import RequestId
from gateway.errors import RequestRepeated
from gateway.model.delivery import Delivery, OutcomeCode
from gateway.model.ids import DeliveryId, Destination
from gateway.model.replaying import (
    ItemCount,
    ItemState,
    Limits,
    Replay,
    ReplayAct,
    ReplayChange,
    ReplayId,
    ReplayItem,
    ReplayState,
    Selection,
)
from retry_queue.job import JobId, Lane, NewJob
from retry_queue.states import State
from tests.contract.storage.conftest import Backend
from tests.support.deliveries import an_attempt
from tests.support.submissions import RECEIVED_AT, an_accepted

LATER = RECEIVED_AT + timedelta(hours=1)
FIRST = ReplayId("replay-1")


def _delivery(backend: Backend, step: str = "registry_record", *, due_hours: float = 12) -> DeliveryId:
    """A queued delivery of an event of its own."""
    new = an_accepted()
    event_id = new.receipt.event_id
    delivery = Delivery(
        delivery_id=DeliveryId(f"{event_id}-{step}"),
        event_id=event_id,
        destination=Destination.NATIONAL_REGISTRY if step == "registry_record" else Destination.ONE_STOP,
        step=step,
        message=step.rsplit("_", maxsplit=1)[-1],
        subject=None,
        request_id=RequestId(f"GW-{event_id}-{step}"),
        facts={},
        planned_at=RECEIVED_AT,
    )
    job = NewJob(
        job_id=JobId(delivery.delivery_id),
        lane=Lane(delivery.destination.value),
        kind=delivery.message,
        due_at=RECEIVED_AT + timedelta(hours=due_hours),
        keys=frozenset(),
    )
    with backend.database.write() as transaction:
        backend.events.insert(transaction, [new])
        backend.deliveries.insert(transaction, [delivery])
        backend.queue.enqueue(transaction, [job], RECEIVED_AT)
    return delivery.delivery_id


def _hold(backend: Backend, delivery_id: DeliveryId, reason: str = "refused.content") -> None:
    with backend.database.write() as transaction:
        backend.queue.hold(transaction, JobId(delivery_id), reason, RECEIVED_AT)


def _selected(
    backend: Backend, selection: Selection, *states: State, after: int = 0, limit: int = 10
) -> list[DeliveryId]:
    with backend.database.read() as transaction:
        found = backend.replays.select(transaction, selection, states or tuple(State), after, limit)
    assert [each.sequence for each in found] == sorted(each.sequence for each in found)
    return [each.delivery_id for each in found]


def test_a_selection_finds_what_fits_all_of_it(backend: Backend) -> None:
    record, dossier = _delivery(backend), _delivery(backend, "one_stop_dossier", due_hours=1)
    _hold(backend, record)
    assert _selected(backend, Selection()) == [record, dossier]
    assert _selected(backend, Selection(), State.HELD) == [record]
    assert _selected(backend, Selection(destination=Destination.ONE_STOP)) == [dossier]
    assert _selected(backend, Selection(held_reason="refused.content")) == [record]
    assert _selected(backend, Selection(held_reason="not_mapped")) == []
    assert _selected(backend, Selection(step="one_stop_dossier")) == [dossier]
    assert _selected(backend, Selection(message="record")) == [record]
    assert _selected(backend, Selection(event_type="birth", step="registry_record")) == [record]
    assert _selected(backend, Selection(event_type="death")) == []


def test_spans_of_time_include_their_beginning_and_not_their_end(backend: Backend) -> None:
    soon, late = _delivery(backend, due_hours=1), _delivery(backend, due_hours=12)
    edge = RECEIVED_AT + timedelta(hours=12)
    assert _selected(backend, Selection(due_from=edge)) == [late]
    assert _selected(backend, Selection(due_until=edge)) == [soon]
    with backend.database.read() as transaction:
        found = backend.replays.select(transaction, Selection(), tuple(State), 0, 1)[0]
    registered = found.registered_at
    assert _selected(backend, Selection(registered_from=registered)) == [soon, late]
    assert _selected(backend, Selection(registered_until=registered)) == []


def test_only_the_last_attempt_counts(backend: Backend) -> None:
    mended, refused = _delivery(backend), _delivery(backend)
    never = _delivery(backend)
    with backend.database.write() as transaction:
        for delivery_id, outcomes in (
            (mended, (OutcomeCode.REFUSED, OutcomeCode.BUSY)),
            (refused, (OutcomeCode.BUSY, OutcomeCode.REFUSED)),
        ):
            for number, outcome in enumerate(outcomes, start=1):
                code = "E01" if outcome is OutcomeCode.REFUSED else "503"
                attempt = an_attempt(number, outcome=outcome, partner_code=code, delivery_id=delivery_id)
                backend.deliveries.finish_attempt(transaction, attempt)
    assert _selected(backend, Selection(outcome=OutcomeCode.REFUSED)) == [refused]
    assert _selected(backend, Selection(partner_code="503")) == [mended]
    assert never in _selected(backend, Selection())


def test_a_selection_comes_in_pages(backend: Backend) -> None:
    names = [_delivery(backend) for _ in range(3)]
    with backend.database.read() as transaction:
        first = backend.replays.select(transaction, Selection(), tuple(State), 0, 2)
    assert [each.delivery_id for each in first] == names[:2]
    assert _selected(backend, Selection(), after=first[-1].sequence) == names[2:]
    assert first[0].authority_code


def _replay(replay_id: ReplayId = FIRST, request_id: str = "request-1") -> Replay:
    return Replay(
        replay_id=replay_id,
        act=ReplayAct.RELEASE,
        selection=Selection(
            destination=Destination.ONE_STOP,
            state=State.HELD,
            outcome=OutcomeCode.REFUSED,
            due_from=RECEIVED_AT,
            partner_code="E01",
        ),
        limits=Limits(ramp=(1, 5), error_percent=12.5),
        reason="Bảng mã đã sửa",
        scope=frozenset({"08"}),
        created_by="operator-1",
        created_at=RECEIVED_AT,
        request_id=request_id,
        asked_sha256="a" * 64,
    )


def test_a_replay_is_kept_as_it_was_asked_for_and_moves_on(backend: Backend) -> None:
    moved = replace(
        _replay(),
        state=ReplayState.PAUSED,
        items=12,
        step=3,
        rung=1,
        stopped_because="errors",
        started_by="operator-2",
        started_at=LATER,
        start_request_id="start-1",
        is_driven=True,
        driver="driver-1",
        driven_until=LATER,
        fence=7,
        selected_up_to=99,
    )
    with backend.database.write() as transaction:
        backend.replays.insert(transaction, _replay())
        assert backend.replays.find(transaction, FIRST, for_change=True) == _replay()
        backend.replays.put(transaction, moved)
    with backend.database.read() as transaction:
        assert backend.replays.find(transaction, FIRST) == moved
        assert backend.replays.find(transaction, ReplayId("nobody")) is None
        assert backend.replays.find_by_request(transaction, "operator-1", "request-1") == moved
        assert backend.replays.find_by_request(transaction, "operator-2", "request-1") is None


def test_one_request_of_one_person_makes_one_replay(backend: Backend) -> None:
    with backend.database.write() as transaction:
        backend.replays.insert(transaction, _replay())
    with pytest.raises(RequestRepeated), backend.database.write() as transaction:
        backend.replays.insert(transaction, _replay(ReplayId("replay-2")))


def test_replays_are_listed_newest_first_and_those_to_be_driven_oldest_first(backend: Backend) -> None:
    older = replace(_replay(), is_driven=True)
    newer = replace(
        _replay(ReplayId("replay-2"), "request-2"),
        created_at=LATER,
        is_driven=True,
        state=ReplayState.RUNNING,
    )
    asleep = replace(_replay(ReplayId("replay-3"), "request-3"), created_at=LATER + timedelta(hours=1))
    with backend.database.write() as transaction:
        for each in (newer, older, asleep):
            backend.replays.insert(transaction, each)
    with backend.database.read() as transaction:
        assert backend.replays.list_all(transaction, 2) == [asleep, newer]
        assert backend.replays.list_driven(transaction) == [older, newer]
        assert backend.replays.list_open(transaction) == [newer]


def _items(backend: Backend, count: int) -> list[ReplayItem]:
    names = [_delivery(backend) for _ in range(count)]
    with backend.database.write() as transaction:
        backend.replays.insert(transaction, _replay())
        found = backend.replays.select(transaction, Selection(), tuple(State), 0, count)
        items = [
            ReplayItem(FIRST, ordinal, each.delivery_id, each.event_id)
            for ordinal, each in enumerate(found, start=1)
        ]
        backend.replays.add_items(transaction, items)
        backend.replays.add_items(transaction, [])
    assert [item.delivery_id for item in items] == names
    return items


def test_the_ledger_is_read_in_pages_and_by_state(backend: Backend) -> None:
    first, second, third = _items(backend, 3)
    moved = replace(
        second,
        state=ItemState.UNDER_WAY,
        step=1,
        acted_at=LATER,
        track="bulk",
        carrier_id=second.delivery_id,
        result=None,
    )
    with backend.database.write() as transaction:
        backend.replays.put_items(transaction, [moved])
    with backend.database.read() as transaction:
        assert backend.replays.items_after(transaction, FIRST, 0, 2) == [first, moved]
        assert backend.replays.items_after(transaction, FIRST, 2, 2) == [third]
        pending = backend.replays.items_after(transaction, FIRST, 0, 9, ItemState.PENDING)
        assert pending == [first, third]


def test_items_are_counted_by_step_state_and_result(backend: Backend) -> None:
    first, second, third = _items(backend, 3)
    done = [
        replace(item, state=ItemState.SUCCEEDED, step=1, result="delivered", settled_at=LATER)
        for item in (first, second)
    ]
    with backend.database.write() as transaction:
        backend.replays.put_items(transaction, done)
    with backend.database.read() as transaction:
        assert backend.replays.count_items(transaction, FIRST) == [
            ItemCount(1, ItemState.SUCCEEDED, "delivered", 2),
            ItemCount(None, ItemState.PENDING, None, 1),
        ]
    with backend.database.write() as transaction:
        assert backend.replays.drop_pending(transaction, FIRST) == 1
    with backend.database.read() as transaction:
        assert backend.replays.items_after(transaction, FIRST, 2, 9) == [
            replace(third, state=ItemState.DROPPED)
        ]


def test_a_delivery_knows_its_replays_also_as_the_carrier_of_another(backend: Backend) -> None:
    first, second = _items(backend, 2)
    carried = replace(first, state=ItemState.UNDER_WAY, carrier_id=second.delivery_id)
    with backend.database.write() as transaction:
        backend.replays.put_items(transaction, [carried])
    with backend.database.read() as transaction:
        of_first = backend.replays.items_of_deliveries(transaction, [first.delivery_id])
        of_second = backend.replays.items_of_deliveries(transaction, [second.delivery_id])
        assert backend.replays.items_of_deliveries(transaction, [DeliveryId("nobody")]) == []
    assert of_first == [(_replay(), carried)]
    assert of_second == [(_replay(), carried), (_replay(), second)]


def test_the_history_stays_in_its_order(backend: Backend) -> None:
    changes = [
        ReplayChange(FIRST, 1, "drafted", "operator-1", "Bảng mã đã sửa", RECEIVED_AT),
        ReplayChange(FIRST, 2, "started", "operator-2", "đồng ý", LATER),
    ]
    with backend.database.write() as transaction:
        backend.replays.insert(transaction, _replay())
        for change in changes:
            backend.replays.add_change(transaction, change)
    with backend.database.read() as transaction:
        assert backend.replays.changes_of(transaction, FIRST) == changes
        assert backend.replays.changes_of(transaction, ReplayId("nobody")) == []
