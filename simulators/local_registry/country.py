"""What every story draws on: chance, people, communes, hospitals, and the desk where it is registered."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Counter
from simulators.local_registry.names import Name
from simulators.local_registry.people import Citizen, Populace, Shows
from simulators.local_registry.places import HOSPITALS, PROVINCE, Commune, communes, communes_of

COPIES = (0, 0, 1, 2, 5)
FOREIGNER_YEARS = (27, 45)


class Country:
    """Shared by the tellers of births, marriages and deaths; everything in it is seeded."""

    def __init__(self, chance: Random, populace: Populace, home_communes: Sequence[Commune]) -> None:
        self.chance = chance
        self.populace = populace
        self.home = Deck(chance, home_communes)
        self.elsewhere = [each for each in communes(self.today) if each.province != PROVINCE]
        by_code = {each.code: each for each in communes_of(PROVINCE, self.today)}
        self.hospitals = [(by_code[code], name) for code, name in HOSPITALS if code in by_code]

    @property
    def today(self) -> date:
        """Day of the stories."""
        return self.populace.today

    def one_in(self, number: int) -> bool:
        """True once in so many times."""
        return self.chance.randrange(number) == 0

    def counter(self, commune: Commune, kind: str = "") -> Counter:
        """How the matter comes to the desk."""
        return Counter(
            commune,
            has_dossier=kind != "no_dossier",
            is_linked=kind == "linked",
            copies=self.chance.choice(COPIES),
            has_attachment=self.one_in(10),
        )

    def foreigner(self, commune: Commune, sex: str, nationality: str, address: str, name: Name) -> Citizen:
        """Somebody with a passport of another country, of whom no register here knows."""
        least, most = FOREIGNER_YEARS
        return Citizen(
            name=name,
            sex=sex,
            born=self.today - timedelta(days=self.chance.randint(least * 366, most * 365)),
            group="",
            home=commune,
            hamlet=address,
            paper_number=f"E{self.chance.randint(10_000_000, 99_999_999)}",
            shows=Shows.PASSPORT,
            nationality=nationality,
        )
