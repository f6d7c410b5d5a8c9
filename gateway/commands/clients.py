"""`hotich-gateway client …`: who may call the gateway."""

from typing import Annotated

import typer

from gateway.bootstrap.stores import StoreTransaction, open_stores
from gateway.commands.context import Context
from gateway.commands.output import AsJson, fail, print_facts, print_json, print_table
from gateway.errors import GatewayError
from gateway.model.ids import ClientId
from gateway.operations.clients import ClientRegister
from gateway.storage.ports import Role

app = typer.Typer(
    no_args_is_help=True, help="Register, list and revoke the programs that may call the gateway."
)


@app.command(
    epilog="Example: hotich-gateway client add 'UBND phường Minh Xuân' --authority 00691 --role sender --json"
)
def add(
    name: Annotated[str, typer.Argument(help="A name that people recognise.")],
    authority: Annotated[
        list[str], typer.Option(help="Unit code it may speak for; a province covers its communes.")
    ],
    role: Annotated[list[Role] | None, typer.Option(help="What it may do; default sender.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Register a client; its secret is shown once."""
    context = Context.from_environment()
    try:
        new = _register(context).add(
            name, frozenset(authority), frozenset(role or [Role.SENDER]), context.clock()
        )
    except GatewayError as error:
        fail(error)
    shown = {"client_id": new.client_id, "client_secret": new.client_secret}
    if as_json:
        print_json(shown)
    else:
        print_facts("Keep the secret now: it is not shown again", shown)


@app.command("list", epilog="Example: hotich-gateway client list --json")
def list_clients(*, as_json: AsJson = False) -> None:
    """Everybody who may call, and who no longer may."""
    try:
        clients = _register(Context.from_environment()).list_all()
    except GatewayError as error:
        fail(error)
    rows = [
        {
            "client_id": client.client_id,
            "name": client.name,
            "roles": sorted(client.roles),
            "authorities": sorted(client.authorities),
            "created_at": client.created_at.isoformat(),
            "revoked_at": client.revoked_at.isoformat() if client.revoked_at else None,
        }
        for client in clients
    ]
    if as_json:
        print_json(rows)
    else:
        columns = ("client_id", "name", "roles", "authorities", "created_at", "revoked_at")
        print_table("Clients", columns, ([_joined(row[column]) for column in columns] for row in rows))


@app.command(epilog="Example: hotich-gateway client revoke hotich-0123456789abcdef")
def revoke(
    client_id: Annotated[str, typer.Argument(help="As `client list` shows it.")], *, as_json: AsJson = False
) -> None:
    """End a client and its tokens at once."""
    context = Context.from_environment()
    try:
        _register(context).revoke(ClientId(client_id), context.clock())
    except GatewayError as error:
        fail(error)
    if as_json:
        print_json({"client_id": client_id, "revoked": True})
    else:
        typer.echo(f"revoked {client_id}")


def _register(context: Context) -> ClientRegister[StoreTransaction]:
    stores = open_stores(context.settings)
    return ClientRegister(
        stores.database, stores.clients, context.random_bytes, context.settings.security.token_seconds
    )


def _joined(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")
