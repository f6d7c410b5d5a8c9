"""`hotich-gateway import`: entries of old paper books, from workbooks, CSV, or lines of events."""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from gateway.bootstrap.imports import build_import_tools, find_importer, names_of_unit, open_import
from gateway.commands.context import Context
from gateway.commands.output import AsJson, complaints, fail, print_json, print_table, say
from gateway.operations.imports.engine import import_rows
from gateway.operations.imports.opening import NamedBook, Wanted, named_book
from gateway.operations.imports.outcome import ImportTally, RowOutcome, RowResult
from gateway.operations.imports.report import CsvReport, NoReport, Report, XlsxReport
from gateway.operations.imports.row_source import RowSource
from mappings.digitised_books.columns import BOOK_TYPES

SHOWN_MAX = 20
"""Faulty rows on the screen; the report has them all."""
STOPPED: Final = 130
"""Status of a command that was told to stop, as shells have it."""


def import_file(
    file: Annotated[Path, typer.Argument(help="Workbook (.xlsx), CSV, or events, one a line (.ndjson).")],
    *,
    client: Annotated[str, typer.Option(help="Name or id of the client in whose name rows are taken in.")],
    unit: Annotated[str | None, typer.Option(help="Unit code, as on the day of registration.")] = None,
    book_type: Annotated[str | None, typer.Option("--type", help="KS, KT, KH, HN or CMC.")] = None,
    year: Annotated[int | None, typer.Option(min=1800, max=2199, help="Year of the book.")] = None,
    book: Annotated[str | None, typer.Option(help="Number of the volume.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Which sheet of the workbook.")] = None,
    second: Annotated[Path | None, typer.Option(help="The same book keyed a second time.")] = None,
    second_sheet: Annotated[
        str | None, typer.Option(help="Its sheet; without --second of the same file.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Where faults are written: .xlsx or .csv.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, store nothing.")] = False,
    trust_excel_dates: Annotated[
        bool,
        typer.Option("--trust-excel-dates", help="Take date cells that may be day and month swapped."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take in entries of old books; the same file again changes nothing.

    Example: hotich-gateway import 00691.KS.1995.01.xlsx --client 'Số hóa' --dry-run --report loi.xlsx
    """
    _check_options(unit, book_type, report)
    context = Context.from_environment()
    options = NamedBook(unit, book_type.upper() if book_type else None, year, book)
    with context.stores() as stores:
        importer = find_importer(stores, client)
        tools = build_import_tools(context.surroundings(), context.settings, stores, is_dry=dry_run)
        wanted = Wanted(
            path=file,
            named=options,
            sheet=sheet,
            second=second,
            second_sheet=second_sheet,
            trusts_dates=trust_excel_dates,
            unit_names=names_of_unit(named_book(file, options).unit_code or ""),
        )
        source = open_import(context.settings, wanted)
        tally = ImportTally()
        try:
            found = _report(report, source)
            with _progress(source.rows_total) as advance:
                is_complete = _take_in(import_rows(source, importer, tools), tally, found, advance)
            found.close(tally)
        finally:
            source.close()
    _tell(tally, report, dry_run=dry_run, is_complete=is_complete, as_json=as_json)
    if not is_complete:
        raise typer.Exit(STOPPED)
    if not tally.is_clean:
        raise typer.Exit(1)


def _take_in(
    results: Iterable[RowResult], tally: ImportTally, report: Report, advance: Callable[[], None]
) -> bool:
    """False when it was told to stop: what has a result is stored, and the report tells of it."""
    try:
        with _stoppable():
            for result in results:
                tally.add(result)
                report.add(result)
                advance()
    except KeyboardInterrupt:
        return False
    return True


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM is as good as Ctrl-C; a signal that whoever started us has shut out stays so."""
    before = signal.getsignal(signal.SIGTERM)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _check_options(unit: str | None, book_type: str | None, report: Path | None) -> None:
    if book_type is not None and book_type.upper() not in BOOK_TYPES:
        fail("--type: KS, KT, KH, HN, CMC. (Loại sổ: KS, KT, KH, HN, CMC.)", exit_code=2)
    if unit is not None and not unit.isalnum():
        fail("--unit: a unit code of digits. (Mã đơn vị gồm các chữ số.)", exit_code=2)
    if report is not None and report.suffix.lower() not in {".xlsx", ".csv"}:
        fail("--report: a file .xlsx or .csv. (Tệp báo cáo phải là .xlsx hoặc .csv.)", exit_code=2)


def _report(path: Path | None, source: RowSource) -> Report:
    if path is None:
        return NoReport()
    return CsvReport(path) if path.suffix.lower() == ".csv" else XlsxReport(path, source.header)


class _Rate(ProgressColumn):
    """Rows a second, of the last while."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} rows/s")


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """On standard error, because standard output belongs to the answer."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=complaints) as progress:
        bar = progress.add_task("import", total=total or None)
        yield lambda: progress.advance(bar)


def _tell(
    tally: ImportTally, report: Path | None, *, dry_run: bool, is_complete: bool, as_json: bool
) -> None:
    document = {"dry_run": dry_run, "complete": is_complete, **tally.as_document()}
    if as_json:
        print_json(document)
        return
    heading = "Dry run (chạy thử)" if dry_run else "Import (nhập)"
    names = {
        RowOutcome.ACCEPTED: "accepted (tiếp nhận)",
        RowOutcome.REPEATED: "there already (đã có)",
        RowOutcome.FAULTY: "faulty (có lỗi)",
        RowOutcome.CONFLICT: "conflict (xung đột)",
    }
    print_table(heading, ("what", "rows"), [(names[each], tally.outcomes[each]) for each in RowOutcome])
    for title, counts in (("Faults (lỗi)", tally.faults), ("Warnings (cảnh báo)", tally.warnings)):
        if counts:
            print_table(title, ("code", "cells"), counts.most_common(SHOWN_MAX))
    if not is_complete:
        say("Stopped: give the same command again to go on. (Đã dừng: chạy lại cùng lệnh để tiếp tục.)")
    if report is not None:
        say(f"Report (báo cáo): {report}")
    elif not tally.is_clean:
        say("Add --report FILE.xlsx to see each row. (Thêm --report TỆP.xlsx để xem từng dòng.)")
