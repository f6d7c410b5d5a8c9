"""The book wins: what a person reads on paper is told to the national systems, and registers nothing."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.model.delivery import Fact
from gateway.model.ids import Destination, EventId
from gateway.storage.ports import Role
from tests.support.acting import REASON, refused, second_operator
from tests.support.corrections import (
    BIRTH_OFFICE,
    ENTRY_PATH,
    OTHER_OFFICE,
    a_birth_of_the_office,
    a_correction,
    office_badge,
    province_badge,
)
from tests.support.database import sqlite_url
from tests.support.edge_desk import Badge, EdgeDesk, expect_problem, opened_edge
from tests.support.events import ABSENT, a_marriage

PAGE = "Quyển 01/2026, trang 41"
BOOK = {"mother.name": "PHẠM THỊ MẪN", "name": "Lê Thử Nghiệm"}


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[EdgeDesk]:
    with opened_edge(sqlite_url(tmp_path), OPERATIONS__EDIT_NEEDS_SECOND_PERSON="true") as desk:
        yield desk


def a_numbered_birth() -> dict[str, Any]:
    """The child has a number: no notice about a person goes without one."""
    return a_birth_of_the_office(child__personal_id="099326000021")


def state(
    desk: EdgeDesk,
    values: Mapping[str, str | None],
    badge: Badge | None = None,
    key: str | None = None,
    path: str = ENTRY_PATH,
    **more: Any,  # noqa: ANN401 - any JSON value
) -> httpx.Response:
    body = {"values": values, "page_reference": PAGE, "reason": REASON, **more}
    headers = {} if key is None else {"Idempotency-Key": key}
    return desk.call("POST", f"{path}/book-wins", badge or desk.operator(), json=body, headers=headers)


def applied(desk: EdgeDesk, values: Mapping[str, str | None], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    answer = state(desk, values, **more)
    assert answer.status_code == httpx.codes.OK, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_the_differences_are_shown_first_and_nothing_is_kept(desk: EdgeDesk) -> None:
    desk.accepted(a_numbered_birth(), office_badge(desk))
    view = applied(desk, BOOK, dry_run=True)
    difference = {"field": "mother.name", "before": "PHẠM THỊ MẪU", "after": "PHẠM THỊ MẪN"}
    assert (view["status"], view["differences"], view["agrees"]) == ("preview", [difference], ["name"])
    assert {each["destination"] for each in view["sends"]} == {"national_registry", "population_db"}
    assert {each["step"] for each in view["waits_behind"]} >= {"registry_record"}
    assert desk.call("GET", "/api/v1/book-wins", desk.operator()).json() == {"statements": []}
    entry = desk.call("GET", ENTRY_PATH, office_badge(desk)).json()
    assert len(entry["steps"]) == 1


def test_the_systems_are_told_by_an_event_of_its_own_without_a_number(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    desk.accepted(a_numbered_birth(), office_badge(desk))
    view = applied(desk, BOOK)
    event_id = view["statement"]["event_id"]
    journey = desk.call("GET", f"/api/v1/events/{event_id}", desk.operator()).json()
    assert journey["event_type"] == "civil_status_change"
    assert {each["destination"] for each in journey["deliveries"]} == {"national_registry", "population_db"}
    states = {each["destination"]: each["state"] for each in journey["deliveries"]}
    assert states["national_registry"] == "waiting"  # behind the record of the birth
    entry = desk.call("GET", ENTRY_PATH, office_badge(desk)).json()
    step = entry["steps"][-1]
    assert (step["what"], step["is_original"], step["authority_code"]) == (
        "data_alignment",
        False,
        BIRTH_OFFICE,
    )
    assert "Điều 60" in step["legal_basis"]
    assert entry["state"]["mother.name"]["value"] == "PHẠM THỊ MẪN"
    (warning,) = desk.call("GET", "/api/v1/oversight/changes", province_badge(desk)).json()["changes"]
    assert (warning["kind"], warning["made_by"]) == ("book_wins", desk.operator().client_id)
    assert PAGE in warning["detail"]["page"]
    assert desk.call("GET", "/api/v1/office-notices", office_badge(desk)).json()["notices"] == []


def test_it_starts_from_what_later_changes_left(desk: EdgeDesk) -> None:
    desk.accepted(a_numbered_birth(), office_badge(desk))
    desk.accepted(a_correction(), office_badge(desk, OTHER_OFFICE))
    view = applied(desk, {"mother.birth_date": "1995-03-14"})
    assert view["differences"][0]["before"] == "1996-03-14"
    expect_problem(state(desk, {"mother.birth_date": "1995-03-14"}), 409, "book_agrees")


def test_the_same_request_again_is_the_same_statement(desk: EdgeDesk) -> None:
    desk.accepted(a_numbered_birth(), office_badge(desk))
    first, again = applied(desk, BOOK, key="one"), applied(desk, BOOK, key="one")
    assert again["statement"] == first["statement"]
    assert again["is_repeat"]
    expect_problem(state(desk, {"name": "X"}, key="one"), 409, "request_id_reused")
    assert len(desk.call("GET", ENTRY_PATH, office_badge(desk)).json()["steps"]) == 2


def test_a_second_person_approves_exactly_the_differences_that_were_shown(strict: EdgeDesk) -> None:
    strict.accepted(a_numbered_birth(), office_badge(strict))
    proposed = applied(strict, BOOK)
    assert proposed["status"] == "proposed"
    assert len(strict.call("GET", ENTRY_PATH, office_badge(strict)).json()["steps"]) == 1
    path = f"/api/v1/book-wins/{proposed['statement']['statement_id']}"
    shown = strict.call("GET", path, strict.operator()).json()
    assert shown["differences"] == proposed["differences"]
    body = {"reason": REASON, "plan_sha256": shown["plan_sha256"]}
    own = strict.call("POST", f"{path}/approve", strict.operator(), json=body)
    expect_problem(own, 409, "second_person_needed")
    other = second_operator(strict)
    stale = strict.call("POST", f"{path}/approve", other, json={**body, "plan_sha256": "0" * 64})
    expect_problem(stale, 409, "book_plan_changed")
    done = strict.call("POST", f"{path}/approve", other, json=body)
    assert (done.status_code, done.json()["status"]) == (200, "applied"), done.text
    assert done.json()["statement"]["decided_by"] == other.client_id
    expect_problem(strict.call("POST", f"{path}/approve", other, json=body), 409, "proposal_decided")
    assert len(strict.call("GET", ENTRY_PATH, office_badge(strict)).json()["steps"]) == 2


def test_differences_that_moved_meanwhile_are_not_approved(strict: EdgeDesk) -> None:
    strict.accepted(a_numbered_birth(), office_badge(strict))
    proposed = applied(strict, {"mother.birth_date": "1995-03-14"})
    strict.accepted(a_correction(), office_badge(strict, OTHER_OFFICE))
    path = f"/api/v1/book-wins/{proposed['statement']['statement_id']}"
    body = {"reason": REASON, "plan_sha256": proposed["plan_sha256"]}
    answer = strict.call("POST", f"{path}/approve", second_operator(strict), json=body)
    expect_problem(answer, 409, "book_plan_changed")
    closed = strict.call("POST", f"{path}/reject", strict.operator(), json={"reason": REASON})
    assert closed.json()["status"] == "rejected"
    listed = strict.call("GET", "/api/v1/book-wins", strict.operator(), params={"state": "rejected"}).json()
    assert [each["statement_id"] for each in listed["statements"]] == [proposed["statement"]["statement_id"]]


def test_a_held_delivery_is_named_as_one_that_may_be_edited_instead(desk: EdgeDesk) -> None:
    event_id, delivery_id = refused(desk, "national_registry")
    journey = desk.call("GET", f"/api/v1/events/{event_id}/history", desk.operator()).json()
    entry = journey["entry"]
    path = "/api/v1/entries/" + "/".join(
        str(entry[name]) for name in ("authority_code", "book_code", "year", "number")
    )
    values = {"mother.name": "PHẠM THỊ MẪN", "personal_id": "099326000021"}
    view = applied(desk, values, path=path, dry_run=True)
    (editable,) = [each for each in view["waits_behind"] if each["can_be_edited"]]
    assert editable["delivery_id"] == delivery_id


def test_of_a_marriage_the_other_side_is_named_as_spouse(desk: EdgeDesk) -> None:
    marriage = a_marriage(registration__registered_at="2026-11-16T08:00:00+07:00", dossier=ABSENT)
    desk.accepted(marriage, desk.badge())
    place = marriage["registration"]
    path = f"/api/v1/entries/{place['authority_code']}/KH/2026/{place['number']}"
    view = applied(desk, {"spouse.name": "ĐẶNG THỊ KHÁC"}, path=path)
    assert view["differences"][0]["before"] == marriage["wife"]["name"]["full"]
    shown = desk.call("GET", path, desk.operator()).json()
    assert shown["state"]["wife.name"]["value"] == "ĐẶNG THỊ KHÁC"


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"shoe_size": "41"}, 422, "book_field_unknown"),
        ({"mother.birth_date": "next week"}, 422, "book_statement_invalid"),
        ({"death.date": "2026-11-01"}, 422, "book_statement_invalid"),
        ({"name": "LÊ THỬ NGHIỆM"}, 409, "book_agrees"),
    ],
)
def test_what_cannot_be_said_of_this_book_is_refused(
    desk: EdgeDesk, values: dict[str, str], status: int, code: str
) -> None:
    desk.accepted(a_numbered_birth(), office_badge(desk))
    expect_problem(state(desk, values), status, code)
    assert len(desk.call("GET", ENTRY_PATH, office_badge(desk)).json()["steps"]) == 1


def test_only_for_the_book_s_own_units_may_somebody_say_what_it_says(desk: EdgeDesk) -> None:
    desk.accepted(a_numbered_birth(), office_badge(desk))
    stranger = desk.badge("stranger", Role.OPERATOR, authorities=frozenset({"01"}))
    expect_problem(state(desk, BOOK, stranger), 404, "book_entry_unknown")
    expect_problem(state(desk, BOOK, office_badge(desk)), 403, "forbidden")
    expect_problem(state(desk, BOOK, path="/api/v1/entries/00691/KS/2026/999"), 404, "book_entry_unknown")
    statement = applied(desk, BOOK)["statement"]
    path = f"/api/v1/book-wins/{statement['statement_id']}"
    expect_problem(desk.call("GET", path, stranger), 404, "not_found")
    assert desk.call("GET", "/api/v1/book-wins", stranger).json() == {"statements": []}


def test_a_person_without_a_number_is_named_by_the_one_that_was_given_later(desk: EdgeDesk) -> None:
    event_id = desk.accepted(a_birth_of_the_office(), office_badge(desk))["event_id"]
    problem = expect_problem(state(desk, BOOK), 409, "book_number_unknown")
    assert problem["role"] == "child"
    stated = applied(desk, {**BOOK, "personal_id": "099326000029"}, dry_run=True)
    assert {"field": "personal_id", "before": None, "after": "099326000029"} in stated["differences"]
    stores = desk.gateway.stores
    fact = Fact(
        EventId(event_id), "personal_id.child", "099326000021", Destination.POPULATION_DB, desk.clock()
    )
    with stores.database.write() as transaction:
        stores.deliveries.add_fact(transaction, fact)
    entry = desk.call("GET", ENTRY_PATH, office_badge(desk)).json()
    assert entry["state"]["child.personal_id"]["value"] == "099326000021"
    assert applied(desk, BOOK)["status"] == "applied"


def test_no_sender_can_hand_in_an_alignment(desk: EdgeDesk) -> None:
    desk.accepted(a_numbered_birth(), office_badge(desk))
    own = a_correction(
        office=BIRTH_OFFICE,
        act="data_alignment",
        registration__book_code="KS",
        registration__kind="remark",
        registration__number=ABSENT,
        registration__volume=ABSENT,
    )
    problem = expect_problem(desk.post(own, office_badge(desk)), 422, "invalid_message")
    assert [each["code"] for each in problem["errors"]] == ["alignment_not_by_message"]
