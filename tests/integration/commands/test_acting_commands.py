"""Acts, edits and courier bundles at the command line."""

import json
from pathlib import Path

import pytest

from gateway.bootstrap.gateway import Roles, build_gateway
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.ids import ClientId
from gateway.model.submission import Accepted, RawSubmission
from gateway.settings import read_settings
from tests.integration.commands.conftest import CommandLine
from tests.support.submissions import PROVINCE, RECEIVED_AT, another_birth, counted_bytes

WHY = ("--reason", "as agreed")


@pytest.fixture
def delivery_id(command_line: CommandLine) -> str:
    """The one-stop dossier of an accepted birth."""
    settings = read_settings({"HOTICH_DATABASE_URL": command_line.database_url})
    surroundings = Surroundings(lambda: RECEIVED_AT, lambda: 0.5, counted_bytes())
    gateway = build_gateway(surroundings, settings, Roles(accepts=True, delivers=False))
    try:
        gateway.start()
        assert gateway.receiving is not None
        body = json.dumps(another_birth()).encode()
        raw = RawSubmission(ClientId("office"), frozenset({PROVINCE}), None, body, RECEIVED_AT)
        prepared = gateway.receiving.prepare(raw)
        assert not isinstance(prepared, tuple), prepared
        result = gateway.receiving.writer.submit(prepared).result(10)
        assert isinstance(result, Accepted)
        found = {each.destination.value: each.delivery_id for each in result.receipt.deliveries}
        return found["one_stop"]
    finally:
        gateway.stop(5)


def test_an_act_is_done_once_and_only_on_what_was_seen(command_line: CommandLine, delivery_id: str) -> None:
    held = command_line.json("queue", "hold", delivery_id, *WHY, "--request-id", "1")
    again = command_line.json("queue", "hold", delivery_id, *WHY, "--request-id", "1")
    assert (held["state"], held["is_repeat"], again["is_repeat"]) == ("held", False, True)
    refused = command_line.run("queue", "cancel", delivery_id, *WHY, "--expect-state", "queued")
    assert refused.exit_code == 1
    assert "changed_meanwhile" in refused.output


def test_a_confirmation_says_what_was_seen(command_line: CommandLine, delivery_id: str) -> None:
    command_line.json("queue", "hold", delivery_id, *WHY)
    done = command_line.json(
        "queue", "confirm-delivered", delivery_id, *WHY, "--evidence", "seen on their screen"
    )
    assert (done["state"], done["detail"]["evidence"]) == ("done", "seen on their screen")
    refused = command_line.run("queue", "confirm-absent", delivery_id, *WHY, "--evidence", "not seen")
    assert refused.exit_code == 1


def test_show_tells_what_may_be_done_about_a_delivery(command_line: CommandLine, delivery_id: str) -> None:
    command_line.json("queue", "hold", delivery_id, *WHY)
    document = command_line.json("queue", "show", delivery_id)
    assert "edit" in {each["act"] for each in document["decision"]["allowed"]}
    assert "What you may do" in command_line.run("queue", "show", delivery_id).stdout


def test_an_edit_is_shown_then_made(command_line: CommandLine, delivery_id: str) -> None:
    command_line.json("queue", "hold", delivery_id, *WHY)
    edit = ("queue", "edit", delivery_id, *WHY, "--set", "/note=Đã sửa")
    preview = command_line.run(*edit, "--dry-run")
    assert preview.exit_code == 0, preview.output
    assert "/note" in preview.stdout
    made = command_line.json(*edit)
    assert (made["status"], made["version"]) == ("applied", 2)
    refused = command_line.run("queue", "edit", delivery_id, *WHY, "--set", "/note=1", "--patch", "x")
    assert refused.exit_code == 2


def test_an_edit_waits_for_a_second_person(command_line: CommandLine, delivery_id: str) -> None:
    command_line.set("HOTICH_OPERATIONS__EDIT_NEEDS_SECOND_PERSON", "true")
    command_line.json("queue", "hold", delivery_id, *WHY)
    made = command_line.json("queue", "edit", delivery_id, *WHY, "--set", "/note=Đã sửa")
    (listed,) = command_line.json("queue", "edits")["edits"]
    assert listed["proposal_id"] == made["proposal"]["proposal_id"]
    approved = command_line.run("queue", "approve", listed["proposal_id"], made["content_sha256"], *WHY)
    assert approved.exit_code == 1
    assert "second_person_needed" in approved.output
    assert command_line.json("queue", "reject", listed["proposal_id"], *WHY)["status"] == "rejected"


def test_a_bundle_goes_out_is_verified_and_comes_back(
    command_line: CommandLine, delivery_id: str, tmp_path: Path
) -> None:
    key, public, bundle = (tmp_path / name for name in ("key.pem", "public.pem", "bundle.zip"))
    made = command_line.json("bundle", "key", "new", str(key))
    assert key.stat().st_mode & 0o777 == 0o600
    public.write_text(made["public_key"], encoding="utf-8")
    export = ("bundle", "export", str(bundle), "--destination", "one_stop", *WHY)
    assert "bundle_key_missing" in command_line.run(*export).output
    command_line.set("HOTICH_OPERATIONS__BUNDLE_SIGNING_KEY_FILE", str(key))
    exported = command_line.json(*export)
    (item,) = exported["items"]
    assert item["delivery_id"] == delivery_id
    manifest = command_line.json("bundle", "verify", str(bundle), "--public-key", str(public))
    assert manifest["bundle_id"] == exported["bundle_id"]
    results = tmp_path / "results.csv"
    results.write_text(f"request_id,result,reference\n{item['request_id']},accepted,TN-1\n", encoding="utf-8")
    apply = ("bundle", "apply", str(results), *WHY, "--brought-by", "Courier")
    assert "results_name_no_bundle" in command_line.run(*apply).output
    done = command_line.json(*apply, "--bundle", exported["bundle_id"])
    assert (done["state"], done["counts"]["accepted"]) == ("closed", 1)
    (listed,) = command_line.json("bundle", "list")["bundles"]
    assert listed["state"] == "closed"
