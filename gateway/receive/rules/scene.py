"""What a rule may look at."""

from collections.abc import Iterator
from dataclasses import dataclass
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

    @property
    def registered_on(self) -> date:
        """The day of registration in Viet Nam."""
        return self.event.registration.registered_at.astimezone(VIETNAM).date()

    def people(self) -> Iterator[tuple[str, Person]]:
        """Role and person, for the parties that are there."""
        for role in self.event.party_fields:
            person = getattr(self.event, role, None)
            if isinstance(person, Person):
                yield role, person

    def every(self, kind: type[ModelT]) -> Iterator[tuple[Path, ModelT]]:
        """All parts of this kind, wherever they stand."""
        return _every(self.event, kind, ())


def _every(holder: BaseModel, kind: type[ModelT], path: Path) -> Iterator[tuple[Path, ModelT]]:
    for name, value in holder.__dict__.items():
        if isinstance(value, kind):
            yield (*path, name), value
        elif isinstance(value, BaseModel):
            yield from _every(value, kind, (*path, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, kind):
                    yield (*path, name, index), item
