"""Runs the model checker Storm over every state, and tells the way to whatever must not be seen."""

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import stormpy

from retry_queue.model_check.commands import JOBS, STATES
from retry_queue.model_check.model import World
from retry_queue.states import State


@dataclass(frozen=True, slots=True)
class Found:
    """What the checker says of one world."""

    world: World
    states: int
    transitions: int
    broken: dict[str, tuple[str, ...]]
    """Name of a property that does not hold -> the shortest way there, a step a line."""
    dead_ends: tuple[str, ...]
    """The way to a state from which nothing can settle any more; empty when there is none."""

    @property
    def holds(self) -> bool:
        """Nothing that must not be seen can be seen."""
        return not self.broken and not self.dead_ends


def check(model_text: str, world: World) -> Found:
    """All states of one world: reachability of each broken promise, and of an end from everywhere."""
    model = _build(model_text, world)
    first = model.initial_states[0]
    seen = [name for name in world.broken if _reaching(model, name).get_value(first) > 0]
    settles = _reaching(model, "settled")
    stuck = {state for state in range(model.nr_states) if settles.get_value(state) < 1}
    ways = _Ways(model) if seen or stuck else None
    return Found(
        world=world,
        states=model.nr_states,
        transitions=model.nr_transitions,
        broken={name: ways.to(set(model.labeling.get_states(name))) for name in seen}
        if ways is not None
        else {},
        dead_ends=ways.to(stuck) if ways is not None and stuck else (),
    )


def arrows_taken(model_text: str, world: World) -> frozenset[tuple[State, State]]:
    """Every change of a job's state that some step makes somewhere in the world."""
    model = _build(model_text, world)
    valuations = model.state_valuations
    variables = [each for each in valuations.get_all_variables() if each.name in JOBS]
    matrix = model.transition_matrix
    of_job = [list(valuations.get_int64_values(variable)) for variable in variables]
    changes = {
        (each[before], each[entry.column])
        for before in range(model.nr_states)
        for row in range(matrix.get_row_group_start(before), matrix.get_row_group_end(before))
        for entry in matrix.get_row(row)
        for each in of_job
    }
    return frozenset((STATES[before], STATES[after]) for before, after in changes if before != after)


def _build(model_text: str, world: World) -> Any:  # noqa: ANN401 - Storm's models carry no types of their own
    with TemporaryDirectory() as folder:
        path = Path(folder) / "queue.prism"
        path.write_text(model_text)
        program = stormpy.parse_prism_program(path)
    constants = {"late": world.late, "idempotent": world.idempotent}
    program, _ = stormpy.instantiate_constants(program, constants)
    options = stormpy.BuilderOptions()
    options.set_build_all_labels()
    options.set_build_choice_labels()
    options.set_build_state_valuations()
    return stormpy.build_model(program, options=options)


def _reaching(model: Any, label: str) -> Any:  # noqa: ANN401 - as above
    """From which states some choice of everybody's leads to the label."""
    return stormpy.model_checking(model, stormpy.parse_property(f'Pmax=? [ F "{label}" ]'))


class _Ways:
    """Breadth first through the built states: the shortest way is the easiest to read."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - as above
        self._model = model
        self._came_by: dict[int, tuple[int, str]] = {}
        self._walk()

    def to(self, goals: set[int]) -> tuple[str, ...]:
        """The steps from the beginning to the nearest of the goals."""
        first = self._model.initial_states[0]
        goal = next(state for state in (first, *self._came_by) if state in goals)
        steps: list[str] = []
        while goal != first:
            goal, label = self._came_by[goal]
            steps.append(label)
        return tuple(reversed(steps))

    def _walk(self) -> None:
        matrix, labeling = self._model.transition_matrix, self._model.choice_labeling
        first = self._model.initial_states[0]
        seen, queue = {first}, deque([first])
        while queue:
            state = queue.popleft()
            for row in range(matrix.get_row_group_start(state), matrix.get_row_group_end(state)):
                label = next(iter(labeling.get_labels_of_choice(row)), "")
                for entry in matrix.get_row(row):
                    if entry.column not in seen:
                        seen.add(entry.column)
                        self._came_by[entry.column] = (state, label)
                        queue.append(entry.column)
