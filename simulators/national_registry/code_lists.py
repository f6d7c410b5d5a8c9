"""What the registry says to `danhMuc`: its lists as JSON text inside JSON."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from simulators.contract import Contract, read_rows
from simulators.exchange_values import Reply, json_reply

OPERATION: Final = "danhMuc"
MESSAGE: Final = "gen1_code_list"
WRONG_KIND: Final = (302, "DATA_TYPE_INVALID")
_UNITS: Final = Path(__file__).resolve().parents[2] / "mappings" / "tables" / "administrative_units.csv"
_COUNTRIES: Final = _UNITS.with_name("countries.csv")
_UNIT_KINDS: Final = {"province": "2", "commune": "4"}

Item = dict[str, str]


def code_list_reply(contract: Contract, sent: Mapping[str, Any], day: date) -> Reply:
    """The list of a kind as it is in force on a day; an unknown kind is refused with its own number."""
    lists: Mapping[int, Callable[[], Iterator[Item]]] = {
        1: _countries,
        2: _countries,
        3: lambda: _items(contract, "ethnic_group"),
        4: lambda: _units(day),
        5: lambda: _items(contract, "identity_document"),
    }
    kind = sent["loaiDanhMuc"]
    if str(kind) not in contract.codes("code_list_kind"):
        code, description = WRONG_KIND
        return json_reply({"status": 0, "errorCode": code, "errorDescription": description})
    value = json.dumps(list(lists[kind]()), ensure_ascii=False)
    return json_reply({"status": 1, "value": value})


def _items(contract: Contract, name: str) -> Iterator[Item]:
    for row in contract.table(name):
        yield {"ma": row["code"], "ten": row["name_vi"]}


def _countries() -> Iterator[Item]:
    for row in read_rows(_COUNTRIES):
        yield {"ma": row["code"], "ten": row["name"]}


def _units(day: date) -> Iterator[Item]:
    with _UNITS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            since, until = row["valid_from"] or "0001-01-01", row["valid_to"] or "9999-12-31"
            if not since <= day.isoformat() <= until:
                continue
            unit = {
                "maDonViHanhChinh": row["code"],
                "tenDonViHanhChinh": row["name"],
                "tenDayDuDonViHanhChinh": row["full_name"],
                "maLoaiDonViHanhChinh": _UNIT_KINDS.get(row["level"], ""),
                "maDonViHanhChinhCha": row["parent_code"],
            }
            yield {name: value for name, value in unit.items() if value}
