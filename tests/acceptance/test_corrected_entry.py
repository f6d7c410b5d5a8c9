"""A birth, its correction elsewhere, and the book that says something else: each reaches the systems once."""

from pathlib import Path

import httpx

from tests.support.corrections import BIRTH_OFFICE, ENTRY_PATH, a_birth_of_the_office, a_correction
from tests.support.gateway_process import GatewayProcess
from tests.support.sandbox import Sandbox
from tests.support.served import run_command

PERSONAL_ID = "099326000021"
BOOK = {
    "values": {"mother.name": "PHẠM THỊ MẪN"},
    "page_reference": "01/2026, trang 41",
    "reason": "đối chiếu với sổ",
}


def _token_of_the_birth_office(gateway: GatewayProcess) -> str:
    settings = {
        "HOTICH_CONFIG": str(gateway.folder / "hotich.toml"),
        "HOTICH_DATABASE_URL": f"sqlite:///{gateway.folder / 'hotich.db'}",
    }
    arguments = ("client", "add", "birth office", "--authority", BIRTH_OFFICE, "--json")
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


def test_a_correction_and_the_book_reach_the_systems_in_order_and_the_offices_are_told(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    gateway.start()
    birth = gateway.post(a_birth_of_the_office(child__personal_id=PERSONAL_ID))
    correction = gateway.post(a_correction(subject__personal_id=PERSONAL_ID))
    assert birth is not None
    assert correction is not None
    office = _token_of_the_birth_office(gateway)
    (notice,) = gateway.operate("GET", "/api/v1/office-notices", token=office)["notices"]
    path = f"/api/v1/office-notices/{notice['notice_id']}/acknowledge"
    assert gateway.operate("POST", path, {"note": "đã ghi vào sổ"}, office)["state"] == "acknowledged"
    warnings = gateway.operate("GET", "/api/v1/oversight/changes")["changes"]
    (warning,) = [each for each in warnings if each["kind"] == "change"]
    assert warning["changes"][0]["before"] == "1997-03-14"
    aligned = gateway.operate("POST", f"{ENTRY_PATH}/book-wins", BOOK)
    alignment_id = aligned["statement"]["event_id"]
    for event_id in (birth["event_id"], correction["event_id"], alignment_id):
        gateway.wait_until_complete(event_id, "registry_record")
    # A process that dies between them changes nothing that was told.
    gateway.kill()
    gateway.start()
    entry = gateway.operate("GET", ENTRY_PATH)
    assert entry["state"]["mother.name"]["value"] == "PHẠM THỊ MẪN"
    assert entry["state"]["mother.birth_date"]["value"] == "1996-03-14"
    assert [step["event_id"] for step in entry["steps"]] == [
        birth["event_id"],
        correction["event_id"],
        alignment_id,
    ]
    assert entry["office_notices"][0]["state"] == "acknowledged"
    records = [each["body"] for each in sandbox.records("national_registry")]
    told = [record["data"].get("noiDungDK") for record in records]
    assert [("MẪN" in (each or ""), "1996" in (each or "")) for each in told] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    for system in ("national_registry", "population_db"):
        assert sandbox.summary(system)["duplicates"] == 0
    assert "PHẠM THỊ MẪN" not in gateway.log.read_text(encoding="utf-8")
