from datetime import UTC, datetime
from random import Random

import pytest

from simulators.local_registry.books import VIETNAM, Books, answer_due
from simulators.local_registry.places import communes_of

UNITS = communes_of("08", datetime(2026, 11, 22, tzinfo=UTC).date())


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("taken", "due"),
    [
        ("2026-11-23T08:00", "2026-11-23T17:00"),
        ("2026-11-23T14:59", "2026-11-23T17:00"),
        ("2026-11-23T15:00", "2026-11-24T17:00"),
        ("2026-11-27T16:00", "2026-11-30T17:00"),
        ("2026-11-21T09:00", "2026-11-23T17:00"),
    ],
)
def test_an_answer_is_due_the_same_day_or_the_next_working_day(taken: str, due: str) -> None:
    assert answer_due(_local(taken)) == _local(due)


def test_the_book_year_is_that_of_the_clocks_in_viet_nam() -> None:
    books = Books(Random(1), tuple(unit.code for unit in UNITS))
    last = books.enter(UNITS[0], "KS", datetime(2026, 12, 31, 16, 59, tzinfo=UTC))
    first = books.enter(UNITS[0], "KS", datetime(2026, 12, 31, 17, 1, tzinfo=UTC))
    assert (last.year, first.year) == (2026, 2027)
    assert last.source_event_id != first.source_event_id


def test_numbers_of_one_book_follow_each_other_and_books_do_not_share_them() -> None:
    books = Books(Random(1), tuple(unit.code for unit in UNITS))
    moment = datetime(2026, 11, 22, 3, tzinfo=UTC)
    births = [books.enter(UNITS[0], "KS", moment).number for _ in range(3)]
    death = books.enter(UNITS[0], "KT", moment).number
    assert births == [births[0], births[0] + 1, births[0] + 2]
    assert death != births[-1] + 1


def test_dossier_codes_count_up_per_unit_and_day() -> None:
    books = Books(Random(1), tuple(unit.code for unit in UNITS))
    entries = [
        books.enter(unit, "KS", datetime(2026, 11, 22, 3, tzinfo=UTC))
        for unit in (UNITS[0], UNITS[0], UNITS[5])
    ]
    codes = [books.dossier(entry, "2.000986", is_linked=True) for entry in entries]
    assert [each["code"] for each in codes] == [
        "H08.101-261122-0001",
        "H08.101-261122-0002",
        "H08.106-261122-0001",
    ]
    assert len({each["linked_code"] for each in codes}) == 3
