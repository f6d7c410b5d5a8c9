"""The clerk's pen: a dossier that came without an entry gets one on the day it is registered.

Numbers run on by book, office and year; what each dossier gets depends on times and order only, so that a
restarted registry, which reads its journal again, gives the same.
"""

import hashlib
import heapq
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from simulators.clock import vietnam_time
from simulators.contract import Contract
from simulators.journal import Entry
from simulators.national_registry.clerk import find_registration_time
from simulators.national_registry.records import find_entry, gains_entry, office_field, series_of, unit_of
from simulators.personal_number import number_of

_BIRTHS: Final = frozenset({"KS", "LTKS"})
_NUMBERED_NATIONALITY: Final = "VN"
_FIRST_YEAR: Final = "1900"
_BLOCKS: Final = 1_000_000


class Registrar:
    """Takes dossiers in the order in which they came; its owner holds the lock."""

    def __init__(self, contract: Contract, seed: int, clerk_seconds: float) -> None:
        self._contract = contract
        self._seed = seed
        self._clerk_seconds = clerk_seconds
        self._waiting: list[tuple[datetime, int, Entry]] = []
        self._written: dict[str, dict[str, Any]] = {}
        self._last_numbers: dict[tuple[str, str, str], int] = {}
        self._personal_numbers: set[str] = set()

    def reset(self) -> None:
        """Begin with empty books."""
        self._waiting.clear()
        self._written.clear()
        self._last_numbers.clear()
        self._personal_numbers.clear()

    def take(self, entry: Entry) -> None:
        """Note the number that a dossier brings, or put the dossier on the pile of those to register."""
        self._register_until(entry.received_at)
        record: Mapping[str, Any] = entry.body["data"]
        self._note_number(entry.body["module"], record)
        due = find_registration_time(entry, self._clerk_seconds)
        if due is not None and gains_entry(self._contract, entry.body["module"], record):
            heapq.heappush(self._waiting, (due, entry.position, entry))

    def record_of(self, entry: Entry, now: datetime) -> dict[str, Any]:
        """Give the record as it stands in the book by now; as it was sent if it has no entry yet."""
        self._register_until(now)
        sent: dict[str, Any] = entry.body["data"]
        return self._written.get(entry.identity, sent)

    def _register_until(self, now: datetime) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            due, _, entry = heapq.heappop(self._waiting)
            self._written[entry.identity] = self._register(entry, due)

    def _register(self, entry: Entry, due: datetime) -> dict[str, Any]:
        module, sent = entry.body["module"], entry.body["data"]
        year = vietnam_time(due, "%Y")
        record = {
            **sent,
            "quyenSo": f"01/{year}",
            "ngayDangKy": vietnam_time(due, "%d.%m.%Y"),
            office_field(module): sent.get(office_field(module)) or unit_of(entry.body),
        }
        number = self._next_number(series_of(module, record))
        record |= {"so": str(number), "trangSo": str(number)}
        if module in _BIRTHS and not sent.get("nksSoDDCN"):
            record |= self._personal_number(entry)
        return record

    def _next_number(self, series: tuple[str, str, str]) -> int:
        self._last_numbers[series] = self._last_numbers.get(series, 0) + 1
        return self._last_numbers[series]

    def _note_number(self, module: str, record: Mapping[str, Any]) -> None:
        made = find_entry(module, record)
        if made is None or not (made.number.isascii() and made.number.isdigit()):
            return
        series = series_of(module, record)
        self._last_numbers[series] = max(self._last_numbers.get(series, 0), int(made.number))

    def _personal_number(self, entry: Entry) -> dict[str, str]:
        """Invent a number for a Vietnamese child; the seed and the dossier decide, not the order."""
        sent = entry.body["data"]
        year = sent["nksNgaySinh"][-4:]
        if sent.get("nksQuocTich") != _NUMBERED_NATIONALITY or year < _FIRST_YEAR:
            return {}
        digest = hashlib.sha256(f"{self._seed}|{entry.identity}".encode()).digest()
        start = int.from_bytes(digest[:8])
        for step in range(_BLOCKS):
            number = number_of(sent["nksGioiTinh"], year, (start + step) % _BLOCKS)
            if number not in self._personal_numbers:
                self._personal_numbers.add(number)
                return {"nksSoDDCN": number}
        return {}
