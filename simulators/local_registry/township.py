"""A day at the communes' desks: so many events, registered one after another, the same for the same seed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulators.local_registry.books import Books, local
from simulators.local_registry.country import Country
from simulators.local_registry.families import Story, Storyteller
from simulators.local_registry.happenings import Happening, Matter
from simulators.local_registry.messages import book_of, write_event
from simulators.local_registry.people import Populace
from simulators.local_registry.places import PROVINCE, communes_of

COMMUNES_MAX = 14
PARTY_ROLES = (
    *("child", "mother", "father", "husband", "wife", "deceased", "subject", "spouse", "parent"),
    *("guardian", "former_guardian", "ward", "supervisor", "adoptive_father", "adoptive_mother"),
)


@dataclass(frozen=True, slots=True)
class Registered:
    """One registered event; those of one `family` must be handed in one after another."""

    family: int
    registered_at: datetime
    message: dict[str, Any]

    @property
    def source_event_id(self) -> str:
        """The commune's own number of the event."""
        return str(self.message["source_event_id"])

    @property
    def matter(self) -> str:
        """Type of the event: birth, marriage, death, guardianship_start and so on."""
        return str(self.message["event_type"])

    @property
    def dossier_code(self) -> str:
        """One-stop code; empty when there is no dossier."""
        return str(self.message.get("dossier", {}).get("code", ""))

    @property
    def stated_persons(self) -> frozenset[str]:
        """Personal IDs of the parties, as far as the message states them; a requester is no party."""
        parties = (self.message.get(role, {}) for role in PARTY_ROLES)
        return frozenset(party["personal_id"] for party in parties if "personal_id" in party)


@dataclass(frozen=True, slots=True)
class Township:
    """All events in the order of registration, and everybody whom the population register must know."""

    registered: tuple[Registered, ...]
    people: tuple[dict[str, str], ...]
    unstated: dict[str, str]
    """Old card number -> personal ID that only the population register can tell."""


def invent(seed: int, count: int, start: datetime, spread_seconds: float) -> Township:
    """Make up `count` events, registered evenly between `start` and `spread_seconds` later."""
    chance = Random(f"local-registry/{seed}")
    populace = Populace(chance, local(start).date())
    units = communes_of(PROVINCE, populace.today)
    desks = chance.sample(units, min(COMMUNES_MAX, len(units)))
    books = Books(chance, tuple(unit.code for unit in units))
    order = _interleave(chance, _stories(Storyteller(Country(chance, populace, desks)), count))
    gap_seconds = spread_seconds / max(1, count)
    registered: list[Registered] = []
    earlier: dict[tuple[int, str], dict[str, Any]] = {}
    for position, (family, happening) in enumerate(order):
        moment = start + timedelta(milliseconds=round(position * gap_seconds * 1000))
        entry = books.enter(happening.counter.commune, book_of(happening), moment)
        message = write_event(happening, entry, books)
        if isinstance(happening, Matter) and happening.amends_book:
            message["amends"] = earlier[family, happening.amends_book]
        earlier[family, entry.book] = {
            "entry": entry.as_earlier(),
            "source_event_id": entry.source_event_id,
        }
        registered.append(Registered(family, moment, message))
    return Township(
        tuple(registered),
        tuple(citizen.register_row() for citizen in populace.adults),
        {each.paper_number: each.personal_id for each in populace.adults if each.paper_number},
    )


def _stories(teller: Storyteller, count: int) -> list[Story]:
    told: list[Story] = []
    left = count
    while left > 0:
        told.append(teller.tell(left))
        left -= len(told[-1].happenings)
    return told


def _interleave(chance: Random, stories: list[Story]) -> list[tuple[int, Happening]]:
    """Mix the families; each family keeps its own order."""
    turns = [family for family, story in enumerate(stories) for _ in story.happenings]
    chance.shuffle(turns)
    upcoming = [iter(story.happenings) for story in stories]
    return [(family, next(upcoming[family])) for family in turns]
