"""`hotich-gateway migrate`: bring the database to this release."""

import typer

from gateway.commands.context import Context
from gateway.commands.output import AsJson, fail, print_json
from gateway.errors import GatewayError
from gateway.storage.sql.migrate import migrate as bring_up_to_date


def migrate(*, as_json: AsJson = False) -> None:
    """Create or update the tables; safe to repeat, and safe when several processes do it at once.

    Example: hotich-gateway migrate
    """
    context = Context.from_environment()
    try:
        revision = bring_up_to_date(context.settings.database_url)
    except GatewayError as error:
        fail(error)
    if as_json:
        print_json({"revision": revision})
    else:
        typer.echo(f"database is at revision {revision}")
