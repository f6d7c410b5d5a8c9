"""One JSON line per happening, on standard error, with ids on every line."""

import logging
import sys
from typing import TextIO

import structlog

from gateway.observability.redaction import redact_line

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure_logging(level: str, stream: TextIO = sys.stderr) -> None:
    """Set up the process's log; call once, at start."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact_line,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    _route_standard_library(shared, level, stream)


def _route_standard_library(shared: list[structlog.types.Processor], level: str, stream: TextIO) -> None:
    """Libraries that use `logging` come out in the same form, redacted, from warning upwards."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(LEVELS[level], logging.WARNING))


def get_log(name: str) -> structlog.typing.FilteringBoundLogger:
    """The log of one room; events are identifiers such as `delivery.refused`."""
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger(room=name)
    return log
