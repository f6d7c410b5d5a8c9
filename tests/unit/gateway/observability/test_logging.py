"""The log is JSON, one line per happening, without the texts of errors and the values of libraries."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.observability.logging import configure_logging, get_log
from tests.support.logs import kept_logging

PERSON = "Lò Thị Mẫu"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    with kept_logging():
        yield io.StringIO()


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _raise_with_cause() -> None:
    try:
        int(PERSON)
    except ValueError as cause:
        raise KeyError(PERSON) from cause


def test_a_line_has_event_level_time_and_room(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    get_log("deliver").info("delivery.attempted", delivery_id="d-1", count=2)
    (line,) = _lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "delivery.attempted",
        "level": "info",
        "room": "deliver",
        "delivery_id": "d-1",
        "count": 2,
    }


def test_less_severe_lines_than_wanted_are_not_written(stream: io.StringIO) -> None:
    configure_logging("warning", stream)
    get_log("x").info("quiet")
    get_log("x").warning("loud")
    assert [line["event"] for line in _lines(stream)] == ["loud"]


@pytest.mark.parametrize("as_given", ["true", "error", "tuple", "exception"])
def test_an_exception_is_told_by_kind_and_place_without_its_text(stream: io.StringIO, as_given: str) -> None:
    configure_logging("info", stream)
    log = get_log("x")
    try:
        _raise_with_cause()
    except KeyError as error:
        if as_given == "exception":
            log.exception("boom")
        else:
            given = {"true": True, "error": error, "tuple": (KeyError, error, error.__traceback__)}
            log.error("boom", exc_info=given[as_given])  # noqa: TRY400 - this way of giving it is tried
    (line,) = _lines(stream)
    assert line["error_type"] == "KeyError from ValueError"
    assert any("_raise_with_cause" in frame for frame in line["frames"])
    assert PERSON not in stream.getvalue()


def test_errors_that_point_at_each_other_come_to_an_end(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    one, other = ValueError("a"), KeyError("b")
    one.__cause__, other.__cause__ = other, one
    get_log("x").error("boom", exc_info=one)
    assert _lines(stream)[0]["error_type"] == "ValueError from KeyError"


def test_what_a_library_logs_comes_out_in_the_same_form_without_values(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    library = logging.getLogger("some.library")
    library.warning("cannot use %s", PERSON)
    library.error("Task exception was never retrieved\nfuture: %s" % PERSON)  # noqa: UP031 - as asyncio does it
    library.error(ValueError(PERSON))
    try:
        _raise_with_cause()
    except KeyError:
        library.exception("failed for %s", PERSON)
    assert [(line["event"], line["room"]) for line in _lines(stream)] == [
        ("cannot use %s", "some.library"),
        ("Task exception was never retrieved", "some.library"),
        ("ValueError", "some.library"),
        ("failed for %s", "some.library"),
    ]
    assert _lines(stream)[3]["error_type"] == "KeyError from ValueError"
    assert PERSON not in stream.getvalue()


def test_libraries_are_heard_from_warnings_upwards_only(stream: io.StringIO) -> None:
    configure_logging("debug", stream)
    logging.getLogger("some.library").info("chatter")
    assert stream.getvalue() == ""


def test_vietnamese_is_written_as_it_is(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    get_log("x").info("note", reason="đã nhận")
    assert "đã nhận" in stream.getvalue()


def test_a_log_that_cannot_be_written_stops_nobody(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    stream.close()
    get_log("x").error("unheard")
    logging.getLogger("some.library").error("unheard")
    assert stream.closed


def test_standard_error_is_looked_up_when_a_line_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    with kept_logging():
        configure_logging("info")
        get_log("x").info("heard")
    assert '"event": "heard"' in capsys.readouterr().err
