"""`hotich-gateway queue forecast|notices`: what is to be expected, and who was told."""

from datetime import datetime
from typing import Annotated, Any, cast

import typer

from gateway.bootstrap.foresight import build_forecaster, notice_reader
from gateway.commands.context import Context
from gateway.commands.output import AsJson, print_json, print_table
from gateway.operations.forecast import Outlook
from gateway.operations.plain import plain
from gateway.operations.read_notices import NoticeStory
from gateway.operations.sentences import clock_time


def forecast(*, as_json: AsJson = False) -> None:
    """When each destination will be done, how many deliveries will miss, and from what minute on.

    Example: hotich-gateway queue forecast --json
    """
    context = Context.from_environment()
    with context.stores() as stores:
        outlooks = build_forecaster(stores, context.settings, context.clock).outlooks()
    if as_json:
        print_json({"forecasts": plain(outlooks)})
        return
    columns = (
        *("destination", "track", "waiting", "overdue", "will miss", "first breach", "done", "held"),
        *("a minute", "assumes", "error (min)"),
    )
    print_table("Forecast (dự báo)", columns, (_row(each) for each in outlooks))


def notices(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most rows.")] = 100,
    after: Annotated[
        int, typer.Option(min=0, max=2**63 - 1, help="Continue after this position of an earlier list.")
    ] = 0,
    *,
    as_json: AsJson = False,
) -> None:
    """Who was told when that time runs out, and whether the channel took it.

    Example: hotich-gateway queue notices --after 120
    """
    context = Context.from_environment()
    with context.stores() as stores:
        page = notice_reader(stores).list_page(after, limit)
    if as_json:
        print_json(cast("dict[str, Any]", plain(page)))
        return
    columns = ("position", "made", "destination", "%", "deliveries", "earliest due", "told")
    print_table("Notices (thông báo)", columns, (_notice_row(each) for each in page.notices))


def register(app: typer.Typer) -> None:
    """Add them to the commands of the queue."""
    for command in (forecast, notices):
        app.command()(command)


def _row(outlook: Outlook) -> tuple[object, ...]:
    found, error = outlook.forecast, outlook.error
    return (
        *(found.lane, found.track.value, found.waiting, found.breached, found.misses),
        *(_time(found.first_breach_at), _time(found.done_at), found.held),
        round(found.drain_per_second * 60, 1),
        ", ".join(each.value for each in found.assumptions),
        "" if error.done_minutes is None else error.done_minutes,
    )


def _notice_row(notice: NoticeStory) -> tuple[object, ...]:
    told = ", ".join(f"{each.role}/{each.channel} {each.state}" for each in notice.told)
    return (
        *(notice.position, _time(notice.made_at), notice.destination, notice.percent),
        *(notice.deliveries, _time(notice.worst_due_at), told),
    )


def _time(instant: datetime | None) -> str:
    return "" if instant is None else clock_time(instant)
