"""How commands speak: tables for people, JSON for programs, errors on standard error."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.errors import GatewayError

complaints = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def console() -> Console:
    """Where answers go; made when needed, because the width may change between two commands."""
    return Console()


def say(line: str) -> None:
    """One line for people; nothing in it is read as markup."""
    console().print(line, markup=False, highlight=False)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as wide as the terminal allows; texts are never read as markup."""
    table = Table(title=title)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console().print(table)


def print_facts(title: str, facts: Mapping[str, Any]) -> None:
    """Name and value, one a line."""
    print_table(title, ("what", "value"), facts.items())


def fail(error: GatewayError | str, exit_code: int = 1) -> NoReturn:
    """Say what is wrong and end with a status that scripts can see."""
    if isinstance(error, GatewayError):
        _complain(f"{type(error).__name__}: {error.__doc__}", "bold red")
        for name, value in error.details.items():
            for line in value if isinstance(value, list) else [value]:
                _complain(f"  {name}: {line}")
    else:
        _complain(error, "red")
    raise typer.Exit(exit_code)


def _complain(text: str, style: str | None = None) -> None:
    """One line stays one line, so that it can be searched for and copied."""
    complaints.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _cell(value: object) -> Text:
    return Text("" if value is None else str(value))
