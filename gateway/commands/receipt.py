"""`hotich-gateway receipt …`: receipts that anybody can check."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from gateway.bootstrap.signing import receipt_desk
from gateway.commands.context import Context
from gateway.commands.output import AsJson, fail, print_facts, print_json, print_table
from gateway.operations.bundle_key import key_id_of_pem, new_key_pair
from gateway.operations.receipts import ReceiptVerdict, check_receipt, public_keys_in
from gateway.receive.parse import BodyLimits, canonical_json, content_sha256, parse_body

app = typer.Typer(no_args_is_help=True, help="Check receipts (biên nhận), and make the key that signs them.")
keys_app = typer.Typer(no_args_is_help=True, help="The keys that sign receipts.")
app.add_typer(keys_app, name="key")

MEANINGS: Final = {
    ReceiptVerdict.GENUINE: "given by the holder of this key, unchanged (biên nhận thật)",
    ReceiptVerdict.UNSIGNED: "no signature: only the gateway can say whether it gave it (không có chữ ký)",
    ReceiptVerdict.UNKNOWN_KEY: "signed by a key that is not among those given (khóa không rõ)",
    ReceiptVerdict.CHANGED: "changed since it was signed, or signed by somebody else (đã bị sửa)",
    ReceiptVerdict.MALFORMED: "no receipt (không phải biên nhận)",
}


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The receipt as it was answered, JSON.")],
    keys: Annotated[
        Path | None,
        typer.Option(help="Saved /.well-known/hotich-gateway-keys, or a PEM public key; works offline."),
    ] = None,
    message: Annotated[
        Path | None, typer.Option(help="The message that was sent: also check that the receipt is for it.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Whether a receipt is genuine, and of this message; status 1 if not. Without --keys our own are taken.

    Example: hotich-gateway receipt verify receipt.json --keys keys.json --message birth.json
    """
    document = _json_in(file)
    found = check_receipt(document, _public_keys(keys))
    is_of_message = None if message is None else _is_of(document, message)
    result: dict[str, Any] = {
        "verdict": found.verdict.value,
        "is_genuine": found.verdict is ReceiptVerdict.GENUINE,
        "key_id": found.key_id,
        "is_of_message": is_of_message,
    }
    if as_json:
        print_json(result)
    else:
        print_facts("Receipt", {**result, "meaning": MEANINGS[found.verdict]})
    if found.verdict is not ReceiptVerdict.GENUINE or is_of_message is False:
        raise typer.Exit(1)


@keys_app.command("new")
def new_key(
    file: Annotated[Path, typer.Argument(help="Where the private key goes; must not exist.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Make a key; the private half is written to the file, the public half printed and told over HTTP.

    Example: hotich-gateway receipt key new var/receipt-key.pem
    """
    pair = new_key_pair()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            target.write(pair.private_pem)
    except OSError as error:
        fail(f"{file}: {error.strerror}. (Không ghi được tệp.)", exit_code=2)
    setting = f"HOTICH_RECEIPTS__SIGNING_KEY_FILE={file}"
    if as_json:
        print_json({"key_id": pair.key_id, "public_key": pair.public_pem, "set": setting})
    else:
        typer.echo(f"key {pair.key_id}\n{pair.public_pem}{setting}")


@keys_app.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """Every key that signs or has signed, as the gateway tells them at /.well-known/hotich-gateway-keys.

    Example: hotich-gateway receipt key list --json > keys.json
    """
    document = _kept()
    if as_json:
        print_json(document)
        return
    columns = ("kid", "first_used_at", "is_current")
    print_table("Keys of receipts", columns, ([key[name] for name in columns] for key in document["keys"]))


def _kept() -> dict[str, Any]:
    context = Context.from_environment()
    with context.stores() as stores:
        return receipt_desk(stores, context.settings).key_set()


def _public_keys(file: Path | None) -> dict[str, str]:
    """From a saved key set or a PEM file; without one from our own database."""
    if file is None:
        return public_keys_in(_kept()) or {}
    text = _read(file).decode("utf-8", "replace")
    if "BEGIN PUBLIC KEY" in text and not text.lstrip().startswith("{"):
        key_id = key_id_of_pem(text)
        found = None if key_id is None else {key_id: text}
    else:
        found = public_keys_in(_json_in(file))
    if not found:
        fail(f"{file}: holds no public keys. (Không có khóa công khai.)", exit_code=2)
    return found


def _is_of(document: object, message: Path) -> bool:
    """By the fingerprint of the message as canonical JSON."""
    parsed = parse_body(_read(message), BodyLimits())
    told = document.get("content_sha256") if isinstance(document, dict) else None
    return parsed.value is not None and content_sha256(canonical_json(parsed.value)) == told


def _json_in(file: Path) -> object:
    """What is no JSON is no receipt."""
    try:
        value: object = json.loads(_read(file))
    except (ValueError, RecursionError):
        return None
    return value


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}. (Không đọc được tệp.)", exit_code=2)
