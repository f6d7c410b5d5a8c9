"""Questions at the command line: list, both sides, answer."""

import json
from typing import Any

import pytest

from gateway.bootstrap.gateway import Roles, build_gateway
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.ids import ClientId
from gateway.model.submission import Accepted, RawSubmission
from gateway.settings import read_settings
from tests.integration.commands.conftest import CommandLine
from tests.support.events import a_birth
from tests.support.submissions import PROVINCE, RECEIVED_AT, counted_bytes

WHY = ("--reason", "compared both books")


def _birth(number: int, name: str) -> bytes:
    event: dict[str, Any] = a_birth(
        source_event_id=f"KS-{number}",
        registration__number=str(number),
        dossier__code=f"H60.129-261116-{number:04}",
        child__name={"full": name},
    )
    return json.dumps(event).encode()


@pytest.fixture
def question_id(command_line: CommandLine) -> str:
    """Of the second of two children of one mother and day."""
    settings = read_settings({"HOTICH_DATABASE_URL": command_line.database_url})
    surroundings = Surroundings(lambda: RECEIVED_AT, lambda: 0.5, counted_bytes())
    gateway = build_gateway(surroundings, settings, Roles(accepts=True, delivers=False))
    asked: list[str] = []
    try:
        gateway.start()
        assert gateway.receiving is not None
        for number, name in enumerate(("LÊ THỬ BÌNH", "LÊ THỬ CHÂU"), start=1):
            raw = RawSubmission(
                ClientId("office"), frozenset({PROVINCE}), None, _birth(number, name), RECEIVED_AT
            )
            prepared = gateway.receiving.prepare(raw)
            assert not isinstance(prepared, tuple), prepared
            result = gateway.receiving.writer.submit(prepared).result(10)
            assert isinstance(result, Accepted)
            asked += [question.question_id for question in result.receipt.questions]
    finally:
        gateway.stop(5)
    (found,) = asked
    return found


def test_a_question_is_listed_shown_and_answered_once(command_line: CommandLine, question_id: str) -> None:
    (line,) = command_line.json("questions", "list")["questions"]
    assert (line["question_id"], line["kind"], line["reason"]) == (
        question_id,
        "twin",
        "same_mother_same_day",
    )
    page = command_line.json("questions", "show", question_id)
    assert [choice["answer"] for choice in page["allowed"]] == ["twins", "same_event", "two_events"]
    done = command_line.json("questions", "answer", question_id, "twins", *WHY, "--request-id", "1")
    again = command_line.json("questions", "answer", question_id, "twins", *WHY, "--request-id", "1")
    assert (done["is_repeat"], again["is_repeat"]) == (False, True)
    assert {made["act"] for made in done["acts"]} == {"answer"}
    late = command_line.run("questions", "answer", question_id, "same_event", *WHY)
    assert late.exit_code == 1
    assert "question_answered" in late.output
    assert command_line.json("questions", "list")["questions"] == []
    assert len(command_line.json("questions", "list", "--state", "answered")["questions"]) == 1


def test_people_see_both_sides_and_what_differs(command_line: CommandLine, question_id: str) -> None:
    command_line.set("COLUMNS", "200")
    shown = command_line.run("questions", "show", question_id)
    assert shown.exit_code == 0, shown.output
    for part in ("Sinh đôi", "Twins", "≠", "/child/name/full", "THỬ BÌNH", "THỬ CHÂU", "same_event"):
        assert part in shown.output
    listed = command_line.run("questions", "list", "--kind", "twin")
    assert "same_mother_same_day" in listed.output


def test_what_is_wrong_is_told_with_its_remedy(command_line: CommandLine, question_id: str) -> None:
    unknown = command_line.run("questions", "show", "0198a6f0-0000-7000-8000-000000000000")
    assert (unknown.exit_code, "not_found" in unknown.output) == (1, True)
    wrong = command_line.run("questions", "answer", question_id, "release", *WHY)
    assert (wrong.exit_code, "answer_not_allowed" in wrong.output) == (1, True)
    short = command_line.run("questions", "answer", question_id, "twins", "--reason", "x")
    assert short.exit_code == 2
