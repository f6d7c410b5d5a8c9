from collections.abc import Sequence
from datetime import timedelta

import pytest

from adapters.errors import AdapterError, Busy, NotAuthorized, NotSent
from adapters.port import Accepted, News, Stage
from gateway.model.ids import Destination, EventId
from gateway.operations.fetch import Fetched, Fetcher
from mappings.catalog import MappingViolation
from retry_queue.job import Lane
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.store import BreakerState, LaneHealth
from tests.support.families import another_birth
from tests.support.house import RECORD, House
from tests.support.partner import EVIDENCE

REGISTRY = Destination.NATIONAL_REGISTRY


class Watching:
    """Records that the registry still works on, and a fetcher."""

    def __init__(self, records: int) -> None:
        self.house = House()
        self.told: list[str] = []
        self.partner = self.house.partners[REGISTRY]
        self.partner.answers = [Accepted(EVIDENCE, pending=True)] * records
        self.event_ids: list[EventId] = []
        for number in range(records):
            self.event_ids.append(self.house.accept(another_birth(number + 1), RECORD).event_id)
            self.house.deliver(REGISTRY)
        self.fetcher: Fetcher[MemoryTransaction] = Fetcher(
            database=self.house.database,
            deliveries=self.house.deliveries,
            lanes=self.house.queue,
            desk=self.house.news_desk,
            adapters=self.house.partners,
            clock=lambda: self.house.now,
            on_news=lambda: self.told.append("news"),
        )
        self.house.pass_time(30)

    def fetch(self) -> Fetched:
        return self.fetcher.fetch(REGISTRY)

    def answer(self, *stages: Stage | None) -> None:
        """What is told of each record, in groups as they will be asked about."""
        news = [
            News(message.request_id, stage, partner_code="4")
            for message, stage in zip(self.partner.sent, stages, strict=True)
            if stage is not None
        ]
        limit = self.partner.fetch_limit
        self.partner.news = [news[start : start + limit] for start in range(0, len(news), limit)]

    def stages(self) -> list[str]:
        return [watch.stage for each in self.event_ids for watch in self.house.watches(each)]

    def waits(self) -> Sequence[float | None]:
        watches = [watch for each in self.event_ids for watch in self.house.watches(each)]
        return [
            (watch.next_fetch_at - self.house.now).total_seconds() if watch.next_fetch_at else None
            for watch in watches
        ]


def test_the_partner_is_asked_about_as_many_as_it_wants_at_once() -> None:
    watching = Watching(records=5)
    watching.answer(*[Stage.COMPLETED] * 5)
    assert watching.fetch() == Fetched(asked=5, new=5)
    assert [len(group) for group in watching.partner.fetched] == [3, 2]
    assert watching.stages() == ["completed"] * 5


def test_news_wakes_the_workers_and_silence_does_not() -> None:
    watching = Watching(records=1)
    watching.fetch()
    assert watching.told == []
    watching.house.pass_time(3600)
    watching.answer(Stage.COMPLETED)
    watching.fetch()
    assert watching.told == ["news"]


def test_what_the_partner_does_not_show_is_asked_about_later() -> None:
    watching = Watching(records=2)
    watching.answer(Stage.COMPLETED, None)
    assert watching.fetch() == Fetched(asked=2, new=1)
    assert watching.waits() == [None, 60]


def test_nothing_is_asked_before_its_time() -> None:
    watching = Watching(records=1)
    watching.house.now -= timedelta(seconds=1)
    assert watching.fetch() == Fetched(asked=0, new=0)
    assert watching.partner.fetched == []


@pytest.mark.parametrize("error", [NotSent(), Busy(EVIDENCE), NotAuthorized(EVIDENCE)])
def test_a_partner_that_fails_is_left_alone_for_this_round(error: AdapterError) -> None:
    watching = Watching(records=5)
    watching.partner.news = [error]
    assert watching.fetch() == Fetched(asked=0, new=0)
    assert len(watching.partner.fetched) == 1
    assert watching.waits() == [60] * 5


@pytest.mark.parametrize(
    "lane",
    [
        LaneHealth(Lane("national_registry"), hold_reason="not_authorized"),
        LaneHealth(Lane("national_registry"), BreakerState.HALF_OPEN, 5, None),
    ],
)
def test_a_destination_that_is_held_or_being_tried_is_not_asked(lane: LaneHealth) -> None:
    watching = Watching(records=1)
    with watching.house.database.write() as transaction:
        watching.house.queue.put_lane(transaction, lane)
    assert watching.fetch() == Fetched(asked=0, new=0)
    assert watching.partner.fetched == []


def test_a_message_that_can_no_longer_be_built_does_not_stop_the_others() -> None:
    watching = Watching(records=1)
    watching.house.catalog.violations = (MappingViolation("/", "code_unknown", "Không có mã", "No code"),)
    assert watching.fetch() == Fetched(asked=1, new=0)
    assert watching.partner.fetched == []
    assert watching.waits() == [60]
