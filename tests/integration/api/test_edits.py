"""Edit and resend: differences, every rule again, a second person for exactly those bytes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.model.ids import EventId
from gateway.storage.ports import Role
from mappings.canonical import matter_of
from tests.support.acting import REASON, act, in_doubt, page_of, put_into, refused, second_operator
from tests.support.database import sqlite_url
from tests.support.edge_desk import Badge, EdgeDesk, expect_problem, opened_edge

NOTE = {"/note": "Đã đối chiếu với sổ"}


def _edit(
    desk: EdgeDesk,
    delivery_id: str,
    badge: Badge | None = None,
    key: str | None = None,
    **body: Any,  # noqa: ANN401 - any JSON value
) -> httpx.Response:
    return act(desk, delivery_id, "edit", badge, key, **body)


def _decide(
    desk: EdgeDesk,
    proposal: dict[str, Any],
    what: str,
    badge: Badge,
    **body: Any,  # noqa: ANN401 - any JSON value
) -> httpx.Response:
    path = f"/api/v1/edits/{proposal['proposal_id']}/{what}"
    return desk.call("POST", path, badge, json={"reason": REASON, **body})


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[EdgeDesk]:
    with opened_edge(sqlite_url(tmp_path), OPERATIONS__EDIT_NEEDS_SECOND_PERSON="true") as desk:
        yield desk


def test_an_edit_is_a_new_version_sent_under_a_new_number_and_the_original_stays(
    desk_on_both: EdgeDesk,
) -> None:
    event_id, delivery_id = refused(desk_on_both, "national_registry")
    before = page_of(desk_on_both, delivery_id)
    edited = _edit(desk_on_both, delivery_id, set=NOTE)
    assert edited.status_code == httpx.codes.OK, edited.text
    view = edited.json()
    assert (view["status"], view["version"], view["based_on_version"]) == ("applied", 2, 1)
    assert view["changes"] == [{"pointer": "/note", "sides": {"after": "Đã đối chiếu với sổ"}}]
    (message,) = view["messages"]
    assert [each["sides"]["after"] for each in message["changes"]] == ["Đã đối chiếu với sổ"]
    after = page_of(desk_on_both, delivery_id)
    assert after["delivery"]["request_id"] == message["request_id_after"]
    assert after["delivery"]["request_id"] != before["delivery"]["request_id"]
    assert [each["request_id"] for each in after["past"]["earlier_requests"]] == [
        before["delivery"]["request_id"]
    ]
    assert after["delivery"]["state"] in {"queued", "waiting"}
    assert after["delivery"]["due_at"] == before["delivery"]["due_at"]
    journey = desk_on_both.call("GET", f"/api/v1/events/{event_id}", desk_on_both.operator()).json()
    (version,) = journey["edits"]
    assert (version["version"], version["reason"]) == (2, REASON)
    assert version["proposed_by"] == desk_on_both.operator().client_id
    assert version["content_sha256"] == view["content_sha256"] != journey["content_sha256"]
    stores = desk_on_both.gateway.stores
    with stores.database.read() as transaction:
        assert matter_of(stores.events.get(transaction, EventId(event_id)).event).note is None
        assert (
            matter_of(stores.events.get(transaction, EventId(event_id), 2).event).note
            == "Đã đối chiếu với sổ"
        )


def test_a_dry_run_changes_nothing(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    view = _edit(desk, delivery_id, set=NOTE, dry_run=True).json()
    assert view["status"] == "preview"
    assert page_of(desk, delivery_id)["expected"] == {"state": "held", "fence": 0, "version": 1}


def test_the_same_request_again_edits_once(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    first = _edit(desk, delivery_id, key="e-1", set=NOTE).json()
    again = _edit(desk, delivery_id, key="e-1", set=NOTE).json()
    assert (again["is_repeat"], again["version"]) == (True, first["version"])
    expect_problem(_edit(desk, delivery_id, key="e-1", set={"/note": "x"}), 409, "request_id_reused")


def test_every_rule_is_applied_again_and_every_fault_named_at_once(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    wrong = {"/registration/number": "99", "/child/sex": "x", "/mother/ethnic_group_code": "99"}
    document = expect_problem(_edit(desk, delivery_id, set=wrong), 422, "edit_invalid")
    found = {each["pointer"]: each["code"] for each in document["errors"]}
    assert found["/registration/number"] == "edit_changes_identity"
    assert {"/child/sex", "/mother/ethnic_group_code"} <= set(found)
    assert page_of(desk, delivery_id)["delivery"]["state"] == "held"


@pytest.mark.parametrize(
    "pointer",
    [
        "/source_event_id",
        "/registration/authority_code",
        "/registration/registered_at",
        "/dossier/code",
    ],
)
def test_what_says_which_registration_it_is_cannot_be_edited(desk: EdgeDesk, pointer: str) -> None:
    _, delivery_id = refused(desk)
    document = expect_problem(_edit(desk, delivery_id, set={pointer: "08"}), 422, "edit_invalid")
    assert (pointer, "edit_changes_identity") in {
        (each["pointer"], each["code"]) for each in document["errors"]
    }


def test_a_party_cannot_be_removed(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    patch = [{"op": "remove", "path": "/father"}, {"op": "add", "path": "/unknown", "value": ["father"]}]
    document = expect_problem(_edit(desk, delivery_id, patch=patch), 422, "edit_invalid")
    assert ("/father", "edit_changes_parties") in {
        (each["pointer"], each["code"]) for each in document["errors"]
    }


def test_a_patch_step_that_cannot_be_taken_names_its_place(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    patch = [{"op": "replace", "path": "/nobody", "value": 1}]
    document = expect_problem(_edit(desk, delivery_id, patch=patch), 422, "edit_invalid")
    assert [each["pointer"] for each in document["errors"]] == ["/nobody"]


def test_an_edit_that_changes_nothing_is_refused(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    patch = [{"op": "test", "path": "/event_type", "value": "birth"}]
    expect_problem(_edit(desk, delivery_id, patch=patch), 422, "edit_changes_nothing")


@pytest.mark.parametrize("body", [{}, {"set": {}, "patch": []}, {"set": {"/note": "x"}, "unknown": 1}])
def test_an_edit_says_its_change_in_exactly_one_way(desk: EdgeDesk, body: dict[str, Any]) -> None:
    _, delivery_id = refused(desk)
    expect_problem(_edit(desk, delivery_id, **body), 400, "invalid_parameter")


def test_what_may_have_arrived_is_not_edited_before_that_is_known(desk_on_both: EdgeDesk) -> None:
    _, delivery_id = in_doubt(desk_on_both)
    expect_problem(_edit(desk_on_both, delivery_id, set=NOTE), 409, "ask_first")


def test_only_a_held_delivery_is_edited(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    act(desk, delivery_id, "release")
    expect_problem(_edit(desk, delivery_id, set=NOTE), 409, "not_allowed_now")


def test_an_edit_for_the_event_reaches_what_was_certainly_not_sent(desk: EdgeDesk) -> None:
    event_id, delivery_id = refused(desk, "national_registry")
    journey = desk.call("GET", f"/api/v1/events/{event_id}", desk.operator()).json()
    other = {each["step"]: each["delivery_id"] for each in journey["deliveries"]}
    put_into(desk, other["personal_id"], "unknown", maybe_sent=True)
    view = _edit(desk, delivery_id, set=NOTE, scope="event").json()
    assert {each["step"] for each in view["messages"]} == {"registry_record", "one_stop_dossier"}
    assert [(each["step"], each["why"]) for each in view["untouched"]] == [("personal_id", "maybe_sent")]
    assert page_of(desk, other["one_stop_dossier"])["expected"]["version"] == 2
    assert page_of(desk, other["personal_id"])["expected"]["version"] == 1


def test_a_second_person_approves_exactly_those_bytes(strict: EdgeDesk) -> None:
    _, delivery_id = refused(strict)
    view = _edit(strict, delivery_id, set=NOTE).json()
    proposal = view["proposal"]
    assert (view["status"], proposal["state"], proposal["content_sha256"]) == (
        "proposed",
        "open",
        view["content_sha256"],
    )
    assert "content" not in proposal
    assert page_of(strict, delivery_id)["delivery"]["state"] == "held"
    own = _decide(strict, proposal, "approve", strict.operator(), content_sha256=view["content_sha256"])
    expect_problem(own, 409, "second_person_needed")
    other = second_operator(strict)
    expect_problem(
        _decide(strict, proposal, "approve", other, content_sha256="0" * 64), 409, "edit_other_bytes"
    )
    done = _decide(strict, proposal, "approve", other, content_sha256=view["content_sha256"])
    assert done.status_code == httpx.codes.OK, done.text
    assert done.json()["status"] == "applied"
    assert done.json()["changes"] == view["changes"]
    page = page_of(strict, delivery_id)
    assert page["expected"]["version"] == 2
    assert [each["act"] for each in page["past"]["acts"]] == ["propose-edit", "edit"]
    late = _decide(strict, proposal, "reject", other)
    expect_problem(late, 409, "proposal_decided")


def test_a_rejected_proposal_changes_nothing(strict: EdgeDesk) -> None:
    _, delivery_id = refused(strict)
    proposal = _edit(strict, delivery_id, set=NOTE).json()["proposal"]
    shown = strict.call("GET", f"/api/v1/edits/{proposal['proposal_id']}", second_operator(strict)).json()
    assert [each["pointer"] for each in shown["changes"]] == ["/note"]
    assert _decide(strict, proposal, "reject", second_operator(strict)).json()["status"] == "rejected"
    assert page_of(strict, delivery_id)["expected"] == {"state": "held", "fence": 0, "version": 1}
    listed = strict.call("GET", "/api/v1/edits?state=open", strict.operator()).json()["edits"]
    assert listed == []


def test_a_proposal_on_content_that_was_edited_since_is_outdated(strict: EdgeDesk) -> None:
    _, delivery_id = refused(strict)
    first = _edit(strict, delivery_id, set=NOTE).json()
    second = _edit(strict, delivery_id, set={"/note": "khác"}).json()
    other = second_operator(strict)
    _decide(strict, first["proposal"], "approve", other, content_sha256=first["content_sha256"])
    act(strict, delivery_id, "hold")
    late = _decide(strict, second["proposal"], "approve", other, content_sha256=second["content_sha256"])
    expect_problem(late, 409, "edit_outdated")


def test_edits_of_other_provinces_are_not_shown(strict: EdgeDesk) -> None:
    _, delivery_id = refused(strict)
    view = _edit(strict, delivery_id, set=NOTE).json()
    stranger = strict.badge("stranger", Role.OPERATOR, authorities=frozenset({"01"}))
    path = f"/api/v1/edits/{view['proposal']['proposal_id']}"
    expect_problem(strict.call("GET", path, stranger), 404, "not_found")
    assert strict.call("GET", "/api/v1/edits", stranger).json()["edits"] == []
    answer = _decide(strict, view["proposal"], "approve", stranger, content_sha256=view["content_sha256"])
    expect_problem(answer, 404, "not_found")
    expect_problem(_edit(strict, delivery_id, stranger, set=NOTE), 404, "not_found")
