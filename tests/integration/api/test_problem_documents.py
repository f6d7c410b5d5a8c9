"""Every way of failing is a problem document; what nobody foresaw has an id and tells nothing else."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gateway.error_codes import CATALOGUE
from gateway.errors import StorageUnavailable
from gateway.observability.logging import configure_logging
from tests.support.edge_desk import EVENTS, EdgeDesk, expect_problem
from tests.support.logs import kept_logging
from tests.support.submissions import another_birth


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged while the test runs, as the running gateway would write it."""
    stream = io.StringIO()
    with kept_logging():
        configure_logging("debug", stream)
        yield stream


@contextmanager
def _failing(monkeypatch: pytest.MonkeyPatch, desk: EdgeDesk, error: Exception) -> Iterator[None]:
    """The store of events fails at whatever it is asked for."""

    def fail(*_arguments: object, **_names: object) -> None:
        raise error

    kind = type(desk.gateway.stores.events)
    with monkeypatch.context() as patch:
        for name in ("find_known", "insert", "origins_of", "find_by_source"):
            patch.setattr(kind, name, fail)
        yield


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("GET", "/api/v1/schemas/wedding", 404, "not_found"),
        ("PUT", "/api/v1/events", 405, "method_not_allowed"),
        ("DELETE", "/health/live", 405, "method_not_allowed"),
        ("GET", "/oauth/token", 405, "method_not_allowed"),
        ("GET", "/api/v1/events", 400, "invalid_parameter"),
        ("GET", "/api/v1/deliveries?state=lost", 400, "invalid_parameter"),
        ("GET", "/api/v1/deliveries?destination=moon", 400, "invalid_parameter"),
        ("GET", "/api/v1/deliveries?limit=0", 400, "invalid_parameter"),
        ("GET", "/api/v1/deliveries?limit=501", 400, "invalid_parameter"),
        ("GET", "/api/v1/deliveries?after=-1", 400, "invalid_parameter"),
        ("GET", "/api/v1/deliveries?after=9223372036854775808", 400, "invalid_parameter"),
        ("GET", "/api/v1/changes?limit=0", 400, "invalid_parameter"),
        ("GET", "/api/v1/changes?limit=501", 400, "invalid_parameter"),
        ("GET", "/api/v1/changes?limit=ten", 400, "invalid_parameter"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_document_too(
    desk: EdgeDesk, method: str, path: str, status: int, code: str
) -> None:
    document = expect_problem(desk.call(method, path, desk.operator()), status, code)
    if code == "invalid_parameter":
        assert all(error["pointer"].startswith("/query/") for error in document["errors"])
        assert all(error["message_vi"] and error["message_en"] for error in document["errors"])


def test_every_wrong_parameter_is_named_at_once(desk: EdgeDesk) -> None:
    answer = desk.call("GET", "/api/v1/deliveries?state=x&destination=y&limit=z&after=w", desk.operator())
    pointers = {error["pointer"] for error in expect_problem(answer, 400, "invalid_parameter")["errors"]}
    assert pointers == {"/query/state", "/query/destination", "/query/limit", "/query/after"}


@pytest.mark.parametrize(
    ("path", "allowed"),
    [(EVENTS, "GET, POST"), ("/health/live", "GET"), ("/api/v1/deliveries/x/hold", "POST")],
)
def test_a_wrong_method_is_told_all_the_right_ones(desk: EdgeDesk, path: str, allowed: str) -> None:
    assert desk.call("DELETE", path).headers["allow"] == allowed


def test_types_are_stable_names_and_every_status_is_an_error() -> None:
    for code, row in CATALOGUE.items():
        assert row.type == f"urn:hotich-gateway:problem:{code}"
        assert 400 <= row.status < 600


def test_an_unforeseen_error_has_an_id_and_no_inner_text(
    desk: EdgeDesk, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _failing(monkeypatch, desk, RuntimeError("Lò Thị Mẫu 099197000001 at /var/lib/secret")):
        answer = desk.call("GET", f"{EVENTS}?source_event_id=1", desk.badge())
    document = expect_problem(answer, 500, "internal_error")
    for text in ("Mẫu", "099197000001", "secret", "RuntimeError", "Traceback"):
        assert text not in answer.text
    (line,) = [each for each in _lines(log) if each["event"] == "api.unexpected"]
    assert line["error_id"] == document["error_id"]
    assert line["error_type"] == "RuntimeError"
    assert line["route"] == EVENTS
    assert any("fail" in frame for frame in line["frames"])
    assert "Mẫu" not in log.getvalue()


def test_a_database_that_is_away_is_503_on_every_reading_path(
    desk: EdgeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _failing(monkeypatch, desk, StorageUnavailable(reason="test")):
        answer = desk.call("GET", f"{EVENTS}?source_event_id=1", desk.badge())
    expect_problem(answer, 503, "storage_unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    assert "test" not in answer.text


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("child LÊ THỬ NGHIỆM, Phạm Thị Mẫu, 099197000001"),
        ValueError({"mother": {"name": "Phạm Thị Mẫu", "personal_id": 99197000001}}),
        StorageUnavailable(reason="row (Phạm Thị Mẫu, 099197000001)"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_name_or_number_of_a_message_is_logged_when_its_storing_fails(
    desk: EdgeDesk, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    event = another_birth(mother__name={"full": "Phạm Thị Mẫu"})
    with _failing(monkeypatch, desk, error):
        answer = desk.post(event)
    expect_problem(answer, 503, "intake_unavailable")
    written = log.getvalue()
    assert "intake." in written
    for text in _words_of_people(event):
        assert text not in written
        assert text not in answer.text


def test_a_message_that_is_refused_leaves_no_trace_of_its_people_in_the_log(
    desk: EdgeDesk, log: io.StringIO
) -> None:
    event = another_birth(child__sex="nam")
    expect_problem(desk.post(event), 422, "invalid_message")
    desk.accepted(another_birth())
    assert not [text for text in _words_of_people(event) if text in log.getvalue()]


def _lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def _words_of_people(event: dict[str, Any]) -> set[str]:
    """Names and numbers that the message holds."""
    found = {event[role]["name"]["full"] for role in ("child", "mother", "father")}
    found |= {event[role]["personal_id"] for role in ("mother", "father")}
    return found | {"Phạm Thị", "99197000001", event["registration"]["signed_by"]["name"]}
