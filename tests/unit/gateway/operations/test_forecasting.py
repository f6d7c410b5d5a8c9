"""The chore that counts, and what it lets people foresee."""

from dataclasses import replace
from datetime import timedelta

from gateway.model.ids import Destination
from gateway.operations.forecast import Announced, Forecaster, ForecastPlan
from gateway.storage.memory.forecasts import MemoryForecasts
from retry_queue.forecast import Assumption, Forecast
from retry_queue.job import Lane, Track
from retry_queue.maintenance import Once
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.observation import Sample, Windows
from retry_queue.store import BreakerState, LaneHealth
from tests.support.families import another_birth
from tests.support.house import RECORD, START, House

REGISTRY = Destination.NATIONAL_REGISTRY
HOUR = timedelta(hours=1)
LANE = Lane(REGISTRY.value)
PLAN = ForecastPlan(
    every=timedelta(minutes=1),
    keep_every=timedelta(minutes=10),
    horizon=timedelta(hours=24),
    promise=timedelta(hours=12),
    windows=Windows(short_seconds=300, long_seconds=3_600, capacity_per_second=2.0),
    counts_kept=timedelta(days=7),
    forecasts_kept=timedelta(days=365),
    errors_over=100,
)


class Lookout:
    """A house with a forecaster; time moves only when the test says so."""

    def __init__(self, pace: Announced | None = None) -> None:
        self.house = House()
        self.kept = MemoryForecasts()
        plan = PLAN if pace is None else replace(PLAN, paces={LANE: pace})
        self.forecaster: Forecaster[MemoryTransaction] = Forecaster(
            self.house.database,
            self.house.queue,
            self.kept,
            plan,
            lambda: self.house.now,
        )
        self._births = 0

    def accept(self, births: int) -> None:
        for _ in range(births):
            self._births += 1
            self.house.accept(another_birth(self._births), RECORD)

    def set_breaker(self, state: BreakerState) -> None:
        with self.house.database.write() as transaction:
            self.house.queue.put_lane(transaction, LaneHealth(LANE, breaker=state))

    def count(self, minute: float) -> None:
        self.house.now = START + timedelta(minutes=minute)
        self.forecaster.count()

    def live(self, lane: Lane = LANE) -> Forecast:
        (found,) = (
            each for each in self.forecaster.look_ahead() if each.lane == lane and each.track is Track.LIVE
        )
        return found

    def samples(self) -> list[Sample]:
        with self.house.database.read() as transaction:
            found = self.kept.list_samples(transaction, START - timedelta(days=1))
        return [each for each in found if (each.lane, each.track) == (LANE, Track.LIVE)]


def test_there_is_one_forecast_for_each_destination_and_track() -> None:
    found = Lookout().forecaster.look_ahead()
    assert [(each.lane, each.track) for each in found] == [
        (destination.value, track) for destination in Destination for track in Track
    ]


def test_forecasts_are_kept_for_so_long_and_no_longer() -> None:
    lookout = Lookout()
    lookout.accept(1)
    day = 24 * 60
    for minute in (0, 364 * day, 366 * day):
        lookout.count(minute)
    with lookout.house.database.read() as transaction:
        kept = [
            *lookout.kept.list_open(transaction),
            *lookout.kept.list_settled(transaction, LANE, Track.LIVE, 10),
        ]
    days = {(each.made_at - START) // timedelta(days=1) for each in kept if each.track is Track.LIVE}
    assert days == {364, 366}


def test_in_a_total_outage_the_first_breach_is_the_earliest_due_time() -> None:
    lookout = Lookout()
    lookout.accept(1)
    lookout.house.pass_time(600)
    lookout.accept(2)
    lookout.set_breaker(BreakerState.OPEN)
    found = lookout.live()
    assert (found.first_breach_at, found.misses, found.done_at) == (START + timedelta(hours=12), 3, None)
    assert found.assumptions[0] is Assumption.STAYS_DOWN


def test_a_destination_that_was_never_tried_is_believed_to_bear_what_is_set() -> None:
    lookout = Lookout()
    lookout.accept(4)
    assert lookout.live().done_at == START + timedelta(seconds=2)


def test_counts_tell_what_came_and_what_was_finished_since_the_last_one() -> None:
    lookout = Lookout()
    lookout.accept(3)
    lookout.count(0)
    lookout.house.deliver(REGISTRY)
    lookout.accept(2)
    lookout.count(1)
    assert [(each.seconds, each.enqueued, each.finished, each.unfinished) for each in lookout.samples()] == [
        (0.0, 0, 0, 3),
        (60.0, 2, 1, 4),
    ]


def test_a_minute_is_counted_once_however_many_processes_count() -> None:
    lookout = Lookout()
    lookout.accept(1)
    for minute in (0, 0.2, 0.9, 1):
        lookout.count(minute)
    assert [each.at for each in lookout.samples()] == [START, START + timedelta(minutes=1)]


def test_old_counts_are_cleared_away() -> None:
    lookout = Lookout()
    lookout.count(0)
    lookout.count(7 * 24 * 60 + 1)
    assert len(lookout.samples()) == 1


def test_an_announced_closure_is_waited_for() -> None:
    closed = Once(START - HOUR, START + HOUR)
    lookout = Lookout(Announced(maintenance=(closed,)))
    lookout.accept(4)
    assert lookout.live().done_at == START + HOUR + timedelta(seconds=2)
    assert Assumption.CLOSED_FOR_MAINTENANCE in lookout.live().assumptions


def test_standing_still_during_maintenance_does_not_count_as_slow() -> None:
    lookout = Lookout(Announced(maintenance=(Once(START - HOUR, START + HOUR),)))
    lookout.accept(4)
    for minute in range(5):
        lookout.count(minute)
    found = lookout.live()
    assert (found.assumptions[0], found.misses) == (Assumption.DRAIN_AT_LEAST, 0)


def test_no_more_is_expected_than_the_rate_that_is_set() -> None:
    lookout = Lookout(Announced(rate_per_second=0.5))
    lookout.accept(4)
    assert lookout.live().done_at == START + timedelta(seconds=8)


def test_a_forecast_is_kept_now_and_then_and_its_error_is_found_out() -> None:
    lookout = Lookout()
    lookout.accept(1)
    lookout.set_breaker(BreakerState.OPEN)
    lookout.count(0)
    lookout.count(1)
    lookout.set_breaker(BreakerState.CLOSED)
    lookout.house.deliver(REGISTRY)
    lookout.count(30)
    (outlook,) = (
        each
        for each in lookout.forecaster.outlooks()
        if each.forecast.lane == LANE and each.forecast.track is Track.LIVE
    )
    assert (outlook.error.forecasts, outlook.error.averted) == (1, 1)


def test_only_the_first_count_of_ten_minutes_keeps_a_forecast() -> None:
    lookout = Lookout()
    lookout.accept(1)
    lookout.set_breaker(BreakerState.OPEN)
    made: list[int] = []
    for minute in range(0, 25, 4):
        lookout.count(minute)
        with lookout.house.database.read() as transaction:
            made.append(len([each for each in lookout.kept.list_open(transaction) if each.lane == LANE]))
    assert made == [1, 1, 1, 2, 2, 3, 3]


def test_the_minute_foreseen_and_the_minute_that_came_are_compared() -> None:
    lookout = Lookout()
    lookout.accept(1)
    lookout.set_breaker(BreakerState.OPEN)
    lookout.count(0)
    lookout.count(12 * 60 + 5)
    lookout.set_breaker(BreakerState.CLOSED)
    lookout.house.deliver(REGISTRY)
    lookout.count(12 * 60 + 6)
    (error,) = {each.error for each in lookout.forecaster.outlooks() if each.forecast.lane == LANE} - {
        each.error for each in lookout.forecaster.outlooks() if each.forecast.track is Track.BULK
    }
    assert (error.breach_minutes, error.averted, error.unforeseen) == (0.0, 0, 0)
