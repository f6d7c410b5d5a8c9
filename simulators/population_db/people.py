"""The register of people: seeded, pre-loaded over the control port, and those who got a number here."""

import hashlib
import random
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from simulators.personal_number import number_of

FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Nông", "Ma", "Quan", "Hà", "Lý")
MIDDLE_NAMES = {"1": ("Văn", "Đức", "Minh", "Quang"), "2": ("Thị", "Ngọc", "Thu", "Thanh")}
GIVEN_NAMES = {
    "1": ("Bình", "Dũng", "Hải", "Khánh", "Sơn", "Tùng"),
    "2": ("Hoa", "Hương", "Lan", "Mai", "Thảo", "Yến"),
}


class PersonNotUsable(ValueError):
    """A person handed in for pre-loading lacks a key, or has one too many."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(f"person: wrong or missing keys: {', '.join(sorted(keys))}")


class NoFreeNumber(LookupError):
    """A million children of one sex and year have a number already."""


@dataclass(frozen=True, slots=True)
class Person:
    """One citizen; `birth` is `yyyyMMdd`, `yyyyMM` or `yyyy`."""

    personal_id: str
    full_name: str
    birth: str
    sex: str = "0"
    ethnic_group: str = "01"
    marital_status: str = "0"
    old_identity_number: str = ""
    province: str = ""
    commune: str = ""
    address: str = ""
    is_dead: bool = False

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Person from plain values; raises `PersonNotUsable`."""
        known = set(cls.__dataclass_fields__)
        if not isinstance(values, dict):
            raise PersonNotUsable(known)
        wrong = (set(values) - known) | ({"personal_id", "full_name", "birth"} - set(values))
        if wrong:
            raise PersonNotUsable(wrong)
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


class Register:
    """People by number; not safe by itself, its owner holds the lock."""

    def __init__(self, seed: int, size: int) -> None:
        self._seed = seed
        self._seeded = tuple(seeded_people(seed, size))
        self._people = {person.personal_id: person for person in self._seeded}

    def reset(self) -> None:
        """Back to the seeded people."""
        self._people = {person.personal_id: person for person in self._seeded}

    def put(self, person: Person) -> None:
        """Add a person, or replace the one with that number."""
        self._people[person.personal_id] = person

    def find(self, personal_id: str) -> Person | None:
        """Person with that number."""
        return self._people.get(personal_id)

    def everyone(self) -> list[Person]:
        """All people, by number."""
        return sorted(self._people.values(), key=lambda person: person.personal_id)

    def mark(self, personal_id: str, **changes: Any) -> None:  # noqa: ANN401 - handed on to `replace`
        """Change what is known of a person; unknown numbers are ignored."""
        person = self._people.get(personal_id)
        if person is not None:
            self._people[personal_id] = replace(person, **changes)

    def find_agreeing(self, query: Mapping[str, Any]) -> Person | None:
        """Person for whom number, name and birth date of a query agree; a wrong fact looks like nobody."""
        person = self._find_by_number(query)
        if person is None or folded(person.full_name) != query["HoVaTen"]:
            return None
        born = query["NgayThangNamSinh"]
        agrees = born.get("NgayThangNam") == person.birth or born.get("Nam") == person.birth[:4]
        return person if agrees else None

    def new_number(self, request_id: str, sex: str, year: str) -> str:
        """Unused number for a child; depends on the seed and the request, not on the order of requests."""
        start = int.from_bytes(hashlib.sha256(f"{self._seed}|{request_id}".encode()).digest()[:8])
        for step in range(1_000_000):
            number = number_of(sex, year, (start + step) % 1_000_000)
            if number not in self._people:
                return number
        raise NoFreeNumber(sex, year)

    def _find_by_number(self, query: Mapping[str, Any]) -> Person | None:
        if query.get("SoDinhDanh"):
            return self.find(query["SoDinhDanh"])
        old = query.get("SoCMND")
        return next((each for each in self._people.values() if old and each.old_identity_number == old), None)


def folded(name: str) -> str:
    """Upper case, no tone marks, no spaces or punctuation, Đ as D: the spelling of a query."""
    plain = unicodedata.normalize("NFD", name.upper().replace("Đ", "D"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def seeded_people(seed: int, size: int) -> Iterable[Person]:
    """Invent adults of one commune, the same for the same seed."""
    chance = random.Random(seed)
    for index in range(size):
        sex = chance.choice("12")
        year = str(chance.randint(1950, 2004))
        names = (
            chance.choice(FAMILY_NAMES),
            chance.choice(MIDDLE_NAMES[sex]),
            chance.choice(GIVEN_NAMES[sex]),
        )
        yield Person(
            personal_id=number_of(sex, year, 900_000 + index),
            full_name=" ".join(names).upper(),
            birth=f"{year}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}",
            sex=sex,
            ethnic_group=chance.choice(("01", "02", "03", "09")),
            marital_status=chance.choice("123"),
            province="08",
            commune="00691",
            address=f"Tổ {chance.randint(1, 12)}",
        )
