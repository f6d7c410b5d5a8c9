"""`hotich-gateway entry …` and `book …`: what an entry says, and what the paper says."""

import json
from datetime import date
from typing import Annotated, Any

import typer

from gateway.api.entry_views import book_json, entry_json
from gateway.bootstrap.book import build_book_desk
from gateway.bootstrap.corrections import entry_desk
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.commands.acting import Reason, RequestOption, as_document, asker, carried_out
from gateway.commands.context import Context
from gateway.commands.output import AsJson, fail, print_json, print_table, say
from gateway.model.clock import VIETNAM
from gateway.model.corrections import StatementState
from gateway.operations.book_views import BookOrder
from gateway.operations.book_wins import BookDesk
from gateway.operations.entries import everything
from mappings.canonical.registration import EntryIdentity
from mappings.catalog import load_catalog

entry = typer.Typer(no_args_is_help=True, help="One entry of a book: its history and what it says.")
book = typer.Typer(no_args_is_help=True, help="The paper book wins: align the national systems with it.")

EntryName = Annotated[str, typer.Argument(help="OFFICE/BOOK/YEAR/NUMBER, e.g. 00691/KS/2026/41.")]
StatementName = Annotated[str, typer.Argument(help="Id of a statement.")]
_PARTS = 4


@entry.command("show", epilog="Example: hotich-gateway entry show 00691/KS/2026/41 --at 2026-11-16")
def show_entry(
    name: EntryName,
    at: Annotated[str | None, typer.Option("--at", help="As it stood at the end of this day.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Everything that was registered about an entry, and what it says now or on a day."""
    context = Context.from_environment()
    until = None if at is None else _day(at)
    with context.stores() as stores:
        today = context.clock().astimezone(VIETNAM).date()
        view = carried_out(name, lambda: entry_desk(stores).show(_entry(name), everything, today, until))
    document = entry_json(view, context.clock)
    if as_json:
        print_json(document)
        return
    rows = ((field, known["value"], known["since"]) for field, known in document["state"].items())
    print_table(name, ("field", "value", "since"), rows)
    for step in document["steps"]:
        title = (
            f"{step['registered_at']} {step['event_type']} {step['what'] or ''} ({step['authority_code']})"
        )
        changes = ((each["field"], each["before"], each["after"]) for each in step["changes"])
        print_table(title, ("field", "before", "after"), changes)


@book.command("wins")
def wins(
    name: EntryName,
    values: Annotated[
        list[str],
        typer.Option("--set", help='FIELD=VALUE as the book says, e.g. mother.name="…"; empty: blank there.'),
    ],
    page: Annotated[str, typer.Option("--page", help="Volume and page where it was read.")],
    reason: Reason,
    holder: Annotated[
        str | None, typer.Option("--holder", help="Office that holds the book, where the unit was divided.")
    ] = None,
    request_id: RequestOption = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what the paper book says; the national systems are told what differs, and nothing is registered.

    Example: hotich-gateway book wins 00691/KS/2026/41 --set "mother.name=PHẠM THỊ MẪN"
    --page "01/2026, 41" --reason "typing mistake" --dry-run
    """
    order = BookOrder(
        entry=_entry(name),
        values=dict(_pair(value) for value in values),
        page_reference=page,
        asker=asker(reason, request_id),
        holder=holder,
        is_preview=dry_run,
    )
    context = Context.from_environment()
    with context.stores() as stores:
        view = carried_out(name, lambda: _desk(context, stores).state(order, context.clock()))
    _print(book_json(view), as_json=as_json)


@book.command("list", epilog="Example: hotich-gateway book list --json")
def list_statements(
    state: Annotated[StatementState | None, typer.Option(help="Only these.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """What people read in paper books, newest first."""
    context = Context.from_environment()
    with context.stores() as stores:
        rows = [as_document(each) for each in _desk(context, stores).list_statements(state, 200)]
    columns = ("statement_id", "state", "stated_by", "stated_at", "page_reference", "event_id", "reason")
    if as_json:
        print_json({"statements": rows})
    else:
        print_table("Book statements", columns, ([row[name] for name in columns] for row in rows))


@book.command("show", epilog="Example: hotich-gateway book show 0193b5f0-1111-7222-8333-444455556666")
def show_statement(statement_id: StatementName, *, as_json: AsJson = False) -> None:
    """One of them; while it is open with its differences as they are now."""
    context = Context.from_environment()
    with context.stores() as stores:
        view = carried_out(statement_id, lambda: _desk(context, stores).show(statement_id, context.clock()))
    _print(book_json(view), as_json=as_json)


@book.command(epilog="Example: hotich-gateway book approve 0193b5f0-… 5d41402abc… --reason 'seen too'")
def approve(
    statement_id: StatementName,
    plan_sha256: Annotated[str, typer.Argument(help="Of the differences as they were shown.")],
    reason: Reason,
    request_id: RequestOption = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Let exactly those differences go, as a second person who has seen the book."""
    who = asker(reason, request_id)
    context = Context.from_environment()
    with context.stores() as stores:
        desk, now = _desk(context, stores), context.clock()
        view = carried_out(statement_id, lambda: desk.approve(statement_id, who, plan_sha256, now))
    _print(book_json(view), as_json=as_json)


@book.command(epilog="Example: hotich-gateway book reject 0193b5f0-… --reason 'another page'")
def reject(
    statement_id: StatementName, reason: Reason, request_id: RequestOption = None, *, as_json: AsJson = False
) -> None:
    """Close a statement; nothing changes."""
    who = asker(reason, request_id)
    context = Context.from_environment()
    with context.stores() as stores:
        desk = _desk(context, stores)
        view = carried_out(statement_id, lambda: desk.reject(statement_id, who, context.clock()))
    _print(book_json(view), as_json=as_json)


def _desk(context: Context, stores: Stores) -> BookDesk[StoreTransaction]:
    return build_book_desk(
        context.surroundings(), context.settings, stores, load_catalog(), _workers_look_by_themselves
    )


def _workers_look_by_themselves() -> None:
    """The gateway is another process; its workers look within a second."""


def _entry(name: str) -> EntryIdentity:
    parts = name.split("/", _PARTS - 1)
    if len(parts) != _PARTS or not parts[2].isdigit():
        fail(f"{name}: write OFFICE/BOOK/YEAR/NUMBER. (Viết CƠ QUAN/SỔ/NĂM/SỐ.)", exit_code=2)
    authority_code, book_code, year, number = parts
    return EntryIdentity(authority_code, book_code, int(year), number)


def _pair(text: str) -> tuple[str, str | None]:
    field, sign, value = text.partition("=")
    if not sign:
        fail(f"--set {text}: write field=value. (Phải viết trường=giá trị.)", exit_code=2)
    return field.strip(), value.strip() or None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"--at {text}: a day is written like 2026-11-16. (Ngày viết dạng 2026-11-16.)", exit_code=2)


def _print(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    statement = document["statement"]
    say(f"{document['status']} {document['plan_sha256']}")
    if statement is not None:
        say(f"statement {statement['statement_id']}: event {statement['event_id'] or '-'}")
    columns = ("field", "before", "after")
    rows = (
        [json.dumps(each[name], ensure_ascii=False) for name in columns] for each in document["differences"]
    )
    print_table("What differs", columns, rows)
    for each in document["sends"]:
        say(f"sends {each['destination']} {each['step']}")
    for each in document["waits_behind"]:
        hint = "; may be edited instead: hotich-gateway queue edit" if each["can_be_edited"] else ""
        say(f"behind {each['destination']} {each['step']} {each['delivery_id']} ({each['state']}){hint}")
