"""Small stories of families: who marries, who is born, who dies, and in which order it is registered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from random import Random

from simulators.local_registry.acts import Acts
from simulators.local_registry.acts_abroad import ActsAbroad
from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import (
    Birth,
    Bond,
    Counter,
    Death,
    Happening,
    Marriage,
    Newborn,
    Passing,
)
from simulators.local_registry.inventor import Inventor
from simulators.local_registry.names import FEMALE, MALE, choose_group, choose_name
from simulators.local_registry.papers import Papers
from simulators.local_registry.people import BirthKnown, Citizen, Populace, Shows
from simulators.local_registry.places import HOSPITALS, PROVINCE, Commune, communes, communes_of

BIRTH_KINDS = (
    *("ordinary",) * 7,
    *("father_unknown", "father_unknown", "abandoned", "year_only", "year_only", "by_rule"),
    *("one_word", "late", "linked", "linked", "no_dossier", "other_province"),
)
MARRIAGE_KINDS = (
    *("ordinary",) * 5,
    *("divorced", "widowed", "old_card", "old_card", "foreign", "again", "year_only", "no_dossier"),
)
NOTICES = (
    *("death_notice", "death_notice", "death_notice", "witness_statement", "witness_statement"),
    *("district_health_paper", "police_or_forensic_paper", "court_decision", "minutes"),
    "execution_confirmation",
)
DEATH_KINDS = (*("ordinary",) * 4, "year_only", "year_only", "old_card", "by_rule", "linked", "no_dossier")
STORIES = (
    *("birth",) * 16,
    *("marriage",) * 7,
    *("death",) * 9,
    *("twins", "marriage_then_birth", "birth_then_death", "whole_life") * 2,
    *("court_decision", "foreign_act_note", "civil_status_change") * 2,
    *("birth_with_recognition", "parent_child_recognition", "domestic_adoption", "foreign_divorce_note"),
    *("guardianship_start", "guardianship_end", "guardianship_change"),
    *("guardianship_supervision_start", "guardianship_supervision_end"),
    *("marital_status_certificate", "extract_copy", "information_confirmation", "certificate_revocation"),
)
"""Births, marriages and deaths are most of what is registered; every other matter is on one card or two."""
CAUSES = ("Tuổi già", "Tai biến mạch máu não", "Ung thư gan", "Tai nạn giao thông", "Viêm phổi", "Đuối nước")
RELATIONS = {MALE: ("Con trai", "Cháu", "Em trai"), FEMALE: ("Con gái", "Cháu", "Em gái")}
ABROAD = (("CN", "Vân Nam, Trung Quốc", "VƯƠNG MẪU"), ("KR", "Busan, Hàn Quốc", "KIM VI DU"))


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to one family, in the order in which it is registered."""

    name: str
    happenings: tuple[Happening, ...]


class Storyteller:
    """Makes up one story after another; the same chance tells the same stories."""

    def __init__(self, chance: Random, populace: Populace, home_communes: Sequence[Commune]) -> None:
        self._chance = chance
        self._populace = populace
        self._today = populace.today
        self._home = Deck(chance, home_communes)
        self._elsewhere = [each for each in communes(self._today) if each.province != PROVINCE]
        by_code = {each.code: each for each in communes_of(PROVINCE, self._today)}
        self._hospitals = [(by_code[code], name) for code, name in HOSPITALS if code in by_code]
        self._births = Deck(chance, BIRTH_KINDS)
        self._marriages = Deck(chance, MARRIAGE_KINDS)
        self._deaths = Deck(chance, DEATH_KINDS)
        self._notices = Deck(chance, NOTICES)
        self._stories = Deck(chance, STORIES)
        self._certificates = 0
        self._heads: dict[str, Citizen] = {}
        self._tellers: dict[str, Callable[[], tuple[Happening, ...]]] = {
            "birth": lambda: (self._birth(self._home.draw()),),
            "marriage": lambda: (self._marriage(self._home.draw()),),
            "death": lambda: (self._death(self._home.draw()),),
            "twins": self._twins,
            "marriage_then_birth": self._marriage_then_birth,
            "birth_then_death": self._birth_then_death,
            "whole_life": self._whole_life,
            "birth_with_recognition": lambda: (self._recognised_birth(),),
        }
        inventor = Inventor(chance, populace, self._home)
        for teller in (Acts(inventor), Papers(inventor), ActsAbroad(inventor)):
            for name, tell in teller.tellers.items():
                self._tellers[name] = partial(_alone, tell)

    def tell(self, at_most: int) -> Story:
        """The next story; one that would be longer than `at_most` events gives way to a single birth."""
        name = self._stories.draw()
        happenings = self._tellers[name]()
        if len(happenings) > at_most:
            name, happenings = "birth", self._tellers["birth"]()
        return Story(name, happenings)

    # -- births

    def _birth(
        self, commune: Commune, parents: tuple[Citizen, Citizen] | None = None, kind: str = ""
    ) -> Birth:
        chosen = kind or self._births.draw()
        if chosen == "abandoned":
            return self._foundling(commune)
        mother, father = parents or self._couple(commune, chosen)
        known_father = None if chosen == "father_unknown" else father
        days = (61, 900) if chosen == "late" else (1, 55)
        child = self._newborn(commune, (mother, known_father), days, chosen)
        requester = (mother, "Mẹ") if known_father is None or self._chance.random() < 0.4 else (father, "Cha")
        return Birth(self._counter(commune, chosen), child, mother, known_father, requester)

    def _recognised_birth(self) -> Birth:
        birth = self._birth(self._home.draw(), kind="ordinary")
        return replace(birth, recognised_by="father_recognises_child")

    def _couple(self, commune: Commune, kind: str) -> tuple[Citizen, Citizen]:
        known = {"year_only": BirthKnown.YEAR, "by_rule": BirthKnown.BY_RULE}.get(kind, BirthKnown.DAY)
        group = choose_group(self._chance)
        father = self._populace.adult(MALE, (23, 46), commune, group=group, known=known)
        other = "" if self._chance.random() < 0.3 else group
        mother = self._populace.adult(FEMALE, (21, 38), commune, group=other, known=known)
        return mother, father

    def _newborn(
        self, commune: Commune, parents: tuple[Citizen, Citizen | None], days: tuple[int, int], kind: str
    ) -> Newborn:
        chance, (mother, father) = self._chance, parents
        sex = chance.choice((MALE, FEMALE))
        elder = father or mother
        name = choose_name(chance, elder.group, sex, elder.name.family, one_word=kind == "one_word")
        born = self._today - timedelta(days=chance.randint(*days))
        child = Citizen(name, sex, born, elder.group, commune, mother.hamlet)
        place, certificate = self._birth_place(commune, born)
        origin = self._chance.choice(self._elsewhere) if kind == "other_province" else elder.home
        return Newborn(child, place, origin, certificate)

    def _birth_place(self, commune: Commune, born: date) -> tuple[tuple[Commune, str], str]:
        draw = self._chance.random()
        if draw < 0.15:
            return (commune, "Tại nhà"), ""
        self._certificates += 1
        house = "08001" if draw < 0.7 else "08120"
        code = f"{house}.GCS.{self._certificates:05d}.{born:%y}"
        if draw < 0.7:
            return self._chance.choice(self._hospitals), code
        return (commune, f"Trạm Y tế {commune.full_name[0].lower()}{commune.full_name[1:]}"), code

    def _foundling(self, commune: Commune) -> Birth:
        sex = self._chance.choice((MALE, FEMALE))
        finder = self._populace.adult(FEMALE, (30, 60), commune)
        name = choose_name(self._chance, "01", sex)
        born = self._today - timedelta(days=self._chance.randint(9, 40))
        child = Citizen(name, sex, born, "", commune, finder.hamlet)
        found = Newborn(child, (commune, finder.hamlet), commune, is_abandoned=True)
        return Birth(self._counter(commune, ""), found, None, None, (finder, "Người phát hiện trẻ"))

    # -- marriages

    def _marriage(self, commune: Commune) -> Marriage:
        kind, adult = self._marriages.draw(), self._populace.adult
        if kind == "again":
            return self._old_marriage(commune)
        ages = (34, 52) if kind in {"divorced", "widowed", "old_card", "year_only"} else (21, 33)
        shows = Shows.OLD_CARD if kind == "old_card" else Shows.CARD
        known = BirthKnown.YEAR if kind == "year_only" else BirthKnown.DAY
        husband = Bond(adult(MALE, ages, commune, shows=shows, known=known))
        wife = Bond(adult(FEMALE, (19, ages[1] - 2), commune))
        if kind in {"divorced", "widowed"}:
            husband = replace(husband, before=kind, count=self._chance.choice((2, 2, 3)))
        if kind == "foreign":
            husband = Bond(self._foreigner(commune))
        return Marriage(self._counter(commune, kind), husband, wife)

    def _old_marriage(self, commune: Commune) -> Marriage:
        husband = self._populace.adult(MALE, (48, 66), commune)
        wife = self._populace.adult(FEMALE, (47, 63), commune)
        # Twenty-five years after the younger one's birth: of age, and before 2016.
        year = min(max(husband.born.year, wife.born.year) + 25, 2014)
        since = date(year, self._chance.randint(1, 12), self._chance.randint(1, 28))
        return Marriage(self._counter(commune, ""), Bond(husband), Bond(wife), since)

    def _foreigner(self, commune: Commune) -> Citizen:
        country, address, name = self._chance.choice(ABROAD)
        family, given = name.split(" ", 1)
        born = self._today - timedelta(days=self._chance.randint(26 * 366, 45 * 365))
        return Citizen(
            name=replace(choose_name(self._chance, "01", MALE), family=family, middle="", given=given),
            sex=MALE,
            born=born,
            group="",
            home=commune,
            hamlet=address,
            paper_number=f"E{self._chance.randint(10_000_000, 99_999_999)}",
            shows=Shows.PASSPORT,
            nationality=country,
        )

    # -- deaths

    def _death(self, commune: Commune, deceased: Citizen | None = None, kind: str = "") -> Death:
        chosen = kind or self._deaths.draw()
        known = {"year_only": BirthKnown.YEAR, "by_rule": BirthKnown.BY_RULE}.get(chosen, BirthKnown.DAY)
        shows = {"old_card": Shows.OLD_CARD, "year_only": Shows.NOTHING}.get(chosen, Shows.CARD)
        if deceased is None:
            sex = self._chance.choice((MALE, FEMALE))
            years = (66, 96) if self._chance.random() < 0.8 or chosen == "old_card" else (19, 65)
            deceased = self._populace.adult(sex, years, commune, known=known, shows=shows)
        passing = self._passing(commune, deceased)
        return Death(self._counter(commune, chosen), deceased, passing, self._reporter(commune, passing))

    def _passing(self, commune: Commune, deceased: Citizen) -> Passing:
        chance, notice = self._chance, self._notices.draw()
        late = 40 if notice in {"court_decision", "minutes"} else 0
        day = self._today - timedelta(days=chance.randint(1, 12) + late)
        is_known = notice not in {"witness_statement", "court_decision", "minutes"}
        clock = f"{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}" if is_known else ""
        is_old = deceased.age_on(day) > 65
        cause = CAUSES[0] if is_old and chance.random() < 0.5 else chance.choice(CAUSES[1:])
        place = chance.choice(self._hospitals) if notice == "death_notice" else (commune, deceased.hamlet)
        return Passing(day, place, clock, cause if is_known else "", notice)

    def _reporter(self, commune: Commune, passing: Passing) -> tuple[Citizen, str]:
        if passing.notice == "witness_statement":
            # One village head reports many deaths; strangers must not wait for each other because of him.
            if commune.code not in self._heads:
                self._heads[commune.code] = self._populace.adult(MALE, (40, 60), commune)
            return self._heads[commune.code], "Trưởng thôn"
        sex = self._chance.choice((MALE, FEMALE))
        return self._populace.adult(sex, (30, 60), commune), self._chance.choice(RELATIONS[sex])

    # -- families over several matters

    def _twins(self) -> tuple[Happening, ...]:
        first = self._birth(self._home.draw(), kind="ordinary")
        second = self._sibling(first)
        child = replace(first.child, twin=(1, 2))
        return replace(first, child=child), second

    def _sibling(self, first: Birth) -> Birth:
        """The other twin: same day, place and parents, another name."""
        child = first.child.citizen
        sex, elder = self._chance.choice((MALE, FEMALE)), first.father or first.mother or child
        name = child.name
        while name.given == child.name.given:
            name = choose_name(self._chance, elder.group, sex, elder.name.family)
        certificate = ""
        if first.child.certificate:
            self._certificates += 1
            certificate = f"08001.GCS.{self._certificates:05d}.{child.born:%y}"
        twin = replace(
            first.child, citizen=replace(child, name=name, sex=sex), certificate=certificate, twin=(2, 2)
        )
        return replace(first, child=twin)

    def _marriage_then_birth(self) -> tuple[Happening, ...]:
        commune = self._home.draw()
        mother, father = self._couple(commune, "ordinary")
        wedding = Marriage(self._counter(commune, ""), Bond(father), Bond(mother))
        return wedding, self._birth(commune, (mother, father), "ordinary")

    def _birth_then_death(self) -> tuple[Happening, ...]:
        commune = self._home.draw()
        mother, father = self._couple(commune, "ordinary")
        birth = self._birth(commune, (mother, father), "ordinary")
        return birth, self._death(commune, father, "ordinary")

    def _whole_life(self) -> tuple[Happening, ...]:
        wedding, birth = self._marriage_then_birth()
        if not isinstance(wedding, Marriage):
            return wedding, birth
        commune = self._home.draw()
        return wedding, birth, self._death(commune, wedding.husband.citizen, "ordinary")

    def _counter(self, commune: Commune, kind: str) -> Counter:
        return Counter(
            commune,
            has_dossier=kind != "no_dossier",
            is_linked=kind == "linked",
            copies=self._chance.choice((0, 0, 1, 2, 5)),
            has_attachment=self._chance.random() < 0.1,
        )


def _alone(tell: Callable[[], Happening]) -> tuple[Happening, ...]:
    return (tell(),)
