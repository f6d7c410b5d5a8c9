"""Cuts a failing scenario down: fewer jobs, fewer mishaps, shorter outages, as long as it still fails."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

ScenarioT = TypeVar("ScenarioT")
PartT = TypeVar("PartT")

Smaller = Callable[[ScenarioT], Iterator[ScenarioT]]
"""Gives smaller scenarios, the boldest cuts first."""


def shrink(
    scenario: ScenarioT,
    fails: Callable[[ScenarioT], bool],
    smaller: Sequence[Smaller[ScenarioT]],
    tries_max: int = 300,
) -> ScenarioT:
    """The smallest that was found to fail; begins anew after each success, until nothing can be cut."""
    tries = 0
    best = scenario
    while True:
        for cut in smaller:
            found = False
            for candidate in cut(best):
                if tries >= tries_max:
                    return best
                tries += 1
                if fails(candidate):
                    best, found = candidate, True
                    break
            if found:
                break
        else:
            return best


def fewer(parts: Sequence[PartT]) -> Iterator[tuple[PartT, ...]]:
    """Without one half, one quarter and so on, down to single ones (Zeller's ddmin)."""
    size = len(parts)
    while size > 1:
        size = (size + 1) // 2
        for start in range(0, len(parts), size):
            yield (*parts[:start], *parts[start + size :])
    if len(parts) == 1:
        yield ()
