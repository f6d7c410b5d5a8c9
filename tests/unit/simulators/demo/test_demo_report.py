import re
from io import StringIO

from rich.console import Console

from simulators.demo.report import print_report
from simulators.demo.verdict import Verdict
from tests.support.demo_journals import good_scenes


def _printed(verdict: Verdict) -> str:
    console = Console(file=StringIO(), width=140)
    print_report(console, verdict, good_scenes().case.settings, 42.4)
    return console.file.getvalue() if isinstance(console.file, StringIO) else ""


def test_a_good_run_prints_its_counts_and_the_factor() -> None:
    text = _printed(good_scenes().judge())
    assert "PASSED after 42 s" in text
    assert "divided by 360" in text
    assert "suspected_duplicate" in text
    assert re.search(r"guardianship_change\W+1\W+2 of 2\W+2 of 2\W+1 of 1", text)
    assert "DISAGREES" not in text


def test_a_bad_run_prints_what_disagrees() -> None:
    scenes = good_scenes()
    scenes.records["one_stop"].clear()
    text = _printed(scenes.judge())
    assert "DISAGREES: " in text
    assert "FAILED: " in text
    assert " more\n" in text
