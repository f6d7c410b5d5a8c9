"""Books and dossiers of the communes: numbers without gaps, per office, book and year."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from simulators.local_registry.places import Commune

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE_CLOSES, LAST_FOR_TODAY = time(17), time(15)
SATURDAY = 5
SIGNERS = ("Trần Văn Mẫu", "Hoàng Thị Ví Dụ", "Giàng A Thử", "Triệu Văn Giả Định", "Nông Thị Minh Họa")
WRITERS = ("Nguyễn Thị Thí Dụ", "Ma Văn Phỏng", "Vàng Mí Thử", "Bàn Thị Mẫu", "Lù Văn Nháp")


def local(moment: datetime) -> datetime:
    """The moment as clocks in Việt Nam show it."""
    return moment.astimezone(VIETNAM)


def write_day(day: date) -> dict[str, Any]:
    """A date of which every part is known."""
    return {"year": day.year, "month": day.month, "day": day.day, "certainty": "exact"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where, which book, which number, when."""

    commune: Commune
    book: str
    number: int
    registered_at: datetime

    @property
    def year(self) -> int:
        """Year of the book, by the clocks of Việt Nam."""
        return local(self.registered_at).year

    @property
    def day(self) -> date:
        """Day of registration in Việt Nam."""
        return local(self.registered_at).date()

    @property
    def source_event_id(self) -> str:
        """The number under which the commune's software knows the event."""
        return f"{self.book}-{self.commune.code}-{self.year}-{self.number:04d}"

    @property
    def place_in_book(self) -> dict[str, str]:
        """Volume, number and page."""
        return {"volume": f"01/{self.year}", "number": f"{self.number:04d}", "page": str(self.number)}

    def as_earlier(self) -> dict[str, Any]:
        """How a later matter names this entry."""
        return {
            "authority_code": self.commune.code,
            "book_code": self.book,
            "registered_on": write_day(self.day),
            "number": f"{self.number:04d}",
            "volume": f"01/{self.year}",
        }

    def registration(self, kind: str) -> dict[str, Any]:
        """The part of the message that names the entry."""
        who = int(self.commune.code) % len(SIGNERS)
        return {
            "authority_code": self.commune.code,
            "registered_at": local(self.registered_at).isoformat(timespec="milliseconds"),
            "book_code": self.book,
            **self.place_in_book,
            "kind": kind,
            "signed_by": {"name": SIGNERS[who], "title": "Chủ tịch"},
            "performed_by": {"name": WRITERS[who], "title": "Công chức tư pháp - hộ tịch"},
        }


@dataclass
class Books:
    """Hands out entry numbers and dossier codes; what was registered earlier this year is left to chance."""

    chance: Random
    units: tuple[str, ...]
    _entries: dict[tuple[str, str, int], int] = field(default_factory=dict)
    _dossiers: Counter[tuple[str, date]] = field(default_factory=Counter)

    def enter(self, commune: Commune, book: str, registered_at: datetime) -> Entry:
        """The next free number of that book."""
        key = (commune.code, book, local(registered_at).year)
        number = self._entries.get(key, self.chance.randint(3, 240)) + 1
        self._entries[key] = number
        return Entry(commune, book, number, registered_at)

    def dossier(self, entry: Entry, procedure: str, *, is_linked: bool = False) -> dict[str, Any]:
        """One-stop dossier of an entry; linked services bring a code of their own."""
        taken_at = local(entry.registered_at).replace(microsecond=0) - timedelta(minutes=25)
        unit = 101 + self.units.index(entry.commune.code)
        key = (entry.commune.code, taken_at.date())
        self._dossiers[key] += 1
        tail = f"{taken_at:%y%m%d}-{self._dossiers[key]:04d}"
        found = {
            "code": f"H08.{unit}-{tail}",
            "procedure_code": procedure,
            "received_at": taken_at.isoformat(),
            "due_at": answer_due(taken_at).isoformat(),
        }
        if is_linked:
            found["linked_code"] = f"G22.{unit // 100:02d}.{unit % 100:02d}-{tail}"
        return found


def answer_due(taken_at: datetime) -> datetime:
    """The same day at five when taken in before three, else the next working day; holidays are not known."""
    day = taken_at.date()
    if taken_at.timetz().replace(tzinfo=None) >= LAST_FOR_TODAY:
        day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    due = datetime.combine(day, OFFICE_CLOSES, VIETNAM)
    return due if due > taken_at else taken_at + timedelta(hours=1)


def now_in_milliseconds() -> datetime:
    """The wall clock, cut to what messages can say."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
