"""The entry that the registry made of a dossier which came without one: number, book, page, day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from adapters.json_answer import text_of
from adapters.partner_text import storable
from adapters.port import (
    FACT_ENTRY_NUMBER,
    FACT_ENTRY_PAGE,
    FACT_ENTRY_VOLUME,
    FACT_REGISTERED_ON,
    OutboundMessage,
)

_ENTRY_FIELDS: Final = ("so", "quyenSo", "trangSo", "ngayDangKy")
_BESIDE_THE_BOOKS: Final = frozenset({"TDCC", "BS"})
"""Modules whose number is optional even for what is registered: its absence tells nothing."""
_TOLD_BY: Final = "module"
"""Only a remark has this field in its data."""
_NUMBER_SPELLINGS: Final = ("soDangKy", "so")
_DAY_SPELLINGS: Final = ("%d/%m/%Y", "%d.%m.%Y", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d", "%Y%m%d")
"""Results write the first [S]; the others are seen elsewhere at the same interface [S]."""


def entry_facts(message: OutboundMessage, result: Mapping[str, object]) -> dict[str, str]:
    """What a finished record tells of an entry made there; nothing if the message brought its own.

    Without a readable number there is no entry; any other part that cannot be read is left out.
    """
    numbers = (storable(text_of(result.get(field))) for field in _NUMBER_SPELLINGS)
    number = next((each for each in numbers if each is not None), None)
    if number is None or not _awaits_entry(message):
        return {}
    day = _day_of(text_of(result.get("ngayDangKy")))
    parts = {
        FACT_ENTRY_NUMBER: number,
        FACT_ENTRY_VOLUME: storable(text_of(result.get("quyenSo"))),
        FACT_ENTRY_PAGE: storable(text_of(result.get("trangSo"))),
        FACT_REGISTERED_ON: None if day is None else day.isoformat(),
    }
    return {name: text for name, text in parts.items() if text is not None}


def _awaits_entry(message: OutboundMessage) -> bool:
    """Whether this is a record for a book, sent before it stood in one."""
    record = message.body.get("data")
    if not isinstance(record, Mapping) or _TOLD_BY in record:
        return False
    is_in_book = any(record.get(field) for field in _ENTRY_FIELDS)
    return not is_in_book and message.body.get("module") not in _BESIDE_THE_BOOKS


def _day_of(text: str | None) -> date | None:
    for spelling in _DAY_SPELLINGS:
        try:
            return datetime.strptime(text or "", spelling).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None
