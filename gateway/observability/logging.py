"""One JSON line per happening, on standard error, with ids on every line and never the text of an error."""

import json
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import suppress
from functools import cache
from typing import Any, TextIO, TypeAlias, cast

import structlog

from gateway.observability.redaction import redact_line

Log: TypeAlias = structlog.typing.FilteringBoundLogger
"""For many lines in a row, `log.bind()` is ready made; without it each line makes a log of its own."""
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure_logging(level: str, stream: TextIO | None = None, process: int | None = None) -> None:
    """Set up the process's log; call once, at start. `process` stands on every line of a further process."""
    chosen = cast("TextIO", _Stream(stream))
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        _number_process(process),
        name_failure,
        redact_line,
        # What these two add is ours, whatever stood there before.
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(_as_json)],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=chosen),
        cache_logger_on_first_use=False,
    )
    _route_standard_library(shared, level, chosen)


def name_failure(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its kind and where it was raised; its text may quote a message and stays out."""
    given = line.pop("exc_info", None)
    line.pop("stack_info", None)
    error = sys.exception() if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        line["error_type"] = " from ".join(type(each).__qualname__ for each in _chain(error))
        line["frames"] = [
            frame.rstrip() for each in _chain(error) for frame in traceback.format_tb(each.__traceback__)
        ]
    return line


def get_log(name: str) -> Log:
    """The log of one room; events are identifiers such as `delivery.refused`."""
    log: Log = structlog.get_logger(room=name)
    return log


def _as_json(line: MutableMapping[str, Any], default: Callable[[object], object]) -> str:
    return _encoder(default).encode(line)


@cache
def _encoder(default: Callable[[object], object]) -> json.JSONEncoder:
    """`json.dumps` would make a new one for each line."""
    return json.JSONEncoder(ensure_ascii=False, default=default)


def _number_process(process: int | None) -> structlog.types.Processor:
    def number(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if process is not None:
            line["process"] = process
        return line

    return number


class _Stream:
    """Standard error as it is now, or another stream. A log that cannot be written stops nobody's work."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            (self._stream or sys.stderr).write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            (self._stream or sys.stderr).flush()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, the last first; each once, even where they point at each other."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _route_standard_library(shared: list[structlog.types.Processor], level: str, stream: TextIO) -> None:
    """Libraries that use `logging` come out in the same form, redacted, from warning upwards."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_without_values, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(_as_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(LEVELS[level], logging.WARNING))


def _without_values(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """What a library says, without the values it puts in: those may be a message, or an error's text."""
    record: logging.LogRecord = line["_record"]
    said = record.msg if isinstance(record.msg, str) else type(record.msg).__qualname__
    line["event"] = said.partition("\n")[0]
    line["room"] = record.name
    return line
