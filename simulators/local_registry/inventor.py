"""What the tellers of the other matters share: people of all ages, earlier entries, papers, dates."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple, TypeAlias

from simulators.local_registry.books import write_day
from simulators.local_registry.country import Country
from simulators.local_registry.happenings import Counter
from simulators.local_registry.names import FEMALE, MALE, choose_name
from simulators.local_registry.people import BirthKnown, Citizen, Shows
from simulators.local_registry.places import Commune

Json: TypeAlias = dict[str, Any]
COURT = "Tòa án nhân dân khu vực 1 - Tuyên Quang"
MINOR_YEARS, ADULT_YEARS = (3, 12), (25, 60)


class Abroad(NamedTuple):
    """A place in another country: its code, the office there, an address, a family name."""

    country: str
    office: str
    address: str
    family: str


ABROAD = (
    Abroad("LA", "Phòng Hộ tịch Thủ đô Viêng Chăn", "Viêng Chăn", "Bounmi"),
    Abroad("KR", "Văn phòng quận Haeundae, Busan", "Busan", "Kim"),
    Abroad("CN", "Cục Dân chính huyện Mã Quan, Vân Nam", "Vân Nam", "Vương"),
)


class Inventor:
    """Makes up the pieces; every number of an earlier entry or paper is given out once."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._serial = 20

    @property
    def chance(self) -> Random:
        """The run's chance."""
        return self._country.chance

    @property
    def today(self) -> date:
        """Day of the stories."""
        return self._country.today

    def commune(self) -> Commune:
        """Where the next matter is registered."""
        return self._country.home.draw()

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
        return self._country.populace.adult(chosen, years, commune, group=group, shows=shows, known=known)

    def couple(self, commune: Commune) -> tuple[Citizen, Citizen]:
        """A husband and a wife of middle age."""
        husband = self.adult(commune, MALE, (34, 55))
        return husband, self.adult(commune, FEMALE, (34, 55), group=husband.group)

    def minor(self, commune: Commune, like: Citizen | None = None) -> Citizen:
        """A child with a number and no paper; `like` gives group and family name."""
        sex = self.chance.choice((MALE, FEMALE))
        group, family = ("", "") if like is None else (like.group, like.name.family)
        return self._country.populace.adult(
            sex, MINOR_YEARS, commune, group=group, shows=Shows.NOTHING, family=family
        )

    def newborn(self, parent: Citizen, born: date) -> Citizen:
        """A child without a number yet."""
        sex = self.chance.choice((MALE, FEMALE))
        name = choose_name(self.chance, parent.group, sex, parent.name.family)
        return Citizen(name, sex, born, parent.group, parent.home, parent.hamlet, shows=Shows.NOTHING)

    def foreigner(self, commune: Commune, sex: str, place: Abroad) -> Citizen:
        """A citizen of the country of that place, with a passport."""
        name = replace(choose_name(self.chance, "01", sex), family=place.family)
        return self._country.foreigner(commune, sex, place.country, place.address, name)

    def ago(self, least: int, most: int) -> date:
        """A day so many days ago."""
        return self.today - timedelta(days=self.chance.randint(least, most))

    def amends(self, commune: Commune, book: str, day: date) -> Json:
        """An entry of an earlier day in the same office; the codes of these communes are older than 2025."""
        entry = {
            "authority_code": commune.code,
            "book_code": book,
            "registered_on": write_day(day),
            "number": str(self.serial()),
            "volume": f"01/{day.year}",
        }
        return {"amends": {"entry": entry}}

    def birth_entry(self, commune: Commune, citizen: Citizen) -> Json:
        """The entry of that person's birth."""
        return self.amends(commune, "KS", citizen.born + timedelta(days=self.chance.randint(3, 50)))

    def decision(self, series: str, issued_by: str, day: date) -> Json:
        """A decision of a court or agency."""
        number = f"{self.serial()}/{day.year}/{series}"
        return {"number": number, "date": day.isoformat(), "issued_by": issued_by}

    def counter(self, commune: Commune, *, has_dossier: bool = True) -> Counter:
        """How the matter comes to the desk."""
        return self._country.counter(commune, "" if has_dossier else "no_dossier")


def changed(field: str, before: str, after: str) -> Mapping[str, str]:
    """One changed field; an empty value was, or is, blank."""
    found = {"field": field, "before": before, "after": after}
    return {name: value for name, value in found.items() if value}
