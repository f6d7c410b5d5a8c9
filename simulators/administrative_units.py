"""Which unit codes were in force on a day, offices abroad too; read from the shipped tables, as data."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent / "mappings" / "tables"
TABLES = (_FOLDER / "administrative_units.csv", _FOLDER / "missions.csv")


def is_unit(code: str, day: date) -> bool:
    """Say whether a unit's or mission's code was in force; a code means nothing without a day."""
    return any(since <= day <= until for since, until in _spans().get(code, ()))


@cache
def _spans() -> dict[str, tuple[tuple[date, date], ...]]:
    spans: dict[str, tuple[tuple[date, date], ...]] = {}
    for row in (row for table in TABLES for row in _rows(table)):
        since = date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min
        until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        spans[row["code"]] = (*spans.get(row["code"], ()), (since, until))
    return spans


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
