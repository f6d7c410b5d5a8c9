"""`hotich-gateway mapping …`: is every message to every destination complete."""

import typer

from gateway.commands.output import AsJson, print_json, print_table
from mappings.catalog import check as check_mappings

app = typer.Typer(
    no_args_is_help=True, help="Look at the mappings: which field becomes which, and what is missing."
)


@app.command(epilog="Example: hotich-gateway mapping check --json")
def check(*, as_json: AsJson = False) -> None:
    """Every event type × destination × message, complete or not; status 1 if anything is missing."""
    report = check_mappings()
    rows = [
        {
            "event_type": row.event_type,
            "destination": row.destination,
            "message": row.message,
            "complete": not row.problems,
            "problems": list(row.problems),
        }
        for row in report
    ]
    if as_json:
        print_json(rows)
    else:
        columns = ("event_type", "destination", "message", "complete", "problems")
        print_table("Mappings", columns, ([_text(row[column]) for column in columns] for row in rows))
    if not all(row["complete"] for row in rows):
        raise typer.Exit(1)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return "\n".join(value) if isinstance(value, list) else str(value)
