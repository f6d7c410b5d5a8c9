"""`hotich-gateway serve`: run the gateway until it is told to stop."""

import signal
from enum import StrEnum
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from gateway.bootstrap.gateway import Gateway, Roles, build_gateway
from gateway.bootstrap.memory import settle_memory
from gateway.bootstrap.warm_up import warm_up
from gateway.commands.announcing import AnnouncingServer
from gateway.commands.context import Context
from gateway.commands.output import fail
from gateway.commands.sandbox import start_sandbox
from gateway.commands.sandbox_key import with_soap_key
from gateway.errors import GatewayError
from gateway.observability.logging import configure_logging
from gateway.operations.soap_access import soap_password
from gateway.settings import Settings

STOP_SECONDS = 30


class Role(StrEnum):
    """Which of its jobs this process does."""

    ALL = "all"
    API = "api"
    WORKER = "worker"


ROLES = {
    Role.ALL: Roles(accepts=True, delivers=True),
    Role.API: Roles(accepts=True, delivers=False),
    Role.WORKER: Roles(accepts=False, delivers=True),
}
ONE_PROCESS_ONLY = (
    "SQLite has one writing process: --role api and --role worker need PostgreSQL"
    " (HOTICH_DATABASE_URL=postgresql+psycopg://…)."
)
KEY_UNUSABLE = (
    "The key of SOAP passwords for the sandbox cannot be used ({error}): remove or mend the file, or set"
    " HOTICH_SOAP__PASSWORD_KEY_FILE. (Không dùng được khóa mật khẩu SOAP của môi trường thử.)"
)


def serve(
    role: Annotated[Role, typer.Option(help="api accepts, worker delivers, all does both.")] = Role.ALL,
    host: Annotated[str | None, typer.Option(help="Address to listen on, instead of the setting.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port, instead of the setting; 0 = any.")
    ] = None,
    *,
    with_sandbox: Annotated[bool, typer.Option(help="Start the simulators too and deliver to them.")] = False,
) -> None:
    """Accept and deliver until SIGTERM or Ctrl-C; prints its address, then `ready`.

    Example: hotich-gateway serve --with-sandbox
    """
    context = Context.from_environment()
    if role is not Role.ALL and context.settings.database_url.startswith("sqlite"):
        fail(ONE_PROCESS_ONLY, exit_code=2)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    sandbox = start_sandbox() if with_sandbox else None
    try:
        settings = context.settings
        if sandbox is not None:
            settings = _with_soap_key(sandbox.applied_to(settings), context)
        configure_logging(settings.log_level)
        gateway = build_gateway(context.with_settings(settings).surroundings(), settings, ROLES[role])
        warm_up()
        settle_memory()
        _run(gateway, host or settings.server.host, settings.server.port if port is None else port)
    except GatewayError as error:
        fail(error)
    finally:
        if sandbox is not None:
            sandbox.stop()


def _with_soap_key(settings: Settings, context: Context) -> Settings:
    """So that the examples of digests work at once; a real gateway gets its key from who runs it."""
    try:
        with_key, file = with_soap_key(settings, context.random_bytes)
    except (OSError, ValueError) as error:
        fail(KEY_UNUSABLE.format(error=error))
    if file is not None:
        typer.echo(f"soap_password_key_file {file}")
    return with_key


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Unwind, so that work under way is finished and the sandbox ends with us.

    The server takes these signals while it runs, and raises them again when it has stopped.
    """
    raise SystemExit(0)


def _run(gateway: Gateway, host: str, port: int) -> None:
    try:
        gateway.start()
        _introduce_first_client(gateway)
        _serve_http(gateway, host, port)
    finally:
        gateway.stop(STOP_SECONDS)


def _introduce_first_client(gateway: Gateway) -> None:
    new = gateway.make_first_client()
    if new is not None:
        typer.echo(f"first client_id {new.client_id}")
        typer.echo(f"first client_secret {new.client_secret}  (shown once)")
        key = gateway.settings.soap.password_key
        if key is not None:
            password = soap_password(key.get_secret_value(), gateway.clients.get(new.client_id))
            typer.echo(f"first soap_password {password}")


def _serve_http(gateway: Gateway, host: str, port: int) -> None:
    config = uvicorn.Config(
        gateway.app, host=host, port=port, log_config=None, access_log=False, server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS, limit_concurrency=gateway.settings.server.connections_max,
    )  # fmt: skip
    AnnouncingServer(config).run()
