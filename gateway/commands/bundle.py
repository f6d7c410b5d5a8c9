"""`hotich-gateway bundle …`: messages that go by courier while the line is down."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.api.bundle_views import bundle_document
from gateway.commands.acting import Reason, RequestOption, as_document, asker, carried_out, instant, operating
from gateway.commands.output import AsJson, fail, print_facts, print_json, print_table, say
from gateway.model.ids import DeliveryId, Destination
from gateway.operations.bundle_apply import Receipt
from gateway.operations.bundle_choice import Wanted
from gateway.operations.bundle_key import new_key_pair

app = typer.Typer(
    no_args_is_help=True,
    help="Give messages to a courier while a line is down, and enter what he brings back.",
)
keys = typer.Typer(no_args_is_help=True, help="The key that signs bundles.")
app.add_typer(keys, name="key")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The ZIP to write; must not exist.")],
    destination: Annotated[Destination, typer.Option(help="Whose messages.")],
    reason: Reason,
    due_before: Annotated[
        str | None, typer.Option(help="Only what is due by then, e.g. 2026-11-22T14:00:00+07:00.")
    ] = None,
    delivery: Annotated[list[str] | None, typer.Option(help="Only this delivery; may be repeated.")] = None,
    request_id: RequestOption = None,
    *,
    at_risk: Annotated[
        bool, typer.Option("--at-risk", help="Only what has little time left, or none.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Reserve messages of one destination, write them into a signed ZIP; nothing else sends them meanwhile.

    Example: hotich-gateway bundle export --destination national_registry --at-risk
    --reason "line down since 8:00" bundle.zip
    """
    if file.exists():
        fail(f"{file} exists already. (Tệp đã có.)", exit_code=2)
    named = tuple(DeliveryId(each) for each in delivery or ())
    wanted = Wanted(destination, instant(due_before), at_risk, named)
    who = asker(reason, request_id)
    with operating() as (parts, _, context):
        made = carried_out(str(file), lambda: parts.exporting.export(wanted, who, context.clock()))
    file.write_bytes(made.file)
    document = {**bundle_document(made.bundle, made.items), "excluded": as_document(made)["excluded"]}
    if as_json:
        print_json(document)
        return
    say(f"{file}: bundle {made.bundle.bundle_id}, {len(made.items)} messages")
    say(f"sha256 {made.bundle.file_sha256}")
    for each in made.excluded:
        say(f"  not taken: {each.delivery_id} ({each.why})")


@app.command()
def apply(
    file: Annotated[
        Path, typer.Argument(help="The ZIP with results.csv in it, or the list alone (CSV, JSON).")
    ],
    reason: Reason,
    brought_by: Annotated[str, typer.Option("--brought-by", help="Who brought it.")],
    bundle: Annotated[
        str | None, typer.Option("--bundle", help="Its id, when the list does not say it.")
    ] = None,
    request_id: RequestOption = None,
    *,
    keep_rest: Annotated[
        bool,
        typer.Option("--keep-rest", help="Messages without a result stay reserved: another list will come."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Enter what the courier brought back: accepted is done, refused is held, the rest is released.

    Example: hotich-gateway bundle apply bundle.zip --brought-by "Lò Văn Mẫu" --reason "receipt of today"
    """
    receipt = Receipt(_read(file), asker(reason, request_id), brought_by, bundle, keeps_rest=keep_rest)
    with operating() as (parts, _, context):
        applied = carried_out(str(file), lambda: parts.applying.apply(receipt, context.clock()))
    document = {**bundle_document(applied.bundle, applied.items), "changed": applied.changed}
    if as_json:
        print_json(document)
    else:
        counts = ", ".join(f"{name} {count}" for name, count in document["counts"].items())
        say(f"bundle {applied.bundle.bundle_id} is {applied.bundle.state.value}: {counts}")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The ZIP.")],
    public_key: Annotated[
        Path | None,
        typer.Option("--public-key", help="File with the public key; otherwise our own is taken."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Whether a bundle is whole and signed; status 1 if it is not.

    Example: hotich-gateway bundle verify bundle.zip --public-key gateway.pem
    """
    public_pem = _read(public_key).decode("utf-8", "replace") if public_key else None
    data = _read(file)
    with operating() as (parts, _, _context):
        manifest = carried_out(str(file), lambda: parts.applying.verify(data, public_pem))
    if as_json:
        print_json(dict(manifest))
    else:
        facts: dict[str, Any] = {name: value for name, value in manifest.items() if name != "deliveries"}
        print_facts("Whole and signed", facts)


@app.command("list")
def list_bundles(*, as_json: AsJson = False) -> None:
    """Bundles, newest first.

    Example: hotich-gateway bundle list --json
    """
    with operating() as (parts, _, _context):
        found = [as_document(bundle) for bundle in parts.exporting.list_all(200)]
    columns = ("bundle_id", "destination", "state", "created_at", "created_by", "reason")
    if as_json:
        print_json({"bundles": found})
    else:
        print_table("Bundles", columns, ([row[name] for name in columns] for row in found))


@keys.command("new")
def new_key(
    file: Annotated[Path, typer.Argument(help="Where the private key goes; must not exist.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Make a key; the private half is written to the file, the public half printed for the destination.

    Example: hotich-gateway bundle key new var/bundle-key.pem
    """
    pair = new_key_pair()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            target.write(pair.private_pem)
    except OSError as error:
        fail(f"{file}: {error.strerror}. (Không ghi được tệp.)", exit_code=2)
    setting = f"HOTICH_OPERATIONS__BUNDLE_SIGNING_KEY_FILE={file}"
    if as_json:
        print_json({"key_id": pair.key_id, "public_key": pair.public_pem, "set": setting})
    else:
        typer.echo(f"key {pair.key_id}\n{pair.public_pem}{setting}")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}. (Không đọc được tệp.)", exit_code=2)
