"""Births: with both parents or one, foundlings, twins, foreign fathers; in time, late, or once more."""

from dataclasses import replace
from datetime import date, timedelta

from simulators.local_registry.country import Country
from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Birth, Newborn
from simulators.local_registry.names import FEMALE, MALE, Name, choose_group, choose_name
from simulators.local_registry.people import BirthKnown, Citizen
from simulators.local_registry.places import Commune

KINDS = (
    *("ordinary",) * 7,
    *("father_unknown", "father_unknown", "abandoned", "year_only", "year_only", "by_rule"),
    *("one_word", "late", "linked", "linked", "no_dossier", "other_province", "foreign", "again"),
)
FATHER_ABROAD = ("KR", "Busan, Hàn Quốc", Name("Park", "", "Vi Du"))
KNOWN = {"year_only": BirthKnown.YEAR, "by_rule": BirthKnown.BY_RULE}
Couple = tuple[Citizen, Citizen]
"""Mother and father."""


class BirthTeller:
    """Tells of births."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._chance = country.chance
        self._kinds = Deck(country.chance, KINDS)
        self._certificates = 0

    def birth(self, commune: Commune, parents: Couple | None = None, kind: str = "") -> Birth:
        """A birth of the next kind, or of the kind that is asked for."""
        chosen = kind or self._kinds.draw()
        if chosen == "abandoned":
            return self._foundling(commune)
        if chosen == "again":
            return self._old_birth(commune)
        mother, father = parents or self.couple(commune, chosen)
        known_father = None if chosen == "father_unknown" else father
        days = (61, 900) if chosen == "late" else (1, 55)
        child = self._newborn(commune, (mother, known_father), days, chosen)
        comes_herself = known_father is None or self._country.one_in(3)
        requester = (mother, "Mẹ") if comes_herself else (father, "Cha")
        return Birth(self._country.counter(commune, chosen), child, mother, known_father, requester)

    def couple(self, commune: Commune, kind: str = "") -> Couple:
        """Two people of an age to have children; mostly of one ethnic group."""
        adult, known = self._country.populace.adult, KNOWN.get(kind, BirthKnown.DAY)
        group = choose_group(self._chance)
        if kind == "foreign":
            father = self._country.foreigner(commune, MALE, *FATHER_ABROAD)
        else:
            father = adult(MALE, (23, 46), commune, group=group, known=known)
        other = "" if self._country.one_in(3) else group
        return adult(FEMALE, (21, 38), commune, group=other, known=known), father

    def recognised(self, commune: Commune) -> Birth:
        """The father recognises the child in the dossier of its birth: two records come of it."""
        return replace(self.birth(commune, kind="ordinary"), recognised_by="father_recognises_child")

    def twins(self, commune: Commune) -> tuple[Birth, Birth]:
        """Two children of one birth; each has an entry and a dossier of its own."""
        first = self.birth(commune, kind="ordinary")
        return replace(first, child=replace(first.child, twin=(1, 2))), self._other_twin(first)

    def _newborn(
        self, commune: Commune, parents: tuple[Citizen, Citizen | None], days: tuple[int, int], kind: str
    ) -> Newborn:
        chance, (mother, father) = self._chance, parents
        sex = chance.choice((MALE, FEMALE))
        elder = father if father is not None and father.group else mother
        name = choose_name(chance, elder.group, sex, elder.name.family, one_word=kind == "one_word")
        born = self._country.today - timedelta(days=chance.randint(*days))
        child = Citizen(name, sex, born, elder.group, commune, mother.hamlet)
        place, certificate = self._birth_place(commune, born)
        origin = chance.choice(self._country.elsewhere) if kind == "other_province" else elder.home
        return Newborn(child, place, origin, certificate)

    def _birth_place(self, commune: Commune, born: date) -> tuple[tuple[Commune, str], str]:
        if self._country.one_in(7):
            return (commune, "Tại nhà"), ""
        if self._country.one_in(3):
            station = f"Trạm Y tế {commune.full_name[0].lower()}{commune.full_name[1:]}"
            return (commune, station), self._certificate("08120", born)
        return self._chance.choice(self._country.hospitals), self._certificate("08001", born)

    def _certificate(self, house: str, born: date) -> str:
        self._certificates += 1
        return f"{house}.GCS.{self._certificates:05d}.{born:%y}"

    def _foundling(self, commune: Commune) -> Birth:
        """Day and place of finding count as those of birth; the home town is where it was found."""
        sex = self._chance.choice((MALE, FEMALE))
        finder = self._country.populace.adult(FEMALE, (30, 60), commune)
        name = choose_name(self._chance, "01", sex)
        born = self._country.today - timedelta(days=self._chance.randint(9, 40))
        child = Citizen(name, sex, born, "", commune, finder.hamlet)
        found = Newborn(child, (commune, finder.hamlet), commune, is_abandoned=True)
        return Birth(self._country.counter(commune), found, None, None, (finder, "Người phát hiện trẻ"))

    def _old_birth(self, commune: Commune) -> Birth:
        """Somebody of age whose book and certificate are both lost, and who has long had a number."""
        adult, group = self._country.populace.adult, choose_group(self._chance)
        father, mother = (adult(sex, (48, 60), commune, group=group) for sex in (MALE, FEMALE))
        sex = self._chance.choice((MALE, FEMALE))
        citizen = adult(sex, (18, 24), commune, group=group, family=father.name.family)
        child = Newborn(citizen, (commune, "Tại nhà"), father.home)
        counter = self._country.counter(commune)
        return Birth(counter, child, mother, father, (citizen, "Bản thân"), is_again=True)

    def _other_twin(self, first: Birth) -> Birth:
        """The same day, place and parents, another name."""
        child = first.child.citizen
        sex, name = self._chance.choice((MALE, FEMALE)), child.name
        while name.given == child.name.given:
            name = choose_name(self._chance, child.group, sex, child.name.family)
        certificate = self._certificate("08001", child.born) if first.child.certificate else ""
        citizen = replace(child, name=name, sex=sex)
        return replace(
            first, child=replace(first.child, citizen=citizen, certificate=certificate, twin=(2, 2))
        )
