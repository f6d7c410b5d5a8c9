"""The clerk's pen: a dossier that came without an entry gets one on the day it is registered.

What is written into an entry that exists, a remark or a supplement, gets the day only.

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
from simulators.national_registry.records import (
    awaits_clerk,
    day_field,
    find_entry,
    gains_entry,
    message_of,
    office_field,
    series_of,
    unit_of,
)
from simulators.personal_number import number_of

_BIRTHS: Final = frozenset({"KS", "LTKS"})
_COPIES: Final = "BS"
"""Copies of extracts: numbered with their kind behind a stroke, and in no volume."""
_HOME: Final = "VN"
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
        if due is not None and awaits_clerk(entry.body["module"], record):
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
        day = day_field(module, sent)
        record = {**sent, day: vietnam_time(due, self._spelling(message_of(module, sent), day))}
        if not gains_entry(module, sent):
            return record
        office = office_field(module)
        record |= {office: sent.get(office) or unit_of(entry.body)}
        number = self._next_number(series_of(module, record))
        if module == _COPIES:
            return {**record, "so": f"{number}/{sent['loaiBanSao']}-{_COPIES}"}
        record |= {"so": str(number), "quyenSo": f"01/{vietnam_time(due, '%Y')}", "trangSo": str(number)}
        return record | self._child(entry) if module in _BIRTHS else record

    def _spelling(self, message: str, day: str) -> str:
        """How the message writes that day."""
        formats = (field.format for field in self._contract.message(message) if field.path == day)
        return "%d/%m/%Y" if "dd/MM/yyyy" in formats else "%d.%m.%Y"

    def _next_number(self, series: tuple[str, str, str]) -> int:
        self._last_numbers[series] = self._last_numbers.get(series, 0) + 1
        return self._last_numbers[series]

    def _note_number(self, module: str, record: Mapping[str, Any]) -> None:
        made = find_entry(module, record)
        digits = "" if made is None else made.number.partition("/")[0]
        if not (digits.isascii() and digits.isdigit()):
            return
        series = series_of(module, record)
        self._last_numbers[series] = max(self._last_numbers.get(series, 0), int(digits))

    def _child(self, entry: Entry) -> dict[str, str]:
        """Write what the dossier left open of the child: of whom nothing is said is Vietnamese."""
        sent = entry.body["data"]
        nationality = str(sent.get("nksQuocTich") or _HOME)
        told = {"nksQuocTich": nationality}
        if sent.get("nksSoDDCN") or nationality != _HOME:
            return told
        return told | self._personal_number(entry)

    def _personal_number(self, entry: Entry) -> dict[str, str]:
        """Invent a number for a Vietnamese child; the seed and the dossier decide, not the order."""
        sent = entry.body["data"]
        year = sent["nksNgaySinh"][-4:]
        if year < _FIRST_YEAR:
            return {}
        digest = hashlib.sha256(f"{self._seed}|{entry.identity}".encode()).digest()
        start = int.from_bytes(digest[:8])
        for step in range(_BLOCKS):
            number = number_of(sent["nksGioiTinh"], year, (start + step) % _BLOCKS)
            if number not in self._personal_numbers:
                self._personal_numbers.add(number)
                return {"nksSoDDCN": number}
        return {}
