"""Old books and batches by the thousand: rows a second, memory few against many, and the second time.

A book is imported by the command as an operator gives it; a batch goes over HTTP to a gateway in a process of
its own. Each is done with a tenth of the rows first: if memory were kept for what has gone by, the ratio of
the peaks would say so. The machine's other work slows the clock but not the processor: both are told.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from bench.bulk_batch import LINES_MAX, Batch, hand_in
from bench.bulk_import import Imports, import_twice
from bench.watched import Cost

ROWS: Final = 5_000
_FEW: Final = 10
"""So many times fewer rows to compare with."""
T = TypeVar("T")


def main(arguments: Sequence[str] = ()) -> None:
    """Print both tables and their ratios."""
    parser = argparse.ArgumentParser(prog="bench.bulk", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"{_FEW} to {LINES_MAX}")
    parser.add_argument("--only", choices=("import", "batch"), help="one of the two")
    chosen = parser.parse_args(arguments)
    if not _FEW <= chosen.rows <= LINES_MAX:
        parser.error(f"--rows: {_FEW} to {LINES_MAX}")
    print(f"bulk: {chosen.rows} births, beside {chosen.rows // _FEW}, SQLite WAL with synchronous=FULL")
    if chosen.only != "batch":
        _tell_imports(*_both(import_twice, chosen.rows))
    if chosen.only != "import":
        _tell_batches(*_both(hand_in, chosen.rows))


def _both(measure: Callable[[Path, int], T], rows: int) -> tuple[T, T]:
    """With few rows and with many, each in a fresh folder."""
    found: list[T] = []
    for count in (rows // _FEW, rows):
        with tempfile.TemporaryDirectory(prefix="hotich-bench-") as folder:
            found.append(measure(Path(folder), count))
    few, many = found
    return few, many


def _tell_imports(few: Imports, many: Imports) -> None:
    for each in (few, many):
        _tell_import(each.rows, "first import", each.first)
        _tell_import(each.rows, "second import", each.second)
    ratio = many.first.peak_mebibytes / few.first.peak_mebibytes
    print(f"  memory, {many.rows} rows / {few.rows} rows: {ratio:.2f}")
    second = many.second.processor_seconds / many.first.processor_seconds
    print(f"  processor, second import / first: {second:.2f}")
    changed = ", ".join(f"{table} {before} to {after}" for table, (before, after) in many.changed.items())
    print(f"  rows that the second import changed: {changed or 'none'}", flush=True)


def _tell_import(rows: int, what: str, cost: Cost) -> None:
    print(
        f"  {what + ',':<15}{rows:>7} rows {rows / cost.seconds:8.0f} rows/s"
        f" {rows / cost.processor_seconds:8.0f} rows a processor second {cost.peak_mebibytes:7.0f} MiB",
        flush=True,
    )


def _tell_batches(few: Batch, many: Batch) -> None:
    for each in (few, many):
        print(
            f"  batch, {each.lines:>7} lines {each.lines / each.seconds:8.0f} lines/s"
            f" {each.peak_mebibytes:7.0f} MiB, at most {each.lag_max} lines ahead of their results"
        )
    print(f"  memory, {many.lines} lines / {few.lines} lines: {many.peak_mebibytes / few.peak_mebibytes:.2f}")
    print(
        f"  the client went away after {many.cut_after} results and resumed: {many.unread} lines had been"
        f" stored unread, {many.stored} events stored, none lost, none twice",
        flush=True,
    )


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
