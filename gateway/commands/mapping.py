"""`hotich-gateway mapping …`: is every message complete, what does each field mean, what would change."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from gateway.commands.mapping_diff import diff
from gateway.commands.output import AsJson, console, fail, print_json, print_table
from mappings.catalog import Catalog, UnknownMessage, load_catalog
from mappings.catalog import check as check_mappings
from mappings.explanation import Line, explain
from mappings.message import Message

app = typer.Typer(
    no_args_is_help=True,
    help="Look at the mappings: which field becomes which, what is missing, what another release changes.",
)
app.command(
    epilog="Example: hotich-gateway mapping diff --since /srv/hotich/1.2/mappings --events examples/events"
)(diff)


@app.command(epilog="Example: hotich-gateway mapping check --json")
def check(*, as_json: AsJson = False) -> None:
    """Every event type, destination, generation and message, complete or not; status 1 if not."""
    report = check_mappings()
    rows = [
        {
            "event_type": row.event_type,
            "destination": row.destination,
            "generation": row.generation,
            "message": row.message,
            "complete": row.is_complete,
            "problems": list(row.problems),
            "note": row.note,
        }
        for row in report
    ]
    if as_json:
        print_json(rows)
    else:
        columns = ("event_type", "destination", "generation", "message", "complete", "problems", "note")
        print_table("Mappings", columns, ([_text(row[column]) for column in columns] for row in rows))
    if not all(row["complete"] for row in rows):
        raise typer.Exit(1)


@app.command(epilog="Example: hotich-gateway mapping show birth national_registry --generation 1")
def show(
    event_type: Annotated[str, typer.Argument(help="Type of event, e.g. birth.")],
    destination: Annotated[str, typer.Argument(help="national_registry, population_db or one_stop.")],
    message: Annotated[str | None, typer.Option(help="Only this message.")] = None,
    generation: Annotated[str | None, typer.Option(help="Only this generation of the interface.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Each field of the messages: source, rule in Vietnamese and English, required, mark, note, sample."""
    found = list(_chosen(load_catalog(), event_type, destination, message, generation))
    if as_json:
        print_json([_message_values(each) for each in found])
        return
    for each in found:
        _print_message(each)


def _chosen(
    catalog: Catalog, event_type: str, destination: str, message: str | None, generation: str | None
) -> Iterator[Message]:
    wanted = [
        (name, spoken)
        for name, spoken in catalog.versions(event_type, destination)
        if message in {None, name} and generation in {None, spoken}
    ]
    if not wanted:
        missing = UnknownMessage(event_type, destination, message or "*", generation or "*")
        fail(
            f"{missing}: no such message; `hotich-gateway mapping check` lists all."
            " (Không có gói tin này; `hotich-gateway mapping check` liệt kê tất cả.)"
        )
    for name, spoken in wanted:
        yield catalog.get(event_type, destination, name, spoken)


def _message_values(message: Message) -> Mapping[str, Any]:
    return {
        "event_type": message.event_type,
        "destination": message.destination,
        "message": message.name,
        "generation": message.generation,
        "operation": message.operation,
        "request_scope": message.request_scope,
        "mark": message.mark,
        "note": message.note,
        "fields": [_line_values(line) for line in explain(message)],
    }


def _line_values(line: Line) -> Mapping[str, Any]:
    return {
        "target": line.target,
        "source": line.source,
        "rule": line.rule,
        "rule_vi": line.described.vietnamese,
        "rule_en": line.described.english,
        "required": line.is_required,
        "when_missing": line.when_missing,
        "mark": line.mark,
        "note": line.note,
        "sample": line.sample,
    }


def _print_message(message: Message) -> None:
    title = (
        f"{message.destination} / {message.event_type} / {message.name}, generation {message.generation}: "
        f"{message.operation} [{message.mark}]"
    )
    table = Table(title=title, title_justify="left")
    for column in ("field", "from", "rule", "required", "mark", "sample", "note"):
        table.add_column(column, overflow="fold")
    for line in explain(message):
        rule = "\n".join(
            part for part in (line.rule, line.described.vietnamese, line.described.english) if part
        )
        required = "yes" if line.is_required else line.when_missing
        cells = (line.target, line.source, rule, required, line.mark, line.sample, line.note)
        table.add_row(*(cell.replace("[", "\\[") for cell in cells))
    console().print(table)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return "\n".join(value) if isinstance(value, list) else str(value)
