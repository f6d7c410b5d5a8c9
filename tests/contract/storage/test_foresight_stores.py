"""Forecasts and notices, on every backend, over deliveries that really wait in a queue."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.model.foresight import Channel, KeptForecast, Mark, Notice, Sending, SendingState
from gateway.model.ids import DeliveryId, Destination
from gateway.storage.foresight_ports import Forecasts, Notices
from gateway.storage.memory.forecasts import MemoryForecasts
from gateway.storage.memory.notices import MemoryNotices
from gateway.storage.sql.deliveries import SqlDeliveries
from gateway.storage.sql.events import SqlEvents
from gateway.storage.sql.feed import SqlFeed
from gateway.storage.sql.forecasts import SqlForecasts
from gateway.storage.sql.notices import SqlNotices
from retry_queue.job import JobId, Lane, Track
from retry_queue.observation import Sample
from retry_queue.sql_store import SqlStore
from tests.support.database import emptied, opened, sqlite_url
from tests.support.families import another_birth
from tests.support.house import RECORD, START, AnyHouse, House, HouseStores
from tests.support.notices import a_mark, a_notice, a_sending

HOUR = timedelta(hours=1)
LANE = Lane("one_stop")
REGISTRY = Destination.NATIONAL_REGISTRY


@dataclass(frozen=True)
class Backend:
    """The stores over one database, and a house whose deliveries are in it."""

    house: AnyHouse[Any]
    forecasts: Forecasts[Any]
    notices: Notices[Any]

    def accept(self, number: int) -> DeliveryId:
        event = self.house.accept(another_birth(number), RECORD)
        return self.house.delivery(event.event_id, "registry_record").delivery_id

    def crossing(
        self, limit: int = 10, *, planned_until: datetime = START, **hours: float
    ) -> list[tuple[str, set[int]]]:
        """`p50=6`: due within six hours from the start."""
        due_until = {int(name[1:]): START + each * HOUR for name, each in hours.items()}
        with self.house.database.read() as transaction:
            found = self.notices.list_crossings(transaction, due_until, planned_until, limit)
        return sorted((each.delivery_id, set(each.reached)) for each in found)

    def mark(self, *marks: Mark) -> list[tuple[str, int]]:
        with self.house.database.write() as transaction:
            self.notices.lock(transaction)
            return [(each.delivery_id, each.percent) for each in self.notices.add_marks(transaction, marks)]

    def insert(self, notice: Notice, *sendings: Sending) -> None:
        with self.house.database.write() as transaction:
            self.notices.insert(transaction, notice, sendings)


def _on_sql(database_url: str) -> Iterator[Backend]:
    with opened(database_url) as database:
        stores = HouseStores(database, SqlEvents(), SqlDeliveries(), SqlFeed(), SqlStore(database))
        yield Backend(AnyHouse(stores), SqlForecasts(), SqlNotices())


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    match request.param:
        case "memory":
            house = House()
            yield Backend(house, MemoryForecasts(), MemoryNotices(house.queue))
        case "sqlite":
            yield from _on_sql(sqlite_url(tmp_path))
        case "postgres":
            yield from _on_sql(emptied(request.getfixturevalue("postgres_url")))


def _sample(minute: int, track: Track = Track.LIVE) -> Sample:
    return Sample(LANE, track, START + timedelta(minutes=minute), 60.0, 7, 3, 5, 2, 1)


def _kept(minute: int, **changes: Any) -> KeptForecast:  # noqa: ANN401 - any of its values
    values: dict[str, Any] = {
        "lane": LANE,
        "track": Track.LIVE,
        "made_at": START + timedelta(minutes=minute),
        "until": START + 24 * HOUR,
        "waiting": 9,
        "misses": 4,
        "first_breach_at": START + HOUR,
        "done_at": None,
        "drain_per_second": 0.25,
        "arrivals_per_second": 1.5,
        "basis": "drain_observed",
    }
    return KeptForecast(**(values | changes))


def test_samples_come_back_oldest_first_and_the_first_of_an_instant_stays(backend: Backend) -> None:
    house = backend.house
    with house.database.write() as transaction:
        backend.forecasts.add_samples(transaction, [_sample(2), _sample(1), _sample(1, Track.BULK)])
        backend.forecasts.add_samples(transaction, [replace(_sample(1), ready=99)])
        backend.forecasts.add_samples(transaction, [])
    with house.database.read() as transaction:
        assert list(backend.forecasts.list_samples(transaction, START)) == [
            _sample(1, Track.BULK),
            _sample(1),
            _sample(2),
        ]
        assert list(backend.forecasts.list_samples(transaction, START + timedelta(minutes=1))) == [_sample(2)]
    with house.database.write() as transaction:
        assert backend.forecasts.delete_samples(transaction, START + timedelta(minutes=2)) == 2
    with house.database.read() as transaction:
        assert list(backend.forecasts.list_samples(transaction, START)) == [_sample(2)]


def test_old_forecasts_are_deleted_step_by_step_and_only_of_their_lane_and_track(backend: Backend) -> None:
    database, forecasts = backend.house.database, backend.forecasts
    settled = replace(_kept(1), settled_at=START + HOUR)
    others = [_kept(0, track=Track.BULK), _kept(0, lane=Lane("population_db"))]
    with database.write() as transaction:
        forecasts.keep(transaction, [_kept(0), settled, _kept(2), _kept(3), *others])
    before = START + timedelta(minutes=3)
    for expected in (2, 1, 0):
        with database.write() as transaction:
            assert forecasts.delete_kept(transaction, LANE, Track.LIVE, before, 2) == expected
    with database.read() as transaction:
        left = [(each.lane, each.track, each.made_at) for each in forecasts.list_open(transaction)]
    assert sorted(left) == sorted((each.lane, each.track, each.made_at) for each in (_kept(3), *others))


def test_a_forecast_is_open_until_it_is_settled(backend: Backend) -> None:
    database, forecasts = backend.house.database, backend.forecasts
    learnt = replace(_kept(0), actual_first_breach_at=START + HOUR, settled_at=START + 2 * HOUR)
    with database.write() as transaction:
        forecasts.keep(transaction, [_kept(5), _kept(0), _kept(0, track=Track.BULK)])
        forecasts.keep(transaction, [_kept(0, waiting=77)])
        forecasts.settle(transaction, [learnt])
        forecasts.keep(transaction, [])
    with database.read() as transaction:
        assert list(forecasts.list_open(transaction)) == [_kept(0, track=Track.BULK), _kept(5)]
        assert list(forecasts.list_settled(transaction, LANE, Track.LIVE, 10)) == [learnt]
        assert list(forecasts.list_settled(transaction, LANE, Track.BULK, 10)) == []


def test_settled_forecasts_come_newest_first(backend: Backend) -> None:
    settled = [_kept(minute, settled_at=START + HOUR) for minute in (0, 10, 20)]
    with backend.house.database.write() as transaction:
        backend.forecasts.keep(transaction, settled)
    with backend.house.database.read() as transaction:
        found = backend.forecasts.list_settled(transaction, LANE, Track.LIVE, 2)
    assert list(found) == [settled[2], settled[1]]


def test_a_delivery_crosses_when_it_is_due_by_the_instant_of_a_rung(backend: Backend) -> None:
    delivery_id = backend.accept(1)
    assert backend.crossing(p50=11.9) == []
    assert backend.crossing(p50=12) == [(delivery_id, set())]


def test_what_has_just_been_planned_is_left_out(backend: Backend) -> None:
    delivery_id = backend.accept(1)
    just_before = START - timedelta(seconds=1)
    assert backend.crossing(planned_until=just_before, p50=13) == []
    assert backend.crossing(planned_until=START, p50=13) == [(delivery_id, set())]


def test_a_recorded_rung_is_not_listed_again_and_the_next_one_is(backend: Backend) -> None:
    delivery_id = backend.accept(1)
    assert backend.mark(a_mark(delivery_id)) == [(delivery_id, 50)]
    assert backend.crossing(p50=12, p75=11.9) == []
    assert backend.crossing(p50=13, p75=12) == [(delivery_id, {50})]


def test_a_rung_is_written_once_whoever_is_faster(backend: Backend) -> None:
    one, two = backend.accept(1), backend.accept(2)
    marks = [a_mark(one), a_mark(one, 75), a_mark(two)]
    assert set(backend.mark(*marks)) == {(one, 50), (one, 75), (two, 50)}
    assert backend.mark(*marks, a_mark(two, 75)) == [(two, 75)]
    with backend.house.database.read() as transaction:
        found = backend.notices.marks_of(transaction, [one])
    assert list(found) == [a_mark(one), a_mark(one, 75)]


def test_finished_deliveries_cross_nothing_and_held_ones_do(backend: Backend) -> None:
    backend.accept(1)
    backend.house.deliver(REGISTRY)
    held = backend.accept(2)
    with backend.house.database.write() as transaction:
        backend.house.queue.hold(transaction, JobId(held), "stopped", START)
    found = [name for name, _ in backend.crossing(p50=13)]
    assert held in found
    assert len([name for name in found if _lane(backend, name) == REGISTRY]) == 1


def _lane(backend: Backend, delivery_id: str) -> str:
    with backend.house.database.read() as transaction:
        return backend.house.deliveries.get(transaction, DeliveryId(delivery_id)).destination


def test_only_so_many_crossings_come_at_once(backend: Backend) -> None:
    for number in range(4):
        backend.accept(number)
    assert len(backend.crossing(limit=3, p50=13)) == 3


def test_the_untold_are_counted_once_each_with_the_worst_of_them(backend: Backend) -> None:
    first = backend.accept(1)
    backend.house.pass_time(60)
    second = backend.accept(2)
    backend.mark(a_mark(second, told_as=75), a_mark(second, 75), a_mark(first, told_as=75), a_mark(first, 75))
    backend.mark(a_mark(second, 90))
    with backend.house.database.read() as transaction:
        found = list(backend.notices.list_untold(transaction))
    assert [(each.percent, each.deliveries, each.unfinished) for each in found] == [(75, 2, 2), (90, 1, 1)]
    assert [each.worst_delivery_id for each in found] == [first, second]
    assert found[0].worst_due_at == START + 12 * HOUR


def test_what_has_arrived_is_no_longer_among_the_unfinished(backend: Backend) -> None:
    delivery_id = backend.accept(1)
    backend.mark(a_mark(delivery_id))
    backend.house.deliver(REGISTRY)
    with backend.house.database.read() as transaction:
        (found,) = backend.notices.list_untold(transaction)
    assert (found.deliveries, found.unfinished) == (1, 0)
    assert (found.worst_delivery_id, found.worst_due_at) == (None, None)


def test_a_notice_takes_the_untold_of_its_destination_and_rung(backend: Backend) -> None:
    delivery_id = backend.accept(1)
    backend.mark(a_mark(delivery_id, told_as=75), a_mark(delivery_id, 75), a_mark(delivery_id, 90))
    notice = a_notice(percent=75, worst_delivery_id=delivery_id)
    backend.insert(notice)
    with backend.house.database.write() as transaction:
        ids = backend.notices.list_untold_ids(transaction, notice.destination, 75)
        assert list(ids) == [delivery_id]
        backend.notices.tell_with(transaction, notice, [])
        assert list(backend.notices.list_untold_ids(transaction, notice.destination, 75)) == [delivery_id]
        backend.notices.tell_with(transaction, notice, ids)
        backend.notices.tell_with(transaction, replace(notice, destination="one_stop", percent=90), ids)
        assert list(backend.notices.list_untold_ids(transaction, notice.destination, 75)) == []
    with backend.house.database.read() as transaction:
        marks = backend.notices.marks_of(transaction, [delivery_id])
        (untold,) = backend.notices.list_untold(transaction)
    assert [(each.percent, each.notice_id) for each in marks] == [
        (50, "notice-1"),
        (75, "notice-1"),
        (90, None),
    ]
    assert untold.percent == 90


def test_the_newest_notice_of_each_rung_is_remembered(backend: Backend) -> None:
    backend.insert(a_notice("a", 50, made_at=START))
    backend.insert(a_notice("b", 50, made_at=START + HOUR))
    backend.insert(a_notice("c", 50, made_at=START, destination="one_stop"))
    with backend.house.database.read() as transaction:
        assert backend.notices.last_made(transaction) == {
            ("national_registry", 50): START + HOUR,
            ("one_stop", 50): START,
        }


def test_a_notice_comes_back_with_everybody_it_goes_to(backend: Backend) -> None:
    hook = a_sending("a", 2, channel=Channel.WEBHOOK, address="http://it.test/hook")
    backend.insert(a_notice("a", first_breach_at=START), a_sending("a"), hook)
    backend.insert(a_notice("b"))
    with backend.house.database.read() as transaction:
        first, second = backend.notices.list_after(transaction, 0, 10)
        assert first.position < second.position
        assert (first.notice, first.sendings) == (
            a_notice("a", first_breach_at=START),
            (a_sending("a"), hook),
        )
        assert (second.notice, second.sendings) == (a_notice("b"), ())
        assert list(backend.notices.list_after(transaction, first.position, 10)) == [second]
        assert backend.notices.find_all(transaction, [second.notice.notice_id]) == {"b": second}
        assert len(backend.notices.list_after(transaction, 0, 1)) == 1


def test_a_sending_is_claimed_by_one_and_again_when_that_one_has_vanished(backend: Backend) -> None:
    backend.insert(a_notice(), a_sending(next_attempt_at=START), a_sending(number=2, next_attempt_at=START))
    taken = [_claim(backend, at) for at in (-1, 0, 0, 1)]
    assert [[(each.number, each.attempts) for each in some] for some in taken] == [
        [],
        [(1, 1), (2, 1)],
        [],
        [(1, 2), (2, 2)],
    ]
    assert {each.last_attempt_at for each in taken[1]} == {START}


def test_what_was_accepted_or_given_up_is_never_claimed_again(backend: Backend) -> None:
    backend.insert(a_notice(), a_sending(next_attempt_at=START), a_sending(number=2, next_attempt_at=START))
    one, two = _claim(backend, 0)
    one, two = (replace(each, next_attempt_at=None, answer="HTTP 204") for each in (one, two))
    accepted = replace(one, state=SendingState.ACCEPTED, accepted_at=START)
    given_up = replace(two, state=SendingState.GIVEN_UP)
    with backend.house.database.write() as transaction:
        backend.notices.finish(transaction, accepted)
        backend.notices.finish(transaction, given_up)
    assert _claim(backend, 99) == []
    with backend.house.database.read() as transaction:
        (told,) = backend.notices.list_after(transaction, 0, 10)
    assert told.sendings == (accepted, given_up)


def _claim(backend: Backend, hours: float) -> list[Sending]:
    now = START + hours * HOUR
    with backend.house.database.write() as transaction:
        claimed = backend.notices.claim_due(transaction, now, now + HOUR, 10)
    return sorted((sending for _, sending in claimed), key=lambda each: each.number)
