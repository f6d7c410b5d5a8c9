"""What the tellers of the other matters share: people of all ages, earlier entries, papers, dates."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Counter
from simulators.local_registry.names import FEMALE, MALE, choose_name
from simulators.local_registry.people import BirthKnown, Citizen, Populace, Shows
from simulators.local_registry.places import Commune

Json: TypeAlias = dict[str, Any]
COURT = "Tòa án nhân dân khu vực 1 - Tuyên Quang"
ABROAD = (
    ("LA", "Phòng Hộ tịch Thủ đô Viêng Chăn", "Viêng Chăn", "BOUNMI"),
    ("KR", "Văn phòng quận Haeundae, Busan", "Busan", "KIM"),
    ("CN", "Cục Dân chính huyện Mã Quan, Vân Nam", "Vân Nam", "VƯƠNG"),
)
MINOR_YEARS, ADULT_YEARS = (3, 12), (25, 60)


class Inventor:
    """Makes up the pieces; every number of an earlier entry or paper is given out once."""

    def __init__(self, chance: Random, populace: Populace, home: Deck[Commune]) -> None:
        self.chance = chance
        self.today = populace.today
        self._populace = populace
        self._home = home
        self._serial = 20

    def commune(self) -> Commune:
        """Where the next matter is registered."""
        return self._home.draw()

    def serial(self) -> int:
        """A number that nothing else bears."""
        self._serial += self.chance.randint(1, 3)
        return self._serial

    def adult(
        self,
        commune: Commune,
        sex: str = "",
        years: tuple[int, int] = ADULT_YEARS,
        *,
        group: str = "",
        shows: Shows = Shows.CARD,
        known: BirthKnown = BirthKnown.DAY,
    ) -> Citizen:
        """Somebody of age who lives there; of either sex if none is named."""
        chosen = sex or self.chance.choice((MALE, FEMALE))
        return self._populace.adult(chosen, years, commune, group=group, shows=shows, known=known)

    def minor(self, commune: Commune, like: Citizen | None = None) -> Citizen:
        """A child with a number and no paper; `like` gives group and family name."""
        sex = self.chance.choice((MALE, FEMALE))
        group, family = ("", "") if like is None else (like.group, like.name.family)
        return self._populace.adult(
            sex, MINOR_YEARS, commune, group=group, shows=Shows.NOTHING, family=family
        )

    def newborn(self, parent: Citizen, born: date) -> Citizen:
        """A child without a number yet."""
        sex = self.chance.choice((MALE, FEMALE))
        name = choose_name(self.chance, parent.group, sex, parent.name.family)
        return Citizen(name, sex, born, parent.group, parent.home, parent.hamlet, shows=Shows.NOTHING)

    def foreigner(self, commune: Commune, sex: str, place: tuple[str, str, str, str]) -> Citizen:
        """A citizen of the country of that place, with a passport."""
        name = choose_name(self.chance, "01", sex, place[3])
        born = self.today - timedelta(days=self.chance.randint(27 * 366, 45 * 365))
        return Citizen(
            name=name,
            sex=sex,
            born=born,
            group="",
            home=commune,
            hamlet=place[2],
            paper_number=f"P{self.chance.randint(10_000_000, 99_999_999)}",
            shows=Shows.PASSPORT,
            nationality=place[0],
        )

    def ago(self, least: int, most: int) -> date:
        """A day so many days ago."""
        return self.today - timedelta(days=self.chance.randint(least, most))

    def amends(self, commune: Commune, book: str, day: date) -> Json:
        """An entry of an earlier day in the same office; the codes of these communes are older than 2025."""
        entry = {
            "authority_code": commune.code,
            "book_code": book,
            "registered_on": on(day),
            "number": str(self.serial()),
            "volume": f"01/{day.year}",
        }
        return {"amends": {"entry": entry}}

    def birth_entry(self, commune: Commune, citizen: Citizen) -> Json:
        """The entry of that person's birth."""
        return self.amends(commune, "KS", citizen.born + timedelta(days=self.chance.randint(3, 50)))

    def decision(self, kind: str, issued_by: str, day: date) -> Json:
        """A decision of a court or agency."""
        number = f"{self.serial()}/{day.year}/{kind}"
        return {"number": number, "date": day.isoformat(), "issued_by": issued_by}

    def counter(self, commune: Commune, *, has_dossier: bool = True, copies_max: int = 3) -> Counter:
        """How the matter comes to the desk."""
        return Counter(
            commune,
            has_dossier=has_dossier,
            copies=self.chance.randint(0, copies_max),
            has_attachment=self.chance.random() < 0.1,
        )


def on(day: date) -> Json:
    """A date of which every part is known."""
    return {"year": day.year, "month": day.month, "day": day.day, "certainty": "exact"}


def changed(field: str, before: str, after: str) -> Mapping[str, str]:
    """One changed field; an empty value was, or is, blank."""
    found = {"field": field}
    if before:
        found["before"] = before
    if after:
        found["after"] = after
    return found
