"""Which unit codes were in force on a day; read from the shipped table, as data."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "mappings" / "tables" / "administrative_units.csv"


def is_unit(code: str, day: date) -> bool:
    """Say whether a province, district or commune code was in force; a code means nothing without a day."""
    return any(since <= day <= until for since, until in _spans().get(code, ()))


@cache
def _spans() -> dict[str, tuple[tuple[date, date], ...]]:
    spans: dict[str, tuple[tuple[date, date], ...]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            since = date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min
            until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
            spans[row["code"]] = (*spans.get(row["code"], ()), (since, until))
    return spans
