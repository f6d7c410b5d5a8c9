"""What a personal ID says against the person, and what asks for another one: warnings, never refusals.

Numbers were collected wrong for many people; a correction of sex or birth year cancels the number and sets a
new one [S], so neither the digits nor the entry can be taken for the truth.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.receive.date_bounds import find_bounds
from gateway.receive.finding import Finding
from gateway.receive.rules.scene import Scene
from mappings.canonical import FieldChange, Person

_CENTURY_AND_SEX: Final = 3
_YEAR: Final = slice(4, 6)
_SEXES_WITH_A_DIGIT: Final = frozenset({"male", "female"})
_YEAR_CHARACTERS: Final = 4


def number_fits_person(scene: Scene, role: str, person: Person) -> Iterator[Finding]:
    """Digit 4 says century and sex, digits 5 and 6 the year; 1 to 3 a place, which proves nothing."""
    number = person.personal_id
    said = (
        None
        if number is None
        else scene.lists.find_century_sex(number[_CENTURY_AND_SEX], scene.registered_on)
    )
    if number is None or said is None:
        return
    path = (role, "personal_id")
    if person.sex in _SEXES_WITH_A_DIGIT and person.sex != said.sex:
        yield Finding("personal_id_other_sex", path, {"person": role})
    born = find_bounds(person.birth_date)
    if born is None:
        return
    year = said.birth_year_from + int(number[_YEAR])
    if not born.earliest.year <= year <= born.latest.year:
        yield Finding("personal_id_other_birth_year", path, {"person": role})


def new_number_needed(scene: Scene) -> Iterator[Finding]:
    """The notice will be answered "new number needed" and wait for a person: say so now."""
    changes: Sequence[FieldChange] = getattr(scene.event, "changes", ())
    if any(change.field == "personal_id" for change in changes):
        return
    changed = [index for index, change in enumerate(changes) if _asks_for_a_number(change)]
    for index in changed:
        yield Finding("new_personal_id_needed", ("changes", index))
    if not changed and getattr(scene.event, "kind", None) == "sex_redetermination":
        yield Finding("new_personal_id_needed", ("kind",))


def _asks_for_a_number(change: FieldChange) -> bool:
    """Another sex or birth year; nobody without a determined sex had a number."""
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    if change.field == "sex":
        return before in _SEXES_WITH_A_DIGIT and before != after
    return change.field == "birth_date" and before[:_YEAR_CHARACTERS] != after[:_YEAR_CHARACTERS]
