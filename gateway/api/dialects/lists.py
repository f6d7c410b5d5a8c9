"""The code lists that clients ask for (danhMuc): ours of the day, in the shape of the registry's answer."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from mappings.added_editions import OFFICIAL
from mappings.codes import UnitLevel, find_partner_code, list_partner_terms, list_units
from mappings.editions import list_entries

_PARTNER: Final = "national_registry"
_DAYS_REMEMBERED: Final = 8
_KIND_OF_UNIT: Final[Mapping[UnitLevel, str]] = {UnitLevel.PROVINCE: "2", UnitLevel.COMMUNE: "4"}
_PAPERS: Final[Mapping[str, str]] = {
    "identity_card_9": "Chứng minh nhân dân",
    "passport": "Hộ chiếu",
    "permanent_resident_card": "Thẻ thường trú",
    "citizen_id_card": "Thẻ căn cước công dân",
    "soldier_id": "Chứng minh quân nhân (hạ sĩ quan, binh sĩ)",
    "officer_id": "Chứng minh sĩ quan",
    "police_id": "Chứng minh công an",
    "other": "Giấy tờ khác",
}
Item = dict[str, str]


@lru_cache(maxsize=_DAYS_REMEMBERED * 5)
def code_list(kind: str, on_date: date) -> str | None:
    """One list as JSON text; None for a kind that does not exist."""
    makers: Mapping[str, Callable[[date], Iterator[Item]]] = {
        "1": _countries,
        "2": _countries,
        "3": _ethnic_groups,
        "4": _units,
        "5": _papers,
    }
    make = makers.get(kind)
    return None if make is None else json.dumps(list(make(on_date)), ensure_ascii=False)


def _countries(on_date: date) -> Iterator[Item]:
    for entry in list_entries("countries", OFFICIAL, on_date):
        yield {"ma": entry.code, "ten": entry.name}


def _ethnic_groups(on_date: date) -> Iterator[Item]:
    for entry in list_entries("ethnic_groups", OFFICIAL, on_date):
        yield {"ma": entry.code, "ten": entry.name}


def _papers(on_date: date) -> Iterator[Item]:
    yield {"ma": "0", "ten": "Không có"}
    for term in list_partner_terms(_PARTNER, "identity_document"):
        code = find_partner_code(_PARTNER, "identity_document", term, on_date)
        if code is not None and term in _PAPERS:
            yield {"ma": code, "ten": _PAPERS[term]}


def _units(on_date: date) -> Iterator[Item]:
    for level in (UnitLevel.PROVINCE, UnitLevel.DISTRICT, UnitLevel.COMMUNE):
        for unit in list_units(level, on_date):
            told = {
                "maDonViHanhChinh": unit.code,
                "tenDonViHanhChinh": unit.name,
                "tenDayDuDonViHanhChinh": unit.full_name,
                "maLoaiDonViHanhChinh": _KIND_OF_UNIT.get(level, ""),
                "maDonViHanhChinhCha": unit.parent_code or "",
            }
            yield {name: value for name, value in told.items() if value}
