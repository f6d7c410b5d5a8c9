"""How a day of the gateway's world is cut down to what makes it fail."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from bench.simulation.day import Plants, run_day
from bench.simulation.scenario import MINUTE, Scenario
from retry_queue.proof.shrink import fewer, shrink


def smallest(scenario: Scenario, plants: Callable[[], Plants] = Plants, tries_max: int = 300) -> Scenario:
    """Still fails, with as little as possible."""

    def fails(candidate: Scenario) -> bool:
        return not run_day(candidate, plants()).is_good

    cuts = (_fewer_arrivals, _fewer_spells, _fewer_incidents, _fewer_acts, _one_process, _shorter_spells)
    return shrink(scenario, fails, cuts, tries_max)


def _fewer_arrivals(scenario: Scenario) -> Iterator[Scenario]:
    return (replace(scenario, arrivals=arrivals) for arrivals in fewer(scenario.arrivals))


def _fewer_spells(scenario: Scenario) -> Iterator[Scenario]:
    return (replace(scenario, spells=spells) for spells in fewer(scenario.spells))


def _fewer_incidents(scenario: Scenario) -> Iterator[Scenario]:
    return (replace(scenario, incidents=incidents) for incidents in fewer(scenario.incidents))


def _fewer_acts(scenario: Scenario) -> Iterator[Scenario]:
    return (replace(scenario, acts=acts) for acts in fewer(scenario.acts))


def _one_process(scenario: Scenario) -> Iterator[Scenario]:
    if scenario.processes > 1:
        yield replace(scenario, processes=1)


def _shorter_spells(scenario: Scenario) -> Iterator[Scenario]:
    for index, spell in enumerate(scenario.spells):
        if spell.end - spell.start > 2 * MINUTE:
            half = replace(spell, end=spell.start + (spell.end - spell.start) // 2)
            yield replace(scenario, spells=(*scenario.spells[:index], half, *scenario.spells[index + 1 :]))
