"""Marriages: first and later ones, with an old card on one side, with a foreigner, or registered again."""

from dataclasses import replace
from datetime import date

from simulators.local_registry.country import Country
from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Bond, Marriage
from simulators.local_registry.names import FEMALE, MALE, Name
from simulators.local_registry.people import BirthKnown, Citizen, Shows
from simulators.local_registry.places import Commune

KINDS = (
    *("ordinary",) * 5,
    *("divorced", "widowed", "old_card", "old_card", "foreign", "again", "year_only", "no_dossier"),
)
ELDER_KINDS = frozenset({"divorced", "widowed", "old_card", "year_only"})
LATER_COUNTS = (2, 2, 3)
FULL_AGE_YEARS, LAST_OLD_YEAR = 25, 2014  # re-registration is for what was registered before 2016
ABROAD = (
    ("CN", "Vân Nam, Trung Quốc", Name("Vương", "", "Mẫu")),
    ("KR", "Busan, Hàn Quốc", Name("Kim", "", "Vi Du")),
)


class MarriageTeller:
    """Tells of marriages."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._chance = country.chance
        self._kinds = Deck(country.chance, KINDS)

    def marriage(self, commune: Commune) -> Marriage:
        """A marriage of the next kind."""
        kind, adult = self._kinds.draw(), self._country.populace.adult
        if kind == "again":
            return self._old_marriage(commune)
        ages = (34, 52) if kind in ELDER_KINDS else (21, 33)
        shows = Shows.OLD_CARD if kind == "old_card" else Shows.CARD
        known = BirthKnown.YEAR if kind == "year_only" else BirthKnown.DAY
        husband = Bond(adult(MALE, ages, commune, shows=shows, known=known))
        wife = Bond(adult(FEMALE, (19, ages[1] - 2), commune))
        if kind in {"divorced", "widowed"}:
            husband = replace(husband, before=kind, count=self._chance.choice(LATER_COUNTS))
        if kind == "foreign":
            husband = Bond(self._country.foreigner(commune, MALE, *self._chance.choice(ABROAD)))
        return Marriage(self._country.counter(commune, kind), husband, wife)

    def wedding(self, wife: Citizen, husband: Citizen, commune: Commune) -> Marriage:
        """Two people who are told of again later."""
        return Marriage(self._country.counter(commune), Bond(husband), Bond(wife))

    def _old_marriage(self, commune: Commune) -> Marriage:
        husband = self._country.populace.adult(MALE, (48, 66), commune)
        wife = self._country.populace.adult(FEMALE, (47, 63), commune)
        year = min(max(husband.born.year, wife.born.year) + FULL_AGE_YEARS, LAST_OLD_YEAR)
        since = date(year, self._chance.randint(1, 12), self._chance.randint(1, 28))
        return Marriage(self._country.counter(commune), Bond(husband), Bond(wife), since)
