"""A few simulated days of every kind; `make simulate` runs thousands."""

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from bench.simulation.day import run_day
from bench.simulation.drawing import draw_day
from bench.simulation.plot import picture
from bench.simulation.scenario import Scenario, from_json
from tests.support.source_tree import ROOT

SEED = 7
DAYS = 24


def _small(scenario: Scenario, events: int) -> Scenario:
    return replace(scenario, arrivals=scenario.arrivals[:events])


@pytest.mark.timeout(180)
@pytest.mark.parametrize("first", range(0, DAYS, 6))
def test_days_of_a_province_break_no_promise_and_regret_nothing(first: int) -> None:
    for day in range(first, first + 6):
        scenario = draw_day(SEED, day, "province")
        result = run_day(scenario)
        assert (max(result.batches.announced, default=0) > 1) is scenario.works_together
        assert (result.violations, result.verdict.regret) == ((), 0), f"--seed {SEED} --day {day}"
        assert result.deliveries > result.events > 0


@pytest.mark.timeout(180)
@pytest.mark.parametrize("day", [106, 141, 248])
def test_what_comes_just_before_an_outage_of_the_whole_promise_is_as_late_as_with_the_oracle(
    day: int,
) -> None:
    """Dozens of deliveries within the last half second, most of them in the hands of one process."""
    result = run_day(draw_day(SEED, day, "province"))
    assert result.verdict.missed
    assert (result.violations, result.verdict.regret) == ((), 0)


def test_a_process_whose_clock_was_set_back_sends_nothing_that_another_has_taken_over() -> None:
    """By 72 s, more than a lease: the other one thinks that it has vanished, while its stock lies ready."""
    result = run_day(draw_day(SEED, 5674, "province"))
    assert (result.violations, result.verdict.regret) == ((), 0)


def test_day_of_the_nation_breaks_no_promise() -> None:
    result = run_day(_small(draw_day(SEED, 0, "nation"), 400))
    assert result.is_good


def test_same_day_happens_in_the_same_way_on_sqlite() -> None:
    day = _small(draw_day(SEED, 5, "province"), 25)
    in_memory, on_sqlite = run_day(day), run_day(replace(day, store="sqlite"))
    assert on_sqlite.is_good
    assert (on_sqlite.digest, on_sqlite.happenings) == (in_memory.digest, in_memory.happenings)


def test_same_seed_gives_the_same_day_bit_for_bit_also_in_another_process() -> None:
    here = run_day(draw_day(SEED, 5, "province"))
    again = run_day(draw_day(SEED, 5, "province"))
    assert (here.digest, here.happenings, here.backlog) == (again.digest, again.happenings, again.backlog)
    code = (
        "from bench.simulation.day import run_day; from bench.simulation.drawing import draw_day; "
        f"print(run_day(draw_day({SEED}, 5, 'province')).digest)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT)}
    elsewhere = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment, cwd=ROOT
    )
    assert elsewhere.stdout.strip() == here.digest


def test_other_seed_gives_another_day() -> None:
    assert run_day(draw_day(SEED, 5, "province")).digest != run_day(draw_day(SEED + 1, 5, "province")).digest


def test_written_out_day_can_be_read_and_run_again() -> None:
    day = _small(draw_day(SEED, 5, "province"), 30)
    assert from_json(day.to_json()) == day
    assert run_day(from_json(day.to_json())).digest == run_day(day).digest


def test_bad_day_in_the_docs_is_as_it_was_drawn() -> None:
    """Drawn anew by: python -m bench.simulation --seed 7 --day 3 --plot docs/explanation/bad-day.svg."""
    late = re.compile(r"\d+ events|\d+ late")
    day = draw_day(SEED, 3, "province")
    drawn = (ROOT / "docs/explanation/bad-day.svg").read_text()
    assert late.findall(picture(day, run_day(day))) == late.findall(drawn)


def test_picture_shows_every_destination_and_is_the_same_each_time() -> None:
    day = _small(draw_day(SEED, 3, "province"), 60)
    drawn = picture(day, run_day(day))
    assert drawn.count("<polyline") == 3
    assert drawn == picture(day, run_day(day))
