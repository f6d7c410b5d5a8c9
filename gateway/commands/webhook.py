"""`hotich-gateway webhook …`: telling senders' servers what became of their events."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from gateway.api.webhooks import message_json, secret_json, webhook_json
from gateway.bootstrap.stores import StoreTransaction
from gateway.bootstrap.webhooks import webhook_desk
from gateway.commands.acting import carried_out
from gateway.commands.context import Context
from gateway.commands.output import AsJson, fail, print_facts, print_json, print_table
from gateway.model.ids import ClientId
from gateway.model.webhooks import MessageId, WebhookId
from gateway.operations.webhooks.desk import WebhookDesk
from gateway.operations.webhooks.signing import new_sealing_key

app = typer.Typer(
    no_args_is_help=True, help="Tell senders' servers what became of their events (thông báo chủ động)."
)
keys_app = typer.Typer(no_args_is_help=True, help="The key that encrypts the secrets of webhooks.")
app.add_typer(keys_app, name="key")

WebhookArgument = Annotated[str, typer.Argument(help="Id of a webhook.")]


@app.command(epilog="Example: hotich-gateway webhook add hotich-0123456789abcdef https://vendor.example/hook")
def add(
    client: Annotated[str, typer.Argument(help="Whose events, as `client list` shows it.")],
    url: Annotated[str, typer.Argument(help="Where to post; https.")],
    change: Annotated[
        list[str] | None,
        typer.Option(help="Change to tell of, * for all; by default deliveries held and done, questions."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Subscribe a receiver; its secret is shown once."""
    with _desk() as desk:
        new = carried_out(url, lambda: desk.add(ClientId(client), url, change or ()))
    if as_json:
        print_json(secret_json(new))
    else:
        print_facts("Keep the secret now: it is not shown again", secret_json(new))


@app.command("list", epilog="Example: hotich-gateway webhook list --json")
def list_webhooks(
    client: Annotated[str | None, typer.Option(help="Only this client's.")] = None, *, as_json: AsJson = False
) -> None:
    """Who is told, and who is not told any more and why."""
    with _desk() as desk:
        rows = [webhook_json(each) for each in desk.list_all(ClientId(client) if client else None)]
    if as_json:
        print_json({"webhooks": rows})
    else:
        columns = ("webhook_id", "client_id", "url", "types", "state", "disabled_because", "failing_since")
        print_table("Webhooks", columns, ([row[name] for name in columns] for row in rows))


@app.command(epilog="Example: hotich-gateway webhook log 01999999-9999-7999-8999-999999999999")
def log(
    webhook: WebhookArgument,
    before: Annotated[str | None, typer.Option(help="Go on after this message of an earlier page.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="Most lines.")] = 50,
    *,
    as_json: AsJson = False,
) -> None:
    """What was sent and answered, newest first."""
    with _desk() as desk:
        page = MessageId(before) if before else None
        found = carried_out(webhook, lambda: desk.log(WebhookId(webhook), None, page, limit))
    rows = [message_json(each) for each in found]
    if as_json:
        print_json({"messages": rows})
    else:
        columns = ("message_id", "type", "event_id", "state", "attempts", "last_result", "next_attempt_at")
        print_table("Messages", columns, ([row[name] for name in columns] for row in rows))


@app.command("test", epilog="Example: hotich-gateway webhook test 01999999-9999-7999-8999-999999999999")
def send_test(webhook: WebhookArgument, *, as_json: AsJson = False) -> None:
    """Let the running gateway send a message of the type webhook.test; `log` shows what came of it."""
    with _desk() as desk:
        message = carried_out(webhook, lambda: desk.send_trial(WebhookId(webhook), None))
    if as_json:
        print_json(message_json(message))
    else:
        typer.echo(f"{message.message_id} will be sent")


@app.command(epilog="Example: hotich-gateway webhook rotate 01999999-9999-7999-8999-999999999999")
def rotate(webhook: WebhookArgument, *, as_json: AsJson = False) -> None:
    """A new secret, shown once; for a while both sign."""
    with _desk() as desk:
        new = carried_out(webhook, lambda: desk.rotate(WebhookId(webhook), None))
    if as_json:
        print_json(secret_json(new))
    else:
        print_facts("Keep the secret now: it is not shown again", secret_json(new))


@app.command(epilog="Example: hotich-gateway webhook enable 01999999-9999-7999-8999-999999999999")
def enable(webhook: WebhookArgument, *, as_json: AsJson = False) -> None:
    """Send again; what has waited goes out at once."""
    _switch(webhook, is_active=True, as_json=as_json)


@app.command(epilog="Example: hotich-gateway webhook disable 01999999-9999-7999-8999-999999999999")
def disable(webhook: WebhookArgument, *, as_json: AsJson = False) -> None:
    """Send nothing; changes wait."""
    _switch(webhook, is_active=False, as_json=as_json)


@app.command(epilog="Example: hotich-gateway webhook remove 01999999-9999-7999-8999-999999999999")
def remove(webhook: WebhookArgument, *, as_json: AsJson = False) -> None:
    """End it for good."""
    with _desk() as desk:
        carried_out(webhook, lambda: desk.remove(WebhookId(webhook), None))
    if as_json:
        print_json({"webhook_id": webhook, "state": "removed"})
    else:
        typer.echo(f"removed {webhook}")


@keys_app.command("new")
def new_key(
    file: Annotated[Path, typer.Argument(help="Where the key goes; must not exist.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Make the key that encrypts the secrets in the database, and say how to set it.

    Example: hotich-gateway webhook key new var/webhook-key
    """
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            target.write(new_sealing_key())
    except OSError as error:
        fail(f"{file}: {error.strerror}. (Không ghi được tệp.)", exit_code=2)
    setting = f"HOTICH_WEBHOOKS__SEALING_KEYS_FILE={file}"
    if as_json:
        print_json({"set": setting})
    else:
        typer.echo(setting)


def _switch(webhook: str, *, is_active: bool, as_json: bool) -> None:
    with _desk() as desk:
        changed = carried_out(webhook, lambda: desk.set_active(WebhookId(webhook), None, is_active=is_active))
    if as_json:
        print_json(webhook_json(changed))
    else:
        typer.echo(f"{webhook} is {changed.state.value}")


@contextmanager
def _desk() -> Iterator[WebhookDesk[StoreTransaction]]:
    context = Context.from_environment()
    with context.stores() as stores:
        yield webhook_desk(stores, context.settings, context.surroundings())
