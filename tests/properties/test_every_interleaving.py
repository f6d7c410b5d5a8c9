"""The model of the queue, made from its own moves, checked in every state it can reach."""

from dataclasses import replace

import pytest

from retry_queue.model_check.__main__ import MODEL
from retry_queue.model_check.model import NO_FLAWS, WORLDS, World, text
from retry_queue.states import TRANSITIONS

checker = pytest.importorskip(
    "retry_queue.model_check.checker",
    reason="LOUDLY: the model checker has no wheel for this machine, the model was NOT checked",
    exc_type=ModuleNotFoundError,
)
SAFE, LATE_BOOKS, _ = WORLDS


def test_the_model_beside_the_code_is_the_one_the_code_makes() -> None:
    assert MODEL.read_text() == text(), "run: python -m retry_queue.model_check --write"


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_every_promise_holds_in_every_state(world: World) -> None:
    found = checker.check(text(), world)
    assert not found.broken
    assert not found.dead_ends
    assert found.states > 1000, "a model this small leaves something out"


def test_every_arrow_of_the_state_table_is_taken_and_no_other() -> None:
    taken = checker.arrows_taken(text(), LATE_BOOKS)
    assert taken == {(arrow.before, arrow.after) for arrow in TRANSITIONS}


@pytest.mark.parametrize(
    ("flaw", "world", "promise"),
    [
        ("no_fence", LATE_BOOKS, "twice"),
        ("blind_retry", SAFE, "twice"),
        ("early_follower", SAFE, "disorder"),
        ("late_announcement", SAFE, "twice"),
        ("cancel_anything", SAFE, "withdrawn"),
    ],
)
def test_a_planted_bug_is_found_with_the_way_to_it(flaw: str, world: World, promise: str) -> None:
    found = checker.check(text(replace(NO_FLAWS, **{flaw: True})), world)
    assert promise in found.broken
    assert found.broken[promise], "the way there"


def test_a_missing_arrow_is_a_dead_end() -> None:
    lines = text().splitlines()
    without = "\n".join(line for line in lines if not line.strip().startswith("[time_came_a]"))
    assert checker.check(without, SAFE).dead_ends
