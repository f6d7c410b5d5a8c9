"""`hotich-gateway notice …` and `oversight …`: who is told of changes to registered events."""

from typing import Annotated, Any

import typer

from gateway.api.correction_views import change_json, notice_json
from gateway.bootstrap.corrections import notice_desk, oversight_desk
from gateway.bootstrap.stores import Stores
from gateway.commands.acting import actor, carried_out
from gateway.commands.context import Context
from gateway.commands.output import AsJson, print_facts, print_json, print_table
from gateway.operations.office_notices import ALL_STATES, UNACKNOWLEDGED
from gateway.storage.corrections_ports import Sight

notices = typer.Typer(
    no_args_is_help=True, help="Notices to offices whose entries another office has changed."
)
oversight = typer.Typer(
    no_args_is_help=True, help="Warnings to the higher office: every change to a registered event."
)
EVERYTHING = None
"""Whoever sits at the machine sees the notices of all units."""

Unit = Annotated[str | None, typer.Option("--for", help="Only what concerns this unit or those below it.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="Most rows.")]
After = Annotated[str, typer.Option(help="Continue after this id of an earlier list.")]
Note = Annotated[str, typer.Option("--note", help="Where it was noted, or what was found; kept.")]
_NOTICE_COLUMNS = ("notice_id", "state", "is_overdue", "due_at", "made_by", "addressees", "event_id")
_CHANGE_COLUMNS = ("oversight_id", "kind", "authority_code", "made_at", "made_by", "reason", "seen_by")
_SIDES = ("field", "before", "after")


@notices.command("list", epilog="Example: hotich-gateway notice list --for 00691 --json")
def list_notices(
    unit: Unit = None,
    limit: Limit = 100,
    after: After = "",
    *,
    everything: Annotated[bool, typer.Option("--all", help="Acknowledged ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Notices that wait for an office, oldest first; looking from here does not count as fetched."""
    context = Context.from_environment()
    with context.stores() as stores:
        desk = notice_desk(stores, context.settings, context.surroundings())
        states = ALL_STATES if everything else UNACKNOWLEDGED
        page, next_after = desk.fetch(Sight(EVERYTHING, after, limit, unit), states, None)
    rows = [notice_json(notice, step, context.clock) for notice, step in page]
    if as_json:
        print_json({"notices": rows, "next_after": next_after})
        return
    print_table("Notices to offices", _NOTICE_COLUMNS, (_row(row, _NOTICE_COLUMNS) for row in rows))


@notices.command("show", epilog="Example: hotich-gateway notice show 0193b5f0-1111-7222-8333-444455556666")
def show_notice(
    notice_id: Annotated[str, typer.Argument(help="Id of a notice.")], *, as_json: AsJson = False
) -> None:
    """One notice, with before and after."""
    context = Context.from_environment()
    with context.stores() as stores:
        document = _notice(context, stores, notice_id)
    if as_json:
        print_json(document)
        return
    print_facts(
        "Notice", {**{name: document[name] for name in _NOTICE_COLUMNS}, "why": document["why"]["en"]}
    )
    changes = (document["change"] or {}).get("changes", [])
    print_table("Changes", _SIDES, (_row(each, _SIDES) for each in changes))


@notices.command(epilog="Example: hotich-gateway notice acknowledge 0193b5f0-… --note 'noted, page 41'")
def acknowledge(
    notice_id: Annotated[str, typer.Argument(help="Id of a notice.")], note: Note, *, as_json: AsJson = False
) -> None:
    """Keep that the office has noted the change, as when it said so by telephone or on paper."""
    context = Context.from_environment()
    with context.stores() as stores:
        desk = notice_desk(stores, context.settings, context.surroundings())
        carried_out(notice_id, lambda: desk.acknowledge(notice_id, Sight(EVERYTHING), actor(), note))
        document = _notice(context, stores, notice_id)
    if as_json:
        print_json(document)
    else:
        print_facts("Notice", {name: document[name] for name in (*_NOTICE_COLUMNS, "acknowledged_by")})


@oversight.command("list", epilog="Example: hotich-gateway oversight list --for 08 --unseen --json")
def list_changes(
    unit: Unit = None,
    limit: Limit = 100,
    after: After = "",
    *,
    unseen: Annotated[bool, typer.Option("--unseen", help="Leave out what somebody has looked at.")] = False,
    as_json: AsJson = False,
) -> None:
    """Changes to registered events, oldest first."""
    context = Context.from_environment()
    with context.stores() as stores:
        desk = oversight_desk(stores, context.clock)
        page, next_after = desk.list_page(Sight(EVERYTHING, after, limit, unit), only_unseen=unseen)
    rows = [change_json(each) for each in page]
    if as_json:
        print_json({"changes": rows, "next_after": next_after})
        return
    print_table("Changes", _CHANGE_COLUMNS, (_row(row, _CHANGE_COLUMNS) for row in rows))


@oversight.command(
    "show", epilog="Example: hotich-gateway oversight show 0193b5f0-1111-7222-8333-444455556666"
)
def show_change(
    oversight_id: Annotated[str, typer.Argument(help="Id of a warning.")], *, as_json: AsJson = False
) -> None:
    """One change, with before and after."""
    context = Context.from_environment()
    with context.stores() as stores:
        desk = oversight_desk(stores, context.clock)
        change = carried_out(oversight_id, lambda: desk.get(oversight_id, Sight(EVERYTHING)))
    _tell(change_json(change), as_json=as_json)


@oversight.command(epilog="Example: hotich-gateway oversight seen 0193b5f0-… --note 'as the law says'")
def seen(
    oversight_id: Annotated[str, typer.Argument(help="Id of a warning.")],
    note: Note,
    *,
    as_json: AsJson = False,
) -> None:
    """Keep that somebody has looked at it; the first who looked stays."""
    context = Context.from_environment()
    with context.stores() as stores:
        desk = oversight_desk(stores, context.clock)
        change = carried_out(
            oversight_id, lambda: desk.mark_seen(oversight_id, Sight(EVERYTHING), actor(), note)
        )
    _tell(change_json(change), as_json=as_json)


def _notice(context: Context, stores: Stores, notice_id: str) -> dict[str, Any]:
    desk = notice_desk(stores, context.settings, context.surroundings())
    notice, step = carried_out(notice_id, lambda: desk.get(notice_id, Sight(EVERYTHING)))
    return notice_json(notice, step, context.clock)


def _tell(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    print_facts("Change", {name: document[name] for name in _CHANGE_COLUMNS})
    print_table("Before and after", _SIDES, (_row(each, _SIDES) for each in document["changes"]))


def _row(row: dict[str, Any], columns: tuple[str, ...]) -> list[object]:
    return [", ".join(row[name]) if isinstance(row[name], list) else row[name] for name in columns]
