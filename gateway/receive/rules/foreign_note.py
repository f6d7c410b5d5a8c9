"""Rules of acts abroad (Law on civil status, art. 48 to 50; Circular 04/2020, art. 29)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.receive.date_bounds import find_bounds
from gateway.receive.finding import Finding
from gateway.receive.rules import guardianship, parent_child
from gateway.receive.rules.adoption import adoptive_parents
from gateway.receive.rules.change import of_changes
from gateway.receive.rules.scene import Scene
from mappings.canonical import ForeignActNote, ForeignDivorceNote


@dataclass(frozen=True, slots=True)
class _Parts:
    """What an act wants, and what it may have besides."""

    book_code: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


_PARTS: Final[Mapping[str, _Parts]] = {
    "birth": _Parts("KS", ("child", "birth"), ("mother", "father")),
    "marriage": _Parts("KH", ("husband", "wife", "established_on")),
    "death": _Parts("KT", ("deceased", "death")),
    "guardianship": _Parts("GH", ("guardian", "ward", "guardianship")),
    "parent_child": _Parts("CMC", ("parent", "child", "recognition")),
    "parent_determination": _Parts("CMC", ("parent", "child"), ("recognition",)),
    "adoption": _Parts("NCN", ("child", "adoption"), ("adoptive_father", "adoptive_mother")),
    "change": _Parts("TDCC", ("subject", "changes", "reason")),
}
_ALL_PARTS: Final = tuple(
    dict.fromkeys(name for parts in _PARTS.values() for name in (*parts.required, *parts.optional))
)
_PARENTS: Final = ("mother", "father")


def book_of_the_act(_scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """The note stands in the ordinary book of its matter."""
    expected = _PARTS[event.act].book_code
    if event.registration.book_code != expected:
        yield Finding("book_does_not_fit", ("registration", "book_code"), {"expected": expected})


def parts_of_the_act(_scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """The people and facts of its matter, and nobody else."""
    parts = _PARTS[event.act]
    for name in _ALL_PARTS:
        is_there = bool(getattr(event, name))
        if name in parts.required and not is_there:
            yield Finding("note_part_missing", (name,), {"field": name, "act": event.act})
        if is_there and name not in (*parts.required, *parts.optional):
            yield Finding("note_part_unexpected", (name,), {"field": name, "act": event.act})


def parents_are_stated(_scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """Of a birth: filled in, or known to be unknown."""
    for role in _PARENTS:
        is_there, is_unknown = getattr(event, role) is not None, role in event.unknown
        if event.act == "birth" and not is_there and not is_unknown:
            yield Finding("neither_filled_nor_unknown", (role,), {"fields": role})
        if is_there and is_unknown:
            yield Finding("unknown_but_filled", (role,), {"fields": role})


def parents_are_older(_scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """As far as the dates tell, whoever is noted as a parent."""
    if event.child is None:
        return
    for role in (*_PARENTS, "parent"):
        parent = getattr(event, role)
        if parent is not None:
            yield from parent_child.older(role, parent, event.child)


def parents_have_the_sex(_scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """A father is not female, a mother not male."""
    if event.mother is not None and event.mother.sex == "male":
        yield Finding("mother_is_male", ("mother", "sex"))
    if event.father is not None and event.father.sex == "female":
        yield Finding("father_is_female", ("father", "sex"))
    if event.parent is not None and event.recognition is not None:
        yield from parent_child.sex_of_parent(event.recognition, event.parent)


def adoptive_parents_fit(_scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """At least one, older than the child."""
    if event.act == "adoption" and event.child is not None:
        yield from adoptive_parents(event.adoptive_father, event.adoptive_mother, event.child)


def spouses_fit(scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """The book has a husband and a wife, married before the note."""
    if event.husband is not None and event.husband.sex != "male":
        yield Finding("husband_not_male", ("husband", "sex"))
    if event.wife is not None and event.wife.sex != "female":
        yield Finding("wife_not_female", ("wife", "sex"))
    established = None if event.established_on is None else find_bounds(event.established_on)
    if established is not None and established.earliest > scene.registered_on:
        yield Finding("established_after_registration", ("established_on",))


def death_fits(scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """After the birth and before the note."""
    if event.death is None or event.deceased is None:
        return
    died, born = find_bounds(event.death.date), find_bounds(event.deceased.birth_date)
    if died is not None and died.earliest > scene.registered_on:
        yield Finding("died_after_registration", ("death", "date"))
    if died is not None and born is not None and died.latest < born.earliest:
        yield Finding("died_before_birth", ("death", "date"))


def guardianship_fits(scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """The ward needs one, the guardian can be one, it has begun."""
    if event.guardianship is None:
        return
    if event.ward is not None:
        yield from guardianship.of_ward(scene, event.ward, event.guardianship)
    if event.guardian is not None:
        yield from guardianship.of_age(scene, "guardian", event.guardian)
    path = ("guardianship", "starts_on")
    yield from guardianship.begun(scene, path, event.guardianship.starts_on)


def changes_are_sound(scene: Scene, event: ForeignActNote) -> Iterator[Finding]:
    """Each field once, each value readable by a machine."""
    yield from of_changes(scene, event.changes)


def divorce_is_in_force(scene: Scene, event: ForeignDivorceNote) -> Iterator[Finding]:
    """What has no effect yet is not noted."""
    effective = find_bounds(event.effective_on)
    if effective is not None and effective.earliest > scene.registered_on:
        yield Finding("not_yet_effective", ("effective_on",))


FOREIGN_NOTE_RULES: Final = (
    book_of_the_act,
    parts_of_the_act,
    parents_are_stated,
    parents_are_older,
    parents_have_the_sex,
    adoptive_parents_fit,
    spouses_fit,
    death_fits,
    guardianship_fits,
    changes_are_sound,
)
FOREIGN_DIVORCE_RULES: Final = (divorce_is_in_force,)
