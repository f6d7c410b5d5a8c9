"""What holds for every test: no network but loopback, a time limit, repeatable randomness."""

import gc
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.postgres"]

TESTS = Path(__file__).parent

# A guard against hanging, far above what a test needs even on a busy machine; never a measure of speed.
SECONDS_BY_FOLDER = {"unit": 30, "architecture": 120, "properties": 240, "acceptance": 240}

# Cycles are sought after so many new objects, not after 700: an application of its own in a test makes many.
OBJECTS_BEFORE_CYCLES_ARE_SOUGHT = 20_000

# Examples have no time limit of their own: a slow machine must not make a property false.
settings.register_profile("local", deadline=None, print_blob=True)
# In CI the same examples every time, so that a red run can be repeated.
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: without this every full search for cycles walks through them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_CYCLES_ARE_SOUGHT)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Gives each test what its folder promises: `unit` opens no socket, `acceptance` runs alone."""
    for item in items:
        if not item.path.is_relative_to(TESTS):
            continue
        folder = item.path.relative_to(TESTS).parts[0]
        if folder == "unit":
            item.add_marker(pytest.mark.disable_socket)
        if folder == "acceptance":
            item.add_marker(pytest.mark.acceptance)
        seconds = SECONDS_BY_FOLDER.get(folder)
        if seconds is not None and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(seconds))
