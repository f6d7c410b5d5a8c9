"""Deaths: of old and young, with every kind of paper that the law accepts, at a known or unknown hour."""

from datetime import timedelta

from simulators.local_registry.country import Country
from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Death, Passing
from simulators.local_registry.names import FEMALE, MALE
from simulators.local_registry.people import BirthKnown, Citizen, Shows
from simulators.local_registry.places import Commune

KINDS = (*("ordinary",) * 4, "year_only", "year_only", "old_card", "by_rule", "linked", "no_dossier")
NOTICES = (
    *("death_notice", "death_notice", "death_notice", "witness_statement", "witness_statement"),
    *("district_health_paper", "police_or_forensic_paper", "court_decision", "minutes"),
    "execution_confirmation",
)
SLOW_NOTICES = frozenset({"court_decision", "minutes"})
HOUR_UNKNOWN = frozenset({"witness_statement", *SLOW_NOTICES})
KNOWN = {"year_only": BirthKnown.YEAR, "by_rule": BirthKnown.BY_RULE}
SHOWN = {"old_card": Shows.OLD_CARD, "year_only": Shows.NOTHING}
OLD_AGE, OLD_YEARS = "Tuổi già", 66
CAUSES = ("Tai biến mạch máu não", "Ung thư gan", "Tai nạn giao thông", "Viêm phổi", "Đuối nước")
RELATIONS = {MALE: ("Con trai", "Cháu", "Em trai"), FEMALE: ("Con gái", "Cháu", "Em gái")}


class DeathTeller:
    """Tells of deaths."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._chance = country.chance
        self._kinds = Deck(country.chance, KINDS)
        self._notices = Deck(country.chance, NOTICES)
        self._heads: dict[str, Citizen] = {}

    def death(self, commune: Commune, deceased: Citizen | None = None) -> Death:
        """A death of the next kind, or that of somebody told of before."""
        kind = "ordinary" if deceased is not None else self._kinds.draw()
        dead = deceased or self._someone(commune, kind)
        passing = self._passing(commune, dead, self._notices.draw())
        counter = self._country.counter(commune, kind)
        return Death(counter, dead, passing, self._reporter(commune, passing))

    def declared(self, commune: Commune) -> Death:
        """A death that nobody saw and a court has declared."""
        dead = self._country.populace.adult(self._chance.choice((MALE, FEMALE)), (30, 60), commune)
        passing = self._passing(commune, dead, "court_decision")
        return Death(self._country.counter(commune), dead, passing, self._reporter(commune, passing))

    def _someone(self, commune: Commune, kind: str) -> Citizen:
        is_young = self._country.one_in(5) and kind != "old_card"
        return self._country.populace.adult(
            self._chance.choice((MALE, FEMALE)),
            (19, 65) if is_young else (OLD_YEARS, 96),
            commune,
            known=KNOWN.get(kind, BirthKnown.DAY),
            shows=SHOWN.get(kind, Shows.CARD),
        )

    def _passing(self, commune: Commune, deceased: Citizen, notice: str) -> Passing:
        chance = self._chance
        delay = 40 if notice in SLOW_NOTICES else 0
        day = self._country.today - timedelta(days=chance.randint(1, 12) + delay)
        is_known = notice not in HOUR_UNKNOWN
        clock = f"{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}" if is_known else ""
        of_age = deceased.age_on(day) >= OLD_YEARS and self._country.one_in(2)
        cause = OLD_AGE if of_age else chance.choice(CAUSES)
        in_hospital = notice == "death_notice"
        place = chance.choice(self._country.hospitals) if in_hospital else (commune, deceased.hamlet)
        return Passing(day, place, clock, cause if is_known else "", notice)

    def _reporter(self, commune: Commune, passing: Passing) -> tuple[Citizen, str]:
        adult = self._country.populace.adult
        if passing.notice == "witness_statement":
            # One village head reports many deaths; strangers must not wait for each other because of him.
            if commune.code not in self._heads:
                self._heads[commune.code] = adult(MALE, (40, 60), commune)
            return self._heads[commune.code], "Trưởng thôn"
        sex = self._chance.choice((MALE, FEMALE))
        return adult(sex, (30, 60), commune), self._chance.choice(RELATIONS[sex])
