"""Climbing the ladder and telling people: recorded first, told once, however often it is tried."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from gateway.model.foresight import Channel, Mark, Notice, NoticeId, Sending, SendingState, ToldNotice
from gateway.model.ids import DeliveryId, Destination
from gateway.operations import escalate
from gateway.operations.escalate import Announces, Answer, Escalator, Herald, Patience
from gateway.operations.escalation import Receiver
from gateway.operations.read_notices import NoticeReader
from gateway.storage.memory.notices import MemoryNotices
from retry_queue.breaker import held
from retry_queue.forecast import Forecast
from retry_queue.job import Lane
from retry_queue.memory.transactions import MemoryTransaction
from tests.support.families import another_birth
from tests.support.house import RECORD, START, House
from tests.support.notices import EVERY_RUNG, HEAD_LOG, IT_LOG, a_ladder

HOUR = timedelta(hours=1)
HOOK = Receiver("province_it", Channel.WEBHOOK, "http://it.test/hook", EVERY_RUNG)
PATIENCE = Patience(schedule_seconds=(30, 60), attempts_max=3, send_seconds=10)


@dataclass
class Scripted:
    """Says what it was told to say, and remembers whom it told."""

    answers: list[Answer] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, notice: Notice, sending: Sending) -> Answer:
        self.told.append((notice.notice_id, sending.role))
        return self.answers.pop(0) if self.answers else Answer(is_accepted=True, text="HTTP 204")


class Tower:
    """A house with an escalator; time moves only when the test says so."""

    def __init__(self, *receivers: Receiver) -> None:
        self.house = House()
        self.notices = MemoryNotices(self.house.queue)
        self.channel = Scripted()
        self.counted: list[tuple[str, int]] = []
        self.looks = 0
        numbers = itertools.count(1)
        self.escalator = Escalator(
            database=self.house.database,
            notices=self.notices,
            lanes=self.house.queue,
            ladder=a_ladder(*receivers),
            look_ahead=self._look_ahead,
            new_notice_id=lambda: NoticeId(f"notice-{next(numbers)}"),
            on_transition=lambda destination, percent: self.counted.append((destination, percent)),
            clock=lambda: self.house.now,
        )
        channels: Mapping[Channel, Announces] = dict.fromkeys(Channel, self.channel)
        self.herald: Herald[MemoryTransaction] = Herald(
            self.house.database, self.notices, channels, PATIENCE, lambda: self.house.now
        )

    def accept(self, number: int) -> DeliveryId:
        event = self.house.accept(another_birth(number), RECORD)
        return self.house.delivery(event.event_id, "registry_record").delivery_id

    def at(self, hours: float) -> int:
        """So many hours after the first acceptance; says how many notices were made."""
        self.house.now = START + hours * HOUR
        return self.escalator.climb()

    def told(self, destination: str = "national_registry") -> list[ToldNotice]:
        with self.house.database.read() as transaction:
            everything = self.notices.list_after(transaction, 0, 100)
        return [each for each in everything if each.notice.destination == destination]

    def _look_ahead(self) -> list[Forecast]:
        self.looks += 1
        return []


def _tower(*receivers: Receiver, deliveries: int = 1) -> Tower:
    tower = Tower(*receivers)
    for number in range(deliveries):
        tower.accept(number + 1)
    return tower


def test_nobody_is_told_while_there_is_time() -> None:
    tower = _tower()
    assert tower.at(5.9) == 0
    assert (tower.told(), tower.counted, tower.looks) == ([], [], 0)


def test_many_deliveries_in_one_outage_are_one_notice_a_rung() -> None:
    tower = _tower(deliveries=40)
    assert [tower.at(hours) for hours in (6, 9, 10.8, 12)] == [1, 1, 1, 1]
    assert [(each.notice.percent, each.notice.deliveries) for each in tower.told()] == [
        (50, 40),
        (75, 40),
        (90, 40),
        (100, 40),
    ]
    assert len(tower.counted) == 160


def test_looking_again_tells_nobody_twice() -> None:
    tower = _tower()
    assert [tower.at(6), tower.at(6), tower.at(8.9)] == [1, 0, 0]


def test_what_crosses_shortly_after_a_notice_waits_for_the_next_one() -> None:
    tower = _tower()
    tower.at(0.1)
    late = tower.accept(2)
    assert tower.at(6) == 1
    assert tower.at(6.2) == 0
    assert tower.at(6.5) == 1
    assert [each.notice.deliveries for each in tower.told()] == [1, 1]
    assert tower.told()[1].notice.worst_delivery_id == late


def test_what_arrives_in_the_quiet_is_not_told_any_more() -> None:
    tower = _tower()
    tower.at(0.1)
    tower.accept(2)
    tower.at(6)
    tower.at(6.2)
    tower.house.deliver(Destination.NATIONAL_REGISTRY)
    tower.house.deliver(Destination.NATIONAL_REGISTRY)
    tower.at(7)
    assert len(tower.told()) == 1


def test_what_is_late_when_it_is_planned_is_given_a_moment() -> None:
    tower = _tower(deliveries=0)
    tower.house.pass_time(20 * 3_600)
    event = tower.house.accept(another_birth(1), RECORD)
    tower.house.now += timedelta(hours=12)
    tower.house.deliver(Destination.NATIONAL_REGISTRY)
    assert tower.escalator.climb() == 0
    tower.house.pass_time(301)
    assert tower.escalator.climb() == 1
    (told,) = tower.told("one_stop")
    step = tower.house.delivery(event.event_id, "one_stop_progress.received")
    assert (told.notice.percent, told.notice.worst_delivery_id) == (100, step.delivery_id)


def test_what_has_arrived_climbs_no_further() -> None:
    tower = _tower()
    tower.at(6)
    tower.house.deliver(Destination.NATIONAL_REGISTRY)
    tower.at(12)
    assert [each.notice.percent for each in tower.told()] == [50]


def test_a_stopped_destination_is_named_as_stopped() -> None:
    tower = _tower()
    house = tower.house
    with house.database.write() as transaction:
        lane = house.queue.get_lane(transaction, Lane("national_registry"))
        house.queue.put_lane(transaction, held(lane, "held_by_operator"))
    tower.at(6)
    assert "The destination is stopped." in tower.told()[0].notice.text_en


def test_the_proof_says_who_was_told_when_and_what_the_channel_said() -> None:
    tower = _tower(IT_LOG, HOOK, HEAD_LOG)
    tower.at(6)
    assert tower.herald.send() == 2
    (told,) = tower.told()
    assert [(each.role, each.channel, each.state, each.answer) for each in told.sendings] == [
        ("province_it", Channel.LOG, SendingState.ACCEPTED, "HTTP 204"),
        ("province_it", Channel.WEBHOOK, SendingState.ACCEPTED, "HTTP 204"),
    ]
    assert {each.accepted_at for each in told.sendings} == {tower.house.now}
    assert tower.herald.send() == 0


def test_a_notice_that_is_not_accepted_is_sent_again_until_it_is() -> None:
    tower = _tower(HOOK)
    tower.channel.answers = [Answer(is_accepted=False, text="HTTP 503")]
    tower.at(6)
    assert [tower.herald.send(), tower.herald.send()] == [0, 0]
    (sending,) = tower.told()[0].sendings
    assert (sending.state, sending.attempts, sending.answer) == (SendingState.PENDING, 1, "HTTP 503")
    tower.house.pass_time(30)
    assert tower.herald.send() == 1
    assert tower.channel.told == [("notice-1", "province_it")] * 2


def test_after_enough_attempts_a_notice_is_given_up_and_the_proof_says_so() -> None:
    tower = _tower(HOOK)
    tower.channel.answers = [Answer(is_accepted=False, text="ConnectError")] * 3
    tower.at(6)
    for _ in range(5):
        tower.herald.send()
        tower.house.pass_time(60)
    (sending,) = tower.told()[0].sendings
    assert (sending.state, sending.attempts) == (SendingState.GIVEN_UP, 3)
    assert len(tower.channel.told) == 3


def test_a_process_that_dies_while_it_tells_leaves_the_telling_to_the_next() -> None:
    tower = _tower(HOOK)
    tower.at(6)
    with tower.house.database.write() as transaction:
        tower.notices.claim_due(transaction, tower.house.now, tower.house.now + HOUR, 10)
    assert tower.herald.send() == 0
    tower.house.pass_time(3_600)
    assert tower.herald.send() == 1
    assert tower.told()[0].sendings[0].attempts == 2


def test_the_steps_of_a_delivery_name_those_who_were_told() -> None:
    tower = _tower()
    delivery_id = tower.accept(2)
    tower.at(9)
    tower.herald.send()
    reader = NoticeReader(tower.house.database, tower.notices)
    with tower.house.database.read() as transaction:
        steps = reader.steps_of(transaction, [delivery_id])[delivery_id]
    assert [(step.percent, step.notice_id) for step in steps] == [(50, "notice-1"), (75, "notice-1")]
    assert [each.role for each in steps[0].told] == ["province_it"]


def test_what_crosses_at_once_is_recorded_and_told_in_short_transactions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(escalate, "BATCH", 3)
    tower = _tower(deliveries=8)
    sizes: dict[str, list[int]] = {"recorded": [], "told": []}
    add_marks, tell_with = tower.notices.add_marks, tower.notices.tell_with

    def record(transaction: MemoryTransaction, marks: Sequence[Mark]) -> Sequence[Mark]:
        sizes["recorded"].append(len({mark.delivery_id for mark in marks}))
        return add_marks(transaction, marks)

    def tell(transaction: MemoryTransaction, notice: Notice, delivery_ids: Sequence[DeliveryId]) -> None:
        sizes["told"].append(len(delivery_ids))
        tell_with(transaction, notice, delivery_ids)

    monkeypatch.setattr(tower.notices, "add_marks", record)
    monkeypatch.setattr(tower.notices, "tell_with", tell)
    assert tower.at(9.5) == 1
    assert sizes == {"recorded": [3, 3, 2], "told": [3, 3, 2]}
    (told,) = tower.told()
    assert (told.notice.percent, told.notice.deliveries) == (75, 8)
    with tower.house.database.read() as transaction:
        assert list(tower.notices.list_untold(transaction)) == []


def test_a_crash_after_the_notice_tells_again_after_the_quiet_and_never_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tower = _tower(deliveries=2)

    def crash(*_values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(tower.notices, "tell_with", crash)
        with pytest.raises(KeyboardInterrupt):
            tower.at(6)
    assert [each.notice.deliveries for each in tower.told()] == [2]
    assert (tower.at(6.2), tower.at(6.6), tower.at(7.5)) == (0, 1, 0)
    assert [each.notice.deliveries for each in tower.told()] == [2, 2]
