"""Communes in force on a day, read from the shipped table of units as data."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

TABLES = Path(__file__).resolve().parents[2] / "mappings" / "tables"
PROVINCE = "08"
HAMLETS = (
    *("Thôn Nà Đon", "Thôn Bản Luốc", "Thôn Khuổi Phầy", "Thôn Lũng Hòa", "Thôn Tân Thành", "Thôn Cốc Pài"),
    *("Thôn Nậm Kẹp", "Thôn Đồng Chùa", "Thôn 3", "Thôn 7", "Thôn Pả Vi Thượng", "Thôn Sủng Là Dưới"),
)
HOSPITALS = (
    ("02215", "Bệnh viện Đa khoa tỉnh Tuyên Quang"),
    ("00694", "Bệnh viện Đa khoa Hà Giang"),
    ("02536", "Bệnh viện Đa khoa khu vực Sơn Dương"),
    ("01153", "Bệnh viện Đa khoa khu vực Bắc Quang"),
    ("02287", "Bệnh viện Đa khoa khu vực Chiêm Hóa"),
)


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune or ward; the code means something only while the unit is in force."""

    code: str
    name: str
    full_name: str
    province: str

    def place(self, detail: str = "") -> dict[str, Any]:
        """Place of an event; codes without a date are those of the registration day."""
        found = {"country": "VN", "province_code": self.province, "commune_code": self.code}
        return {**found, "detail": detail} if detail else found

    @property
    def office(self) -> str:
        """Its People's Committee, as issuer of papers."""
        return f"Ủy ban nhân dân {self.full_name[0].lower()}{self.full_name[1:]}"


def choose_hamlet(chance: Random, commune: Commune) -> str:
    """Hamlet of a rural commune, block of a ward."""
    if commune.full_name.startswith("Phường"):
        return f"Tổ {chance.randint(1, 18)}"
    return chance.choice(HAMLETS)


def communes_of(province: str, day: date) -> tuple[Commune, ...]:
    """Communes of a province that are in force on a day."""
    return tuple(commune for commune in communes(day) if commune.province == province)


@cache
def communes(day: date) -> tuple[Commune, ...]:
    """All communes of the two-tier map in force on a day (since 1 July 2025 a commune lies in a province)."""
    return tuple(
        Commune(row["code"], row["name"], row["full_name"], row["parent_code"])
        for row in _rows()
        if row["level"] == "commune" and len(row["parent_code"]) == len(PROVINCE) and _is_in_force(row, day)
    )


def _is_in_force(row: dict[str, str], day: date) -> bool:
    since = date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min
    until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
    return since <= day <= until


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (TABLES / "administrative_units.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
