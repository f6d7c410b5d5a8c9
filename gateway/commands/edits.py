"""`hotich-gateway queue edit|edits|approve|reject`: correct a refused event's content and send it again."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.api.edit_views import shown
from gateway.commands.acting import (
    DeliveryArgument,
    ExpectFence,
    ExpectState,
    Reason,
    RequestOption,
    as_document,
    asker,
    carried_out,
    expected,
    operating,
)
from gateway.commands.output import AsJson, fail, print_json, print_table, say
from gateway.model.ids import DeliveryId
from gateway.model.operating import ProposalState, Scope
from gateway.operations.edit_orders import Change, Decision, EditOrder
from gateway.operations.edit_views import EditView

ProposalArgument = Annotated[str, typer.Argument(help="Id of a proposed edit.")]


def edit(
    delivery_id: DeliveryArgument,
    reason: Reason,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help='POINTER=VALUE, e.g. /mother/name/full="NGUYỄN THỊ A"; may be repeated.'),
    ] = None,
    event: Annotated[
        Path | None, typer.Option("--event", help="File with the whole content, changed.")
    ] = None,
    patch: Annotated[Path | None, typer.Option("--patch", help="File with a JSON Patch (RFC 6902).")] = None,
    scope: Annotated[
        Scope, typer.Option(help="This delivery, or every one of the event that was certainly not sent.")
    ] = Scope.DELIVERY,
    *,
    request_id: RequestOption = None,
    expect_state: ExpectState = None,
    expect_fence: ExpectFence = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Correct the content of a held delivery, see the differences, and send it again under a new number.

    Example: hotich-gateway queue edit 0193b5f0-1111-7222-8333-444455556666
    --set "/mother/ethnic_group_code=01" --reason "typing mistake" --dry-run
    """
    order = EditOrder(
        delivery_id=DeliveryId(delivery_id),
        asker=asker(reason, request_id),
        change=_change(values or [], event, patch),
        scope=scope,
        expected=expected(expect_state, expect_fence),
        is_preview=dry_run,
    )
    with operating() as (parts, _, context):
        view = carried_out(delivery_id, lambda: parts.edits.edit(order, context.clock()))
    _print(view, as_json=as_json)


def edits(
    state: Annotated[ProposalState | None, typer.Option(help="Only these.")] = ProposalState.OPEN,
    show: Annotated[str | None, typer.Option("--show", help="One of them, with its differences.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Edits that wait for a second person.

    Example: hotich-gateway queue edits --json
    """
    with operating() as (parts, _, context):
        if show is not None:
            view = carried_out(show, lambda: parts.edits.show(show, context.clock()))
            _print(view, as_json=as_json)
            return
        found = parts.edits.list_proposals(state, None, 200)
    columns = (
        "proposal_id",
        "delivery_id",
        "state",
        "proposed_by",
        "proposed_at",
        "content_sha256",
        "reason",
    )
    rows = [{name: as_document(each)[name] for name in columns} for each in found]
    if as_json:
        print_json({"edits": rows})
    else:
        print_table("Edits", columns, ([row[name] for name in columns] for row in rows))


def approve(
    proposal_id: ProposalArgument,
    content_sha256: Annotated[
        str, typer.Argument(help="Of the content as it was shown: exactly these bytes.")
    ],
    reason: Reason,
    request_id: RequestOption = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Approve an edit that somebody else has proposed; it is sent then.

    Example: hotich-gateway queue approve 0193b5f0-… 5d41402abc… --reason "compared with the book"
    """
    decision = Decision(proposal_id, asker(reason, request_id), content_sha256)
    with operating() as (parts, _, context):
        view = carried_out(proposal_id, lambda: parts.edits.approve(decision, context.clock()))
    _print(view, as_json=as_json)


def reject(
    proposal_id: ProposalArgument,
    reason: Reason,
    request_id: RequestOption = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Close a proposed edit; nothing changes.

    Example: hotich-gateway queue reject 0193b5f0-… --reason "the book says otherwise"
    """
    decision = Decision(proposal_id, asker(reason, request_id), None)
    with operating() as (parts, _, context):
        view = carried_out(proposal_id, lambda: parts.edits.reject(decision, context.clock()))
    _print(view, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the edits to the commands of the queue."""
    for command in (edit, edits, approve, reject):
        app.command()(command)


def _change(values: list[str], event: Path | None, patch: Path | None) -> Change:
    if sum((bool(values), event is not None, patch is not None)) != 1:
        fail("Give exactly one of --set, --event and --patch. (Chỉ dùng một trong ba cách.)", exit_code=2)
    if values:
        return Change(set=pairs_of(values))
    file = event or patch
    found = _json_of(file) if file else None
    if event is not None and isinstance(found, dict):
        return Change(event=found)
    if patch is not None and isinstance(found, list):
        return Change(patch=found)
    return fail(f"{file}: an event is a JSON object, a patch a JSON list. (Sai dạng JSON.)", exit_code=2)


def pairs_of(values: list[str]) -> dict[str, Any]:
    """From `--set`: pointer and value."""
    return dict(_pair(value) for value in values)


def _pair(text: str) -> tuple[str, Any]:
    """What is JSON is taken as JSON unless it is a number: identifiers are text, with leading zeros."""
    pointer, sign, value = text.partition("=")
    if not sign or not pointer.startswith("/"):
        fail(f"--set {pointer}: write /pointer=value. (Phải viết /con-trỏ=giá-trị.)", exit_code=2)
    try:
        found = json.loads(value)
    except ValueError:
        return pointer, value
    is_text = isinstance(found, int | float) and not isinstance(found, bool)
    return pointer, value if is_text else found


def _json_of(file: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        fail(f"{file}: {type(error).__name__}. (Không đọc được tệp.)", exit_code=2)


def _print(view: EditView, *, as_json: bool) -> None:
    document = shown(view)
    if as_json:
        print_json(document)
        return
    say(f"{document['status']} {document['content_sha256']} (due {document['due_at']})")
    if view.proposal is not None:
        say(f"proposal {view.proposal.proposal_id}: {view.proposal.state.value}")
    columns = ("where", "before", "after")
    print_table("Content", columns, map(_row, document["changes"]))
    for message in document["messages"]:
        title = (
            f"{message['destination']} {message['step']} {message['request_id_after']} ({message['will']})"
        )
        print_table(title, columns, map(_row, message["changes"]))
    for other in document["untouched"]:
        say(f"{other['step']}: {other['why']}")


def _row(change: dict[str, Any]) -> tuple[str, str, str]:
    sides = change["sides"]
    before, after = (json.dumps(sides[side], ensure_ascii=False) if side in sides else "" for side in _SIDES)
    return change["pointer"], before, after


_SIDES = ("before", "after")
