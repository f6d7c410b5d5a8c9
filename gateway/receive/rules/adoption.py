"""Rules of adoptions (Law on adoption 2010, art. 8, 14)."""

from collections.abc import Iterator
from typing import Final

from gateway.receive.date_bounds import birthday, find_bounds
from gateway.receive.finding import Finding
from gateway.receive.rules.parent_child import older
from gateway.receive.rules.scene import Scene
from mappings.canonical import AdoptiveParent, DomesticAdoption, Person

_ADOPTEE_YEARS_MAX: Final = 18
"""16, and up to 18 by a step-parent, aunt or uncle: which of the two, the message does not say."""


def somebody_adopts(_scene: Scene, event: DomesticAdoption) -> Iterator[Finding]:
    """At least one, older than the child."""
    yield from adoptive_parents(event.adoptive_father, event.adoptive_mother, event.child)


def adoptee_is_young(_scene: Scene, event: DomesticAdoption) -> Iterator[Finding]:
    """Adults are not adopted."""
    born, adopted = find_bounds(event.child.birth_date), find_bounds(event.adoption.adopted_on)
    if born is None or adopted is None:
        return
    if birthday(born.latest, _ADOPTEE_YEARS_MAX) <= adopted.earliest:
        yield Finding("adoptee_of_age", ("child", "birth_date"), {"years": _ADOPTEE_YEARS_MAX})


def adopted_before_registration(scene: Scene, event: DomesticAdoption) -> Iterator[Finding]:
    """An adoption counts from its registration, a re-registered one from the earlier day."""
    adopted = find_bounds(event.adoption.adopted_on)
    if adopted is not None and adopted.earliest > scene.registered_on:
        yield Finding("adopted_after_registration", ("adoption", "adopted_on"))


def adoptive_parents(
    father: AdoptiveParent | None, mother: AdoptiveParent | None, child: Person
) -> Iterator[Finding]:
    """One or two, of the sex of their role, older than the child."""
    if father is None and mother is None:
        yield Finding("adoptive_parent_missing", ("adoptive_father",))
    if father is not None:
        if father.sex == "female":
            yield Finding("father_is_female", ("adoptive_father", "sex"))
        yield from older("adoptive_father", father, child)
    if mother is not None:
        if mother.sex == "male":
            yield Finding("mother_is_male", ("adoptive_mother", "sex"))
        yield from older("adoptive_mother", mother, child)


ADOPTION_RULES: Final = (somebody_adopts, adoptee_is_young, adopted_before_registration)
