"""The inbox of questions over HTTP: what is asked, who sees which side, and what an answer does."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from gateway.storage.ports import Role
from tests.support.acting import act, in_doubt, planned, put_into, refused, second_operator
from tests.support.edge_desk import Badge, EdgeDesk, expect_problem
from tests.support.events import ABSENT, a_birth

JsonObject = dict[str, Any]

QUESTIONS: Final = "/api/v1/questions"
REASON: Final = "compared both books"
OTHER_COMMUNE: Final = "00715"
NO_MOTHERS_NUMBER: Final[JsonObject] = {"mother__personal_id": ABSENT, "mother__unknown": ["personal_id"]}
OLD_HOME: Final = {
    "kind": "permanent",
    "place": {
        "province_code": "01",
        "district_code": "001",
        "commune_code": "00007",
        "detail": "Số 5, ngõ 12",
        "as_of": "2024-06-01",
    },
}
"""A ward of Hà Nội that was divided among two in 2025."""


def _birth(number: int, **changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    own = {
        "source_event_id": f"KS-{number}",
        "registration__number": str(number),
        "dossier__code": f"H60.129-261116-{number:04}",
    }
    return a_birth(**{**own, **changes})


def _asked(desk: EdgeDesk, **changes: Any) -> tuple[JsonObject, JsonObject]:  # noqa: ANN401 - any JSON value
    """The receipts of a birth and of one that looks like it."""
    first = desk.accepted(_birth(1))
    later = desk.accepted(_birth(2, **(changes or {"child__name": {"full": "LÊ THỬ BÌNH"}})))
    return first, later


def _list(desk: EdgeDesk, badge: Badge | None = None, **wanted: str) -> list[JsonObject]:
    answer = desk.call("GET", QUESTIONS, badge or desk.operator(), params=wanted)
    assert answer.status_code == httpx.codes.OK, answer.text
    found: list[JsonObject] = answer.json()["questions"]
    return found


def _show(desk: EdgeDesk, question_id: str, badge: Badge | None = None) -> JsonObject:
    answer = desk.call("GET", f"{QUESTIONS}/{question_id}", badge or desk.operator())
    assert answer.status_code == httpx.codes.OK, answer.text
    found: JsonObject = answer.json()
    return found


def _answer(
    desk: EdgeDesk,
    question_id: str,
    answer: str,
    badge: Badge | None = None,
    key: str | None = None,
    **body: Any,  # noqa: ANN401 - any JSON value
) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    wish = {"answer": answer, "reason": REASON, **body}
    path = f"{QUESTIONS}/{question_id}/answer"
    return desk.call("POST", path, badge or desk.operator(), json=wish, headers=headers)


def _states(desk: EdgeDesk, receipt: JsonObject) -> set[str]:
    journey = desk.call("GET", f"/api/v1/events/{receipt['event_id']}", desk.operator()).json()
    return {delivery["state"] for delivery in journey["deliveries"]}


def test_an_exact_repetition_is_refused_with_the_office_and_day_of_the_first(desk: EdgeDesk) -> None:
    first = desk.accepted(_birth(1))
    again = desk.post(_birth(2, registration__authority_code=OTHER_COMMUNE))
    document = expect_problem(again, 409, "event_already_registered")
    assert document["first_event_id"] == first["event_id"]
    assert document["first_authority_code"] == "00691"
    assert document["first_registered_at"].startswith("2026-11-16")
    assert "amends" in document["detail"]


def test_a_suspected_one_is_accepted_waits_and_says_so_in_both_languages(desk: EdgeDesk) -> None:
    first, later = _asked(desk)
    assert first["questions"] == []
    (asked,) = later["questions"]
    assert (asked["kind"], set(asked)) == ("twin", {"question_id", "kind", "message_vi", "message_en"})
    assert _states(desk, later) == {"held"}
    journey = desk.call("GET", f"/api/v1/events/{later['event_id']}", desk.operator()).json()
    assert [each["state"] for each in journey["questions"]] == ["open"]
    for delivery in journey["deliveries"]:
        assert delivery["reason"] == "question_open"
        assert asked["question_id"] in delivery["why"]["vi"]
        assert asked["question_id"] in delivery["why"]["en"]


def test_both_sides_stand_next_to_each_other_with_what_differs(desk: EdgeDesk) -> None:
    first, later = _asked(desk)
    (line,) = _list(desk, kind="twin")
    assert line["event_id"] == later["event_id"]
    assert datetime.fromisoformat(line["due_at"]) == datetime.fromisoformat(later["due_at"])
    page = _show(desk, line["question_id"])
    (other,) = page["others"]
    assert (other["event_id"], other["is_visible"]) == (first["event_id"], True)
    assert "sinh đôi" in other["meaning"]["vi"]
    differing = {field["pointer"] for field in other["fields"] if field["differs"]}
    assert {"/child/name/full", "/registration/number"} <= differing
    same = {field["pointer"]: field for field in other["fields"]}["/mother/personal_id"]
    assert same["ours"] == same["theirs"]
    assert [choice["answer"] for choice in page["allowed"]] == ["twins", "same_event", "two_events"]


def test_the_other_side_of_another_unit_is_told_only_as_alike_or_not(desk: EdgeDesk) -> None:
    desk.accepted(_birth(1))
    later = desk.accepted(
        _birth(2, registration__authority_code=OTHER_COMMUNE, child__name={"full": "LÊ THỬ BÌNH"})
    )
    clerk = desk.badge("clerk", Role.OPERATOR, authorities=frozenset({OTHER_COMMUNE}))
    (line,) = _list(desk, clerk)
    assert line["event_id"] == later["event_id"]
    (other,) = _show(desk, line["question_id"], clerk)["others"]
    assert (other["is_visible"], other["event_id"], other["authority_code"]) == (False, None, "00691")
    assert {field["theirs"] for field in other["fields"]} == {None}
    told = {field["pointer"]: field["differs"] for field in other["fields"]}
    assert (told["/mother/personal_id"], told["/child/name/full"]) == (False, True)
    assert "NGHIỆM" not in json.dumps(other, ensure_ascii=False)


def test_who_does_not_cover_the_office_sees_and_answers_nothing(desk: EdgeDesk) -> None:
    _, later = _asked(desk)
    question_id = later["questions"][0]["question_id"]
    stranger = desk.badge("stranger", Role.OPERATOR, authorities=frozenset({OTHER_COMMUNE}))
    assert _list(desk, stranger) == []
    expect_problem(desk.call("GET", f"{QUESTIONS}/{question_id}", stranger), 404, "not_found")
    expect_problem(_answer(desk, question_id, "twins", stranger), 404, "not_found")
    sender = desk.badge("only-a-sender", Role.SENDER)
    expect_problem(_answer(desk, question_id, "twins", sender), 403, "forbidden")
    assert _states(desk, later) == {"held"}


@pytest.mark.parametrize(("answer", "states"), [("twins", {"waiting"}), ("same_event", {"cancelled"})])
def test_an_answer_moves_everything_that_waited(
    desk_on_both: EdgeDesk, answer: str, states: set[str]
) -> None:
    desk = desk_on_both
    _, later = _asked(desk)
    question_id = later["questions"][0]["question_id"]
    done = _answer(desk, question_id, answer, key="my-1")
    assert done.status_code == httpx.codes.OK, done.text
    document = done.json()
    assert (document["status"], document["is_repeat"]) == ("answered", False)
    assert {each["reason"] for each in document["acts"]} == {REASON}
    assert _states(desk, later) == states
    again = _answer(desk, question_id, answer, key="my-1").json()
    assert again["is_repeat"]
    told = expect_problem(
        _answer(desk, question_id, "two_events", second_operator(desk)), 409, "question_answered"
    )
    assert told["answer"] == answer
    assert _list(desk) == []
    (line,) = _list(desk, state="answered")
    assert (line["answered"]["answer"], line["answered"]["reason"]) == (answer, REASON)
    assert _show(desk, question_id)["allowed"] == []


def test_nothing_but_the_answer_moves_what_waits_for_it(desk: EdgeDesk) -> None:
    _, later = _asked(desk)
    delivery_id = later["deliveries"][0]["delivery_id"]
    for name in ("release", "retry", "cancel"):
        expect_problem(act(desk, delivery_id, name), 409, "question_open")
    confirmed = act(desk, delivery_id, "confirm-delivered", evidence="seen there")
    expect_problem(confirmed, 409, "question_open")
    edit = {"reason": REASON, "set": {"/child/sex": "male"}}
    path = f"/api/v1/deliveries/{delivery_id}/edit"
    expect_problem(desk.call("POST", path, desk.operator(), json=edit), 409, "question_open")
    assert _states(desk, later) == {"held"}


def test_a_wrong_answer_is_told_what_would_be_right(desk: EdgeDesk) -> None:
    _, later = _asked(desk, **NO_MOTHERS_NUMBER)
    (asked,) = later["questions"]
    document = expect_problem(_answer(desk, asked["question_id"], "twins"), 422, "answer_not_allowed")
    assert document["allowed"] == ["same_event", "two_events"]
    expect_problem(_answer(desk, asked["question_id"], ""), 400, "invalid_parameter")
    expect_problem(_answer(desk, "0198a6f0-0000-7000-8000-000000000000", "twins"), 404, "not_found")
    expect_problem(_answer(desk, "no-id", "twins"), 404, "not_found")
    answer = desk.call("GET", QUESTIONS, desk.operator(), params={"after": "x"})
    expect_problem(answer, 400, "invalid_cursor")


def test_refused_items_and_unknown_outcomes_are_questions_answered_by_the_acts_there_are(
    desk: EdgeDesk,
) -> None:
    _, wrong = refused(desk)
    _, lost = in_doubt(desk)
    kinds = {line["delivery_id"]: line["kind"] for line in _list(desk)}
    assert kinds == {wrong: "refused_item", lost: "unknown_outcome"}
    page = _show(desk, lost)
    assert page["decision"] == f"/api/v1/deliveries/{lost}"
    assert {choice["answer"] for choice in page["allowed"]} >= {
        "confirm-delivered",
        "confirm-absent",
        "release",
    }
    expect_problem(_answer(desk, lost, "confirm-delivered"), 422, "evidence_missing")
    done = _answer(desk, lost, "confirm-delivered", key="my-1", evidence="seen on their screen").json()
    assert [made["act"] for made in done["acts"]] == ["confirm-delivered"]
    again = _answer(desk, lost, "confirm-delivered", key="my-1", evidence="seen on their screen").json()
    assert again["is_repeat"]
    assert _answer(desk, wrong, "cancel").status_code == httpx.codes.OK
    assert _list(desk) == []


def test_a_delivery_still_in_doubt_becomes_a_question_when_its_deadline_comes_near(desk: EdgeDesk) -> None:
    receipt = desk.accepted(_birth(1))
    delivery_id = next(
        each["delivery_id"] for each in receipt["deliveries"] if each["destination"] == "one_stop"
    )
    put_into(desk, delivery_id, "unknown", maybe_sent=True)
    assert _list(desk) == []
    expect_problem(desk.call("GET", f"{QUESTIONS}/{delivery_id}", desk.operator()), 404, "not_found")
    desk.clock.now = datetime.fromisoformat(receipt["due_at"]) - timedelta(minutes=30)
    late = second_operator(desk)  # the token of the first has expired
    (line,) = _list(desk, late)
    assert (line["question_id"], line["kind"], line["reason"]) == (
        delivery_id,
        "unknown_outcome",
        "outcome_unknown",
    )
    assert line["seconds_left"] == 1800
    assert datetime.fromisoformat(line["asked_at"]) < desk.clock.now
    text = desk.call("GET", "/metrics", late).text
    assert 'hotich_questions_open{kind="unknown_outcome"} 1.0' in text
    answers = {choice["answer"] for choice in _show(desk, delivery_id, late)["allowed"]}
    assert answers >= {"confirm-delivered", "confirm-absent"}
    assert answers.isdisjoint({"edit", "cancel"})
    done = _answer(desk, delivery_id, "confirm-absent", late, evidence="nobody there has it")
    assert done.status_code == httpx.codes.OK, done.text
    assert _list(desk, late) == []
    (line,) = _list(desk, late, state="answered")
    assert (line["kind"], line["answered"]["answer"]) == ("unknown_outcome", "confirm-absent")


def test_answers_about_deliveries_stand_in_the_inbox_as_they_were_asked(desk: EdgeDesk) -> None:
    _, wrong = refused(desk)
    _, lost = in_doubt(desk)
    _, stopped = planned(desk)
    act(desk, stopped, "hold")
    act(desk, stopped, "release")
    act(desk, lost, "confirm-delivered", evidence="seen on their screen")
    assert _answer(desk, wrong, "edit", set={"/mother/name": {"full": "PHẠM THỊ MẪU MỚI"}}).is_success
    lines = _list(desk, state="answered")
    told = [(each["question_id"], each["kind"], each["reason"], each["answered"]["answer"]) for each in lines]
    assert told == [
        (lost, "unknown_outcome", "outcome_unknown", "confirm-delivered"),
        (wrong, "refused_item", "refused.content", "edit"),
    ]
    assert {each["state"] for each in lines} == {"answered"}
    assert lines[0]["answered"]["reason"] == "as agreed by telephone"
    assert _list(desk, state="answered", kind="refused_item")[0]["question_id"] == wrong
    assert _list(desk, state="answered", kind="twin") == []
    assert _list(desk, state="answered", authority=OTHER_COMMUNE) == []
    page = _show(desk, wrong)
    assert (page["state"], page["allowed"]) == ("answered", [])
    assert page["decision"] == f"/api/v1/deliveries/{wrong}"


def test_a_unit_that_was_chosen_is_listed_as_the_question_about_the_divided_commune(desk: EdgeDesk) -> None:
    """The content as it was asked about: the answer has put another code into it."""
    receipt = desk.accepted(_birth(1, mother__residence=OLD_HOME))
    delivery_id = next(each["delivery_id"] for each in receipt["deliveries"] if each["message"] == "record")
    put_into(desk, delivery_id, "held", reason="refused.content")
    assert _answer(desk, delivery_id, "use_unit", unit_code="00025").is_success
    lines = [each for each in _list(desk, state="answered") if each["question_id"] == delivery_id]
    assert [each["kind"] for each in lines] == ["split_commune"]


def test_what_a_person_has_stopped_himself_is_no_question(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    act(desk, delivery_id, "release")
    act(desk, delivery_id, "hold")
    assert _list(desk) == []
    page = _show(desk, delivery_id)
    assert (page["answered"]["answer"], page["allowed"]) == ("release", [])
    _, untouched = planned(desk)
    act(desk, untouched, "hold")
    expect_problem(desk.call("GET", f"{QUESTIONS}/{untouched}", desk.operator()), 404, "not_found")


def test_a_divided_commune_is_asked_about_with_the_units_it_may_be(desk: EdgeDesk) -> None:
    receipt = desk.accepted(_birth(1, mother__residence=OLD_HOME))
    delivery_id = next(each["delivery_id"] for each in receipt["deliveries"] if each["message"] == "record")
    put_into(desk, delivery_id, "held", reason="refused.content")
    (line,) = _list(desk, kind="split_commune")
    page = _show(desk, line["question_id"])
    (place,) = page["places"]
    assert (place["pointer"], place["old_code"], place["detail"]) == (
        "/mother/residence/place",
        "00007",
        "Số 5, ngõ 12",
    )
    offered = [choice["unit_code"] for choice in page["allowed"] if choice["answer"] == "use_unit"]
    assert offered == [unit["code"] for unit in place["candidates"]] == ["00008", "00025"]
    wrong = _answer(desk, delivery_id, "use_unit", unit_code="00691")
    assert expect_problem(wrong, 422, "answer_not_allowed")["units"] == offered
    done = _answer(desk, delivery_id, "use_unit", unit_code="00025")
    assert done.status_code == httpx.codes.OK, done.text
    edit = done.json()["edit"]
    changed = {change["pointer"]: change["sides"] for change in edit["changes"]}
    assert changed["/mother/residence/place/commune_code"] == {"before": "00007", "after": "00025"}
    assert changed["/mother/residence/place/district_code"] == {"before": "001"}
    assert changed["/mother/residence/place/as_of"]["after"] == "2026-11-16"
    assert _list(desk, kind="split_commune") == []


def test_a_refusal_is_corrected_from_the_inbox(desk: EdgeDesk) -> None:
    _, delivery_id = refused(desk)
    needs = expect_problem(_answer(desk, delivery_id, "edit"), 422, "answer_not_allowed")["needs"]
    assert needs == ["reason", "set"]
    done = _answer(desk, delivery_id, "edit", set={"/mother/name": {"full": "PHẠM THỊ MẪU MỚI"}})
    assert done.status_code == httpx.codes.OK, done.text
    assert done.json()["status"] == "applied"
    late = _answer(desk, delivery_id, "edit", set={"/child/sex": "male"})
    assert expect_problem(late, 409, "question_answered")["answer"] == "edit"


def test_a_repetition_of_what_an_edit_says_is_found(desk: EdgeDesk) -> None:
    """Neither side has the mother's number: only the name and the day lead from one to the other."""
    receipt = desk.accepted(_birth(1, child__name={"full": "LÊ THỬ BÌNH"}, **NO_MOTHERS_NUMBER))
    delivery_id = receipt["deliveries"][0]["delivery_id"]
    put_into(desk, delivery_id, "held", reason="refused.content")
    done = _answer(desk, delivery_id, "edit", set={"/child/name": {"full": "LÊ THỬ CHÂU"}})
    assert done.json()["status"] == "applied", done.text
    later = desk.accepted(_birth(2, child__name={"full": "LÊ THỬ CHÂU"}, **NO_MOTHERS_NUMBER))
    (asked,) = later["questions"]
    (other,) = _show(desk, asked["question_id"])["others"]
    assert other["event_id"] == receipt["event_id"]


def test_open_questions_and_their_age_are_measured(desk: EdgeDesk) -> None:
    _asked(desk)
    refused(desk)
    text = desk.call("GET", "/metrics", desk.operator()).text
    assert 'hotich_questions_open{kind="twin"} 1.0' in text
    assert 'hotich_questions_open{kind="refused_item"} 1.0' in text
    assert 'hotich_questions_open{kind="duplicate"} 0.0' in text
    assert 'hotich_questions_oldest_seconds{kind="twin"}' in text


def test_pages_are_followed_to_the_end_and_offices_are_filtered(desk: EdgeDesk) -> None:
    _asked(desk)
    refused(desk)
    _, settled = refused(desk)
    act(desk, settled, "cancel")
    seen, after = [], None
    while True:
        params = {"limit": "1", **({} if after is None else {"after": after})}
        document = desk.call("GET", QUESTIONS, desk.operator(), params=params).json()
        seen += [line["kind"] for line in document["questions"]]
        after = document["next_after"]
        if after is None:
            break
    assert seen == ["twin", "refused_item"]
    assert _list(desk, authority=OTHER_COMMUNE) == []
    assert len(_list(desk, authority="00691")) == 2
    assert [each["question_id"] for each in _list(desk, state="answered")] == [settled]
