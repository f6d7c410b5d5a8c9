"""How the command loads, seen in a process of its own."""

import subprocess
import sys

from tests.support.served import SECONDS_MAX
from tests.support.source_tree import ROOT

TOLD = (
    "import gateway.cli, gc; print(gc.isenabled(), gc.get_freeze_count(), gc.get_stats()[2]['collections'])"
)
OBJECTS_OF_MODULES_MIN = 100_000


def test_no_cycles_are_sought_while_the_modules_load_and_they_are_sought_again_afterwards() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOLD],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=True,
    )
    is_enabled, frozen, full_searches = done.stdout.split()
    assert is_enabled == "True"
    assert int(frozen) > OBJECTS_OF_MODULES_MIN
    assert full_searches == "0"
