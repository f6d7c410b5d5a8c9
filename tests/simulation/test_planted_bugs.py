"""A proof that finds nothing must be shown able to find something: each planted bug makes some day fail."""

import pytest

from bench.simulation.cutting import smallest
from bench.simulation.day import DayResult, run_day
from bench.simulation.drawing import draw_day
from tests.support.planted_bugs import BUGS

SEED = 7
DAYS_MAX = 30


def _broken(result: DayResult) -> set[str]:
    found = {violation.promise for violation in result.violations}
    return found | ({"regret"} if result.verdict.regret > 0 else set())


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", BUGS)
def test_planted_bug_is_found(name: str) -> None:
    bug = BUGS[name]
    days = (draw_day(SEED, day, "province") for day in range(bug.first_day, bug.first_day + DAYS_MAX))
    assert any(_broken(run_day(day, bug.plant())) & bug.promises for day in days)


@pytest.mark.timeout(120)
def test_failing_day_is_cut_down_to_little_and_still_fails() -> None:
    plant = BUGS["forgetting a lane"].plant
    small = smallest(draw_day(SEED, 1, "province"), plant, tries_max=60)
    assert (len(small.arrivals), small.spells, small.incidents, small.acts) == (1, (), (), ())
    assert not run_day(small, plant()).is_good
    assert run_day(small).is_good
