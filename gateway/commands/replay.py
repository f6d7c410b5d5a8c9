"""`hotich-gateway replay …`: one act on many deliveries, drafted, tried out, and done in steps."""

from collections.abc import Mapping
from dataclasses import replace
from time import sleep
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.bootstrap.reading import replay_reader
from gateway.bootstrap.replays import build_replay_desk, replay_limits
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.commands.acting import actor, as_document, asker, carried_out, instant
from gateway.commands.context import Context
from gateway.commands.output import AsJson, fail, print_json, print_table, say
from gateway.model.delivery import OutcomeCode
from gateway.model.ids import Destination
from gateway.model.replaying import ItemState, Limits, ReplayAct, ReplayId, ReplayState, Selection
from gateway.operations.replays.desk import ReplayDesk, Starter, Wishes
from gateway.operations.replays.stories import ReplayStory, counts_of
from retry_queue.states import State

app = typer.Typer(
    no_args_is_help=True,
    help="One act on many deliveries: draft, dry run, steps that grow, a stop when too much fails.",
)
WATCH_SECONDS = 0.5
STEP_SIZE_MAX = 10_000

Name = Annotated[str, typer.Argument(help="Id of a replay.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the replay and with every item.")]
Request = Annotated[
    str | None,
    typer.Option("--request-id", help="A number of your own: the same number again is the same act."),
]
Instant = typer.Option(help="Time with offset, for example 2026-11-16T08:00:00+07:00.")


@app.command(
    epilog="Example: hotich-gateway replay new --act release --destination one_stop --held-reason not_mapped"
    ' --reason "code table completed"'
)
def new(
    *,
    act: Annotated[ReplayAct, typer.Option(help="What is done with each delivery.")],
    reason: Reason,
    destination: Annotated[Destination | None, typer.Option(help="Only this destination.")] = None,
    state: Annotated[State | None, typer.Option(help="Only this state.")] = None,
    held_reason: Annotated[str | None, typer.Option(help="Only held for this code.")] = None,
    step: Annotated[str | None, typer.Option(help="Only this step of the plan.")] = None,
    message: Annotated[str | None, typer.Option(help="Only this message.")] = None,
    event_type: Annotated[str | None, typer.Option(help="Only events of this type.")] = None,
    authority: Annotated[str | None, typer.Option(help="Only this unit and those below it.")] = None,
    due_from: Annotated[str | None, Instant] = None,
    due_until: Annotated[str | None, Instant] = None,
    registered_from: Annotated[str | None, Instant] = None,
    registered_until: Annotated[str | None, Instant] = None,
    outcome: Annotated[OutcomeCode | None, typer.Option(help="Only after this last outcome.")] = None,
    partner_code: Annotated[str | None, typer.Option(help="Only after this last partner code.")] = None,
    ramp: Annotated[str | None, typer.Option(help="Items of each step, for example 1,10,100.")] = None,
    error_percent: Annotated[float | None, typer.Option(min=0.1, max=100, help="Stop from here on.")] = None,
    request_id: Request = None,
    as_json: AsJson = False,
) -> None:
    """Select deliveries and try the act out; nothing is done before `replay start`."""
    selection = Selection(
        destination=destination,
        state=state,
        held_reason=held_reason,
        step=step,
        message=message,
        event_type=event_type,
        authority=authority,
        due_from=instant(due_from),
        due_until=instant(due_until),
        registered_from=instant(registered_from),
        registered_until=instant(registered_until),
        outcome=outcome,
        partner_code=partner_code,
    )
    context = Context.from_environment()
    who = asker(reason, request_id)
    with context.stores() as stores:
        wishes = Wishes(
            act=act,
            selection=selection,
            limits=_limits(replay_limits(context.settings), ramp, error_percent),
            reason=who.reason,
            request_id=who.request_id,
            who=who.actor,
            scope=frozenset({context.settings.office.authority_code}),
        )
        drafted = carried_out("replay", lambda: _desk(context, stores).draft(wishes, context.clock()))
        _show(context, stores, drafted.replay_id, as_json=as_json)


@app.command(epilog="Example: hotich-gateway replay show 0193b5f0-1111-7222-8333-444455556666")
def show(replay_id: Name, *, as_json: AsJson = False) -> None:
    """How far a replay is; of a draft what it would do."""
    context = Context.from_environment()
    with context.stores() as stores:
        _show(context, stores, ReplayId(replay_id), as_json=as_json)


@app.command("list", epilog="Example: hotich-gateway replay list --json")
def list_replays(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most rows.")] = 20,
    *,
    as_json: AsJson = False,
) -> None:
    """Replays, newest first."""
    context = Context.from_environment()
    with context.stores() as stores:
        found = replay_reader(stores, context.clock).list_all(limit)
    rows = [
        {
            "replay_id": each.replay_id,
            "act": each.act.value,
            "state": each.state.value,
            "stopped_because": each.stopped_because,
            "items": each.items,
            "counts": counts_of(tally),
            "created_at": each.created_at.isoformat(),
            "reason": each.reason,
        }
        for each, tally in found
    ]
    if as_json:
        print_json({"replays": rows})
        return
    columns = ("replay_id", "act", "state", "stopped_because", "items", "created_at", "reason")
    print_table("Replays", columns, ([row[column] for column in columns] for row in rows))


@app.command(epilog="Example: hotich-gateway replay start 0193b5f0-… --reason 'list checked' --watch")
def start(
    replay_id: Name,
    reason: Reason,
    request_id: Request = None,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Stay and show the progress.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a drafted replay begin; the running gateway does the work."""
    context = Context.from_environment()
    who = asker(reason, request_id)
    starter = Starter(who.actor, request_id or f"once-{uuid4().hex}")
    with context.stores() as stores:
        name = ReplayId(replay_id)
        desk = _desk(context, stores)
        carried_out(replay_id, lambda: desk.start(name, who.reason, starter, context.clock()))
        if watch:
            _watch(context, stores, name)
        _show(context, stores, name, as_json=as_json)


@app.command(epilog="Example: hotich-gateway replay pause 0193b5f0-… --reason 'the registry complains'")
def pause(replay_id: Name, reason: Reason, *, as_json: AsJson = False) -> None:
    """Begin nothing more; what is under way goes on."""
    _move("pause", replay_id, reason, as_json=as_json)


@app.command(epilog="Example: hotich-gateway replay resume 0193b5f0-… --reason 'mended' --watch")
def resume(
    replay_id: Name,
    reason: Reason,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Stay and show the progress.")] = False,
    as_json: AsJson = False,
) -> None:
    """Go on, with the smallest step again."""
    _move("resume", replay_id, reason, watch=watch, as_json=as_json)


@app.command(epilog="Example: hotich-gateway replay cancel 0193b5f0-… --reason 'wrong list'")
def cancel(replay_id: Name, reason: Reason, *, as_json: AsJson = False) -> None:
    """What was not begun never will be; what was done stays."""
    _move("cancel", replay_id, reason, as_json=as_json)


@app.command(epilog="Example: hotich-gateway replay ledger 0193b5f0-… --state failed")
def ledger(
    replay_id: Name,
    state: Annotated[ItemState | None, typer.Option(help="Only items that stand so.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most rows.")] = 100,
    after: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Continue after this row.")] = 0,
    *,
    as_json: AsJson = False,
) -> None:
    """Each item, what was done with it, and what came of it."""
    context = Context.from_environment()
    with context.stores() as stores:
        reader = replay_reader(stores, context.clock)
        rows = carried_out(replay_id, lambda: reader.ledger(ReplayId(replay_id), after, limit, state))
    shown = [as_document(row) for row in rows]
    if as_json:
        print_json({"items": shown})
        return
    columns = ("ordinal", "delivery_id", "state", "step", "track", "result", "would", "delivery_state")
    print_table("Ledger (sổ chi tiết)", columns, ([row[column] for column in columns] for row in shown))


def _move(name: str, replay_id: str, reason: str, *, watch: bool = False, as_json: bool) -> None:
    context = Context.from_environment()
    who = asker(reason, None)
    with context.stores() as stores:
        act = getattr(_desk(context, stores), name)
        named = ReplayId(replay_id)
        carried_out(replay_id, lambda: act(named, who.reason, actor(), context.clock()))
        if watch:
            _watch(context, stores, named)
        _show(context, stores, named, as_json=as_json)


def _desk(context: Context, stores: Stores) -> ReplayDesk[StoreTransaction]:
    return build_replay_desk(stores, context.settings, context.random_bytes)


def _limits(usual: Limits, ramp: str | None, error_percent: float | None) -> Limits:
    chosen = usual if error_percent is None else replace(usual, error_percent=error_percent)
    if ramp is None:
        return chosen
    sizes = ramp.split(",")
    if not all(size.strip().isdecimal() and 0 < int(size) <= STEP_SIZE_MAX for size in sizes):
        fail(
            "--ramp: numbers from 1 to 10000 with commas between, for example 1,10,100."
            " (Các số từ 1 đến 10000, cách nhau bằng dấu phẩy.)",
            exit_code=2,
        )
    return replace(chosen, ramp=tuple(int(size) for size in sizes))


def _show(context: Context, stores: Stores, name: ReplayId, *, as_json: bool) -> None:
    story = carried_out(name, lambda: replay_reader(stores, context.clock).get(name))
    if as_json:
        print_json(as_document(story))
    else:
        _print(story)


def _print(story: ReplayStory) -> None:
    stopped = f" ({story.stopped_because})" if story.stopped_because else ""
    say(f"{story.replay_id}: {story.act} of {story.items} deliveries, {story.state}{stopped}")
    if story.dry_run is not None:
        say(f"Allowed now: {story.dry_run.allowed} of {story.items}; tracks: {_words(story.dry_run.tracks)}")
        say(f"Would (chạy thử): {_words(story.dry_run.would)}")
        say(f"Held for (lý do giữ): {_words(story.dry_run.held_reasons)}")
        rows = ((row.ordinal, row.delivery_id, row.delivery_state, row.would) for row in story.dry_run.sample)
        print_table("Sample (mẫu)", ("ordinal", "delivery_id", "state", "would"), rows)
        return
    say(f"Items: {_words(story.counts)}")
    if story.results:
        say(f"Not delivered: {_words(story.results)}")
    columns = ("step", "succeeded", "failed", "under way", "set aside", "skipped")
    rows_of_steps = (
        (each.step, each.succeeded, each.failed, each.under_way, each.set_aside, each.skipped)
        for each in story.steps
    )
    print_table("Steps (các bước)", columns, rows_of_steps)


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count) or "none"


def _watch(context: Context, stores: Stores, name: ReplayId) -> None:
    """Until it stops; to leave it running, interrupt."""
    reader = replay_reader(stores, context.clock)
    columns: tuple[Any, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as progress:
        story = reader.get(name)
        bar = progress.add_task("replay", total=story.items)
        while True:
            settled = story.items - story.counts["pending"] - story.counts["under_way"]
            told = (
                f"step {story.step}, {story.counts['failed']} failed, {story.counts['under_way']} under way"
            )
            progress.update(bar, completed=settled, description=told)
            if story.state != ReplayState.RUNNING.value:
                return
            sleep(WATCH_SECONDS)
            story = reader.get(name)
