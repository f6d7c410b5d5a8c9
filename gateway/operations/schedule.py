"""Chores that time sets off: upkeep of the queue, asking for news, clearing away tokens."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from threading import Lock
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from gateway.observability.logging import get_log

log = get_log("operations.schedule")


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again; it never overlaps with itself."""

    name: str
    every_seconds: float
    run: Callable[[], object]


class Schedule:
    """Runs chores on threads of its own; one that fails is logged, counted and tried again at its turn."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._chores = tuple(chores)
        self._failures_in_row = dict.fromkeys((chore.name for chore in chores), 0)
        self._lock = Lock()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": {"type": "threadpool", "max_workers": max(1, len(self._chores))}},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    @property
    def is_alive(self) -> bool:
        """False before the start and after the stop."""
        return bool(self._scheduler.running)

    @property
    def failures_in_row(self) -> Mapping[str, int]:
        """By chore; 0 when its last turn went well."""
        with self._lock:
            return dict(self._failures_in_row)

    def start(self) -> None:
        """Begin; each chore has its first turn after its own interval."""
        # Its own lines repeat ours, with texts of exceptions; a skipped turn of a long chore is no event.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler.add_listener(self._note, EVENT_JOB_ERROR | EVENT_JOB_EXECUTED)
        for chore in self._chores:
            self._scheduler.add_job(chore.run, IntervalTrigger(seconds=chore.every_seconds), id=chore.name)
        self._scheduler.start()

    def stop(self) -> None:
        """Let the chores under way end, then return."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _note(self, event: Any) -> None:  # noqa: ANN401 - APScheduler carries no types
        name, error = str(event.job_id), event.exception
        with self._lock:
            failures = 0 if error is None else self._failures_in_row[name] + 1
            self._failures_in_row[name] = failures
        if error is not None:
            log.error("chore.failed", job=name, error_type=type(error).__qualname__, count=failures)
