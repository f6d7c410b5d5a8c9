"""A refused item is corrected by one person, approved by another, sent again, and taken once."""

from pathlib import Path

import httpx

from tests.support.families import another_birth
from tests.support.gateway_process import GatewayProcess
from tests.support.sandbox import Sandbox
from tests.support.served import run_command

SECOND_PERSON = "[operations]\nedit_needs_second_person = true\n"
CORRECTED = "Đã đối chiếu với sổ gốc"


def _token_of_a_second_operator(gateway: GatewayProcess) -> str:
    settings = {
        "HOTICH_CONFIG": str(gateway.folder / "hotich.toml"),
        "HOTICH_DATABASE_URL": f"sqlite:///{gateway.folder / 'hotich.db'}",
    }
    arguments = ("client", "add", "second", "--authority", "08", "--role", "operator", "--json")
    made = run_command(*arguments, settings=settings, cwd=Path(gateway.folder))
    assert made.returncode == 0, made.stderr
    client = httpx.Response(200, content=made.stdout.encode()).json()
    form = {
        "grant_type": "client_credentials",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
    }
    answer = httpx.post(gateway.address + "/oauth/token", data=form, timeout=20, trust_env=False)
    assert answer.status_code == httpx.codes.OK, answer.text
    token: str = answer.json()["access_token"]
    return token


def test_a_refused_record_is_edited_approved_by_another_person_and_accepted_once(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    gateway.more_settings = SECOND_PERSON
    birth = another_birth(81)
    code = birth["dossier"]["code"]
    sandbox.plan(
        {"system": "national_registry", "kind": "refusal", "field": "nksHoTen", "match": code, "times": 0}
    )
    gateway.start()
    receipt = gateway.post(birth)
    assert receipt is not None
    event_id = receipt["event_id"]
    held = gateway.wait_for_state(event_id, "registry_record", "held")
    sandbox.clear_plan()
    path = f"/api/v1/deliveries/{held['delivery_id']}"
    wish = {"reason": "typing mistake", "set": {"/note": CORRECTED}}
    proposed = gateway.operate("POST", f"{path}/edit", wish)
    assert proposed["status"] == "proposed"
    assert gateway.get_story(event_id, "registry_record")["state"] == "held"
    approval = {"reason": "compared with the book", "content_sha256": proposed["content_sha256"]}
    approve = f"/api/v1/edits/{proposed['proposal']['proposal_id']}/approve"
    done = gateway.operate("POST", approve, approval, _token_of_a_second_operator(gateway))
    assert done["status"] == "applied"
    gateway.wait_until_complete(event_id)
    record = gateway.get_story(event_id, "registry_record")
    assert record["content_version"] == 2
    assert record["due_at"] == held["due_at"]
    (held_there,) = sandbox.records("national_registry")
    assert held_there["body"]["data"]["ghiChu"] == CORRECTED
    assert sandbox.summary("national_registry")["duplicates"] == 0
    assert CORRECTED not in gateway.log.read_text(encoding="utf-8")
