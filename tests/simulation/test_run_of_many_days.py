"""The command line: many days side by side, and what is said of a day that fails."""

import re
from pathlib import Path

import pytest

from bench.simulation import __main__ as command
from bench.simulation import cutting
from bench.simulation.day import DayResult, Plants, run_day
from bench.simulation.scenario import Scenario, from_json
from tests.support.planted_bugs import BUGS

BUG = "forgetting a lane"


def _summary(output: str) -> list[str]:
    return [line for line in output.splitlines() if "│" in line and "days a second" not in line]


@pytest.mark.timeout(120)
def test_summary_is_the_same_with_any_number_of_processes(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for processes in (1, 2, 3):
        assert command.main(["--days", "5", "--seed", "7", "--processes", str(processes)]) == 0
        told.append(_summary(capsys.readouterr().out))
    assert told[0] == told[1] == told[2]
    assert len(told[0]) == 12


@pytest.mark.timeout(120)
def test_failing_day_is_named_and_cut_down_to_a_file_that_fails_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def run_with_bug(scenario: Scenario, _plants: Plants | None = None) -> DayResult:
        return run_day(scenario, BUGS[BUG].plant())

    monkeypatch.setattr(command, "run_day", run_with_bug)
    monkeypatch.setattr(cutting, "run_day", run_with_bug)
    arguments = ["--days", "1", "--day", "1", "--seed", "7", "--processes", "1", "--folder", str(tmp_path)]
    assert command.main(arguments) == 1
    output = capsys.readouterr().out
    assert "day 7/province/1: " in output
    assert "nothing lost: " in output
    assert "python -m bench.simulation --days 1 --seed 7 --world province --day 1" in output
    assert re.search(r"cut down to 1 events", output)
    small = from_json((tmp_path / "7-province-1.json").read_text())
    assert len(small.arrivals) == 1
    assert not run_with_bug(small).is_good
    assert run_day(small).is_good
