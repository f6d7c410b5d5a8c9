"""Receipts that can be checked later: by the gateway, offline, after the key has been replaced."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from typer.testing import CliRunner

from gateway.cli import app
from gateway.operations.bundle_key import new_key_pair
from tests.support.database import sqlite_url
from tests.support.edge_desk import EdgeDesk, opened_edge
from tests.support.source_tree import ROOT
from tests.support.submissions import another_birth

KEYS = "/.well-known/hotich-gateway-keys"
VERIFY = "/api/v1/receipts/verify"


def _verdict(desk: EdgeDesk, receipt: object, name: str = "office") -> dict[str, object]:
    answer = desk.call("POST", VERIFY, desk.badge(name), json=receipt)
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_a_receipt_is_signed_over_its_canonical_form_and_the_same_again(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), RECEIPTS__SIGNING_KEY=new_key_pair().private_pem) as desk:
        event = another_birth()
        first = desk.post(event)
        assert desk.post(event).content == first.content
        receipt = first.json()
        (key,) = desk.call("GET", KEYS).json()["keys"]
        assert key["is_current"]
        assert (key["kty"], key["crv"], key["kid"]) == ("OKP", "Ed25519", receipt["signature"]["key_id"])
        # Checked as a stranger would, from what the reference says and nothing else.
        signature = receipt.pop("signature")
        signed = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
        public.verify(base64.b64decode(signature["value"]), signed)


def test_what_was_changed_or_signed_by_others_is_told_and_what_was_given_is_known(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), RECEIPTS__SIGNING_KEY=new_key_pair().private_pem) as desk:
        receipt = desk.accepted(another_birth())
        assert _verdict(desk, receipt) == {
            "verdict": "genuine",
            "is_genuine": True,
            "key_id": receipt["signature"]["key_id"],
            "is_as_given": True,
        }
        changed = {**receipt, "due_at": "2027-01-01T00:00:00+07:00"}
        assert _verdict(desk, changed)["verdict"] == "changed"
        assert _verdict(desk, changed)["is_as_given"] is False
        unknown = {**receipt, "signature": {**receipt["signature"], "key_id": "0" * 16}}
        assert _verdict(desk, unknown)["verdict"] == "unknown_key"
        wrong: list[object] = [{**receipt, "signature": {"value": "?"}}, [], {"event_id": 7}, "x"]
        for broken in wrong:
            assert _verdict(desk, broken)["verdict"] == "malformed"
        not_json = desk.call("POST", VERIFY, desk.badge(), content=b"{")
        assert not_json.json()["verdict"] == "malformed"
        # Of other offices' events it is not even said whether they exist.
        assert _verdict(desk, receipt, "stranger")["is_as_given"] is None
        assert desk.call("POST", VERIFY, json=receipt).status_code == httpx.codes.UNAUTHORIZED


def test_a_receipt_without_signature_stays_what_it_was_when_a_key_comes(tmp_path: Path) -> None:
    url, event = sqlite_url(tmp_path), another_birth()
    with opened_edge(url) as desk:
        before = desk.post(event).content
        badge = desk.badge()
        assert b"signature" not in before
        assert desk.call("GET", KEYS).json() == {"keys": []}
    with opened_edge(url, RECEIPTS__SIGNING_KEY=new_key_pair().private_pem) as desk:
        desk.badges["office"] = badge
        assert desk.post(event).content == before
        found = _verdict(desk, json.loads(before))
        assert (found["verdict"], found["is_as_given"]) == ("unsigned", True)


def test_after_a_rotation_old_receipts_are_still_genuine_also_offline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, event = sqlite_url(tmp_path), another_birth()
    with opened_edge(url, RECEIPTS__SIGNING_KEY=new_key_pair().private_pem) as desk:
        old, badge = desk.post(event).content, desk.badge()
    with opened_edge(url, RECEIPTS__SIGNING_KEY=new_key_pair().private_pem) as desk:
        desk.badges["office"] = badge
        assert desk.post(event).content == old
        new = desk.accepted(another_birth())
        assert _verdict(desk, json.loads(old))["verdict"] == "genuine"
        keys = desk.call("GET", KEYS).json()
    assert [key["is_current"] for key in keys["keys"]].count(True) == 1
    assert new["signature"]["key_id"] != json.loads(old)["signature"]["key_id"]
    monkeypatch.setenv("HOTICH_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/none")
    files = {"old.json": old, "keys.json": json.dumps(keys).encode(), "message.json": desk.encoded(event)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in files]
    runner = CliRunner()
    checked = runner.invoke(
        app, ["receipt", "verify", paths[0], "--keys", paths[1], "--message", paths[2], "--json"]
    )
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.stdout)["is_of_message"] is True
    (tmp_path / "message.json").write_bytes(desk.encoded(another_birth()))
    other = runner.invoke(app, ["receipt", "verify", paths[0], "--keys", paths[1], "--message", paths[2]])
    assert other.exit_code == 1
    (tmp_path / "old.json").write_bytes(old.replace(b"national_registry", b"population_db", 1))
    forged = runner.invoke(app, ["receipt", "verify", paths[0], "--keys", paths[1], "--json"])
    assert (forged.exit_code, json.loads(forged.stdout)["verdict"]) == (1, "changed")


def test_a_key_is_made_for_its_owner_only_and_a_pem_is_enough_to_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, runner = tmp_path / "receipt.pem", CliRunner()
    made = runner.invoke(app, ["receipt", "key", "new", str(file), "--json"])
    assert made.exit_code == 0, made.output
    assert file.stat().st_mode & 0o077 == 0
    url = sqlite_url(tmp_path)
    with opened_edge(url, RECEIPTS__SIGNING_KEY_FILE=str(file)) as desk:
        receipt = desk.post(another_birth()).content
    (tmp_path / "r.json").write_bytes(receipt)
    (tmp_path / "public.pem").write_text(json.loads(made.stdout)["public_key"], encoding="utf-8")
    checked = runner.invoke(
        app, ["receipt", "verify", str(tmp_path / "r.json"), "--keys", str(tmp_path / "public.pem")]
    )
    assert checked.exit_code == 0, checked.output
    monkeypatch.setenv("HOTICH_DATABASE_URL", url)
    assert runner.invoke(app, ["receipt", "verify", str(tmp_path / "r.json")]).exit_code == 0
    assert runner.invoke(app, ["receipt", "key", "new", str(file)]).exit_code == 2


def test_a_key_that_is_none_stops_the_start_without_being_quoted(tmp_path: Path) -> None:
    with (
        pytest.raises(Exception, match=r"receipts\.signing_key") as stopped,
        opened_edge(sqlite_url(tmp_path), RECEIPTS__SIGNING_KEY="my-secret-words"),
    ):
        pass
    assert "my-secret-words" not in str(stopped.value)


@pytest.mark.skipif(
    not (shutil.which("jq") and shutil.which("openssl")), reason="NOT RUN: needs jq and openssl"
)
def test_the_recipe_of_the_docs_needs_nothing_of_ours(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "verify-a-receipt.md").read_text(encoding="utf-8")
    recipe = page.split("```text\n")[1].split("```")[0]
    with opened_edge(sqlite_url(tmp_path), RECEIPTS__SIGNING_KEY=new_key_pair().private_pem) as desk:
        event = another_birth(mother__personal_id="099097000001")
        receipt, keys = desk.post(event).content, desk.call("GET", KEYS).content
    assert json.loads(receipt)["warnings"], "text with tone marks is signed as well"
    (tmp_path / "receipt.json").write_bytes(receipt)
    (tmp_path / "keys.json").write_bytes(keys)
    steps = "\n".join(line for line in recipe.splitlines() if not line.startswith("curl"))
    checked = subprocess.run(
        ["/bin/sh", "-euc", steps],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "Verified Successfully" in checked.stdout
