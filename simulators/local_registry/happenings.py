"""What happened, before anybody wrote it into a book."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

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
    recognised_by: str = ""
    """Kind of recognition, when parent and child are recognised in the same dossier."""
    is_again: bool = False
    """A lost entry of long ago is made once more."""


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


class Numbering(StrEnum):
    """How an entry is known: number and volume, a number alone, or only by the entry that it remarks."""

    ENTRY = "entry"
    PAPER = "paper"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Matter:
    """Any other matter: who takes part, and what the message says besides."""

    counter: Counter
    event_type: str
    book: str
    kind: str
    procedure: str
    people: Mapping[str, Citizen]
    facts: Mapping[str, Any]
    """Fields of the message that are no people."""
    traits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Role -> what the message says of that person besides the usual."""
    requester: tuple[Citizen, str] | None = None
    numbering: Numbering = Numbering.ENTRY
    amends_book: str = ""
    """The matter is about the family's latest entry in this book; empty if `facts` name one."""


Happening: TypeAlias = Birth | Marriage | Death | Matter
