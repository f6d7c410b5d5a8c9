"""What each command prints, and the status it ends with."""

import json
from pathlib import Path
from typing import Any

import pytest

from mappings.matters import list_matters
from tests.integration.commands.conftest import CommandLine
from tests.support.edge_desk import opened_edge
from tests.support.submissions import another_birth


@pytest.fixture
def receipt(command_line: CommandLine) -> dict[str, Any]:
    """An event that waits to be delivered."""
    with opened_edge(command_line.database_url) as desk:
        return desk.accepted(another_birth())


def test_a_client_is_added_once_and_its_secret_shown_once(command_line: CommandLine) -> None:
    new = command_line.json("client", "add", "UBND phường", "--authority", "00691", "--role", "sender")
    assert set(new) == {"client_id", "client_secret"}
    listed = command_line.run("client", "list", "--json").stdout
    assert new["client_secret"] not in listed
    (row,) = json.loads(listed)
    assert row["client_id"] == new["client_id"]
    assert (row["name"], row["roles"], row["authorities"]) == ("UBND phường", ["sender"], ["00691"])
    assert row["revoked_at"] is None
    again = command_line.run("client", "add", "UBND phường", "--authority", "00691")
    assert again.exit_code == 1
    assert "ClientNameTaken" in again.stderr


def test_a_client_may_have_several_units_and_roles(command_line: CommandLine) -> None:
    roles = ("--role", "consumer", "--role", "operator")
    command_line.json("client", "add", "Sở Tư pháp", "--authority", "08", "--authority", "01", *roles)
    (row,) = command_line.json("client", "list")
    assert (row["roles"], row["authorities"]) == (["consumer", "operator"], ["01", "08"])


def test_a_unit_of_the_old_map_is_known_as_long_as_its_registrations_may_come(
    command_line: CommandLine,
) -> None:
    assert command_line.json("client", "add", "Hà Giang", "--authority", "02")["client_id"]


@pytest.mark.parametrize("name", ["", " blank", "a\nb", "x" * 101])
def test_a_client_needs_a_name_that_can_be_read(command_line: CommandLine, name: str) -> None:
    refused = command_line.run("client", "add", name, "--authority", "08")
    assert refused.exit_code == 2
    assert "Tên" in refused.stderr
    assert command_line.json("client", "list") == []


def test_a_mistyped_unit_is_noticed_when_the_client_is_made(command_line: CommandLine) -> None:
    refused = command_line.run("client", "add", "x", "--authority", "08", "--authority", "99999")
    assert refused.exit_code == 2
    assert "99999" in refused.stderr
    assert "08," not in refused.stderr


def test_a_client_is_revoked_and_an_unknown_one_is_an_error(command_line: CommandLine) -> None:
    client_id = command_line.json("client", "add", "x", "--authority", "08")["client_id"]
    assert command_line.json("client", "revoke", client_id) == {"client_id": client_id, "revoked": True}
    (row,) = command_line.json("client", "list")
    assert row["revoked_at"] is not None
    unknown = command_line.run("client", "revoke", "hotich-0000000000000000")
    assert unknown.exit_code == 1
    assert "ClientNotFound" in unknown.stderr


def test_queue_list_shows_deliveries_and_how_many_stand_where(
    command_line: CommandLine, receipt: dict[str, Any]
) -> None:
    found = command_line.json("queue", "list")
    assert {row["delivery_id"] for row in found["deliveries"]} == {
        each["delivery_id"] for each in receipt["deliveries"]
    }
    assert {row["event_id"] for row in found["deliveries"]} == {receipt["event_id"]}
    assert {each["destination"]: each["unfinished"] for each in found["summary"]["destinations"]} == {
        "national_registry": 1,
        "population_db": 1,
        "one_stop": 1,
    }


def test_queue_list_can_be_narrowed_and_continued(command_line: CommandLine, receipt: dict[str, Any]) -> None:
    (row,) = command_line.json("queue", "list", "--destination", "one_stop")["deliveries"]
    assert row["state"] == "queued"
    assert command_line.json("queue", "list", "--state", "held")["deliveries"] == []
    first = command_line.json("queue", "list", "--limit", "1")["deliveries"]
    rest = command_line.json("queue", "list", "--after", str(first[0]["position"]))["deliveries"]
    assert len(first) + len(rest) == len(receipt["deliveries"])


def test_queue_show_takes_an_event_or_a_delivery(command_line: CommandLine, receipt: dict[str, Any]) -> None:
    by_event = command_line.json("queue", "show", receipt["event_id"])
    by_delivery = command_line.json("queue", "show", receipt["deliveries"][0]["delivery_id"])
    assert by_event["event_id"] == by_delivery["event_id"] == receipt["event_id"]
    assert all(story["why"]["vi"] and story["why"]["en"] for story in by_event["deliveries"])
    unknown = command_line.run("queue", "show", "019a8a5c-0000-7000-8000-000000000001")
    assert unknown.exit_code == 1
    assert "EventNotFound" in unknown.stderr


def test_queue_show_repeats_the_warnings_of_the_receipt(command_line: CommandLine) -> None:
    with opened_edge(command_line.database_url) as desk:
        event = another_birth(mother__personal_id="099097000001", mother__sex="female")
        receipt = desk.accepted(event)
    (warning,) = [each for each in receipt["warnings"] if each["code"] == "personal_id_other_sex"]
    command_line.set("COLUMNS", "1000")
    shown = command_line.run("queue", "show", receipt["event_id"]).stdout
    assert warning["message_vi"] in shown
    assert warning["message_en"] in shown
    assert command_line.json("queue", "show", receipt["event_id"])["warnings"] == receipt["warnings"]


def test_for_people_the_same_is_a_table(command_line: CommandLine, receipt: dict[str, Any]) -> None:
    command_line.set("COLUMNS", "250")
    listed = command_line.run("queue", "list")
    assert "one_stop: queued 1 (breaker closed)" in listed.stdout
    shown = command_line.run("queue", "show", receipt["event_id"])
    assert receipt["event_id"] in shown.stdout
    assert "registry_record" in shown.stdout
    assert "┃" in command_line.run("mapping", "check").stdout


def test_mapping_check_finds_every_message_complete(command_line: CommandLine) -> None:
    rows = command_line.json("mapping", "check")
    assert {row["event_type"] for row in rows} == {matter.event_type for matter in list_matters()}
    assert all(row["complete"] and not row["problems"] for row in rows)


def test_migrate_says_where_the_database_stands_and_can_be_repeated(
    command_line: CommandLine, tmp_path: Path
) -> None:
    command_line.set("HOTICH_DATABASE_URL", f"sqlite:///{tmp_path / 'fresh' / 'hotich.db'}")
    first = command_line.json("migrate")
    assert first["revision"]
    assert command_line.json("migrate") == first


@pytest.mark.parametrize("arguments", [("client", "list"), ("queue", "list"), ("queue", "show", "x")])
def test_a_database_that_is_not_migrated_is_told_as_such(
    command_line: CommandLine, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    command_line.set("HOTICH_DATABASE_URL", f"sqlite:///{tmp_path / 'fresh.db'}")
    refused = command_line.run(*arguments)
    assert refused.exit_code == 1
    assert "hotich-gateway migrate" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("url", ["sqlite://", "mysql://user:hush@db/x", "nonsense"])
def test_a_database_that_we_do_not_know_is_a_wrong_setting(command_line: CommandLine, url: str) -> None:
    command_line.set("HOTICH_DATABASE_URL", url)
    refused = command_line.run("client", "list")
    assert refused.exit_code == 1
    assert "HOTICH_DATABASE_URL" in refused.stderr
    assert "hush" not in refused.output


def test_wrong_settings_end_every_command_with_status_2_and_all_faults(command_line: CommandLine) -> None:
    command_line.set("HOTICH_SERVER__PORT", "x")
    command_line.set("HOTICH_LOG_LEVEL", "loud")
    command_line.set("HOTICH_DESTINATIONS__ONE_STOP__PASSWORD", "hush")
    refused = command_line.run("client", "list")
    assert refused.exit_code == 2
    for name in ("server.port", "log_level", "destinations.one_stop.base_url"):
        assert name in refused.stderr
    assert "hush" not in refused.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("queue", "list", "--state", "lost"),
        ("queue", "list", "--limit", "0"),
        ("client", "add", "x"),
        ("nothing",),
    ],
)
def test_a_command_that_cannot_be_is_refused_with_status_2(
    command_line: CommandLine, arguments: tuple[str, ...]
) -> None:
    assert command_line.run(*arguments).exit_code == 2


def test_every_command_shows_an_example(command_line: CommandLine) -> None:
    command_line.set("COLUMNS", "200")
    commands = ["serve", "sandbox", "demo", "migrate", "doctor", "mapping check"]
    commands += [f"client {name}" for name in ("add", "list", "revoke")]
    commands += [f"queue {name}" for name in ("list", "show", "release", "retry", "hold", "cancel")]
    for command in commands:
        shown = command_line.run(*command.split(), "--help")
        assert shown.exit_code == 0
        assert f"Example: hotich-gateway {command}" in shown.stdout, command


def test_a_destination_is_stopped_and_released_from_the_command_line(command_line: CommandLine) -> None:
    reason = ("--reason", "maintenance tonight")
    assert command_line.json("queue", "hold", "one_stop", *reason)["hold_reason"] == "held_by_operator"
    stopped = command_line.json("queue", "list")["summary"]["destinations"]
    assert {each["destination"]: each["hold_reason"] for each in stopped}["one_stop"] == "held_by_operator"
    assert command_line.json("queue", "release", "one_stop", *reason)["hold_reason"] is None


def test_a_delivery_is_held_released_and_withdrawn_from_the_command_line(
    command_line: CommandLine, receipt: dict[str, Any]
) -> None:
    delivery_id = receipt["deliveries"][-1]["delivery_id"]
    reason = ("--reason", "asked by the office")
    states = [
        command_line.json("queue", act, delivery_id, *reason)["state"]
        for act in ("hold", "release", "hold", "retry", "cancel")
    ]
    assert states == ["held", "queued", "held", "queued", "cancelled"]
    again = command_line.run("queue", "cancel", delivery_id, *reason)
    assert again.exit_code == 1
    assert "cancelled" in again.stderr


def test_an_act_needs_a_known_target_and_a_reason(command_line: CommandLine) -> None:
    unknown = command_line.run("queue", "release", "no-such-delivery", "--reason", "because")
    assert (unknown.exit_code, "no-such-delivery" in unknown.stderr) == (1, True)
    blank = command_line.run("queue", "hold", "one_stop", "--reason", " ")
    assert (blank.exit_code, "--reason" in blank.stderr) == (2, True)


def _waiting_delivery(receipt: dict[str, Any]) -> str:
    found: str = next(
        each["delivery_id"] for each in receipt["deliveries"] if each["destination"] == "one_stop"
    )
    return found


def test_acts_on_a_delivery_move_it_and_keep_who_and_why(
    command_line: CommandLine, receipt: dict[str, Any]
) -> None:
    delivery_id = _waiting_delivery(receipt)
    states = [
        command_line.json("queue", act, delivery_id, "--reason", "as agreed")["state"]
        for act in ("hold", "release", "hold", "retry", "cancel")
    ]
    assert states == ["held", "queued", "held", "queued", "cancelled"]
    with opened_edge(command_line.database_url) as desk, desk.gateway.stores.database.read() as transaction:
        last = desk.gateway.stores.feed.list_after(transaction, 0, 100)[-1].entry
    assert last.detail["why"] == "as agreed"
    assert last.detail["by"].startswith("command line: ")


@pytest.mark.parametrize("act", ["hold", "release", "retry", "cancel"])
def test_an_act_that_is_not_possible_now_ends_with_status_1(
    command_line: CommandLine, receipt: dict[str, Any], act: str
) -> None:
    delivery_id = _waiting_delivery(receipt)
    command_line.json("queue", "cancel", delivery_id, "--reason", "as agreed")
    refused = command_line.run("queue", act, delivery_id, "--reason", "as agreed")
    assert refused.exit_code == 1
    assert "cancelled" in refused.stderr
    unknown = command_line.run("queue", act, "019a8a5c-0000-7000-8000-000000000001", "--reason", "as agreed")
    assert unknown.exit_code == 1
    assert "019a8a5c" in unknown.stderr


def test_a_whole_destination_is_held_and_released(command_line: CommandLine) -> None:
    held = command_line.json("queue", "hold", "one_stop", "--reason", "maintenance")
    assert held["hold_reason"] == "held_by_operator"
    released = command_line.json("queue", "release", "one_stop", "--reason", "done")
    assert (released["hold_reason"], released["breaker"]) == (None, "closed")


def test_an_act_needs_a_reason(command_line: CommandLine) -> None:
    assert command_line.run("queue", "hold", "one_stop").exit_code == 2
    assert command_line.run("queue", "hold", "one_stop", "--reason", " x ").exit_code == 2
