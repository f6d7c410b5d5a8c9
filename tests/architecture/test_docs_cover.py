"""Whatever a person can set, meet or call is written down in docs/reference; found by asking the code."""

import re
from collections.abc import Iterator, Mapping

import pytest
import typer
from pydantic import BaseModel
from typer.main import get_command

from gateway.cli import app
from gateway.error_codes import CATALOGUE
from gateway.settings import Settings
from mappings.canonical import EVENT_TYPES
from retry_queue.states import State
from tests.support.source_tree import texts_under

SETTINGS_PREFIX = "HOTICH_"


def _reference() -> str:
    pages = texts_under("docs/reference")
    assert pages, "docs/reference is empty"
    return "\n".join(text for name, text in pages.items() if name.endswith(".md"))


def _is_named(word: str, text: str) -> bool:
    # Whole words only: `queue list` does not document `queue`, nor HOTICH_A__B the setting HOTICH_A.
    return re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", text) is not None


def _missing(words: set[str]) -> set[str]:
    assert words
    text = _reference()
    return {word for word in words if not _is_named(word, text)}


def _sections(annotation: object) -> Iterator[type[BaseModel]]:
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            yield candidate


def _settings(section: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, field in section.model_fields.items():
        nested = list(_sections(field.annotation))
        for inner in nested:
            yield from _settings(inner, (*path, name))
        if not nested:
            yield (*path, name), field.description or ""


def _commands(command: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    inner: Mapping[str, object] = getattr(command, "commands", {})
    if not inner:
        yield " ".join(path)
    for name, each in inner.items():
        yield from _commands(each, (*path, name))


def test_every_setting_is_documented() -> None:
    names = {SETTINGS_PREFIX + "__".join(path).upper() for path, _ in _settings(Settings)}
    assert _missing(names) == set()


def test_every_setting_says_what_it_means() -> None:
    assert {".".join(path) for path, description in _settings(Settings) if not description} == set()


def test_every_number_of_a_setting_has_its_unit_in_its_name() -> None:
    times = re.compile(r"\b(seconds|milliseconds|minutes|hours|days|bytes)\b")
    unnamed = {
        ".".join(path)
        for path, description in _settings(Settings)
        if (unit := times.search(description)) is not None
        and description.rstrip(".").endswith((f"in {unit.group()}",))
        and unit.group() not in path[-1]
    }
    assert unnamed == set()


def test_every_error_code_is_documented() -> None:
    assert _missing(set(CATALOGUE)) == set()


def test_every_state_is_documented() -> None:
    assert _missing({f"`{state.value}`" for state in State}) == set()


def test_every_event_type_is_documented() -> None:
    assert _missing({f"`{name}`" for name in EVENT_TYPES}) == set()


def test_every_command_is_documented() -> None:
    assert _missing({f"hotich-gateway {name}" for name in _commands(get_command(app))}) == set()


@pytest.mark.parametrize(
    ("word", "text", "named"),
    [
        ("HOTICH_PORT", "set HOTICH_PORT to 0", True),
        ("HOTICH_PORT", "set HOTICH_PORT_MAX to 0", False),
        ("hotich-gateway queue list", "run `hotich-gateway queue list --json`", True),
        ("hotich-gateway serve", "run `hotich-gateway serve-all`", False),
        ("`held`", "the state `held` waits", True),
        ("`held`", "a withheld name", False),
    ],
)
def test_only_the_whole_word_counts_as_documented(word: str, text: str, *, named: bool) -> None:
    assert _is_named(word, text) is named


def test_commands_are_found_inside_groups() -> None:
    outer, inner = typer.Typer(), typer.Typer()
    inner.command("list")(lambda: None)
    inner.command("show")(lambda: None)
    outer.command("serve")(lambda: None)
    outer.add_typer(inner, name="queue")
    assert set(_commands(get_command(outer))) == {"serve", "queue list", "queue show"}
