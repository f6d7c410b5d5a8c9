"""A listening conformance check hears every way in, answers as the gateway would, and judges each message."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from gateway.bootstrap.listening import Listening, build_listening
from gateway.bootstrap.surroundings import Surroundings
from gateway.settings import Settings
from tests.support.dialects import (
    ARRIVED_AT,
    FIRST,
    SECOND,
    SECOND_SINCE_JULY,
    WHOLE_BIRTH,
    first_push,
    registered,
    second_push,
)
from tests.support.edge_desk import HandClock
from tests.support.events import a_birth, a_marriage
from tests.support.faulty_messages import as_bytes
from tests.support.soap_messages import (
    MEDIA_TYPES,
    PATH,
    SOAP_11,
    SOAP_12,
    a_question,
    answer_in,
    enveloped,
    fault_in,
    registering,
    security_header,
)
from tests.support.submissions import another_birth, counted_bytes

MESSAGES_MAX = 30
Messages = list[dict[str, Any]]


@dataclass
class Check:
    """A check that listens in this process."""

    listening: Listening
    clock: HandClock
    runner: asyncio.Runner

    def post(self, path: str, content: bytes, **headers: str) -> httpx.Response:
        """By a sender whose token nobody looks at."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.runner.run(self._request("POST", path, content, {"authorization": "Bearer any", **named}))

    def soap(self, content: bytes, version: str = SOAP_11) -> httpx.Response:
        """An envelope."""
        return self.post(PATH, content, content_type=MEDIA_TYPES[version])

    def push(self, path: str, body: Mapping[str, object]) -> httpx.Response:
        """In a dialect."""
        return self.post(path, json.dumps(body, ensure_ascii=False).encode())

    def get(self, path: str) -> httpx.Response:
        """The report, for example."""
        return self.runner.run(self._request("GET", path, b"", {}))

    def messages(self) -> Messages:
        """Every verdict so far."""
        found: Messages = self.get("/report.json").json()["messages"]
        return found

    async def _request(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.listening.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://check", timeout=40) as client:
            return await client.request(method, path, content=content, headers=dict(headers))


@pytest.fixture
def check() -> Iterator[Check]:
    clock = HandClock()
    surroundings = Surroundings(clock, lambda: 0.5, counted_bytes())
    listening = build_listening(surroundings, Settings(), (), MESSAGES_MAX)
    listening.writer.start()
    with asyncio.Runner() as runner:
        yield Check(listening, clock, runner)
    listening.writer.stop()


def _told(messages: Messages) -> list[tuple[str, str, bool]]:
    return [(each["place"], each["kind"], each["conforms"]) for each in messages]


def _codes(message: Mapping[str, Any]) -> set[str]:
    return {each["code"] for each in message["failures"]}


def test_one_event_is_answered_with_its_receipt_and_judged_with_its_key(check: Check) -> None:
    event = another_birth()
    assert check.post("/api/v1/events", as_bytes(event), idempotency_key="k-1").status_code == 202
    refused = check.post("/api/v1/events", as_bytes(a_birth(mother__sex="male")), idempotency_key="\t")
    assert refused.status_code == 422
    first, second = check.messages()
    assert (first["place"], first["kind"], first["conforms"]) == ("POST 1", "json", True)
    assert _codes(second) == {"mother_is_male", "idempotency_key_invalid"}


def test_an_envelope_of_either_version_is_answered_in_it_and_judged(check: Check) -> None:
    event = another_birth()
    taken = check.soap(enveloped(registering(event)))
    assert answer_in(taken)["receipt"]
    wrong = check.soap(enveloped(registering(a_birth(mother__sex="male")), version=SOAP_12), SOAP_12)
    assert fault_in(wrong).problem["code"] == ["invalid_message"]
    assert _told(check.messages()) == [("POST 1", "soap", True), ("POST 2", "soap", False)]
    assert _codes(check.messages()[1]) == {"mother_is_male"}


def test_any_name_and_digest_is_believed_but_a_malformed_header_is_told(check: Check) -> None:
    header = security_header(username="mine", password="whatever", created=check.clock())
    taken = check.soap(enveloped(registering(another_birth()), header))
    assert taken.status_code == httpx.codes.OK, taken.text
    assert _told(check.messages()) == [("POST 1", "soap", True)]


def test_each_event_of_many_has_a_verdict_and_a_question_has_none(check: Check) -> None:
    event = another_birth()
    items = [{"birth": event}, {"marriage": a_marriage(husband__sex="female")}]
    answer = answer_in(check.soap(enveloped(a_question("RegisterMany", event=items))))
    assert [each["outcome"] for each in answer["result"]] == [["accepted"], ["refused"]]
    number = event["source_event_id"]
    asked = check.soap(enveloped(a_question("FindEvents", source_event_id=number)))
    assert number in asked.text
    assert _told(check.messages()) == [("POST 1:1", "soap", True), ("POST 1:2", "soap", False)]


def test_each_line_of_a_batch_has_a_verdict_also_a_broken_one(check: Check) -> None:
    event = another_birth()
    later = another_birth(amends={"source_event_id": event["source_event_id"]})
    lines = [as_bytes(event), b"", as_bytes(a_birth(mother__sex="male")), b"{", as_bytes(later)]
    answer = check.post("/api/v1/events/batch", b"\n".join(lines))
    *results, last = (json.loads(line) for line in answer.text.splitlines())
    verdicts = check.messages()
    assert [each["place"] for each in verdicts] == [f"POST 1:{number}" for number in range(1, 6)]
    assert [each["conforms"] for each in verdicts] == [each["status"] < 300 for each in results]
    assert [_codes(each) for each in verdicts[1:4]] == [{"line_blank"}, {"mother_is_male"}, {"body_not_json"}]
    assert last["summary"]["complete"]


def test_pushes_of_both_generations_are_answered_in_their_words_and_judged_by_their_fields(
    check: Check,
) -> None:
    check.clock.now = ARRIVED_AT
    good = check.push(f"{SECOND_SINCE_JULY}/nhanHoSoDKHT", second_push(WHOLE_BIRTH))
    assert good.json()["status"] in {1, "1"}, good.text
    bad = check.push(f"{SECOND}/nhanHoSoDKHT", second_push({**WHOLE_BIRTH, "nksGioiTinh": "7"}))
    assert bad.json()["status"] not in {1, "1"}, bad.text
    check.push(f"{FIRST}/dangKyHoTich", first_push(registered()))
    unreadable = check.push(f"{FIRST}/dangKyHoTich", first_push("<hotich>"))
    assert unreadable.status_code == httpx.codes.OK
    messages = check.messages()
    assert [each["kind"] for each in messages] == ["registry_2", "registry_2", "registry_1", "registry_1"]
    assert [each["conforms"] for each in messages] == [True, False, True, False]
    assert [each["pointer"] for each in messages[1]["failures"]] == ["/data/nksGioiTinh"]


def test_the_token_call_of_the_bus_is_there_too(check: Check) -> None:
    form = b"grant_type=client_credentials&client_id=mine&client_secret=any"
    answer = check.post("/lgsp/token", form, content_type="application/x-www-form-urlencoded")
    assert answer.json()["access_token"]
    assert check.messages() == []


def test_no_more_verdicts_are_kept_than_there_is_room_for_and_answers_go_on(check: Check) -> None:
    lines = [as_bytes(another_birth()) for _ in range(MESSAGES_MAX + 5)]
    answer = check.post("/api/v1/events/batch", b"\n".join(lines))
    assert json.loads(answer.text.splitlines()[-1])["summary"]["accepted"] == MESSAGES_MAX + 5
    assert len(check.messages()) == MESSAGES_MAX
    assert check.post("/api/v1/events", as_bytes(another_birth())).status_code == 202
