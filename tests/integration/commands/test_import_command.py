"""`import` on both databases: old books come in once, on their own track; the report says what did not."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from tests.integration.commands.conftest import CommandLine
from tests.support.books import a_birth_row, a_row, table, write_csv, write_with_openpyxl, write_xlsx
from tests.support.database import emptied, opened
from tests.support.events import a_birth

NAME = "00691.KS.1995.01.xlsx"
PROMISE = timedelta(days=90)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, command_line: CommandLine) -> CommandLine:
    """A database with the client in whose name old books come in."""
    if request.param == "postgres":
        url = emptied(request.getfixturevalue("postgres_url"))
        command_line.set("HOTICH_DATABASE_URL", url)
        command_line = CommandLine(url, command_line.set)
    command_line.json("client", "add", "digitisers", "--authority", "02", "--authority", "08")
    return command_line


def _import(office: CommandLine, path: Path, *options: str, exit_code: int = 0) -> dict[str, Any]:
    result = office.run("import", str(path), "--client", "digitisers", *options, "--json")
    assert result.exit_code == exit_code, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def _counts(document: dict[str, Any]) -> tuple[int, int, int, int]:
    return document["accepted"], document["repeated"], document["faulty"], document["conflict"]


def _stored(office: CommandLine, query: str) -> list[Any]:
    with opened(office.database_url) as database, database.read() as connection:
        return list(connection.execute(text(query)))


def test_a_book_comes_in_and_its_second_import_changes_nothing(office: CommandLine, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / NAME, [a_birth_row(number) for number in range(1, 31)])
    assert _counts(_import(office, path)) == (30, 0, 0, 0)
    before = _stored(office, "SELECT event_id, content_sha256 FROM events ORDER BY event_id")
    assert len(before) == 30
    assert _counts(_import(office, path)) == (0, 30, 0, 0)
    assert _stored(office, "SELECT event_id, content_sha256 FROM events ORDER BY event_id") == before
    assert _stored(office, "SELECT count(*) FROM queue_jobs")[0][0] == 30


def test_the_same_book_as_csv_is_the_same_book(office: CommandLine, tmp_path: Path) -> None:
    rows = [a_birth_row(number) for number in range(1, 6)]
    _import(office, write_xlsx(tmp_path / NAME, rows))
    path = write_csv(tmp_path / "00691.KS.1995.01.csv", rows, ";", "utf-8-sig")
    assert _counts(_import(office, path)) == (0, 5, 0, 0)


def test_a_dry_run_says_what_would_happen_and_stores_nothing(office: CommandLine, tmp_path: Path) -> None:
    rows = [a_birth_row(1), a_birth_row(2, nksDanToc="?"), a_birth_row(3)]
    path = write_xlsx(tmp_path / NAME, rows)
    assert _counts(_import(office, path, "--dry-run", exit_code=1)) == (2, 0, 1, 0)
    for name in ("events", "deliveries", "queue_jobs", "feed_entries", "persons"):
        tables = {row[0] for row in _stored(office, _TABLES[office.database_url.startswith("sqlite")])}
        if name in tables:
            assert _stored(office, f"SELECT count(*) FROM {name}")[0][0] == 0, name  # noqa: S608 - names of ours
    _import(office, path, exit_code=1)
    assert _counts(_import(office, path, "--dry-run", exit_code=1)) == (0, 2, 1, 0)


_TABLES = {
    True: "SELECT name FROM sqlite_master WHERE type = 'table'",
    False: "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
}


def test_old_books_go_on_the_bulk_track_to_the_registry_with_a_promise_of_their_own(
    office: CommandLine, tmp_path: Path
) -> None:
    _import(office, write_xlsx(tmp_path / NAME, [a_birth_row(1)]))
    jobs = _stored(office, "SELECT lane, kind, track, state, party FROM queue_jobs")
    client = office.json("client", "list")
    client_id = next(each["client_id"] for each in client if each["name"] == "digitisers")
    assert [tuple(job) for job in jobs] == [("national_registry", "record", "bulk", "queued", client_id)]
    event = office.json("queue", "list", "--destination", "national_registry")["deliveries"][0]
    journey = office.json("queue", "show", event["delivery_id"])
    told = json.dumps(journey)
    assert '"is_overdue": true' not in told
    assert '"is_at_risk": true' not in told
    due_at, accepted_at = (datetime.fromisoformat(journey[name]) for name in ("due_at", "accepted_at"))
    assert due_at - accepted_at == PROMISE


def test_a_faulty_row_stops_nothing_and_the_report_opens_with_its_cells_marked(
    office: CommandLine, tmp_path: Path
) -> None:
    rows = [
        a_birth_row(1),
        a_birth_row(2, nksDanToc="Sao Hỏa", nksHoTen="=1+1"),
        a_birth_row(3, chaNgaySinh="12/03/1995"),
        a_birth_row(4),
    ]
    report = tmp_path / "loi.xlsx"
    path = write_xlsx(tmp_path / NAME, rows)
    document = _import(office, path, "--report", str(report), exit_code=1)
    assert _counts(document) == (2, 0, 2, 0)
    assert document["faults"] == {"ethnic_group_not_found": 1, "parent_not_older": 1}
    sheet = openpyxl.load_workbook(report).worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    assert [sheet.cell(row, columns["#row"]).value for row in (2, 3)] == ["3", "4"]
    assert sheet.cell(2, columns["nksDanToc"]).fill.fgColor.rgb == "FFFFC7CE"
    assert sheet.cell(3, columns["chaNgaySinh"]).fill.fgColor.rgb == "FFFFC7CE", "a rule of the event, too"
    assert sheet.cell(2, columns["nksHoTen"]).data_type == "s"
    assert "dân tộc" in sheet.cell(2, columns["#loi"]).value
    sheet.cell(2, columns["nksDanToc"]).value = "Kinh"
    sheet.cell(3, columns["chaNgaySinh"]).value = "1970"
    corrected = tmp_path / "00691.KS.1995.01.sua.xlsx"
    book = sheet.parent
    for name in book.sheetnames[1:]:
        del book[name]
    book.save(corrected)
    assert _counts(_import(office, corrected)) == (2, 0, 0, 0), "a corrected report is imported as it is"


def test_another_content_under_the_same_number_is_a_conflict(office: CommandLine, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / NAME, [a_birth_row(1)])
    _import(office, path)
    write_xlsx(path, [a_birth_row(1, nksHoTen="LÊ KHÁC")])
    document = _import(office, path, exit_code=1)
    assert _counts(document) == (0, 0, 0, 1)
    assert document["faults"] == {"already_registered": 1}


@pytest.mark.parametrize("book_type", ["KT", "KH", "HN", "CMC"])
def test_every_type_of_book_comes_in(office: CommandLine, tmp_path: Path, book_type: str) -> None:
    path = write_xlsx(tmp_path / f"00691.{book_type}.1995.01.xlsx", [a_row(book_type)], book_type)
    assert _counts(_import(office, path)) == (1, 0, 0, 0)


def test_two_entries_that_differ_are_reported_and_not_imported(office: CommandLine, tmp_path: Path) -> None:
    first = write_xlsx(tmp_path / NAME, [a_birth_row(1), a_birth_row(2)])
    second = write_xlsx(tmp_path / "second.xlsx", [a_birth_row(1), a_birth_row(2, meHoTen="LÊ THỊ KHÁC")])
    document = _import(office, first, "--second", str(second), exit_code=1)
    assert _counts(document) == (1, 0, 1, 0)
    assert document["faults"] == {"entries_differ": 1}


def test_events_one_a_line_come_in_as_old_entries(office: CommandLine, tmp_path: Path) -> None:
    old = a_birth(
        registration__registered_at="1995-03-20T00:00:00+07:00",
        dossier=None,
        child__birth_date={"year": 1995},
    )
    del old["dossier"]
    path = tmp_path / "events.ndjson"
    path.write_text(json.dumps(old) + "\n\nnot JSON\n", encoding="utf-8")
    document = _import(office, path, exit_code=1)
    assert document["rows"] == 2
    assert "body_not_json" in document["faults"]


def test_a_client_speaks_for_its_units_only(office: CommandLine, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "10000.KS.1995.01.xlsx", [a_birth_row(1)])
    document = _import(office, path, exit_code=1)
    assert set(document["faults"]) & {"authority_not_yours", "authority_unknown"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("book.xlsx", "--client", "digitisers"), "--unit"),
        ((NAME, "--client", "nobody"), "client list"),
        (("none.xlsx", "--client", "digitisers"), "no such file"),
    ],
)
def test_what_cannot_be_imported_at_all_is_refused_in_clear_words(
    command_line: CommandLine, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    command_line.json("client", "add", "digitisers", "--authority", "02")
    write_xlsx(tmp_path / NAME, [a_birth_row(1)])
    write_xlsx(tmp_path / "book.xlsx", [a_birth_row(1)])
    result = command_line.run("import", *arguments)
    assert result.exit_code == 1
    assert words in result.stderr


def test_personal_data_stays_out_of_what_is_printed(office: CommandLine, tmp_path: Path) -> None:
    rows = [a_birth_row(1, nksDanToc="Sao Hỏa"), a_birth_row(2)]
    result = office.run("import", str(write_xlsx(tmp_path / NAME, rows)), "--client", "digitisers")
    for secret in ("LÊ THỬ", "Sao Hỏa", "099000001"):
        assert secret not in result.output


def test_a_workbook_by_another_hand_with_a_title_comes_in(office: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / NAME
    write_with_openpyxl(path, {"KSF": [["Sổ đăng ký khai sinh"], *table([a_birth_row(1), a_birth_row(2)])]})
    assert _counts(_import(office, path)) == (2, 0, 0, 0)
