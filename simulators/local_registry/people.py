"""Invented people: age, sex, group, home and personal ID fit each other; no number was ever given out."""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from random import Random
from typing import Any

from simulators.local_registry.names import FEMALE, MALE, Name, choose_group, choose_name
from simulators.local_registry.places import TABLES, Commune, choose_hamlet

PLACE_CODE = "099"  # assigned to no province
CARD_SINCE, NEW_CARD_SINCE = date(2021, 1, 4), date(2024, 7, 1)
CARD_ISSUER = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
SEX_DIGITS = {MALE: "1", FEMALE: "2"}


class BirthKnown(StrEnum):
    """How much of a birth date the papers tell."""

    DAY = "day"
    YEAR = "year"
    BY_RULE = "by_rule"


class Shows(StrEnum):
    """Which paper a person shows at the desk."""

    CARD = "card"
    OLD_CARD = "old_card"
    NOTHING = "nothing"
    PASSPORT = "passport"


@dataclass(frozen=True, slots=True)
class Citizen:
    """One person as the population register knows it; `shows` decides what the commune gets to see."""

    name: Name
    sex: str
    born: date
    group: str
    home: Commune
    hamlet: str
    personal_id: str = ""
    paper_number: str = ""
    birth_known: BirthKnown = BirthKnown.DAY
    shows: Shows = Shows.CARD
    nationality: str = "VN"

    def birth_date(self) -> dict[str, Any]:
        """As far as the papers tell; unknown parts stay out, a day by rule is marked."""
        if self.birth_known is BirthKnown.YEAR:
            return {"year": self.born.year, "certainty": "exact"}
        certainty = "by_rule" if self.birth_known is BirthKnown.BY_RULE else "exact"
        return {
            "year": self.born.year,
            "month": self.born.month,
            "day": self.born.day,
            "certainty": certainty,
        }

    def age_on(self, day: date) -> int:
        """Full years."""
        had_birthday = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (0 if had_birthday else 1)

    def register_row(self) -> dict[str, str]:
        """The same person in the words of the population register's control port."""
        is_whole = self.birth_known is not BirthKnown.YEAR
        return {
            "personal_id": self.personal_id,
            "full_name": self.name.whole,
            "birth": f"{self.born:%Y%m%d}" if is_whole else f"{self.born:%Y}",
            "sex": SEX_DIGITS[self.sex],
            "ethnic_group": self.group or "56",
            "old_identity_number": self.paper_number if self.shows is Shows.OLD_CARD else "",
            "province": self.home.province,
            "commune": self.home.code,
            "address": self.hamlet,
        }


@dataclass
class Populace:
    """Invents adults and remembers them, so that the population register can be told of them first."""

    chance: Random
    today: date
    adults: list[Citizen] = field(default_factory=list)
    _serial: int = 100_000

    def adult(
        self,
        sex: str,
        years: tuple[int, int],
        home: Commune,
        *,
        group: str = "",
        known: BirthKnown = BirthKnown.DAY,
        shows: Shows = Shows.CARD,
        family: str = "",
        one_word: bool = False,
    ) -> Citizen:
        """A person of that sex whose age today lies between the two, both included."""
        chance = self.chance
        born = self._birthday(years)
        if known is BirthKnown.BY_RULE:
            born = date(born.year, 1, 1)
        people = group or choose_group(chance)
        self._serial += chance.randint(1, 7)
        citizen = Citizen(
            name=choose_name(chance, people, sex, family, one_word=one_word),
            sex=sex,
            born=born,
            group=people,
            home=home,
            hamlet=choose_hamlet(chance, home),
            personal_id=personal_id(sex, born.year, self._serial),
            paper_number=f"000{self._serial:06d}" if shows is Shows.OLD_CARD else "",
            birth_known=known,
            shows=shows,
        )
        self.adults.append(citizen)
        return citizen

    def _birthday(self, years: tuple[int, int]) -> date:
        # A little more than the lower age and less than the upper, so that no birthday is missed by a day.
        days = self.chance.randint(years[0] * 366 + 5, years[1] * 365 + 300)
        return self.today - timedelta(days=days)


def personal_id(sex: str, year: int, serial: int) -> str:
    """Twelve digits: place, century and sex, year, serial."""
    return f"{PLACE_CODE}{_century_digit(sex, year)}{year % 100:02d}{serial:06d}"


def identity_paper(citizen: Citizen, registered_on: date) -> dict[str, Any] | None:
    """The paper shown at the desk; its issue date is later than the fourteenth birthday."""
    if citizen.shows is Shows.NOTHING:
        return None
    if citizen.shows is Shows.PASSPORT:
        return {"kind": "passport", "number": citizen.paper_number, "issued_on": "2023-05-16"}
    if citizen.shows is Shows.OLD_CARD:
        issued_on, office = date(2011, 1 + citizen.born.month // 2, 14), "Công an tỉnh Tuyên Quang"
        return _paper("identity_card_9", citizen.paper_number, issued_on, office)
    spread = timedelta(days=int(citizen.personal_id[-3:]) * 2)
    of_age = citizen.born.replace(year=citizen.born.year + 15, day=1)
    issued_on = min(max(CARD_SINCE, of_age) + spread, registered_on - timedelta(days=30))
    is_new = issued_on >= NEW_CARD_SINCE
    kind, office = ("identity_card_2024", "Bộ Công an") if is_new else ("citizen_id_card", CARD_ISSUER)
    return _paper(kind, citizen.personal_id, issued_on, office)


def _paper(kind: str, number: str, issued_on: date, office: str) -> dict[str, Any]:
    return {"kind": kind, "number": number, "issued_on": issued_on.isoformat(), "issued_by": office}


def _century_digit(sex: str, year: int) -> str:
    return next(
        row["code"]
        for row in _century_rows()
        if row["sex"] == sex and int(row["birth_year_from"]) <= year <= int(row["birth_year_to"])
    )


@cache
def _century_rows() -> tuple[dict[str, str], ...]:
    with (TABLES / "personal_id_century_sex.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
