"""A correction by another office: its office is told, the higher office sees it, the entry shows it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.bootstrap.corrections import notice_desk
from gateway.bootstrap.surroundings import Surroundings
from gateway.storage.ports import Role
from tests.support.acting import act, put_into, refused
from tests.support.corrections import (
    BIRTH_OFFICE,
    ENTRY_PATH,
    OTHER_OFFICE,
    OTHER_PROVINCE,
    a_birth_of_the_office,
    a_correction,
    a_remark,
    office_badge,
    province_badge,
    the_entry,
)
from tests.support.database import sqlite_url
from tests.support.edge_desk import Badge, EdgeDesk, expect_problem, opened_edge

NOTICES = "/api/v1/office-notices"
OVERSIGHT = "/api/v1/oversight/changes"
NOTED = {"note": "đã ghi vào sổ, trang 41"}


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[EdgeDesk]:
    """Tokens outlive the days that pass."""
    with opened_edge(sqlite_url(tmp_path), SECURITY__TOKEN_SECONDS="864000") as opened:
        yield opened


def got(desk: EdgeDesk, path: str, badge: Badge, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - query values
    answer = desk.call("GET", path, badge, params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_the_whole_way_of_a_correction_by_another_office(desk: EdgeDesk) -> None:
    birth_office, other, province = office_badge(desk), office_badge(desk, OTHER_OFFICE), province_badge(desk)
    birth = desk.accepted(a_birth_of_the_office(), birth_office)
    correction = desk.accepted(a_correction(), other)
    (notice,) = got(desk, NOTICES, birth_office)["notices"]
    assert (notice["event_id"], notice["original_event_id"]) == (correction["event_id"], birth["event_id"])
    assert (notice["made_by"], notice["addressees"]) == (OTHER_OFFICE, [BIRTH_OFFICE])
    assert datetime.fromisoformat(notice["due_at"]) == datetime.fromisoformat(correction["due_at"])
    change = {"field": "mother.birth_date", "before": "1997-03-14", "after": "1996-03-14"}
    assert notice["change"]["changes"] == [{**change, "before_stated": "1997-03-14", "agrees": True}]
    done = desk.call("POST", f"{NOTICES}/{notice['notice_id']}/acknowledge", birth_office, json=NOTED).json()
    assert (done["state"], done["acknowledged_by"]) == ("acknowledged", birth_office.client_id)
    assert got(desk, NOTICES, birth_office)["notices"] == []
    (warning,) = got(desk, OVERSIGHT, province)["changes"]
    assert (warning["kind"], warning["authority_code"], warning["units"]) == (
        "change",
        OTHER_OFFICE,
        ["08", "BTP"],
    )
    assert warning["changes"][0]["before"] == "1997-03-14"
    assert (warning["made_by"], warning["reason"]) == (other.client_id, a_correction()["reason"])
    entry = got(desk, ENTRY_PATH, birth_office)
    assert entry["state"]["mother.birth_date"]["value"] == "1996-03-14"
    assert [step["event_id"] for step in entry["steps"]] == [birth["event_id"], correction["event_id"]]
    assert entry["office_notices"][0]["state"] == "acknowledged"
    before = got(desk, ENTRY_PATH, birth_office, at="2026-11-15")
    assert (before["state"], before["steps"]) == ({}, [])


def test_the_journey_shows_the_notice_with_its_reason_and_its_due_time(patient: EdgeDesk) -> None:
    patient.accepted(a_birth_of_the_office(), office_badge(patient))
    other = office_badge(patient, OTHER_OFFICE)
    event_id = patient.accepted(a_correction(), other)["event_id"]
    (told,) = got(patient, f"/api/v1/events/{event_id}", other)["office_notices"]
    assert (told["state"], told["is_overdue"]) == ("open", False)
    assert BIRTH_OFFICE in told["why"]["en"]
    patient.clock.advance(13 * 3600)
    (told,) = got(patient, f"/api/v1/events/{event_id}", other)["office_notices"]
    assert told["is_overdue"]
    assert "Quá hạn" in told["why"]["vi"]


def test_an_office_that_corrects_its_own_entry_is_not_told_but_the_higher_office_is(desk: EdgeDesk) -> None:
    own = office_badge(desk)
    desk.accepted(a_birth_of_the_office(), own)
    desk.accepted(a_correction(office=BIRTH_OFFICE), own)
    assert got(desk, NOTICES, own, state="all")["notices"] == []
    assert len(got(desk, OVERSIGHT, province_badge(desk))["changes"]) == 1


def test_a_repeated_correction_tells_nobody_again(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    other = office_badge(desk, OTHER_OFFICE)
    desk.accepted(a_correction(), other)
    assert desk.post(a_correction(), other).status_code == httpx.codes.OK
    assert len(got(desk, NOTICES, office_badge(desk))["notices"]) == 1
    assert len(got(desk, OVERSIGHT, province_badge(desk))["changes"]) == 1


def test_others_neither_see_nor_acknowledge_what_is_not_for_them(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    desk.accepted(a_correction(), office_badge(desk, OTHER_OFFICE))
    (notice,) = got(desk, NOTICES, office_badge(desk))["notices"]
    (warning,) = got(desk, OVERSIGHT, province_badge(desk))["changes"]
    stranger = province_badge(desk, OTHER_PROVINCE)
    corrector = office_badge(desk, OTHER_OFFICE)
    for badge in (stranger, corrector):
        assert got(desk, NOTICES, badge)["notices"] == []
        expect_problem(desk.call("GET", f"{NOTICES}/{notice['notice_id']}", badge), 404, "not_found")
        path = f"{NOTICES}/{notice['notice_id']}/acknowledge"
        expect_problem(desk.call("POST", path, badge, json=NOTED), 404, "not_found")
    assert got(desk, OVERSIGHT, stranger)["changes"] == []
    expect_problem(desk.call("GET", f"{OVERSIGHT}/{warning['oversight_id']}", stranger), 404, "not_found")
    expect_problem(desk.call("GET", OVERSIGHT, corrector), 403, "forbidden")
    commune = desk.badge("commune", Role.CONSUMER, authorities=frozenset({OTHER_OFFICE}))
    assert got(desk, OVERSIGHT, commune)["changes"] == []
    expect_problem(desk.call("GET", ENTRY_PATH, stranger), 404, "not_found")


def test_the_correcting_office_sees_only_its_own_part_of_the_entry(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    other = office_badge(desk, OTHER_OFFICE)
    correction = desk.accepted(a_correction(), other)
    entry = got(desk, ENTRY_PATH, other)
    assert entry["is_partial"]
    assert [step["event_id"] for step in entry["steps"]] == [correction["event_id"]]
    assert "child.name" not in entry["state"]


def test_an_old_value_that_is_not_the_entry_s_is_told_to_who_may_see_it(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    wrong = [{"field": "mother.birth_date", "before": "1990-01-01", "after": "1996-03-14"}]
    receipt = desk.accepted(a_correction(changes=wrong, office=BIRTH_OFFICE), office_badge(desk))
    told = {each["code"]: each for each in receipt["warnings"]}["before_differs_from_entry"]
    assert told["pointer"] == "/changes/0/before"
    assert "1990-01-01" in told["message_en"]
    assert "1997-03-14" in told["message_vi"]


def test_an_old_value_is_compared_for_no_stranger_but_shown_to_the_higher_office(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    wrong = [{"field": "mother.birth_date", "before": "1990-01-01", "after": "1996-03-14"}]
    receipt = desk.accepted(a_correction(changes=wrong), office_badge(desk, OTHER_OFFICE))
    assert "before_differs_from_entry" not in {each["code"] for each in receipt["warnings"]}
    assert "1997-03-14" not in str(receipt)
    (warning,) = got(desk, OVERSIGHT, province_badge(desk))["changes"]
    (change,) = warning["changes"]
    assert (change["before"], change["before_stated"], change["agrees"]) == (
        "1997-03-14",
        "1990-01-01",
        False,
    )


def test_an_entry_that_never_came_through_the_gateway_may_be_corrected_all_the_same(desk: EdgeDesk) -> None:
    """Book and original lost: the change is accepted (Circular 04/2020, art. 20)."""
    old = the_entry("112", registered_on={"year": 1998, "certainty": "exact"})
    receipt = desk.accepted(a_correction(amends=old), office_badge(desk, OTHER_OFFICE))
    (notice,) = got(desk, NOTICES, office_badge(desk))["notices"]
    assert notice["original_event_id"] is None
    entry = got(desk, f"/api/v1/entries/{BIRTH_OFFICE}/KS/1998/112", office_badge(desk))
    assert not entry["is_original_known"]
    assert entry["state"]["mother.birth_date"]["value"] == "1996-03-14"
    assert entry["steps"][0]["event_id"] == receipt["event_id"]


def test_a_court_decision_noted_elsewhere_is_sent_on_to_the_original_office(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    receipt = desk.accepted(a_remark(), office_badge(desk, OTHER_OFFICE))
    (notice,) = got(desk, NOTICES, office_badge(desk))["notices"]
    assert notice["event_id"] == receipt["event_id"]
    assert "Điều 30" in notice["legal_basis"]
    (warning,) = got(desk, OVERSIGHT, province_badge(desk))["changes"]
    assert warning["kind"] == "remark"
    history = got(desk, f"/api/v1/events/{receipt['event_id']}/history", office_badge(desk))
    assert history["state"]["parents.status"]["value"] == "determined_by_court"


def test_a_mission_is_told_by_way_of_the_foreign_ministry(desk: EdgeDesk) -> None:
    abroad = the_entry("5", authority_code="MLA01", registered_on={"year": 2020, "certainty": "exact"})
    desk.accepted(a_correction(amends=abroad), office_badge(desk, OTHER_OFFICE))
    (notice,) = got(desk, NOTICES, office_badge(desk, "MLA01"))["notices"]
    assert notice["route"] == "foreign_ministry"
    assert "Bộ Ngoại giao" in notice["why"]["vi"]


def test_a_notice_that_nobody_acknowledges_is_told_again_and_then_to_the_higher_office(
    patient: EdgeDesk,
) -> None:
    patient.accepted(a_birth_of_the_office(), office_badge(patient))
    patient.accepted(a_correction(), office_badge(patient, OTHER_OFFICE))
    gateway = patient.gateway
    surroundings = Surroundings(patient.clock, lambda: 0.5, lambda size: bytes([7]) * size)
    chore = notice_desk(gateway.stores, gateway.settings, surroundings)
    assert chore.remind() == 0
    patient.clock.advance(6 * 3600)
    assert chore.remind() == 1
    assert chore.remind() == 0
    consumer = patient.badge("reader", Role.CONSUMER, authorities=frozenset({BIRTH_OFFICE}))
    feed = got(patient, "/api/v1/changes", consumer)["changes"]
    assert all("notice_id" in each["detail"] for each in feed[1:])
    changes = [each["change"] for each in feed]
    assert changes == ["event.accepted", "office_notice.made", "office_notice.reminded"]
    patient.clock.advance(7 * 3600)
    assert chore.remind() == 1
    kinds = [each["kind"] for each in got(patient, OVERSIGHT, province_badge(patient))["changes"]]
    assert kinds == ["change", "notice_overdue"]
    patient.clock.advance(7 * 3600)
    assert chore.remind() == 1
    assert len(got(patient, OVERSIGHT, province_badge(patient))["changes"]) == 2
    (notice,) = got(patient, NOTICES, office_badge(patient))["notices"]
    assert (notice["reminders"], notice["is_overdue"]) == (3, True)
    patient.call("POST", f"{NOTICES}/{notice['notice_id']}/acknowledge", office_badge(patient), json=NOTED)
    patient.clock.advance(24 * 3600)
    assert chore.remind() == 0


def test_reading_the_inbox_is_kept_as_proof_and_the_first_acknowledgement_stays(desk: EdgeDesk) -> None:
    own = office_badge(desk)
    desk.accepted(a_birth_of_the_office(), own)
    desk.accepted(a_correction(), office_badge(desk, OTHER_OFFICE))
    looker = desk.operator()
    for other in (looker, province_badge(desk)):
        (seen,) = got(desk, NOTICES, other)["notices"]
        assert seen["state"] == "open"
    (fetched,) = got(desk, NOTICES, own)["notices"]
    assert (fetched["state"], fetched["fetched_by"]) == ("fetched", own.client_id)
    path = f"{NOTICES}/{fetched['notice_id']}/acknowledge"
    first = desk.call("POST", path, own, json=NOTED)
    again = desk.call("POST", path, own, json={"note": "lần nữa"})
    assert again.json()["acknowledged_note"] == first.json()["acknowledged_note"] == NOTED["note"]
    problem = expect_problem(desk.call("POST", path, looker, json=NOTED), 409, "notice_acknowledged")
    assert problem["by"] == own.client_id


def test_the_higher_office_says_that_it_has_looked(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    desk.accepted(a_correction(), office_badge(desk, OTHER_OFFICE))
    province = province_badge(desk)
    (warning,) = got(desk, OVERSIGHT, province)["changes"]
    path = f"{OVERSIGHT}/{warning['oversight_id']}/seen"
    done = desk.call("POST", path, province, json={"note": "đúng quy định"}).json()
    assert (done["seen_by"], done["seen_note"]) == (province.client_id, "đúng quy định")
    assert got(desk, OVERSIGHT, province, only_unseen=True)["changes"] == []
    assert len(got(desk, OVERSIGHT, province, **{"for": OTHER_OFFICE})["changes"]) == 0
    assert len(got(desk, OVERSIGHT, province, **{"for": "08"})["changes"]) == 1


def test_a_withdrawn_delivery_of_a_registered_event_is_told_to_the_higher_office(desk: EdgeDesk) -> None:
    receipt = desk.accepted(a_birth_of_the_office(), office_badge(desk))
    delivery_id = receipt["deliveries"][0]["delivery_id"]
    path = f"/api/v1/deliveries/{delivery_id}/cancel"
    answer = desk.call("POST", path, desk.operator(), json={"reason": "đã nhập trực tiếp"})
    assert answer.status_code == httpx.codes.OK, answer.text
    (warning,) = got(desk, OVERSIGHT, province_badge(desk))["changes"]
    assert (warning["kind"], warning["reason"]) == ("cancellation", "đã nhập trực tiếp")
    assert warning["changes"][0]["after"] == "cancelled"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{NOTICES}/not-a-number", 404),
        (f"{NOTICES}/00000000-0000-7000-8000-000000000000", 404),
        ("/api/v1/entries/00691/KS/2026/999", 404),
        ("/api/v1/entries/xx/KS/2026/41", 400),
        ("/api/v1/entries/00691/KS/2026/41?at=yesterday", 400),
        (f"{NOTICES}?state=lost", 400),
        ("/api/v1/events/00000000-0000-7000-8000-000000000000/history", 404),
    ],
)
def test_wrong_paths_are_answered_in_clear_words(desk: EdgeDesk, path: str, status: int) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    answer = desk.call("GET", path, office_badge(desk))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_entry_whose_number_holds_a_slash_is_found(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(registration__number="41/A"), office_badge(desk))
    assert got(desk, "/api/v1/entries/00691/KS/2026/41/A", office_badge(desk))["is_original_known"]


def test_an_edit_of_a_registered_event_is_told_with_before_and_after(desk: EdgeDesk) -> None:
    event_id, delivery_id = refused(desk, "national_registry")
    act(desk, delivery_id, "edit", set={"/note": "Đã đối chiếu với sổ"})
    (warning,) = got(desk, OVERSIGHT, province_badge(desk))["changes"]
    assert (warning["kind"], warning["event_id"], warning["source"]) == ("edit", event_id, "version 2")
    assert warning["changes"] == [{"field": "/note", "before": None, "after": "Đã đối chiếu với sổ"}]
    history = got(desk, f"/api/v1/events/{event_id}/history", desk.operator())
    (edit,) = history["steps"][0]["edits"]
    assert (history["steps"][0]["version"], edit["version"]) == (2, 2)
    assert "content" not in edit


def test_an_edited_correction_counts_with_its_newest_content(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    receipt = desk.accepted(a_correction(office=BIRTH_OFFICE), office_badge(desk))
    record = next(each for each in receipt["deliveries"] if each["destination"] == "national_registry")
    put_into(desk, record["delivery_id"], "held", reason="refused.content")
    answer = act(desk, record["delivery_id"], "edit", set={"/changes/0/after": "1996-04-14"})
    assert answer.status_code == httpx.codes.OK, answer.text
    state = got(desk, ENTRY_PATH, office_badge(desk))["state"]
    assert state["mother.birth_date"]["value"] == "1996-04-14"


def test_two_corrections_posted_together_are_both_told(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    desk.accepted(a_birth_of_the_office(), desk.badge())
    second = {"field": "mother.name", "before": "PHẠM THỊ MẪU", "after": "PHẠM THỊ MẪN"}
    answers = desk.post_at_once(a_correction("21"), a_correction("22", changes=[second]))
    assert [each.status_code for each in answers] == [202, 202]
    assert len(got(desk, NOTICES, office_badge(desk))["notices"]) == 2
    assert len(got(desk, OVERSIGHT, province_badge(desk))["changes"]) == 2
    state = got(desk, ENTRY_PATH, office_badge(desk))["state"]
    assert (state["mother.name"]["value"], state["mother.birth_date"]["value"]) == (
        "PHẠM THỊ MẪN",
        "1996-03-14",
    )


def test_an_inbox_and_the_warnings_are_read_page_by_page(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    for number in ("21", "22", "23"):
        desk.accepted(a_correction(number), office_badge(desk, OTHER_OFFICE))
    for path, badge, name in (
        (NOTICES, office_badge(desk), "notices"),
        (OVERSIGHT, province_badge(desk), "changes"),
    ):
        first = got(desk, path, badge, limit=2)
        rest = got(desk, path, badge, limit=2, after=first["next_after"])
        assert (len(first[name]), len(rest[name]), rest["next_after"]) == (2, 1, None)


def test_a_ministry_sees_the_changes_of_every_province(desk: EdgeDesk) -> None:
    desk.accepted(a_birth_of_the_office(), office_badge(desk))
    desk.accepted(a_correction(), office_badge(desk, OTHER_OFFICE))
    ministry = desk.badge("ministry", Role.CONSUMER, authorities=frozenset({"BTP"}))
    assert len(got(desk, OVERSIGHT, ministry)["changes"]) == 1
    foreign = desk.badge("foreign", Role.CONSUMER, authorities=frozenset({"BNG"}))
    assert got(desk, OVERSIGHT, foreign)["changes"] == []
