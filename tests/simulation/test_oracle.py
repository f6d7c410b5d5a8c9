"""The oracle against trying everything: never too many misses, exact on the grid."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retry_queue.proof.exact import misses_by_orders, misses_by_slots
from retry_queue.proof.oracle import Hand, Stretch, Task, misses, on_time, schedule

pytestmark = pytest.mark.timeout(300)
SERVICE = 10
CREWS = 2


@st.composite
def calendars(draw: st.DrawFn, services: tuple[int, ...] = (SERVICE,), grid: int = SERVICE) -> list[Stretch]:
    """Up to three stretches with outages between them, or none."""
    places = draw(st.integers(1, 2))
    made: list[Stretch] = []
    at = 0
    for _ in range(draw(st.integers(1, 3))):
        at += grid * draw(st.integers(0, 2))
        end = at + grid * draw(st.integers(1, 3))
        made.append(Stretch(at, end, draw(st.sampled_from(services)), places))
        at = end
    return made


def tasks(grid: int, most: int) -> st.SearchStrategy[list[Task]]:
    times = st.tuples(st.integers(0, 9 * SERVICE // grid), st.integers(0, 10 * SERVICE // grid))
    return st.lists(times, max_size=most).map(
        lambda pairs: [
            Task(f"task-{number}", grid * release, grid * due) for number, (release, due) in enumerate(pairs)
        ]
    )


def known_tasks(grid: int, most: int) -> st.SearchStrategy[list[Task]]:
    """Each is known to each of two crews from some time on, and until that crew is gone."""
    spans = st.tuples(st.integers(0, 9 * SERVICE // grid), st.integers(0, 9 * SERVICE // grid))
    hands = st.tuples(*[spans] * CREWS).map(
        lambda pairs: tuple(
            Hand(crew, grid * start, grid * (start + length)) for crew, (start, length) in enumerate(pairs)
        )
    )
    return tasks(grid, most).flatmap(
        lambda made: st.tuples(*[hands] * len(made)).map(
            lambda known: [replace(task, by=by) for task, by in zip(made, known, strict=True)]
        )
    )


@settings(max_examples=400, deadline=None)
@given(known_tasks(SERVICE, 6), calendars(), st.integers(1, 2))
def test_on_the_grid_the_oracle_is_exact_where_not_everybody_knows_everything(
    jobs: list[Task], calendar: list[Stretch], threads: int
) -> None:
    assert misses(jobs, calendar, threads) == misses_by_slots(jobs, calendar, threads=threads)


@settings(max_examples=200, deadline=None)
@given(known_tasks(1, 3), calendars(services=(3, 7, SERVICE, 20), grid=1), st.integers(1, 2))
def test_off_the_grid_whoever_knows_what_the_oracle_never_claims_more_misses_than_possible(
    jobs: list[Task], calendar: list[Stretch], threads: int
) -> None:
    possible = misses_by_orders(jobs, calendar, threads)
    assert misses(jobs, calendar, threads) <= possible
    assert len(jobs) - len(schedule(jobs, calendar, threads, from_the_end=True)) <= possible


@settings(max_examples=300, deadline=None)
@given(known_tasks(SERVICE, 8), calendars(), st.integers(1, 2), st.sets(st.integers(0, 7)))
def test_of_the_greatest_sets_it_is_one_with_most_of_the_preferred(
    jobs: list[Task], calendar: list[Stretch], threads: int, chosen: set[int]
) -> None:
    liked = [job for number, job in enumerate(jobs) if number in chosen]
    names = {job.name for job in liked}
    found = on_time(jobs, calendar, threads, sorted(names))
    assert len(jobs) - len(found) == misses(jobs, calendar, threads)
    assert len(liked) - len(found & names) == misses(liked, calendar, threads)


@settings(max_examples=300, deadline=None)
@given(
    known_tasks(SERVICE, 8),
    calendars(),
    st.integers(1, 2),
    st.sets(st.integers(0, 7)),
    st.sets(st.integers(0, 7)),
)
def test_who_is_credited_goes_before_others_and_after_the_preferred(
    jobs: list[Task], calendar: list[Stretch], threads: int, first: set[int], second: set[int]
) -> None:
    liked = [job for number, job in enumerate(jobs) if number in first]
    credited = [job for number, job in enumerate(jobs) if number in second - first]
    others = [job for job in jobs if job not in credited]
    names = sorted(job.name for job in liked)
    found = set(schedule(others, calendar, threads, names, credited=credited))
    for some in (liked, [*liked, *credited], jobs):
        assert len(found & {job.name for job in some}) == len(some) - misses(some, calendar, threads)


@settings(max_examples=200, deadline=None)
@given(known_tasks(SERVICE, 8), calendars(), st.integers(1, 2))
def test_to_know_less_can_only_cost(jobs: list[Task], calendar: list[Stretch], threads: int) -> None:
    anybody = [replace(job, by=None) for job in jobs]
    assert misses(anybody, calendar) <= misses(jobs, calendar, threads)


@settings(max_examples=1500, deadline=None)
@given(tasks(SERVICE, 6), calendars())
def test_on_the_grid_the_oracle_is_exact(jobs: list[Task], calendar: list[Stretch]) -> None:
    assert misses(jobs, calendar) == misses_by_slots(jobs, calendar)


@settings(max_examples=1000, deadline=None)
@given(tasks(1, 4), calendars(services=(3, 7, SERVICE, 20), grid=1))
def test_off_the_grid_the_oracle_never_claims_more_misses_than_possible(
    jobs: list[Task], calendar: list[Stretch]
) -> None:
    possible = misses_by_orders(jobs, calendar)
    assert misses(jobs, calendar) <= possible
    assert len(jobs) - len(schedule(jobs, calendar, from_the_end=True)) <= possible


def test_a_moment_at_the_end_counts_as_a_whole_slot_unless_the_slots_are_cut_from_there() -> None:
    """Two places, open until 22: one may begin at 1 and again at 11, the other at 4 and at 14, too late."""
    jobs = [Task("first", 1, 100), *(Task(name, 4, 100) for name in ("second", "third", "fourth"))]
    calendar = [Stretch(0, 22, SERVICE, 2)]
    assert len(schedule(jobs, calendar)) == 4
    assert len(schedule(jobs, calendar, from_the_end=True)) == 3
    assert misses_by_orders(jobs, calendar) == 1


@settings(max_examples=500, deadline=None)
@given(tasks(SERVICE, 5), calendars(), st.data())
def test_order_within_a_key_can_only_cost(
    jobs: list[Task], calendar: list[Stretch], data: st.DataObject
) -> None:
    after = {
        job.name: frozenset({jobs[data.draw(st.integers(0, number - 1))].name})
        for number, job in enumerate(jobs)
        if number > 0 and data.draw(st.booleans())
    }
    assert misses(jobs, calendar) <= misses_by_slots(jobs, calendar, after)


@settings(max_examples=300, deadline=None)
@given(tasks(1, 6), calendars(services=(7,), grid=1))
def test_nobody_is_chosen_who_cannot_be_in_time(jobs: list[Task], calendar: list[Stretch]) -> None:
    alone = {job.name for job in jobs if misses_by_orders([job], calendar) == 0}
    assert on_time(jobs, calendar) <= alone or any(
        stretch.service != calendar[0].service for stretch in calendar
    )


def test_an_outage_of_the_whole_promise_is_nobodys_fault() -> None:
    jobs = [Task("early", 0, 100), Task("late", 0, 1000)]
    assert on_time(jobs, [Stretch(200, 2000, SERVICE, 1)]) == {"late"}


def test_of_two_that_fit_only_one_after_the_other_both_are_in_time_when_the_earlier_due_goes_first() -> None:
    jobs = [Task("second", 0, 20), Task("first", 0, 10)]
    assert misses(jobs, [Stretch(0, 20, SERVICE, 1)]) == 0


def test_a_job_that_comes_when_the_destination_is_about_to_close_is_too_late() -> None:
    assert misses([Task("job", 12, 1000)], [Stretch(0, 20, SERVICE, 1)]) == 1
    assert misses([Task("job", 10, 1000)], [Stretch(0, 20, SERVICE, 1)]) == 0


def test_what_only_one_crew_knows_of_waits_for_its_threads_though_there_are_places() -> None:
    calendar = [Stretch(0, 10, SERVICE, 2), Stretch(100, 200, SERVICE, 2)]
    alone = (Hand(0, 0, 1000), Hand(1, 50, 1000))
    jobs = [Task("one", 0, 60, alone), Task("other", 0, 60, alone)]
    assert misses(jobs, calendar, threads=2) == 0
    assert misses(jobs, calendar, threads=1) == 1


def test_one_who_can_wait_makes_room_for_one_who_cannot() -> None:
    """Earliest due first takes the only crew that both know; the first can go later, by another one."""
    calendar = [Stretch(0, 20, SERVICE, 1)]
    first = Task("first", 0, 20, (Hand(0, 0, 10), Hand(1, 10, 20)))
    second = Task("second", 0, 30, (Hand(0, 0, 10),))
    assert on_time([first, second], calendar, threads=1) == {"first", "second"}


def test_what_a_crew_began_is_there_though_the_crew_has_gone() -> None:
    task = Task("job", 0, 100, (Hand(0, 0, 1),))
    assert on_time([task], [Stretch(0, 100, SERVICE, 1)], threads=1) == {"job"}
