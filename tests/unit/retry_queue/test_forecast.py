"""What a forecast says of lanes that can be checked in the head."""

from datetime import timedelta

from retry_queue.forecast import Assumption, Conditions, Forecast, forecast_lane
from retry_queue.job import Track
from retry_queue.profile import DueCount
from retry_queue.states import State
from tests.support.forecasts import LEDGER, NOW, conditions, due, later

HOUR = 3_600


def _both(*standing: DueCount, given: Conditions) -> tuple[Forecast, Forecast]:
    live, bulk = forecast_lane(LEDGER, standing, given)
    return live, bulk


def _live(*standing: DueCount, given: Conditions) -> Forecast:
    return _both(*standing, given=given)[0]


def test_an_empty_lane_is_done_now_and_breaks_nothing() -> None:
    found = _live(given=conditions(1.0))
    assert (found.waiting, found.misses, found.first_breach_at, found.done_at) == (0, 0, None, NOW)


def test_while_nothing_drains_the_first_breach_is_the_earliest_due() -> None:
    standing = (due(9 * HOUR, 3), due(2 * HOUR, 1), due(5 * HOUR, 2))
    found = _live(*standing, given=conditions(0.0, basis=Assumption.STAYS_DOWN))
    assert (found.first_breach_at, found.misses, found.done_at) == (later(2 * HOUR), 6, None)
    assert found.assumptions == (Assumption.STAYS_DOWN,)


def test_what_is_overdue_already_is_counted_apart() -> None:
    found = _live(due(-60, 4), due(HOUR, 2), given=conditions(0.0))
    assert (found.waiting, found.breached, found.misses) == (6, 4, 2)
    assert found.first_breach_at == later(HOUR)


def test_a_job_due_this_very_instant_can_no_longer_make_it() -> None:
    found = _live(due(0), given=conditions(1.0))
    assert (found.breached, found.misses, found.first_breach_at) == (0, 1, NOW)
    assert found.done_at == later(1)


def test_a_backlog_is_done_when_its_last_job_is() -> None:
    found = _live(due(HOUR, 600), given=conditions(0.5))
    assert (found.misses, found.done_at) == (0, later(1_200))


def test_more_than_can_be_done_by_the_due_time_will_miss() -> None:
    found = _live(due(100, 150), due(1_000, 10), given=conditions(1.0))
    assert (found.misses, found.first_breach_at, found.done_at) == (50, later(100), later(160))


def test_what_can_still_be_saved_goes_before_what_is_lost() -> None:
    found = _live(due(-10, 100), due(10, 10), given=conditions(1.0))
    assert (found.breached, found.misses, found.done_at) == (100, 0, later(110))


def test_bulk_gives_way_to_live_and_waits_for_it() -> None:
    standing = (due(100, 100), due(150, 50, track=Track.BULK), due(160, 50, track=Track.BULK))
    live, bulk = _both(*standing, given=conditions(1.0))
    assert (live.misses, live.done_at) == (0, later(100))
    assert (bulk.misses, bulk.first_breach_at, bulk.done_at) == (40, later(160), later(200))


def test_nothing_is_done_while_the_destination_is_closed() -> None:
    found = _live(due(HOUR, 100), given=conditions(1.0, closed=[(-20, -10), (-5, 50), (100, 350)]))
    assert (found.misses, found.done_at) == (0, later(400))
    assert Assumption.CLOSED_FOR_MAINTENANCE in found.assumptions


def test_a_window_that_covers_the_due_time_is_a_breach_foreseen() -> None:
    found = _live(due(300, 100), given=conditions(1.0, closed=[(50, 350)]))
    assert (found.misses, found.first_breach_at) == (50, later(300))


def test_arrivals_put_off_the_end_but_not_the_jobs_that_are_due_before_them() -> None:
    quiet = _live(due(HOUR, 600), given=conditions(1.0))
    lively = _live(due(HOUR, 600), given=conditions(1.0, arrivals={Track.LIVE: 0.5}))
    assert quiet.done_at is not None
    assert lively.done_at is not None
    assert quiet.done_at < lively.done_at <= later(1_320)
    assert (lively.misses, lively.misses_to_come) == (0, 0)


def test_when_more_arrives_than_drains_the_jobs_to_come_are_foreseen_to_miss() -> None:
    found = _live(given=conditions(1.0, arrivals={Track.LIVE: 2.0}, promise=timedelta(hours=1)))
    assert (found.misses, found.done_at) == (0, NOW)
    assert found.misses_to_come > 0
    assert found.first_breach_at is not None
    assert found.first_breach_at > later(HOUR)


def test_held_jobs_are_counted_apart_with_the_next_due_time_among_them() -> None:
    held = (due(-5, 1, state=State.HELD), due(700, 2, state=State.HELD))
    found = _live(*held, due(900, 1, state=State.DEFERRED), given=conditions(1.0))
    assert (found.waiting, found.held, found.held_first_due_at) == (1, 3, later(700))
    assert Assumption.HELD_WAIT in found.assumptions


def test_what_is_due_after_the_horizon_is_not_spoken_of() -> None:
    found = _live(due(30 * HOUR, 5), given=conditions(0.0))
    assert (found.waiting, found.misses, found.first_breach_at) == (5, 0, None)
    assert found.until == later(24 * HOUR)
