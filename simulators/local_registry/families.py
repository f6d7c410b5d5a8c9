"""Small stories of families: who marries, who is born, who dies, and in which order it is registered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from simulators.local_registry.acts_abroad import AbroadTeller
from simulators.local_registry.births import BirthTeller
from simulators.local_registry.certificates import CertificateTeller
from simulators.local_registry.changes import ChangeTeller
from simulators.local_registry.country import Country
from simulators.local_registry.deaths import DeathTeller
from simulators.local_registry.decisions import DecisionTeller
from simulators.local_registry.deck import Deck
from simulators.local_registry.guardianships import GuardianshipTeller
from simulators.local_registry.happenings import Happening, Marriage
from simulators.local_registry.inventor import Inventor
from simulators.local_registry.kinships import KinshipTeller
from simulators.local_registry.marriages import MarriageTeller

STORIES = (
    *("birth",) * 9,
    *("marriage",) * 4,
    *("death",) * 6,
    *("twins", "marriage_then_birth", "birth_then_death", "whole_life"),
    *("guardianship", "supervision", "recognised_birth", "recognition", "adoption", "change", "change"),
    *("decision", "divorce", "death_taken_back", "revocation", "marital_status", "copy", "marriage_copy"),
    *("confirmation", "note_of_act_abroad", "note_of_act_abroad", "note_of_divorce_abroad"),
)
"""One round has every type of event; most of it are births, marriages and deaths."""


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to one family, in the order in which it is registered."""

    name: str
    happenings: tuple[Happening, ...]


class Storyteller:
    """Makes up one story after another; the same chance tells the same stories."""

    def __init__(self, country: Country) -> None:
        self._home = country.home
        self._births = BirthTeller(country)
        self._marriages = MarriageTeller(country)
        self._deaths = DeathTeller(country)
        self._stories = Deck(country.chance, STORIES)
        inventor = Inventor(country)
        self._decisions = DecisionTeller(inventor)
        self._certificates = CertificateTeller(inventor)
        self._tellers: Mapping[str, Callable[[], tuple[Happening, ...]]] = {
            "birth": lambda: (self._births.birth(self._home.draw()),),
            "marriage": lambda: (self._marriages.marriage(self._home.draw()),),
            "death": lambda: (self._deaths.death(self._home.draw()),),
            "twins": lambda: self._births.twins(self._home.draw()),
            "recognised_birth": lambda: (self._births.recognised(self._home.draw()),),
            "marriage_then_birth": self._marriage_then_birth,
            "birth_then_death": self._birth_then_death,
            "whole_life": self._whole_life,
            "divorce": self._divorce,
            "death_taken_back": self._death_taken_back,
            "revocation": self._revocation,
            "marriage_copy": self._marriage_copy,
            **self._other_tellers(inventor),
        }

    def _other_tellers(self, inventor: Inventor) -> dict[str, Callable[[], tuple[Happening, ...]]]:
        guardianships, kinships = GuardianshipTeller(inventor), KinshipTeller(inventor)
        abroad = AbroadTeller(inventor)
        single: dict[str, Callable[[], Happening]] = {
            "recognition": kinships.recognition,
            "adoption": kinships.adoption,
            "change": ChangeTeller(inventor).change,
            "decision": self._decisions.decision,
            "marital_status": self._certificates.marital_status,
            "copy": self._certificates.birth_copy,
            "confirmation": self._certificates.confirmation,
            "note_of_act_abroad": abroad.note,
            "note_of_divorce_abroad": abroad.divorce,
        }
        return {
            "guardianship": guardianships.whole,
            "supervision": guardianships.supervision,
            **{name: partial(_alone, tell) for name, tell in single.items()},
        }

    def tell(self, at_most: int) -> Story:
        """The next story; one that would be longer than `at_most` events gives way to a single birth."""
        name = self._stories.draw()
        happenings = self._tellers[name]()
        if len(happenings) > at_most:
            name, happenings = "birth", self._tellers["birth"]()
        return Story(name, happenings)

    def _marriage_then_birth(self) -> tuple[Happening, ...]:
        commune = self._home.draw()
        mother, father = self._births.couple(commune)
        wedding = self._marriages.wedding(mother, father, commune)
        return wedding, self._births.birth(commune, (mother, father), "ordinary")

    def _birth_then_death(self) -> tuple[Happening, ...]:
        """The father dies soon after; his death must not overtake the birth of his child."""
        commune = self._home.draw()
        mother, father = self._births.couple(commune)
        birth = self._births.birth(commune, (mother, father), "ordinary")
        return birth, self._deaths.death(commune, father)

    def _whole_life(self) -> tuple[Happening, ...]:
        """Marriage, birth and death within one family, the last registered elsewhere."""
        commune = self._home.draw()
        mother, father = self._births.couple(commune)
        wedding = self._marriages.wedding(mother, father, commune)
        birth = self._births.birth(commune, (mother, father), "ordinary")
        return wedding, birth, self._deaths.death(self._home.draw(), father)

    def _divorce(self) -> tuple[Happening, ...]:
        wedding = self._ordinary_wedding()
        return wedding, self._decisions.divorce(wedding)

    def _revocation(self) -> tuple[Happening, ...]:
        wedding = self._ordinary_wedding()
        return wedding, self._decisions.revocation(wedding)

    def _marriage_copy(self) -> tuple[Happening, ...]:
        wedding = self._ordinary_wedding()
        return wedding, self._certificates.marriage_copy(wedding)

    def _death_taken_back(self) -> tuple[Happening, ...]:
        """A court had declared the death, and takes it back."""
        death = self._deaths.declared(self._home.draw())
        return death, self._decisions.taken_back(death)

    def _ordinary_wedding(self) -> Marriage:
        commune = self._home.draw()
        return self._marriages.wedding(*self._births.couple(commune), commune)


def _alone(tell: Callable[[], Happening]) -> tuple[Happening, ...]:
    return (tell(),)
