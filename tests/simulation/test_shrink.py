"""Cutting down: what is left still fails, and nothing of it can be left out."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from retry_queue.proof.shrink import fewer, shrink

Parts = tuple[int, ...]


def _cuts(parts: Parts) -> Iterator[Parts]:
    return fewer(parts)


@given(st.sets(st.integers(0, 60), min_size=1, max_size=3))
def test_only_what_makes_it_fail_is_left(guilty: set[int]) -> None:
    small = shrink(tuple(range(61)), lambda parts: guilty <= set(parts), [_cuts], tries_max=2000)
    assert set(small) == guilty


def test_tries_are_limited() -> None:
    tried: list[Parts] = []

    def fails(parts: Parts) -> bool:
        tried.append(parts)
        return False

    whole: Parts = (1, 2, 3, 4)
    assert shrink(whole, fails, [_cuts], tries_max=3) == whole
    assert len(tried) == 3
