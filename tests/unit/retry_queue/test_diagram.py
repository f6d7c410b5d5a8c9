"""The drawn states are the real ones."""

from pathlib import Path

import retry_queue
from retry_queue.diagram import mermaid
from retry_queue.states import State

README = Path(retry_queue.__file__).parent / "README.md"


def test_every_state_is_drawn() -> None:
    drawn = mermaid()
    assert all(f" {state.value}" in drawn for state in State)


def test_picture_in_the_readme_is_that_of_the_table() -> None:
    assert f"```mermaid\n{mermaid()}\n```" in README.read_text(encoding="utf-8")
