"""Several deliveries in one go: what one of them meets is none of the others' business."""

from collections.abc import Sequence

from adapters.errors import OutcomeUnknown
from gateway.deliver.attempted import Attempted
from gateway.deliver.walk import Walked
from gateway.model.delivery import OutcomeCode, StoredEvent, Verb
from gateway.model.ids import Destination
from gateway.model.outcome import Crashed, Delivered, NotTranslated
from mappings.catalog import MappingViolation
from retry_queue.handler import Prepared
from retry_queue.job import Lease
from retry_queue.states import State
from retry_queue.verdict import Decision
from tests.support.house import RECORD, House
from tests.support.submissions import another_birth

REGISTRY = Destination.NATIONAL_REGISTRY


def _born(house: House, number: int) -> list[StoredEvent]:
    return [house.accept(another_birth(), RECORD) for _ in range(number)]


def _claimed(house: House, number: int) -> list[Lease]:
    return [house.claim(REGISTRY) for _ in range(number)]


def _announced(house: House, leases: Sequence[Lease]) -> Sequence[Prepared[Walked]]:
    """As the queue does it: in one transaction, before anything is sent."""
    prepared = house.handler.prepare_together(leases)
    sending = [each for each in prepared if each.sends]
    with house.database.write() as transaction:
        house.queue.mark_all_maybe_sent(transaction, [each.lease for each in sending], house.now)
        house.handler.note_together(transaction, [each.work for each in sending])
    return prepared


def _attempted(house: House, prepared: Sequence[Prepared[Walked]]) -> list[tuple[Lease, Attempted]]:
    return [(each.lease, house.handler.attempt_prepared(each, lambda: None)) for each in prepared]


def _recorded(house: House, outcomes: Sequence[tuple[Lease, Attempted]]) -> Sequence[Decision]:
    with house.database.write() as transaction:
        decisions = house.handler.record_together(transaction, outcomes)
        verdicts = [
            (lease, decision.verdict) for (lease, _), decision in zip(outcomes, decisions, strict=True)
        ]
        assert not house.queue.complete_all(transaction, verdicts, house.now).lost
    return decisions


def _states(house: House, events: Sequence[StoredEvent]) -> list[State]:
    return [house.state(each.event_id, "registry_record") for each in events]


def test_a_batch_leaves_what_single_deliveries_leave() -> None:
    together, alone = House(), House()
    born = [another_birth() for _ in range(3)]
    for house in (together, alone):
        for each in born:
            house.accept(each, RECORD)
    _recorded(together, _attempted(together, _announced(together, _claimed(together, 3))))
    for _ in range(3):
        alone.deliver(REGISTRY)
    assert sorted(together.changes()) == sorted(alone.changes())
    for ours, theirs in zip(together.sent(REGISTRY), alone.sent(REGISTRY), strict=True):
        assert (ours.operation, ours.body["source"]) == (theirs.operation, theirs.body["source"])


def test_every_delivery_of_a_batch_is_done_proved_watched_and_followed() -> None:
    house = House()
    events = _born(house, 3)
    _recorded(house, _attempted(house, _announced(house, _claimed(house, 3))))
    assert _states(house, events) == [State.DONE] * 3
    for event in events:
        (attempt,) = house.attempts(event.event_id, "registry_record")
        assert (attempt.outcome, attempt.finished_at) == (OutcomeCode.ACCEPTED, house.now)
        assert house.steps(event.event_id) == ["registry_record", "one_stop_progress.received"]


def test_a_crash_between_announcement_and_sending_leaves_a_trace_and_a_question_for_each() -> None:
    house = House()
    events = _born(house, 3)
    _announced(house, _claimed(house, 3))  # and the process is gone
    house.pass_time(61)
    with house.database.write() as transaction:
        assert house.queue.rescue_expired(transaction, house.now, 10) == 3
    for event in events:
        (begun,) = house.attempts(event.event_id, "registry_record")
        assert (begun.verb, begun.outcome, begun.finished_at) == (Verb.SEND, None, None)
    assert _states(house, events) == [State.UNKNOWN] * 3
    again = house.handler.prepare_together(_claimed(house, 3))
    assert [each.sends for each in again] == [False] * 3
    _attempted(house, again)
    assert (len(house.partners[REGISTRY].asked), house.sent(REGISTRY)) == (3, [])


def test_a_message_that_cannot_be_written_stops_none_of_the_others() -> None:
    house = House()
    events = _born(house, 3)
    translate = house.catalog.translate
    poisoned = events[1].event.source_event_id
    violation = MappingViolation("child", "mapping_missing", "thiếu", "missing")

    def refuse(event, *more):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN002, ANN202 - passed through
        return (violation,) if event.source_event_id == poisoned else translate(event, *more)

    house.catalog.translate = refuse  # type: ignore[method-assign]  # fails on purpose
    prepared = _announced(house, _claimed(house, 3))
    outcomes = _attempted(house, prepared)
    assert [type(attempted.outcome) for _, attempted in outcomes] == [Delivered, NotTranslated, Delivered]
    _recorded(house, outcomes)
    assert _states(house, events) == [State.DONE, State.HELD, State.DONE]


def test_a_delivery_that_cannot_even_be_read_crashes_alone() -> None:
    house = House()
    events = _born(house, 3)
    leases = _claimed(house, 3)
    lost = house.delivery(events[0].event_id, "registry_record").delivery_id
    get, get_all = house.deliveries.get, house.deliveries.get_all

    def get_one(transaction, delivery_id):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - passed through
        if delivery_id == lost:
            raise OSError
        return get(transaction, delivery_id)

    def get_many(transaction, delivery_ids):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        if lost in delivery_ids:
            raise OSError
        return get_all(transaction, delivery_ids)

    house.deliveries.get, house.deliveries.get_all = get_one, get_many  # type: ignore[method-assign]  # fails on purpose
    outcomes = _attempted(house, _announced(house, leases))
    assert [type(attempted.outcome) for _, attempted in outcomes] == [Crashed, Delivered, Delivered]
    _recorded(house, outcomes)
    assert _states(house, events) == [State.DEFERRED, State.DONE, State.DONE]


def test_outcomes_of_all_kinds_are_recorded_in_one_go() -> None:
    house = House()
    events = _born(house, 3)
    house.partners[REGISTRY].answers = [OutcomeUnknown()]
    _recorded(house, _attempted(house, _announced(house, _claimed(house, 3))))
    assert _states(house, events) == [State.UNKNOWN, State.DONE, State.DONE]


def test_what_is_withdrawn_says_that_nothing_was_sent() -> None:
    house = House()
    event, other = _born(house, 2)
    prepared = _announced(house, _claimed(house, 2))
    with house.database.write() as transaction:
        house.handler.withdraw_together(transaction, [each.work for each in prepared])
    for each in (event, other):
        (attempt,) = house.attempts(each.event_id, "registry_record")
        assert (attempt.outcome, attempt.finished_at) == (OutcomeCode.NOT_SENT, house.now)
