"""How long to wait before a process that has ended is started again."""

import pytest

from gateway.bootstrap.deliverers import RESTART_SECONDS_MAX, SETTLED_SECONDS, count_ends, restart_seconds


@pytest.mark.parametrize(
    ("ends_in_row", "seconds"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, RESTART_SECONDS_MAX), (5_000, 60)]
)
def test_each_end_in_a_row_doubles_the_wait_up_to_a_limit(ends_in_row: int, seconds: float) -> None:
    assert restart_seconds(ends_in_row) == seconds


def test_who_has_lived_for_a_while_begins_with_the_shortest_wait_again() -> None:
    assert count_ends(4, SETTLED_SECONDS - 1) == 5
    assert count_ends(4, SETTLED_SECONDS) == 1
