"""Small stories of families: who marries, who is born, who dies, and in which order it is registered."""

from collections.abc import Callable
from dataclasses import dataclass

from simulators.local_registry.births import BirthTeller
from simulators.local_registry.country import Country
from simulators.local_registry.deaths import DeathTeller
from simulators.local_registry.deck import Deck
from simulators.local_registry.happenings import Happening
from simulators.local_registry.marriages import MarriageTeller

STORIES = (
    *("birth",) * 9,
    *("marriage",) * 4,
    *("death",) * 5,
    *("twins", "marriage_then_birth", "birth_then_death", "whole_life"),
)


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
        self._tellers: dict[str, Callable[[], tuple[Happening, ...]]] = {
            "birth": lambda: (self._births.birth(self._home.draw()),),
            "marriage": lambda: (self._marriages.marriage(self._home.draw()),),
            "death": lambda: (self._deaths.death(self._home.draw()),),
            "twins": lambda: self._births.twins(self._home.draw()),
            "marriage_then_birth": self._marriage_then_birth,
            "birth_then_death": self._birth_then_death,
            "whole_life": self._whole_life,
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
