"""What every story draws on: chance, people, communes, hospitals, and the desk where it is registered."""

from collections.abc import Sequence
from datetime import date
from random import Random

from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Counter
from simulators.local_registry.people import Populace
from simulators.local_registry.places import HOSPITALS, PROVINCE, Commune, communes, communes_of

COPIES = (0, 0, 1, 2, 5)


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
