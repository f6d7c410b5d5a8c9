"""`hotich-gateway queue …`: where deliveries stand and why they wait."""

from typing import Annotated, Any, cast

import typer

from gateway.bootstrap.reading import decision_reader, journey_reader, summary_reader
from gateway.bootstrap.stores import Stores
from gateway.commands.context import Context
from gateway.commands.decision_page import print_decision
from gateway.commands.output import AsJson, print_json, print_table, say
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.operations.decision import DecisionPage
from gateway.operations.journey import DeliveryStory, Journey
from gateway.operations.plain import plain
from retry_queue.job import JobId, Lane
from retry_queue.states import State

app = typer.Typer(
    no_args_is_help=True, help="Look at the deliveries: how many stand where, and why one waits."
)


@app.command("list", epilog="Example: hotich-gateway queue list --state held --json")
def list_deliveries(
    destination: Annotated[Destination | None, typer.Option(help="Only this destination.")] = None,
    state: Annotated[State | None, typer.Option(help="Only this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most rows.")] = 100,
    after: Annotated[
        int, typer.Option(min=0, max=2**63 - 1, help="Continue after this position of an earlier list.")
    ] = 0,
    *,
    as_json: AsJson = False,
) -> None:
    """Deliveries in the order of acceptance; without a filter also how many stand where."""
    context = Context.from_environment()
    with context.stores() as stores:
        rows = _rows(stores, destination, state, after, limit)
        summary = cast("dict[str, Any]", plain(summary_reader(stores, context.clock).read()))
    if as_json:
        print_json({"deliveries": rows, "summary": summary})
        return
    for each in summary["destinations"]:
        states = ", ".join(f"{count['state']} {count['deliveries']}" for count in each["states"]) or "nothing"
        say(f"{each['destination']}: {states} (breaker {each['breaker']})")
    columns = ("position", "delivery_id", "destination", "step", "state", "reason", "due_at", "attempts")
    print_table("Deliveries", columns, ([row[column] for column in columns] for row in rows))


@app.command(epilog="Example: hotich-gateway queue show 0193b5f0-… (an event's or a delivery's id)")
def show(
    identifier: Annotated[str, typer.Argument(help="Id of an event or of a delivery.")],
    *,
    as_json: AsJson = False,
) -> None:
    """An event: each delivery, its state, why it waits, every answer. A delivery: also what you may do."""
    context = Context.from_environment()
    with context.stores() as stores:
        journey = journey_reader(stores).get(_event_of(stores, identifier), context.clock())
        page = None
        if identifier != journey.event_id:
            page = decision_reader(stores).get(DeliveryId(identifier), context.clock())
    if as_json:
        print_json(_document(journey, page))
        return
    _print_journey(journey)
    if page is not None:
        print_decision(page)


def _document(journey: Journey, page: DecisionPage | None) -> dict[str, Any]:
    document = cast("dict[str, Any]", plain(journey))
    if page is not None:
        decision = cast("dict[str, Any]", plain(page))
        for proposal in decision["past"]["proposals"]:
            del proposal["content"]
        document["decision"] = decision
    return document


def _rows(
    stores: Stores, destination: Destination | None, state: State | None, after: int, limit: int
) -> list[dict[str, Any]]:
    with stores.database.read() as transaction:
        lane = Lane(destination.value) if destination else None
        jobs = stores.queue.list_jobs(transaction, lane, state, after, limit)
        deliveries = [stores.deliveries.get(transaction, DeliveryId(job.job_id)) for job in jobs]
    return [
        {
            "position": job.sequence,
            "delivery_id": job.job_id,
            "event_id": delivery.event_id,
            "destination": delivery.destination.value,
            "step": delivery.step,
            "state": job.state.value,
            "reason": job.held_reason,
            "due_at": job.due_at.isoformat(),
            "attempts": job.attempts,
        }
        for job, delivery in zip(jobs, deliveries, strict=True)
    ]


def _event_of(stores: Stores, identifier: str) -> EventId:
    """A delivery's id leads to its event."""
    with stores.database.read() as transaction:
        if stores.queue.find_job(transaction, JobId(identifier)) is None:
            return EventId(identifier)
        return stores.deliveries.get(transaction, DeliveryId(identifier)).event_id


def _print_journey(journey: Journey) -> None:
    say(f"{journey.event_type} {journey.event_id} {journey.authority_code}, due {journey.due_at.isoformat()}")
    for warning in journey.warnings:
        say(f"! {warning.pointer} ({warning.code}): {warning.message_vi} / {warning.message_en}")
    columns = ("step", "destination", "state", "why (vi)", "why (en)", "attempts")
    print_table(
        "Deliveries",
        columns,
        (
            (story.step, story.destination, story.state, story.why.vi, story.why.en, len(story.attempts))
            for story in journey.deliveries
        ),
    )
    for story in journey.deliveries:
        if story.reason is not None:
            _print_faults(story)


def _print_faults(story: DeliveryStory) -> None:
    """What the last attempt of a held delivery found wrong, and how the destination put it."""
    last = story.attempts[-1] if story.attempts else None
    if last is None:
        return
    say(f"{story.step} ({story.reason}) {last.partner_text or ''}")
    for fault in last.faults:
        texts = (fault.get("message_vi"), fault.get("message_en"), fault.get("text"))
        told = " / ".join(text for text in texts if text)
        say(f"  {fault.get('field', '')}: {told}")
