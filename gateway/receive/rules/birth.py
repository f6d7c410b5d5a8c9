"""Rules of births (Law on civil status, art. 13 to 16)."""

from collections.abc import Iterator
from typing import Final

from gateway.receive.date_bounds import find_bounds
from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene
from mappings.canonical import BirthEvent

_PARENTS: Final = ("mother", "father")
_CERTIFICATE_DATE: Final[Path] = ("birth", "certificate_date")


def mother_is_not_male(_scene: Scene, event: BirthEvent) -> Iterator[Finding]:
    """A slip of the form's sex field."""
    if event.mother is not None and event.mother.sex == "male":
        yield Finding("mother_is_male", ("mother", "sex"))


def father_is_not_female(_scene: Scene, event: BirthEvent) -> Iterator[Finding]:
    """A slip of the form's sex field."""
    if event.father is not None and event.father.sex == "female":
        yield Finding("father_is_female", ("father", "sex"))


def mother_is_older(_scene: Scene, event: BirthEvent) -> Iterator[Finding]:
    """As far as the dates tell."""
    yield from _is_older(event, "mother")


def father_is_older(_scene: Scene, event: BirthEvent) -> Iterator[Finding]:
    """As far as the dates tell."""
    yield from _is_older(event, "father")


def certificate_follows_birth(_scene: Scene, event: BirthEvent) -> Iterator[Finding]:
    """The hospital's paper is written at or after the birth."""
    issued, born = event.birth.certificate_date, find_bounds(event.child.birth_date)
    if issued is not None and born is not None and issued < born.earliest:
        yield Finding("certificate_before_birth", _CERTIFICATE_DATE)


def certificate_precedes_registration(scene: Scene, event: BirthEvent) -> Iterator[Finding]:
    """It is handed in at the registration."""
    issued = event.birth.certificate_date
    if issued is not None and issued > scene.registered_on:
        yield Finding("certificate_after_registration", _CERTIFICATE_DATE)


def abandoned_has_no_parents(_scene: Scene, event: BirthEvent) -> Iterator[Finding]:
    """Decree 123/2015, art. 14: parents stay blank."""
    if not event.birth.abandoned:
        return
    for role in _PARENTS:
        if getattr(event, role) is not None:
            yield Finding("abandoned_with_parents", (role,))


def _is_older(event: BirthEvent, role: str) -> Iterator[Finding]:
    parent = getattr(event, role)
    if parent is None:
        return
    born, child_born = find_bounds(parent.birth_date), find_bounds(event.child.birth_date)
    if born is not None and child_born is not None and born.earliest >= child_born.latest:
        yield Finding("parent_not_older", (role, "birth_date"), {"field": role})


BIRTH_RULES: Final = (
    mother_is_not_male,
    father_is_not_female,
    mother_is_older,
    father_is_older,
    certificate_follows_birth,
    certificate_precedes_registration,
    abandoned_has_no_parents,
)
