"""Courier bundles: signed, reserved, settled once by what the courier brings; changed ones are refused."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from gateway.operations.bundle_key import is_signed_by, new_key_pair, signer_of
from gateway.storage.ports import Role
from tests.support.acting import REASON, act, in_doubt, page_of, planned, put_into, refused, sha256_of
from tests.support.database import emptied, sqlite_url
from tests.support.edge_desk import EdgeDesk, expect_problem, opened_edge

BUNDLES = "/api/v1/bundles"
KEY = new_key_pair()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def courier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EdgeDesk]:
    url = (
        sqlite_url(tmp_path)
        if request.param == "sqlite"
        else emptied(request.getfixturevalue("postgres_url"))
    )
    with opened_edge(
        url, OPERATIONS__BUNDLE_SIGNING_KEY=KEY.private_pem, SECURITY__TOKEN_SECONDS="86400"
    ) as desk:
        yield desk


def _export(desk: EdgeDesk, key: str | None = None, **body: Any) -> httpx.Response:  # noqa: ANN401 - any JSON value
    wish = {"destination": "one_stop", "reason": REASON, **body}
    headers = {} if key is None else {"Idempotency-Key": key}
    return desk.call("POST", BUNDLES, desk.operator(), json=wish, headers=headers)


def _file(desk: EdgeDesk, bundle_id: str) -> bytes:
    answer = desk.call("GET", f"{BUNDLES}/{bundle_id}/file", desk.operator())
    assert answer.headers["content-type"] == "application/zip"
    return answer.content


def _apply(desk: EdgeDesk, bundle_id: str, data: bytes, *, keep_rest: bool = False) -> httpx.Response:
    query = f"reason=receipt&brought_by=Courier&keep_rest={keep_rest}"
    return desk.call("POST", f"{BUNDLES}/{bundle_id}/apply?{query}", desk.operator(), content=data)


def _with(file: bytes, **changes: bytes) -> bytes:
    """The same ZIP with a file put in or changed; `results_csv` is `results.csv`."""
    wanted = {name.replace("__", "/").replace("_", "."): content for name, content in changes.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, wanted.pop(name, old.read(name)))
        for name, content in wanted.items():
            new.writestr(name, content)
    return target.getvalue()


def _results(*lines: Mapping[str, str], bundle_id: str | None = None) -> bytes:
    return json.dumps({"bundle_id": bundle_id, "results": lines}).encode()


def _item(made: Mapping[str, Any], number: int = 0) -> dict[str, Any]:
    item: dict[str, Any] = made["items"][number]
    return item


def test_a_bundle_holds_the_destinations_own_messages_manifest_checksums_and_signature(
    courier: EdgeDesk,
) -> None:
    _, delivery_id = planned(courier)
    answer = _export(courier)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    made = answer.json()
    file = _file(courier, made["bundle_id"])
    assert sha256_of(file) == made["file_sha256"]
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    (listed,) = manifest["deliveries"]
    assert (listed["delivery_id"], listed["request_id"]) == (delivery_id, _item(made)["request_id"])
    assert sha256_of(files[listed["file"]]) == listed["sha256"]
    assert json.loads(files[listed["file"]])["service"] == "DongBoHoSoMC"
    assert is_signed_by(KEY.public_pem, files["checksums.sha256"], files["signature.ed25519"])
    assert "Phiếu bàn giao" in files["cover.html"].decode()
    assert listed["request_id"] in files["results-to-fill-in.csv"].decode("utf-8-sig")


@pytest.mark.parametrize("destination", ["population_db", "national_registry"])
def test_every_destination_has_its_own_kind_of_message(courier: EdgeDesk, destination: str) -> None:
    _, delivery_id = planned(courier, destination)
    if destination == "national_registry":
        put_into(courier, delivery_id, "queued")  # as when the number is known
    made = _export(courier, destination=destination).json()
    assert _item(made)["file_name"].endswith({"population_db": "xml"}.get(destination, "json"))


def test_reserved_messages_are_held_and_nobody_else_can_move_them(courier: EdgeDesk) -> None:
    _, delivery_id = planned(courier)
    _export(courier)
    page = page_of(courier, delivery_id)
    assert (page["delivery"]["state"], page["delivery"]["reason"]) == ("held", "in_courier_bundle")
    assert page["allowed"] == []
    for name in ("release", "retry", "cancel"):
        expect_problem(act(courier, delivery_id, name), 409, "in_courier_bundle")
    expect_problem(act(courier, delivery_id, "edit", set={"/note": "x"}), 409, "in_courier_bundle")


def test_the_same_request_makes_one_bundle(courier: EdgeDesk) -> None:
    planned(courier)
    first, again = _export(courier, "b-1"), _export(courier, "b-1")
    assert (again.status_code, again.json()["bundle_id"]) == (200, first.json()["bundle_id"])
    expect_problem(_export(courier, "b-1", at_risk=True), 409, "request_id_reused")


def test_what_cannot_go_is_named_with_its_reason(courier: EdgeDesk) -> None:
    planned(courier)
    _, doubtful = in_doubt(courier)
    _, faulty = refused(courier)
    made = _export(courier).json()
    assert len(made["items"]) == 1
    assert {each["delivery_id"]: each["why"] for each in made["excluded"]} == {
        doubtful: "maybe_sent",
        faulty: "held",
    }
    document = expect_problem(_export(courier), 409, "bundle_empty")
    assert {why for _, why in document["excluded"]} == {"maybe_sent", "held", "in_courier_bundle"}


def test_a_record_that_waits_for_its_number_is_not_given_away_without_it(courier: EdgeDesk) -> None:
    planned(courier)
    document = expect_problem(_export(courier, destination="national_registry"), 409, "bundle_empty")
    assert [why for _, why in document["excluded"]] == ["waits_for_fact"]


def test_only_what_is_due_or_at_risk_goes_when_asked_so(courier: EdgeDesk) -> None:
    _, delivery_id = planned(courier)
    due_at = page_of(courier, delivery_id)["delivery"]["due_at"]
    expect_problem(_export(courier, at_risk=True), 409, "bundle_empty")
    expect_problem(_export(courier, due_before="2020-01-01T00:00:00+07:00"), 409, "bundle_empty")
    courier.clock.advance(10 * 3600)
    made = _export(courier, at_risk=True, due_before=due_at).json()
    assert _item(made)["delivery_id"] == delivery_id


def test_results_end_hold_or_return_each_message_and_again_change_nothing(courier: EdgeDesk) -> None:
    accepted, faulty, rest = (planned(courier)[1] for _ in range(3))
    made = _export(courier).json()
    ids = {each["delivery_id"]: each["request_id"] for each in made["items"]}
    results = (
        "request_id;result;reference;reason\n"
        f"{ids[accepted]};accepted;TN-41;\n"
        f"{ids[faulty]};refused;;Thiếu chữ ký\n"
        f"{ids[rest]};;;\n"
    ).encode("utf-8-sig")
    file = _with(_file(courier, made["bundle_id"]), results_csv=results)
    done = _apply(courier, made["bundle_id"], file)
    assert done.status_code == httpx.codes.OK, done.text
    assert (done.json()["state"], done.json()["changed"]) == ("closed", 3)
    assert done.json()["counts"] == {"open": 0, "accepted": 1, "refused": 1, "returned": 1}
    first = page_of(courier, accepted)
    assert first["delivery"]["state"] == "done"
    attempt = first["delivery"]["attempts"][-1]
    assert (attempt["verb"], attempt["outcome"], attempt["partner_reference"]) == (
        "courier",
        "accepted_by_courier",
        "TN-41",
    )
    proof = first["past"]["acts"][-1]["detail"]
    assert (proof["brought_by"], proof["bundle_sha256"]) == ("Courier", made["file_sha256"])
    second = page_of(courier, faulty)
    assert (second["delivery"]["state"], second["delivery"]["reason"]) == ("held", "refused_by_courier")
    assert second["past"]["bundles"][0]["refusal"] == "Thiếu chữ ký"
    assert page_of(courier, rest)["delivery"]["state"] == "queued"
    again = _apply(courier, made["bundle_id"], file).json()
    assert (again["changed"], again["counts"]) == (0, done.json()["counts"])


def test_a_second_list_may_follow_when_the_rest_is_kept(courier: EdgeDesk) -> None:
    deliveries = [planned(courier)[1] for _ in range(2)]
    made = _export(courier).json()
    name = made["bundle_id"]
    line = {"result": "accepted", "reference": "1"}
    first = _results({"request_id": _item(made)["request_id"], **line}, bundle_id=name)
    kept = _apply(courier, name, first, keep_rest=True).json()
    assert (kept["state"], kept["counts"]["open"]) == ("open", 1)
    last = _results({"request_id": _item(made, 1)["request_id"], **line})
    assert _apply(courier, name, last).json()["state"] == "closed"
    assert {page_of(courier, each)["delivery"]["state"] for each in deliveries} == {"done"}


def test_contradicting_unknown_and_incomplete_results_are_all_named_and_nothing_changes(
    courier: EdgeDesk,
) -> None:
    _, delivery_id = planned(courier)
    made = _export(courier).json()
    name, request_id = made["bundle_id"], _item(made)["request_id"]
    incomplete = _results(
        {"request_id": request_id, "result": "accepted"},
        {"request_id": "GW-1", "result": "maybe"},
        {"request_id": "GW-2", "result": "refused"},
    )
    document = expect_problem(_apply(courier, name, incomplete), 422, "results_invalid")
    assert [each["pointer"] for each in document["errors"]] == ["/0/reference", "/1/result", "/2/reason"]
    unknown = _results({"request_id": "GW-1", "result": "accepted", "reference": "1"})
    document = expect_problem(_apply(courier, name, unknown), 422, "results_invalid")
    assert [each["code"] for each in document["errors"]] == ["request_not_in_bundle"]
    assert page_of(courier, delivery_id)["delivery"]["reason"] == "in_courier_bundle"
    yes = _results({"request_id": request_id, "result": "accepted", "reference": "1"})
    assert _apply(courier, name, yes).status_code == httpx.codes.OK
    no = _results({"request_id": request_id, "result": "refused", "reason": "no"})
    document = expect_problem(_apply(courier, name, no), 422, "results_invalid")
    assert [each["code"] for each in document["errors"]] == ["results_contradict"]


def test_a_number_that_the_courier_brings_is_learnt(courier: EdgeDesk) -> None:
    event_id, delivery_id = planned(courier, "population_db")
    made = _export(courier, destination="population_db").json()
    line = {"request_id": _item(made)["request_id"], "result": "accepted", "reference": "1"}
    _apply(courier, made["bundle_id"], _results({**line, "personal_id": "099226000041"}))
    assert page_of(courier, delivery_id)["delivery"]["state"] == "done"
    journey = courier.call("GET", f"/api/v1/events/{event_id}", courier.operator()).json()
    states = {each["step"]: each["state"] for each in journey["deliveries"]}
    assert states["registry_record"] == "queued"


@pytest.mark.parametrize("name", ["manifest_json", "cover_html", "extra_txt"])
def test_a_bundle_that_was_changed_is_refused(courier: EdgeDesk, name: str) -> None:
    _, delivery_id = planned(courier)
    made = _export(courier).json()
    results = _results({"request_id": _item(made)["request_id"], "result": "accepted", "reference": "1"})
    file = _with(_file(courier, made["bundle_id"]), results_json=results, **{name: b"{}"})
    document = expect_problem(_apply(courier, made["bundle_id"], file), 422, "bundle_changed")
    assert document["files"] == [name.replace("_", ".")]
    answer = courier.call("POST", f"{BUNDLES}/verify", courier.operator(), content=file)
    expect_problem(answer, 422, "bundle_changed")
    assert page_of(courier, delivery_id)["delivery"]["state"] == "held"


def test_a_bundle_is_verified_and_another_key_is_noticed(courier: EdgeDesk) -> None:
    planned(courier)
    file = _file(courier, _export(courier).json()["bundle_id"])
    answer = courier.call("POST", f"{BUNDLES}/verify", courier.operator(), content=file)
    assert answer.json()["is_whole"]
    stranger = signer_of(SecretStr(new_key_pair().private_pem))
    assert stranger is not None
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        checksums = archive.read("checksums.sha256")
    forged = _with(file, signature_ed25519=stranger.sign(checksums))
    answer = courier.call("POST", f"{BUNDLES}/verify", courier.operator(), content=forged)
    expect_problem(answer, 422, "bundle_signature_wrong")
    answer = courier.call("POST", f"{BUNDLES}/verify", courier.operator(), content=b"PK nonsense")
    expect_problem(answer, 422, "bundle_unreadable")


def test_without_a_key_nothing_is_packed(desk: EdgeDesk) -> None:
    planned(desk)
    expect_problem(_export(desk), 409, "bundle_key_missing")


def test_bundles_of_other_provinces_are_not_shown(courier: EdgeDesk) -> None:
    planned(courier)
    name = _export(courier).json()["bundle_id"]
    stranger = courier.badge("stranger", Role.OPERATOR, authorities=frozenset({"01"}))
    for path in ("", "/file"):
        expect_problem(courier.call("GET", f"{BUNDLES}/{name}{path}", stranger), 404, "bundle_unknown")
    assert courier.call("GET", BUNDLES, stranger).json()["bundles"] == []
    assert len(courier.call("GET", BUNDLES, courier.operator()).json()["bundles"]) == 1
