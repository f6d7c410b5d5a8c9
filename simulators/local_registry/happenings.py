"""What happened, before anybody wrote it into a book."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from simulators.local_registry.people import Citizen
from simulators.local_registry.places import Commune


@dataclass(frozen=True, slots=True)
class Counter:
    """How the matter came to the desk."""

    commune: Commune
    has_dossier: bool = True
    is_linked: bool = False
    copies: int = 0
    has_attachment: bool = False


@dataclass(frozen=True, slots=True)
class Newborn:
    """A child; `place` is a hospital's or health station's commune with its name, or home."""

    citizen: Citizen
    place: tuple[Commune, str]
    origin: Commune
    certificate: str = ""
    twin: tuple[int, int] | None = None
    is_abandoned: bool = False


@dataclass(frozen=True, slots=True)
class Birth:
    """A child was born, or found."""

    counter: Counter
    child: Newborn
    mother: Citizen | None
    father: Citizen | None
    requester: tuple[Citizen, str]


@dataclass(frozen=True, slots=True)
class Bond:
    """One side of a marriage, with what was before."""

    citizen: Citizen
    before: str = "never_married"
    count: int = 1


@dataclass(frozen=True, slots=True)
class Marriage:
    """Two people marry; `since` is set when an old marriage is registered again."""

    counter: Counter
    husband: Bond
    wife: Bond
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Passing:
    """How somebody died; `clock` is empty when nobody knows the hour."""

    day: date
    place: tuple[Commune, str]
    clock: str
    cause: str
    notice: str


@dataclass(frozen=True, slots=True)
class Death:
    """Somebody died."""

    counter: Counter
    deceased: Citizen
    passing: Passing
    requester: tuple[Citizen, str]


Happening: TypeAlias = Birth | Marriage | Death
