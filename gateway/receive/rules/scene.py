"""What a rule may look at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from pydantic import BaseModel

from gateway.model.clock import VIETNAM
from gateway.receive.code_lists import CodeLists
from gateway.receive.finding import Path
from mappings.canonical import AnyEvent, Person

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class RuleLimits:
    """How far times may be off."""

    future_tolerance_seconds: float = 300
    registration_age_days_max: int = 3650
    allows_alignment: bool = False
    """Whether data may be brought into line with the book: no sender may, an operator may."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An event, perhaps with parts missing, and what it is measured by."""

    event: AnyEvent
    authorities: frozenset[str]
    lists: CodeLists
    limits: RuleLimits
    now: datetime
    _parts: list[tuple[Path, BaseModel]] = field(default_factory=list, init=False, repr=False, compare=False)
    """Every part of the event with its path, once somebody has asked; many rules do."""

    _registered_on: list[date] = field(default_factory=list, init=False, repr=False, compare=False)
    """The same of the day."""

    @property
    def registered_on(self) -> date:
        """The day of registration in Viet Nam."""
        if not self._registered_on:
            self._registered_on.append(self.event.registration.registered_at.astimezone(VIETNAM).date())
        return self._registered_on[0]

    def people(self) -> Iterator[tuple[str, Person]]:
        """Role and person, for the parties that are there."""
        for role in self.event.party_fields:
            person = getattr(self.event, role, None)
            if isinstance(person, Person):
                yield role, person

    def every(self, kind: type[ModelT]) -> Iterator[tuple[Path, ModelT]]:
        """All parts of this kind, wherever they stand."""
        if not self._parts:
            self._parts.extend(_walk(self.event, ()))
        for path, part in self._parts:
            if isinstance(part, kind):
                yield path, part


def _walk(holder: BaseModel, path: Path) -> Iterator[tuple[Path, BaseModel]]:
    """From the top down; what stands in a list is not gone into."""
    for name, value in holder.__dict__.items():
        if isinstance(value, BaseModel):
            yield (*path, name), value
            yield from _walk(value, (*path, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield (*path, name, index), item
