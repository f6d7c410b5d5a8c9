"""Notices, warnings, entries and the book at the command line."""

import json

import pytest

from gateway.bootstrap.gateway import Roles, build_gateway
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.ids import ClientId
from gateway.model.submission import Accepted, RawSubmission
from gateway.settings import read_settings
from tests.integration.commands.conftest import CommandLine
from tests.support.corrections import BIRTH_OFFICE, a_correction, the_entry
from tests.support.submissions import PROVINCE, RECEIVED_AT, counted_bytes

WHY = ("--reason", "compared with the book")
ENTRY = f"{BIRTH_OFFICE}/KS/1998/112"
"""Older than any clock under which these tests run."""
OLD = the_entry("112", registered_on={"year": 1998, "certainty": "exact"})


@pytest.fixture
def corrected(command_line: CommandLine) -> str:
    """The event of a correction of an old entry by another office."""
    settings = read_settings({"HOTICH_DATABASE_URL": command_line.database_url})
    surroundings = Surroundings(lambda: RECEIVED_AT, lambda: 0.5, counted_bytes())
    gateway = build_gateway(surroundings, settings, Roles(accepts=True, delivers=False))
    try:
        gateway.start()
        assert gateway.receiving is not None
        body = json.dumps(a_correction(amends=OLD, subject__personal_id="099198000112")).encode()
        raw = RawSubmission(ClientId("office"), frozenset({PROVINCE}), None, body, RECEIVED_AT)
        prepared = gateway.receiving.prepare(raw)
        assert not isinstance(prepared, tuple), prepared
        result = gateway.receiving.writer.submit(prepared).result(10)
        assert isinstance(result, Accepted)
        return result.receipt.event_id
    finally:
        gateway.stop(5)


def test_a_notice_is_listed_shown_and_acknowledged_once(command_line: CommandLine, corrected: str) -> None:
    (notice,) = command_line.json("notice", "list", "--for", BIRTH_OFFICE)["notices"]
    assert (notice["event_id"], notice["state"]) == (corrected, "open")
    name = notice["notice_id"]
    assert command_line.json("notice", "show", name)["change"]["changes"][0]["after"] == "1996-03-14"
    assert "mother.birth_date" in command_line.run("notice", "show", name).output
    done = command_line.json("notice", "acknowledge", name, "--note", "noted, page 41")
    assert (done["state"], done["acknowledged_note"]) == ("acknowledged", "noted, page 41")
    assert command_line.json("notice", "list") == {"notices": [], "next_after": None}
    assert len(command_line.json("notice", "list", "--all")["notices"]) == 1
    unknown = command_line.run("notice", "acknowledge", "nothing", "--note", "noted")
    assert unknown.exit_code == 1
    assert "not_found" in unknown.output


def test_a_warning_is_listed_shown_and_seen(command_line: CommandLine, corrected: str) -> None:
    (change,) = command_line.json("oversight", "list", "--for", PROVINCE, "--unseen")["changes"]
    assert change["event_id"] == corrected
    name = change["oversight_id"]
    assert "1996-03-14" in command_line.run("oversight", "show", name).output
    assert command_line.json("oversight", "seen", name, "--note", "as the law says")["seen_note"]
    assert command_line.json("oversight", "list", "--unseen")["changes"] == []
    assert command_line.run("oversight", "show", "nothing").exit_code == 1


@pytest.mark.usefixtures("corrected")
def test_an_entry_is_shown_as_it_stands_and_as_it_stood(command_line: CommandLine) -> None:
    entry = command_line.json("entry", "show", ENTRY)
    assert entry["state"]["mother.birth_date"]["value"] == "1996-03-14"
    assert command_line.json("entry", "show", ENTRY, "--at", "2026-11-15")["steps"] == []
    assert "mother.birth_date" in command_line.run("entry", "show", ENTRY).output
    assert command_line.run("entry", "show", "00691/KS/1998").exit_code == 2
    assert command_line.run("entry", "show", ENTRY, "--at", "tomorrow").exit_code == 2
    assert command_line.run("entry", "show", "00691/KS/1998/1").exit_code == 1


@pytest.mark.usefixtures("corrected")
def test_the_book_wins_after_a_dry_run(command_line: CommandLine) -> None:
    wish = ("book", "wins", ENTRY, "--set", "mother.birth_date=1995-03-14", "--page", "trang 112", *WHY)
    preview = command_line.json(*wish, "--dry-run")
    assert (preview["status"], preview["differences"][0]["before"]) == ("preview", "1996-03-14")
    assert command_line.json("book", "list") == {"statements": []}
    done = command_line.json(*wish, "--request-id", "one")
    assert command_line.json(*wish, "--request-id", "one")["is_repeat"]
    event_id = done["statement"]["event_id"]
    assert command_line.json("queue", "show", event_id)["event_type"] == "civil_status_change"
    shown = command_line.json("book", "show", done["statement"]["statement_id"])
    assert shown["status"] == "applied"
    again = command_line.run(*wish)
    assert again.exit_code == 1
    assert "book_agrees" in again.output


@pytest.mark.usefixtures("corrected")
def test_one_person_does_not_approve_what_he_stated(command_line: CommandLine) -> None:
    command_line.set("HOTICH_OPERATIONS__EDIT_NEEDS_SECOND_PERSON", "true")
    wish = ("book", "wins", ENTRY, "--set", "mother.birth_date=", "--page", "trang 112", *WHY)
    proposed = command_line.json(*wish)
    assert (proposed["status"], proposed["differences"][0]["after"]) == ("proposed", None)
    name, plan = proposed["statement"]["statement_id"], proposed["plan_sha256"]
    refused = command_line.run("book", "approve", name, plan, *WHY)
    assert "second_person_needed" in refused.output
    assert "mother.birth_date" in command_line.run("book", "show", name).output
    assert command_line.json("book", "reject", name, *WHY)["status"] == "rejected"
    (listed,) = command_line.json("book", "list", "--state", "rejected")["statements"]
    assert listed["statement_id"] == name


@pytest.mark.parametrize(
    "arguments",
    [
        ("book", "wins", "00691", "--set", "name=A", "--page", "1", *WHY),
        ("book", "wins", ENTRY, "--set", "name", "--page", "1", *WHY),
        ("book", "wins", ENTRY, "--set", "name=A", "--page", "1", "--reason", "x"),
    ],
)
def test_a_slip_of_the_hand_is_told_in_both_languages(
    command_line: CommandLine, arguments: tuple[str, ...]
) -> None:
    result = command_line.run(*arguments)
    assert result.exit_code == 2
    assert "(" in result.output
