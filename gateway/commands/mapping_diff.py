"""`hotich-gateway mapping diff`: what another release of the mapping files would change; nothing is sent."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from gateway.commands.context import Context
from gateway.commands.output import AsJson, console, fail, print_json, print_table
from gateway.model.clock import system_clock
from gateway.operations.mapping_changes import ChangeLine, ChangeReport, Tried, report_changes, stored_events
from mappings.canonical import parse_event
from mappings.catalog import Catalog, IncompleteMapping, load_catalog, read_catalog
from mappings.csv_files import TableBroken
from mappings.explanation import shown

FOLDER_HELP = "Folder of mapping files, as in `mappings/` of a release."


def diff(
    since: Annotated[
        Path | None, typer.Option(help=f"An older release, compared with this one. {FOLDER_HELP}")
    ] = None,
    between: Annotated[
        tuple[Path, Path] | None, typer.Option(help=f"Two releases, older first. {FOLDER_HELP}")
    ] = None,
    events: Annotated[
        list[Path] | None,
        typer.Option(help="Event files (JSON) or folders of them, instead of the events in the database."),
    ] = None,
    *,
    values: Annotated[
        bool, typer.Option("--values", help="Show values before and after; they may name people.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Replay events through two versions of the mapping files and show what would change; then status 1."""
    if (since is None) is (between is None):
        fail(
            "Give either --since FOLDER or --between OLD NEW."
            " (Hãy cho --since THƯ-MỤC hoặc --between CŨ MỚI.)",
            exit_code=2,
        )
    before = _catalog(since or (between[0] if between else Path()))
    after = load_catalog() if between is None else _catalog(between[1])
    report = _report(events, before, after)
    if as_json:
        print_json(_report_values(report, values=values))
    else:
        _print_report(report, values=values)
    if report.lines:
        raise typer.Exit(1)


def _catalog(folder: Path) -> Catalog:
    try:
        return read_catalog(folder, must_be_whole=False)
    except (IncompleteMapping, TableBroken, OSError) as error:
        fail(f"{folder}: not a folder of mapping files that can be read: {error}", exit_code=2)


def _report(files: list[Path] | None, before: Catalog, after: Catalog) -> ChangeReport:
    if files:
        return report_changes(_from_files(files), before, after, system_clock())
    context = Context.from_environment()
    with context.stores() as stores:
        tried = stored_events(stores.database, stores.events, stores.deliveries)
        return report_changes(tried, before, after, context.clock())


def _from_files(paths: list[Path]) -> Iterator[Tried]:
    for path in paths:
        for file in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
            try:
                event = parse_event(json.loads(file.read_text(encoding="utf-8")))
            except (OSError, ValueError) as error:
                # What pydantic says of a field may quote it: only how many faults there are is told.
                count = f" ({error.error_count()} faults)" if isinstance(error, ValidationError) else ""
                fail(f"{file}: no event that can be read{count}.", exit_code=2)
            yield Tried(file.name, event, {})


def _print_report(report: ChangeReport, *, values: bool) -> None:
    columns = ("event_type", "destination", "message", "change", "field", "field change", "events", "example")
    shown_columns = (*columns, "before", "after") if values else columns
    rows = (_row(line, values=values) for line in report.lines)
    print_table("What would change", shown_columns, rows)
    console().print(
        f"{report.events_changed} of {report.events} events would be sent otherwise; nothing was sent.",
        highlight=False,
    )


def _row(line: ChangeLine, *, values: bool) -> list[str]:
    found = line.difference
    row = [
        found.event_type,
        found.destination,
        f"{found.message} ({found.generation})",
        str(found.change),
        line.field.path if line.field else "",
        str(line.field.change) if line.field else "",
        str(line.events),
        line.example,
    ]
    if values:
        row += [shown(line.field.before), shown(line.field.after)] if line.field else ["", ""]
    return row


def _report_values(report: ChangeReport, *, values: bool) -> Mapping[str, Any]:
    return {
        "events": report.events,
        "events_changed": report.events_changed,
        "changes": [_line_values(line, values=values) for line in report.lines],
    }


def _line_values(line: ChangeLine, *, values: bool) -> Mapping[str, Any]:
    found, field = line.difference, line.field
    told: dict[str, Any] = {
        "event_type": found.event_type,
        "destination": found.destination,
        "message": found.message,
        "generation": found.generation,
        "change": str(found.change),
        "field": field.path if field else None,
        "field_change": str(field.change) if field else None,
        "events": line.events,
        "example": line.example,
    }
    if values and field:
        told |= {"before": field.before, "after": field.after}
    return told
