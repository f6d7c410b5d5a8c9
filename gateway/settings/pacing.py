"""What each destination bears: attempts at once and a second, hours of maintenance, opinions on faults."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from gateway.settings.section import Count, Seconds, Section
from retry_queue.maintenance import MaintenanceWindow, Once, Weekly

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FAULT_NAMES: Final = (
    "not_sent",
    "busy",
    "busy_until",
    "unknown",
    "not_askable",
    "absent",
    "refused",
    "not_mapped",
    "contract_broken",
    "not_authorized",
    "crashed_before_sending",
    "crashed_after_sending",
)
_WEEKLY = re.compile(
    r"(?P<days>(?:mon|tue|wed|thu|fri|sat|sun)(?:\+(?:mon|tue|wed|thu|fri|sat|sun))*)"
    r" (?P<hour>\d{2}):(?P<minute>\d{2}) (?P<minutes>\d{1,5})"
)
_ONCE = re.compile(r"(?P<begins>\d{4}-\d\d-\d\dT\d\d:\d\d) (?P<ends>\d{4}-\d\d-\d\dT\d\d:\d\d)")
_FAULT = re.compile(
    rf"(?P<fault>{'|'.join(FAULT_NAMES)})"
    r"(?: wait=(?P<wait>\d+(?:\.\d+)?))?(?: breaker=(?P<breaker>yes|no))?(?: window=(?P<window>yes|no))?"
)


def maintenance_window(text: str) -> MaintenanceWindow:
    """`sun 22:00 360` (days, begin, minutes) or `2026-12-01T22:00 2026-12-02T04:00`, by the clock in Vietnam.

    Raises `ValueError`.
    """
    if found := _WEEKLY.fullmatch(text):
        days = frozenset(WEEKDAYS.index(day) for day in found["days"].split("+"))
        begins = time(int(found["hour"]), int(found["minute"]))
        return Weekly(days, begins, timedelta(minutes=int(found["minutes"])), VIETNAM)
    if found := _ONCE.fullmatch(text):
        begins_at, ends_at = (
            datetime.fromisoformat(found[name]).replace(tzinfo=VIETNAM).astimezone(UTC)
            for name in ("begins", "ends")
        )
        return Once(begins_at, ends_at)
    message = "must look like `sun 22:00 360` or `2026-12-01T22:00 2026-12-02T04:00`"
    raise ValueError(message)


def fault_words(text: str) -> tuple[str, float | None, bool | None, bool | None]:
    """`busy wait=60 breaker=no window=yes`: fault, wait in seconds, against the breaker, against the window.

    Raises `ValueError`.
    """
    found = _FAULT.fullmatch(text)
    if found is None or text == found["fault"]:
        message = f"must look like `busy wait=60 breaker=no window=yes`; faults are {', '.join(FAULT_NAMES)}"
        raise ValueError(message)
    said = {"yes": True, "no": False, None: None}
    wait = None if found["wait"] is None else float(found["wait"])
    return found["fault"], wait, said[found["breaker"]], said[found["window"]]


def _readable_window(text: str) -> str:
    maintenance_window(text)
    return text


def _readable_fault(text: str) -> str:
    fault_words(text)
    return text


MaintenanceText = Annotated[str, AfterValidator(_readable_window)]
FaultText = Annotated[str, AfterValidator(_readable_fault)]


class PaceSettings(Section):
    """One destination."""

    concurrency_max: Annotated[int, Field(ge=1, le=1_000)] | None = Field(
        None,
        description="Attempts under way at once, of all processes together, in attempts; none: as many as"
        " each process has threads.",
    )
    live_reserve: Annotated[int, Field(ge=0, le=1_000)] = Field(
        1,
        description="So many of the attempts at once are never taken by bulk loads, as long as there are more"
        " than that, in attempts.",
    )
    rate_per_second: Annotated[float, Field(gt=0, le=100_000)] | None = Field(
        None, description="Attempts that may begin in a second, of all processes together; none: no limit."
    )
    rate_burst: Count = Field(10, description="Attempts that may begin at once after a pause, in attempts.")
    slow_seconds: Seconds = Field(
        10, description="An answer that took longer halves the attempts at once, in seconds."
    )
    maintenance: tuple[MaintenanceText, ...] = Field(
        (),
        max_length=50,
        description="When nothing is sent, by the clock in Vietnam: `sun 22:00 360` is six hours from Sunday"
        " 22:00, `sat+sun 01:00 60` an hour on two days, `2026-12-01T22:00 2026-12-02T04:00` once.",
    )
    faults: tuple[FaultText, ...] = Field(
        (),
        max_length=50,
        description="What differs from the table of faults: `busy wait=60`, `unknown breaker=no window=no`.",
    )

    def windows(self) -> Sequence[MaintenanceWindow]:
        """The maintenance as values."""
        return [maintenance_window(text) for text in self.maintenance]


class PacingSettings(Section):
    """The three destinations."""

    national_registry: PaceSettings = Field(
        default_factory=PaceSettings, description="The electronic civil-status database."
    )
    population_db: PaceSettings = Field(
        default_factory=PaceSettings, description="The national population database."
    )
    one_stop: PaceSettings = Field(default_factory=PaceSettings, description="The one-stop shop.")
