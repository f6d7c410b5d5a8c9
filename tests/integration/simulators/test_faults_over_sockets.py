"""Each kind of fault as a caller meets it: on a real socket, with an ordinary HTTP client."""

import json
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.integration.simulators.sandbox_calls import PUSH_PATH, SandboxCaller, wait_until

PUSH = {"system": "national_registry", "operation": "nhanHoSoDKHT"}
NUMBER = {"system": "population_db", "operation": "capSoDinhDanh"}
SYNCHRONISE = {"system": "one_stop", "operation": "DongBoHoSoMC"}


def planted(caller: SandboxCaller) -> list[str]:
    return [each["kind"] for each in caller.control("GET", "/faults/planted")["planted"]]


def test_without_a_plan_every_system_takes_what_it_is_sent(caller: SandboxCaller) -> None:
    assert caller.push().json()["status"] == "1"
    assert "DA_CAP" in caller.ask_number().text
    assert caller.synchronise().json()["error_code"] == "00"
    held = {name: summary["held"] for name, summary in caller.control("GET", "/journal/summary").items()}
    assert held == {"national_registry": 1, "population_db": 1, "one_stop": 1}
    assert planted(caller) == []


def test_an_answer_lost_cuts_the_connection_after_the_commit(caller: SandboxCaller) -> None:
    caller.plant({**PUSH, "kind": "answer_lost"})
    headers = caller.registry_headers()
    with pytest.raises(httpx.RemoteProtocolError):
        caller.push(headers=headers)
    assert len(caller.held("national_registry")) == 1
    assert "đã được tiếp nhận" in caller.push(headers=headers).text
    assert len(caller.held("national_registry")) == 1


@pytest.mark.parametrize(("is_committed", "held"), [(False, 0), (True, 1)])
def test_a_hang_ends_without_an_answer(
    caller: SandboxCaller,
    is_committed: bool,  # noqa: FBT001 - a column of the table
    held: int,
) -> None:
    caller.plant({**SYNCHRONISE, "kind": "hang", "seconds": 0.05, "committed": is_committed})
    session = caller.log_in()
    with pytest.raises(httpx.RemoteProtocolError):
        caller.synchronise(session)
    assert len(caller.held("one_stop")) == held


def test_a_caller_with_less_patience_times_out_on_a_hang(caller: SandboxCaller) -> None:
    caller.plant({**NUMBER, "kind": "hang", "seconds": 600, "committed": True})
    caller.http.timeout = httpx.Timeout(10, read=0.2)
    with pytest.raises(httpx.ReadTimeout):
        caller.ask_number()
    assert len(caller.held("population_db")) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_errors_carry_status_and_retry_after(caller: SandboxCaller, status: int) -> None:
    caller.plant(
        *(
            {**rule, "kind": "server_error", "status": status, "retry_after_seconds": 3}
            for rule in (PUSH, NUMBER)
        )
    )
    for reply in (caller.push(), caller.ask_number()):
        assert (reply.status_code, reply.headers["Retry-After"]) == (status, "3")
    assert caller.held("national_registry") == caller.held("population_db") == []
    assert caller.push().json()["status"] == "1"


@pytest.mark.parametrize("kind", ["connection_refused", "outage"])
def test_a_closed_listener_refuses_and_comes_back_at_the_same_port(caller: SandboxCaller, kind: str) -> None:
    session = caller.log_in()
    caller.plant({"system": "one_stop", "kind": kind, "from_seconds": 0, "to_seconds": 3600})
    caller.http.close()
    caller.http = httpx.Client(timeout=10)
    with pytest.raises(httpx.ConnectError):
        caller.synchronise(session)
    assert caller.push().json()["status"] == "1", "the other systems are up"
    caller.control("POST", "/clock/advance", {"seconds": 3600})
    caller.control("DELETE", "/faults")
    assert caller.synchronise().json()["error_code"] == "00"


def test_an_outage_cuts_connections_that_were_open(caller: SandboxCaller) -> None:
    session = caller.log_in()
    caller.plant({"system": "one_stop", "kind": "outage", "from_seconds": 0, "to_seconds": 3600})
    with pytest.raises((httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError)):
        caller.synchronise(session)


def test_an_outage_begins_and_ends_by_itself(caller: SandboxCaller) -> None:
    caller.plant({"system": "one_stop", "kind": "outage", "from_seconds": 60, "to_seconds": 120})
    caller.log_in()
    caller.control("POST", "/clock/advance", {"seconds": 60})
    wait_until(lambda: not _is_reachable(caller, "one_stop"))
    caller.control("POST", "/clock/advance", {"seconds": 60})
    wait_until(lambda: _is_reachable(caller, "one_stop"))


def test_an_outage_may_answer_unavailable_instead(caller: SandboxCaller) -> None:
    rule = {"system": "one_stop", "kind": "outage", "form": "unavailable", "to_seconds": 3600}
    session = caller.log_in()
    caller.plant(rule)
    assert caller.synchronise(session).status_code == 503


def test_latency_delays_but_changes_nothing(caller: SandboxCaller) -> None:
    caller.plant({**PUSH, "kind": "latency", "min_ms": 1, "max_ms": 5})
    assert caller.push().json()["status"] == "1"
    assert planted(caller) == ["latency"]


@pytest.mark.parametrize("form", ["garbage", "html", "wrong_shape", "empty"])
def test_wrong_answers_come_with_status_200(caller: SandboxCaller, form: str) -> None:
    caller.plant(*({**rule, "kind": "wrong_answer", "form": form} for rule in (PUSH, NUMBER, SYNCHRONISE)))
    for reply in (caller.push(), caller.ask_number(), caller.synchronise()):
        assert reply.status_code == 200
        assert "DA_CAP" not in reply.text
        if form != "wrong_shape":
            with pytest.raises(json.JSONDecodeError):
                reply.json()
    assert planted(caller) == ["wrong_answer"] * 3


def test_an_expired_token_is_answered_as_each_system_does(caller: SandboxCaller) -> None:
    caller.plant(*({**rule, "kind": "expired_token"} for rule in (PUSH, NUMBER, SYNCHRONISE)))
    assert caller.push().status_code == 401
    assert "Client.Authentication" in caller.ask_number().text
    assert caller.synchronise().json()["error_code"] == "-3"
    assert caller.push().json()["status"] == "1"


def test_a_late_number_comes_when_its_time_has_come(caller: SandboxCaller) -> None:
    caller.plant({**NUMBER, "kind": "late_personal_id", "seconds": 100})
    assert "CHO_XU_LY" in caller.ask_number().text
    caller.control("POST", "/clock/advance", {"seconds": 100})
    assert "DA_CAP" in caller.ask_number().text


def test_the_planted_list_tells_planted_refusals_from_real_ones(caller: SandboxCaller) -> None:
    caller.plant({**PUSH, "kind": "refusal", "match": "H08.1-2"})
    headers = caller.registry_headers()
    assert caller.push("H08.1-2", headers).status_code == 500
    assert caller.push("x" * 51, headers).status_code == 500
    found = caller.control("GET", "/faults/planted?system=national_registry")["planted"]
    assert [(each["kind"], each["subject"]) for each in found] == [("refusal", "KS/H08.1-2")]
    refused = caller.control("GET", "/journal?system=national_registry")["refused"]
    assert [each["facts"]["planted"] for each in refused] == [True, False]


def test_a_body_over_the_limit_is_refused_before_it_is_read(caller: SandboxCaller) -> None:
    for system in ("one_stop", "population_db", "national_registry"):
        address = urlsplit(caller.addresses[system])
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as raw:
            head = f"POST {PUSH_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {13 * 1024 * 1024}\r\n\r\n"
            raw.sendall(head.encode())
            assert raw.recv(4096).startswith(b"HTTP/1.1 413")


def test_one_connection_carries_many_calls(caller: SandboxCaller) -> None:
    address = urlsplit(caller.addresses["control"])
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as raw:
        for _ in range(3):
            raw.sendall(b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n")
            assert raw.recv(4096).startswith(b"HTTP/1.1 200")


def _is_reachable(caller: SandboxCaller, system: str) -> bool:
    address = urlsplit(caller.addresses[system])
    try:
        socket.create_connection((address.hostname or "", address.port or 0), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True
