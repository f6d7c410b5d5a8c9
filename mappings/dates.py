"""The six spellings of one date that the registry has seen, each a named converter with its place of use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

from mappings import converters as shared
from mappings.canonical import VIETNAM_TIME
from mappings.rules import Converter, Scene

Spell: TypeAlias = Callable[..., "str | None"]


def local_day_iso(_scene: Scene, moment: datetime) -> str:
    """The day of a moment by Vietnamese time, `2026-11-02`."""
    return f"{moment.astimezone(VIETNAM_TIME):%Y-%m-%d}"


def first_local_day_iso(scene: Scene, *moments: datetime | None) -> str | None:
    """The day of the first moment that is there, by Vietnamese time, `2026-11-02`."""
    return next((local_day_iso(scene, moment) for moment in moments if moment is not None), None)


def local_second_slashes(_scene: Scene, moment: datetime) -> str:
    """A moment by Vietnamese time, `02/11/2026 08:15:00`."""
    return f"{moment.astimezone(VIETNAM_TIME):%d/%m/%Y %H:%M:%S}"


def day_slashes(_scene: Scene, day: date) -> str:
    """`02/11/2026`."""
    return f"{day:%d/%m/%Y}"


def day_compact(_scene: Scene, day: date) -> str:
    """`20261102`."""
    return f"{day:%Y%m%d}"


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a date, where the registry uses it, and the converters that write it."""

    pattern: str
    used_vi: str
    used_en: str
    converters: tuple[Spell, ...]


SPELLINGS: Final = (
    Spelling(
        "yyyy-MM-dd",
        "ngày tiếp nhận của thế hệ 1",
        "day of receipt, generation 1",
        (local_day_iso, first_local_day_iso),
    ),
    Spelling(
        "dd/MM/yyyy[ HH:mm:ss]",
        "ngày tiếp nhận của thế hệ 2",
        "day or moment of receipt, generation 2",
        (shared.local_day_slashes, local_second_slashes),
    ),
    Spelling(
        "dd.MM.yyyy | MM.yyyy | yyyy",
        "ngày trong bản ghi; phần không rõ thì bỏ trống, không thay bằng 01",
        "dates of a record; what is not known of one is left out, never 01",
        (shared.day_dots, shared.local_day_dots, shared.partial_date_dots),
    ),
    Spelling(
        "yyyyMMdd",
        "ngày cấp giấy chứng sinh từ phần mềm liên thông",
        "birth-certificate date of the linked service",
        (day_compact, shared.local_day_compact, shared.partial_date_compact),
    ),
    Spelling(
        "dd/MM/yyyy | MM/yyyy | yyyy",
        "ngày trong bản sao trích lục, cải chính và kết quả",
        "dates of extract copies, corrections and results",
        (day_slashes, shared.partial_date_slashes),
    ),
    Spelling(
        "dd/MM/yyyy HH:mm:ss",
        "thời điểm trong câu trả lời khi hỏi kết quả",
        "moments in the answers to a poll",
        (local_second_slashes,),
    ),
)
"""As the contract of the registry lists them."""

CONVERTERS: Final[Mapping[str, Converter]] = {
    function.__name__: function
    for function in (day_compact, day_slashes, first_local_day_iso, local_day_iso, local_second_slashes)
}
