"""`webhook …` at the command line: what an operator does for a sender."""

from pathlib import Path

import pytest

from tests.integration.commands.conftest import CommandLine

URL = "https://vendor.example/hook"


@pytest.fixture
def prepared(command_line: CommandLine, tmp_path: Path) -> CommandLine:
    """With a key."""
    file = tmp_path / "webhook-key"
    made = command_line.json("webhook", "key", "new", str(file))
    assert made["set"] == f"HOTICH_WEBHOOKS__SEALING_KEYS_FILE={file}"
    assert file.stat().st_mode & 0o077 == 0
    command_line.set("HOTICH_WEBHOOKS__SEALING_KEYS_FILE", str(file))
    return command_line


def _client(command_line: CommandLine) -> str:
    new = command_line.json("client", "add", "UBND phường", "--authority", "00691")
    client_id: str = new["client_id"]
    return client_id


def test_a_webhook_lives_and_its_secret_is_shown_once(prepared: CommandLine) -> None:
    client = _client(prepared)
    made = prepared.json("webhook", "add", client, URL, "--change", "delivery.held")
    assert made["secret"].startswith("whsec_")
    (row,) = prepared.json("webhook", "list", "--client", client)["webhooks"]
    assert "secret" not in row
    assert (row["url"], row["types"], row["state"]) == (URL, ["delivery.held"], "active")
    assert prepared.json("webhook", "list", "--client", "nobody")["webhooks"] == []
    name = made["webhook_id"]
    assert prepared.json("webhook", "rotate", name)["secret"] not in {made["secret"], None}
    trial = prepared.json("webhook", "test", name)
    (line,) = prepared.json("webhook", "log", name)["messages"]
    assert (line["message_id"], line["state"], line["type"]) == (
        trial["message_id"],
        "pending",
        "webhook.test",
    )
    assert prepared.json("webhook", "disable", name)["disabled_because"] == "by_person"
    assert prepared.run("webhook", "test", name).exit_code == 1
    assert prepared.json("webhook", "enable", name)["state"] == "active"
    shown = prepared.run("webhook", "list")
    assert shown.exit_code == 0
    assert made["secret"] not in shown.stdout
    assert prepared.json("webhook", "remove", name)["state"] == "removed"
    assert prepared.json("webhook", "list")["webhooks"] == []
    assert prepared.run("webhook", "log", name).exit_code == 1


@pytest.mark.parametrize(
    ("url", "reason"), [("http://vendor.example", "not_https"), ("https://10.0.0.1", "private_address")]
)
def test_a_bad_address_is_refused_in_both_languages(prepared: CommandLine, url: str, reason: str) -> None:
    refused = prepared.run("webhook", "add", _client(prepared), url)
    assert refused.exit_code == 1
    assert reason in refused.stderr
    assert "Không được gửi" in refused.stderr


def test_an_unknown_client_and_a_missing_key_are_told(
    command_line: CommandLine, prepared: CommandLine
) -> None:
    assert prepared.run("webhook", "add", "nobody", URL).exit_code == 1
    client = _client(prepared)
    command_line.set("HOTICH_WEBHOOKS__SEALING_KEYS_FILE", "")
    command_line.set("HOTICH_WEBHOOKS__SEALING_KEYS", "no-key-at-all")
    broken = command_line.run("webhook", "add", client, URL)
    assert broken.exit_code != 0
    assert "no-key-at-all" not in broken.stderr
