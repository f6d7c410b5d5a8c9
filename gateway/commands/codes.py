"""`hotich-gateway codes …`: which lists there are, what a code meant on a day, what a new edition changes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer

from gateway.bootstrap.code_lists import REGISTRY_SERIES, fetch_from_registry, folder_of, use_added_editions
from gateway.commands.context import Context
from gateway.commands.output import AsJson, fail, print_facts, print_json, print_table
from gateway.errors import GatewayError
from gateway.model.clock import VIETNAM
from gateway.operations.code_lists import (
    NewEdition,
    PlannedEdition,
    plan_edition,
    read_edition_file,
    write_edition,
)
from mappings.added_editions import OFFICIAL
from mappings.bridge import Doubt, NoUnit, Question, Same, Successor, bridge
from mappings.editions import (
    CodeEntry,
    EditionDiff,
    diff_editions,
    list_editions,
    list_entries,
    list_series,
)
from mappings.units import Unit

PERSON_MUST_DECIDE: Final = 3
"""Exit status of a question."""
LAST_DAY_OF_DISTRICTS: Final = datetime(2025, 6, 30)  # noqa: DTZ001 - a day, as Typer reads days
_DOUBTS: Final[Mapping[Doubt, str]] = {
    Doubt.SPLIT: "The old unit was divided: choose by the detailed address."
    " (Đơn vị cũ bị chia: chọn theo địa chỉ chi tiết.)",
    Doubt.SUCCESSOR_NOT_IN_LIST: "The bridge leads to a code that the list lacks: confirm by name."
    " (Mã mới không có trong danh mục: xác nhận theo tên.)",
    Doubt.NO_LINK: "The bridge knows no successor: look at the decree of the province."
    " (Không có đơn vị kế thừa trong bảng: tra nghị quyết sắp xếp.)",
}

app = typer.Typer(no_args_is_help=True, help="Code lists (danh mục) by edition and day.")

OnDate = Annotated[
    datetime,
    typer.Option("--on", formats=["%Y-%m-%d"], help="The day on which the code is to mean something."),
]
ListName = Annotated[str, typer.Argument(metavar="LIST", help="As `codes list` shows it.")]


@app.command("list", epilog="Example: hotich-gateway codes list --json")
def list_lists(*, as_json: AsJson = False) -> None:
    """Every list, by system and edition, with its days and source."""
    _use_lists()
    rows = [
        {
            "list": each.series.list_name,
            "system": each.series.series,
            "edition": each.name,
            "codes": each.codes,
            "valid_from": _day(each.validity.valid_from),
            "valid_to": _day(each.validity.valid_to),
            "name": each.series.name_vi,
            "source": f"{each.series.source} [{each.series.mark}]",
        }
        for each in list_editions()
    ]
    _print("Code lists", rows, as_json=as_json)


@app.command(epilog="Example: hotich-gateway codes show administrative_units 52 --on 2025-06-30")
def show(
    list_name: ListName,
    code: Annotated[str | None, typer.Argument(help="One code; all of that day without it.")] = None,
    *,
    on: OnDate,
    as_json: AsJson = False,
) -> None:
    """What the codes of a list meant on a day, in every system that has the list; status 1 if nothing did."""
    _use_lists()
    systems = [each.series for each in list_series() if each.list_name == list_name]
    if not systems:
        _unknown_list(list_name)
    rows = [
        {"system": system, **_shown(entry)}
        for system in systems
        for entry in list_entries(list_name, system, on.date())
        if code in {None, entry.code}
    ]
    _print(f"{list_name} on {on.date().isoformat()}", rows, as_json=as_json)
    if not rows:
        raise typer.Exit(1)


@app.command(epilog="Example: hotich-gateway codes diff administrative_units until_2025_06 from_2025_07")
def diff(
    list_name: ListName,
    older: Annotated[str, typer.Argument(help="An edition; `system:edition` where a name is not enough.")],
    newer: Annotated[str, typer.Argument(help="The edition to compare it with.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Codes that were added, removed, or given another meaning."""
    _use_lists()
    try:
        found = diff_editions(list_name, older, newer)
    except KeyError as missing:
        fail(f"No such edition: {missing} — see `hotich-gateway codes list`. (Không có phiên bản này.)")
    _print_diff(found, as_json=as_json)


@app.command("bridge", epilog="Example: hotich-gateway codes bridge 06886")
def show_bridge(
    old_code: Annotated[str, typer.Argument(help="Code of a province, district or commune.")],
    *,
    meant_on: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day on which the code meant the unit.")
    ] = LAST_DAY_OF_DISTRICTS,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the new list; today by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The unit that an old one became; a question to a person (status 3) where that is not certain."""
    _use_lists()
    on_date = _today(Context.from_environment()) if on is None else on.date()
    match bridge(old_code, meant_on.date(), on_date):
        case Same(unit):
            _print("Unchanged", [_shown_unit(unit)], as_json=as_json)
        case Successor(old, unit):
            rows = [{"which": "old", **_shown_unit(old)}, {"which": "new", **_shown_unit(unit)}]
            _print("Successor", rows, as_json=as_json)
        case Question() as question:
            _ask(question, as_json=as_json)
        case NoUnit(code, day):
            fail(
                f"No unit bore the code {code} on {day.isoformat()}; give its day with --meant-on."
                " (Không có đơn vị mang mã này vào ngày đó.)"
            )


@app.command(
    epilog="Example: hotich-gateway codes update ethnic_groups --from-registry --dry-run",
)
def update(
    list_name: ListName,
    *,
    from_registry: Annotated[
        bool, typer.Option("--from-registry", help="Ask the national registry (danhMuc).")
    ] = False,
    from_file: Annotated[
        Path | None, typer.Option(help="CSV with a header: code, name and the list's other columns.")
    ] = None,
    valid_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; today by default.")
    ] = None,
    edition: Annotated[
        str | None, typer.Option(help="Name of the edition; made from the day by default.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a new edition in: show what it changes, ask, write it; what was in force ends the day before."""
    if from_registry == (from_file is not None):
        fail("Say either --from-registry or --from-file. (Chọn một nguồn danh mục.)", exit_code=2)
    if as_json and not (yes or dry_run):
        fail("With --json say --yes or --dry-run. (Thêm --yes hoặc --dry-run.)", exit_code=2)
    context = Context.from_environment()
    begins = _today(context) if valid_from is None else valid_from.date()
    try:
        folder = folder_of(context.settings)
        if folder.is_dir():
            use_added_editions(context.settings)
        if from_file is not None:
            series, rows = OFFICIAL, read_edition_file(from_file)
        else:
            series, rows = (
                REGISTRY_SERIES,
                tuple(fetch_from_registry(context.settings, context.clock, list_name)),
            )
        new = NewEdition(list_name, series, edition or f"from_{begins:%Y_%m_%d}", begins)
        planned = plan_edition(new, rows, folder)
    except GatewayError as error:
        fail(error)
    _print_plan(planned, is_written=not dry_run, as_json=as_json)
    if dry_run:
        return
    if not yes:
        typer.confirm("Write this edition? (Ghi phiên bản này?)", abort=True)
    write_edition(planned)


def _use_lists() -> None:
    try:
        use_added_editions(Context.from_environment().settings)
    except GatewayError as error:
        fail(error, exit_code=2)


def _today(context: Context) -> date:
    return context.clock().astimezone(VIETNAM).date()


def _unknown_list(list_name: str) -> NoReturn:
    known = ", ".join(sorted({each.list_name for each in list_series()}))
    fail(f"There is no list {list_name}; known: {known}. (Không có danh mục này.)")


def _ask(question: Question, *, as_json: bool) -> NoReturn:
    if as_json:
        candidates = [_shown_unit(unit) for unit in question.candidates]
        print_json(
            {"question": question.doubt.value, "old": _shown_unit(question.old), "candidates": candidates}
        )
    else:
        print_facts("Question to a person", {**_shown_unit(question.old), "why": _DOUBTS[question.doubt]})
        _print("Candidates", [_shown_unit(unit) for unit in question.candidates], as_json=False)
    raise typer.Exit(PERSON_MUST_DECIDE)


def _print_plan(planned: PlannedEdition, *, is_written: bool, as_json: bool) -> None:
    facts = {"file": str(planned.path), "codes": planned.codes, "dry_run": not is_written}
    if as_json:
        print_json({**facts, **_diff_value(planned.diff)})
    else:
        print_facts("New edition", facts)
        _print_diff(planned.diff, as_json=False)


def _print_diff(found: EditionDiff, *, as_json: bool) -> None:
    if as_json:
        print_json(_diff_value(found))
        return
    rows = [
        *(("added", entry.code, "", _name(entry)) for entry in found.added),
        *(("removed", entry.code, _name(entry), "") for entry in found.removed),
        *(("renamed", old.code, _name(old), _name(new)) for old, new in found.renamed),
    ]
    print_table("Differences", ("what", "code", "older", "newer"), rows)
    counts = {"added": found.added, "removed": found.removed, "renamed": found.renamed}
    print_facts("Counted", {name: len(entries) for name, entries in counts.items()})


def _diff_value(found: EditionDiff) -> dict[str, Any]:
    return {
        "added": [_shown(entry) for entry in found.added],
        "removed": [_shown(entry) for entry in found.removed],
        "renamed": [
            {"code": old.code, "older": _name(old), "newer": _name(new)} for old, new in found.renamed
        ],
    }


def _name(entry: CodeEntry) -> str:
    return entry.more.get("full_name") or entry.name


def _shown(entry: CodeEntry) -> dict[str, str | None]:
    return {
        "edition": entry.edition,
        "code": entry.code,
        "name": _name(entry),
        "valid_from": _day(entry.validity.valid_from),
        "valid_to": _day(entry.validity.valid_to),
    }


def _shown_unit(unit: Unit) -> dict[str, str | None]:
    return {
        "code": unit.code,
        "name": unit.full_name,
        "level": unit.level.value,
        "parent_code": unit.parent_code,
        "valid_from": _day(unit.validity.valid_from),
        "valid_to": _day(unit.validity.valid_to),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _print(title: str, rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(list(rows))
        return
    columns = tuple(rows[0]) if rows else ("code", "name")
    print_table(title, columns, ([row[column] for column in columns] for row in rows))
