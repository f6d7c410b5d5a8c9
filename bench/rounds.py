"""Rounds in turn, so that everybody has the same machine; told is the median, with the extremes beside it."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Rates = Mapping[str, Sequence[float]]
"""By name: one rate a round."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What several rounds came to."""

    median: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """The median with the extremes."""
    return Spread(statistics.median(values), min(values), max(values))


def in_turn(runs: Mapping[str, Callable[[], float]], rounds: int) -> Rates:
    """Every run once, then every run again, as often as there are rounds."""
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            rates[name].append(run())
    return rates


def best_of(rates: Rates, names: Sequence[str]) -> str:
    """The one with the highest median."""
    return max(names, key=lambda name: statistics.median(rates[name]))


def ratio(rates: Rates, name: str, other: str) -> Spread:
    """Round by round, so that a slow moment of the machine hits both."""
    return spread([one / two for one, two in zip(rates[name], rates[other], strict=True)])


def tell_rates(rates: Rates, unit: str) -> None:
    """One line each."""
    for name, values in rates.items():
        found = spread(values)
        print(f"  {name:<58} {found.median:8.0f} {unit} ({found.least:.0f} to {found.most:.0f})")


def tell_ratio(rates: Rates, name: str, other: str) -> None:
    """How much of the other's rate this one reaches."""
    found = ratio(rates, name, other)
    print(f"  {name} / {other}: {found.median:.0%} ({found.least:.0%} to {found.most:.0%})", flush=True)
