"""Simulated days of the gateway, each judged: `python -m bench.simulation --days 2000 --seed 7`.

The exit status is 0 only if no promise was broken and no delivery was late that the oracle could have saved.
Ctrl-C or SIGTERM ends the run early: what was run is summed up, and how to go on is said.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bench.simulation.cutting import smallest
from bench.simulation.day import MEMORY, DayResult, run_day
from bench.simulation.drawing import WORLDS, draw_day
from bench.simulation.plot import picture
from bench.simulation.scenario import Scenario, from_json
from retry_queue.proof.report import Summary

SQLITE_EVERY = 100
"""One day of so many runs on a real SQLite file."""
TOLD_EVERY = 100
"""So many days apart are the lines where no progress bar can be drawn."""
SHOWN_MAX = 3
"""So many failing days are cut down; it takes minutes each."""
Job = tuple[int, int, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status."""
    wanted = _parser().parse_args(arguments)
    console = Console()
    if wanted.scenario is not None:
        return _one(from_json(wanted.scenario.read_text()), wanted.plot, console)
    if wanted.plot is not None:
        return _one(draw_day(wanted.seed, wanted.day, wanted.world), wanted.plot, console)
    started = time.monotonic()
    jobs = [(wanted.seed, wanted.day + number, wanted.world) for number in range(wanted.days)]
    summary = Summary()
    failed: list[DayResult] = []
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for result in _run(jobs, wanted.processes, console):
            if _add(summary, result):
                _tell(result, console)  # at once: the run may take hours
                failed.append(result)
    except KeyboardInterrupt:
        done, left = wanted.day + summary.days, wanted.days - summary.days
        again = f"--days {left} --seed {wanted.seed} --world {wanted.world} --day {done}"
        console.print(f"stopped early; to go on: python -m bench.simulation {again}")
    else:
        for result in failed[:SHOWN_MAX]:
            _cut_down(result, wanted.folder, console)
    finally:
        signal.signal(signal.SIGTERM, before)
    _table(summary, time.monotonic() - started, console)
    return 0 if summary.is_proof and summary.days == wanted.days else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.simulation", description=__doc__)
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--day", type=int, default=0, help="the first day")
    parser.add_argument("--world", choices=sorted(WORLDS), default="province")
    parser.add_argument(
        "--processes",
        type=int,
        default=len(os.sched_getaffinity(0)),
        help="of the operating system, side by side; the days and their summary are the same with any number",
    )
    parser.add_argument("--scenario", type=Path, help="run this written-out day only")
    parser.add_argument("--plot", type=Path, help="draw the backlog of one day as SVG")
    parser.add_argument("--folder", type=Path, default=Path("var/simulation"), help="for failing days")
    return parser


def _run(jobs: Sequence[Job], processes: int, console: Console) -> Iterator[DayResult]:
    columns = (TextColumn("simulated days"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("days", total=len(jobs))
        for number, result in enumerate(_results(jobs, processes), 1):
            progress.advance(bar)
            if not console.is_terminal and number % TOLD_EVERY == 0:
                console.print(f"{number:,} of {len(jobs):,} days")
            yield result


def _results(jobs: Sequence[Job], processes: int) -> Iterator[DayResult]:
    """In the order of the days, whoever ran them."""
    if processes <= 1:
        yield from map(_day, jobs)
        return
    with ProcessPoolExecutor(processes, initializer=_leave_interrupts_to_the_parent) as pool:
        try:
            yield from pool.map(_day, jobs)  # day by day: who stops the run waits for no more than one
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _day(job: Job) -> DayResult:
    seed, day, world = job
    store = "sqlite" if day % SQLITE_EVERY == SQLITE_EVERY - 1 and world == "province" else MEMORY
    return replace(run_day(draw_day(seed, day, world, store)), backlog={})


def _add(summary: Summary, result: DayResult) -> bool:
    """Whether the day failed."""
    verdict = result.verdict
    summary.days += 1
    summary.good_days += result.is_good
    summary.events += result.events
    summary.deliveries += result.deliveries
    summary.happenings += result.happenings
    summary.misses += len(verdict.missed)
    summary.unavoidable += len(verdict.unavoidable)
    summary.unavoidable_sharp += len(result.sharp.unavoidable)
    summary.regret += max(0, verdict.regret)
    summary.beaten += verdict.regret < 0
    summary.violations += len(result.violations)
    summary.lost_leases += result.lost_leases
    if len(verdict.missed) > summary.worst_misses:
        summary.worst, summary.worst_misses = result.seed, len(verdict.missed)
    return not result.is_good


def _cut_down(result: DayResult, folder: Path, console: Console) -> None:
    """The smallest day that still breaks the same promise, and how to see it again."""
    seed, world, day = result.seed.split("/")
    scenario = smallest(draw_day(int(seed), int(day), world))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{seed}-{world}-{day}.json"
    path.write_text(scenario.to_json() + "\n")
    console.print(
        f"day {result.seed} cut down to {len(scenario.arrivals)} events, {len(scenario.spells)} spells, "
        f"{len(scenario.incidents)} incidents, {len(scenario.acts)} acts"
    )
    console.print(f"  again: python -m bench.simulation --days 1 --seed {seed} --world {world} --day {day}")
    console.print(f"  small: python -m bench.simulation --scenario {path}", soft_wrap=True)


def _one(scenario: Scenario, plot: Path | None, console: Console) -> int:
    result = run_day(scenario)
    if plot is not None:
        plot.write_text(picture(scenario, result))
    _tell(result, console)
    return 0 if result.is_good else 1


def _tell(result: DayResult, console: Console) -> None:
    verdict = result.verdict
    console.print(
        f"day {result.seed}: {result.events} events, {result.deliveries} deliveries, "
        f"{len(verdict.missed)} late, "
        f"oracle {len(verdict.unavoidable)}, regret {verdict.regret}, violations {len(result.violations)}",
        soft_wrap=True,
    )
    for violation in result.violations[:10]:
        console.print(f"  {violation.promise}: {violation.job_id} {violation.detail}", soft_wrap=True)
    for name in result.regretted[:10] if verdict.regret > 0 else ():
        console.print(f"  could have been in time: {name}")


def _table(summary: Summary, seconds: float, console: Console) -> None:
    table = Table(show_header=False)
    for name, value in summary.told(seconds):
        table.add_row(name, value)
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
