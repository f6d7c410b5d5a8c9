"""The result as tables for people; every figure comes from the journals or from the gateway's answers."""

from rich.console import Console
from rich.table import Table

from simulators.demo.needs import SYSTEM_NAMES
from simulators.demo.settings import HOUR_SECONDS, PROMISE_HOURS, DemoSettings
from simulators.demo.verdict import Verdict

DISAGREEMENTS_SHOWN = 25


def print_report(console: Console, verdict: Verdict, settings: DemoSettings, seconds: float) -> None:
    """Print the tables, then what does not agree, then the outcome in one line."""
    console.print(_intake(verdict))
    console.print(_matters(verdict))
    console.print(_systems(verdict))
    if verdict.waiting:
        console.print(_waiting(verdict))
    console.print(_promises(verdict))
    console.print(_faults(verdict))
    console.print(_scale(settings), highlight=False)
    for sentence in verdict.disagreements[:DISAGREEMENTS_SHOWN]:
        console.print(f"DISAGREES: {sentence}", style="red", markup=False, highlight=False)
    more = len(verdict.disagreements) - DISAGREEMENTS_SHOWN
    if more > 0:
        console.print(f"and {more} more", style="red")
    if verdict.disagreements:
        outcome = f"FAILED: {len(verdict.disagreements)} disagreements"
        console.print(f"{outcome} after {seconds:.0f} s", style="bold red", highlight=False)
    else:
        console.print(
            f"PASSED after {seconds:.0f} s: the journals of the three systems agree with what was accepted.",
            style="bold green",
            highlight=False,
        )


def _intake(verdict: Verdict) -> Table:
    intake, table = verdict.intake, _facts("What the communes sent")
    table.add_row("messages posted", str(intake.posted))
    over_rest = intake.accepted - intake.accepted_over_soap
    table.add_row("events accepted (receipt)", str(intake.accepted))
    table.add_row("over REST; over SOAP", f"{over_rest}; {intake.accepted_over_soap}")
    table.add_row(
        "refused as broken (422)",
        f"{intake.refused_messages} ({intake.refused_over_soap} over SOAP), naming {intake.faults_named}"
        " faults at once",
    )
    table.add_row(
        "sent again (200)", f"{intake.repeats}, first receipt again: {intake.repeats_with_first_receipt}"
    )
    table.add_row("refused as conflict (409)", f"{intake.conflicts}: same number or entry, other content")
    return table


def _matters(verdict: Verdict) -> Table:
    title = "What became of each type of event: records, requests, notices and dossiers held"
    table = Table(title=title, title_justify="left")
    table.add_column("event type")
    for column in ("accepted", *SYSTEM_NAMES.values()):
        table.add_column(column, justify="right")
    for matter, count in verdict.matters.items():
        held = (f"{count.holds[name]} of {count.must_hold[name]}" for name in SYSTEM_NAMES)
        shown = ("–" if each == "0 of 0" else each for each in held)
        table.add_row(matter, str(count.accepted), *shown)
    table.caption = "fewer than must be held: planted refusals, which wait for a person"
    return table


def _systems(verdict: Verdict) -> Table:
    table = Table(title="What the three systems hold, by their own journals", title_justify="left")
    table.add_column("destination")
    for column in (
        *("must hold", "holds", "for a person", "sent twice", "repeats absorbed"),
        *("median h", "worst h", "over 12 h"),
    ):
        table.add_column(column, justify="right")
    for name, system in verdict.systems.items():
        counts = (system.must_hold, system.holds, system.waits, system.sent_twice, system.absorbed)
        hours = (f"{system.median_hours:.2f}", f"{system.worst_hours:.2f}", str(system.breaches))
        table.add_row(SYSTEM_NAMES[name], *(str(each) for each in counts), *hours)
    return table


def _waiting(verdict: Verdict) -> Table:
    table = Table(title="Waiting for a person", title_justify="left")
    for column in ("event", "destination", "step: reason", "planted fault"):
        table.add_column(column, overflow="fold")
    for each in verdict.waiting:
        planted = each.planted or "NONE"
        table.add_row(each.source_event_id, SYSTEM_NAMES.get(each.system, each.system), each.reason, planted)
    return table


def _promises(verdict: Verdict) -> Table:
    table = _facts("What was promised")
    table.add_row("duplicates sent", str(verdict.sent_twice))
    table.add_row("lost", str(verdict.lost))
    table.add_row("breaches of the 12 hours", str(verdict.breaches))
    table.add_row("late numbers that followed", f"{verdict.late_numbers_followed} of {verdict.late_numbers}")
    table.add_row("dossiers that heard the outcome", f"{verdict.finished_dossiers}, in {verdict.steps} steps")
    table.add_row("linked dossiers told to the end", str(verdict.linked_dossiers))
    kept = verdict.ordered_pairs - verdict.order_broken
    table.add_row("order kept per person and dossier", f"{kept} of {verdict.ordered_pairs} pairs")
    return table


def _faults(verdict: Verdict) -> Table:
    table = Table(title="Faults that struck", title_justify="left")
    table.add_column("kind")
    for name in SYSTEM_NAMES.values():
        table.add_column(name, justify="right")
    kinds = sorted({each.partition("/")[2] for each in verdict.faults} - {"latency"})
    for kind in kinds:
        table.add_row(kind, *(str(verdict.faults.get(f"{name}/{kind}", 0)) for name in SYSTEM_NAMES))
    return table


def _scale(settings: DemoSettings) -> str:
    promise = PROMISE_HOURS * HOUR_SECONDS / settings.time_factor
    return (
        f"Times: production's policies divided by {settings.time_factor:g}, so 12 h are {promise:g} s; "
        f"shown scaled back to hours. Not divided: sockets wait {settings.answers_within_seconds:g} s for "
        "an answer."
    )


def _facts(title: str) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column("what")
    table.add_column("count")
    return table
