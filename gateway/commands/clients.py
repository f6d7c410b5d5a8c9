"""`hotich-gateway client …`: who may call the gateway."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer

from gateway.bootstrap.reading import units_above
from gateway.bootstrap.stores import StoreTransaction
from gateway.commands.context import Context
from gateway.commands.output import AsJson, fail, print_facts, print_json, print_table
from gateway.model.clock import VIETNAM
from gateway.model.ids import ClientId
from gateway.operations.clients import ClientRegister
from gateway.operations.soap_access import soap_password
from gateway.storage.ports import Role
from mappings.holders import CENTRAL_OFFICES

NAME_LENGTH_MAX = 100
UNIT_YEARS = 10
BAD_NAME = (
    f"NAME must have 1 to {NAME_LENGTH_MAX} printable characters and no blanks around it."
    f" (Tên phải có từ 1 đến {NAME_LENGTH_MAX} ký tự in được, không có khoảng trắng ở hai đầu.)"
)
UNKNOWN_UNIT = (
    "--authority: no administrative unit has the code {codes}; use the official code of a province (2 digits)"
    " or commune (5 digits), or BTP or BNG for a ministry."
    " (Không có đơn vị hành chính mang mã {codes}; dùng mã chính thức.)"
)
WITHOUT_KEY = (
    "soap.password_key is not set, so there are no SOAP passwords: write 32 or more random characters into a"
    " file and name it in HOTICH_SOAP__PASSWORD_KEY_FILE. (Chưa đặt soap.password_key nên không có mật khẩu"
    " SOAP.)"
)

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
    now = context.clock()
    _check(name, authority, now.astimezone(VIETNAM).date())
    with _register(context) as register:
        new = register.add(name, frozenset(authority), frozenset(role or [Role.SENDER]), now)
        password = _soap_password(context, register, new.client_id)
    shown = {"client_id": new.client_id, "client_secret": new.client_secret}
    if password is not None:
        shown["soap_password"] = password
    if as_json:
        print_json(shown)
    else:
        print_facts("Keep the secret now: it is not shown again", shown)


@app.command("list", epilog="Example: hotich-gateway client list --json")
def list_clients(*, as_json: AsJson = False) -> None:
    """Everybody who may call, and who no longer may."""
    with _register(Context.from_environment()) as register:
        clients = register.list_all()
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


@app.command("soap-password", epilog="Example: hotich-gateway client soap-password hotich-0123456789abcdef")
def show_soap_password(
    client_id: Annotated[str, typer.Argument(help="As `client list` shows it.")], *, as_json: AsJson = False
) -> None:
    """Show the password that a client needs for WS-Security digests; it is derived, not stored."""
    context = Context.from_environment()
    with _register(context) as register:
        password = _soap_password(context, register, ClientId(client_id))
    if password is None:
        fail(WITHOUT_KEY, exit_code=2)
    shown = {"client_id": client_id, "soap_password": password}
    if as_json:
        print_json(shown)
    else:
        print_facts("The Username is the client_id", shown)


@app.command(epilog="Example: hotich-gateway client revoke hotich-0123456789abcdef")
def revoke(
    client_id: Annotated[str, typer.Argument(help="As `client list` shows it.")], *, as_json: AsJson = False
) -> None:
    """End a client and its tokens at once."""
    context = Context.from_environment()
    with _register(context) as register:
        register.revoke(ClientId(client_id), context.clock())
    if as_json:
        print_json({"client_id": client_id, "revoked": True})
    else:
        typer.echo(f"revoked {client_id}")


@contextmanager
def _register(context: Context) -> Iterator[ClientRegister[StoreTransaction]]:
    with context.stores() as stores:
        token_seconds = context.settings.security.token_seconds
        yield ClientRegister(stores.database, stores.clients, context.random_bytes, token_seconds)


def _soap_password(
    context: Context, register: ClientRegister[StoreTransaction], client_id: ClientId
) -> str | None:
    """None without a key. Raises `ClientNotFound`."""
    key = context.settings.soap.password_key
    return None if key is None else soap_password(key.get_secret_value(), register.get(client_id))


def _check(name: str, authorities: list[str], today: date) -> None:
    """A mistyped unit would make a client whose every message is refused."""
    if not (1 <= len(name) <= NAME_LENGTH_MAX and name.isprintable() and name.strip() == name):
        fail(BAD_NAME, exit_code=2)
    # Old units count as long as their registrations may still be sent.
    days = [today.replace(day=1, year=today.year - years) for years in range(UNIT_YEARS)]
    local = [code for code in authorities if code not in CENTRAL_OFFICES]
    unknown = [code for code in local if not any(units_above(code, day) for day in (today, *days))]
    if unknown:
        fail(UNKNOWN_UNIT.format(codes=", ".join(unknown)), exit_code=2)


def _joined(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")
