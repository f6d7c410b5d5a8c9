"""What is built at start is not looked through for rubbish again."""

import gc
from collections.abc import Iterator

import pytest

from gateway.bootstrap.memory import settle_memory


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    limits = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*limits)


def test_what_is_there_is_left_alone_and_what_comes_is_still_collected() -> None:
    settle_memory()
    left_alone = gc.get_freeze_count()
    ring: list[object] = []
    ring.append(ring)
    del ring
    assert left_alone > 0
    assert gc.collect() > 0
    assert gc.isenabled()
