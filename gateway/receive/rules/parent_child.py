"""Rules of recognitions (Law on civil status, art. 24, 25; Circular 04/2020, art. 14 to 16)."""

from collections.abc import Iterator
from typing import Final

from gateway.receive.date_bounds import find_bounds
from gateway.receive.finding import Finding
from gateway.receive.rules.scene import Scene
from mappings.canonical import BirthWithRecognition, ParentChildRecognition, Person, RecognitionFacts

_FATHER_KINDS: Final = frozenset({"father_recognises_child", "child_recognises_father"})


def parent_has_the_sex(_scene: Scene, event: ParentChildRecognition) -> Iterator[Finding]:
    """A father is not female, a mother not male."""
    yield from sex_of_parent(event.recognition, event.parent)


def parent_is_older(_scene: Scene, event: ParentChildRecognition) -> Iterator[Finding]:
    """As far as the dates tell."""
    yield from older("parent", event.parent, event.child)


def abroad_by_a_paper(_scene: Scene, event: ParentChildRecognition) -> Iterator[Finding]:
    """A note of an act abroad names the act."""
    if event.registration.kind == "foreign_note" and event.foreign_act is None:
        yield Finding("foreign_act_missing", ("foreign_act",))


def recognised_parent_is_there(_scene: Scene, event: BirthWithRecognition) -> Iterator[Finding]:
    """The birth entry names the parent who recognises, or is recognised."""
    role = _role(event.recognition)
    if getattr(event, role) is None:
        yield Finding("recognised_parent_missing", (role,), {"field": role})


def sex_of_parent(recognition: RecognitionFacts, parent: Person) -> Iterator[Finding]:
    """By the kind of recognition."""
    is_father = _role(recognition) == "father"
    if is_father and parent.sex == "female":
        yield Finding("father_is_female", ("parent", "sex"))
    if not is_father and parent.sex == "male":
        yield Finding("mother_is_male", ("parent", "sex"))


def older(role: str, parent: Person, child: Person) -> Iterator[Finding]:
    """A parent, by blood or adoption, was born before the child."""
    born, child_born = find_bounds(parent.birth_date), find_bounds(child.birth_date)
    if born is not None and child_born is not None and born.earliest >= child_born.latest:
        yield Finding("parent_not_older", (role, "birth_date"), {"field": role})


def _role(recognition: RecognitionFacts) -> str:
    return "father" if recognition.kind in _FATHER_KINDS else "mother"


RECOGNITION_RULES: Final = (parent_has_the_sex, parent_is_older, abroad_by_a_paper)
BIRTH_WITH_RECOGNITION_RULES: Final = (recognised_parent_is_there,)
