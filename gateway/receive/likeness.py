"""Whether two registrations are of one event: certainly, perhaps, or not. Pure; the first fit counts.

Certain is only what numbers, days and names say together; a likeness is a question for a person, never a
merge. Kin is told by personal ID where both sides have it, else by name and birth date.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from gateway.model.questioning import QuestionKind
from gateway.receive.facets import Facets, Someone, known_parts
from mappings.canonical import PartialDate
from mappings.names import NameLikeness, compare_names

N = NameLikeness


@dataclass(frozen=True, slots=True)
class SameEvent:
    """The same event beyond doubt: it is refused."""


@dataclass(frozen=True, slots=True)
class Suspected:
    """Perhaps the same: a person decides."""

    kind: QuestionKind
    ground: str


Likeness = SameEvent | Suspected | None
"""None: another event."""


class Who(IntEnum):
    """Whether two parties are one person."""

    OTHER = 0
    UNSURE = 1
    """At least one side is not named, or too little is known of it."""
    LIKELY = 2
    """Like names, birth dates that can be the same, and no two numbers that differ."""
    SAME = 3
    """The same personal ID."""


class When(IntEnum):
    """Whether two dates are one day."""

    OTHER = 0
    POSSIBLE = 1
    """One of them is not known to the day, or only by rule."""
    SAME = 2


def compare(new: Facets, first: Facets) -> Likeness:
    """How a new registration stands to an earlier one."""
    if (new.family, new.series) != (first.family, first.series):
        return None
    found = _RULES[new.family](new, first)
    if not isinstance(found, SameEvent):
        return found
    if new.amended_entry == first.entry:
        return Suspected(QuestionKind.DUPLICATE, "names_the_earlier_entry")
    if new.is_late or first.is_late:
        return Suspected(QuestionKind.DUPLICATE, "late_registration")
    return found


def compare_people(one: Someone | None, other: Someone | None) -> Who:
    """By number if both have one, else by name and birth date."""
    if one is None or other is None:
        return Who.UNSURE
    if one.personal_id is not None and other.personal_id is not None:
        return Who.SAME if one.personal_id == other.personal_id else Who.OTHER
    when = compare_dates(one.birth_date, other.birth_date)
    if when is When.OTHER or compare_names(one.name, other.name) is N.DIFFERENT:
        return Who.OTHER
    return Who.LIKELY


def compare_dates(one: PartialDate, other: PartialDate) -> When:
    """As far as both are known; a day by rule stands for its whole year (Circular 04/2020, art. 18)."""
    ours, theirs = known_parts(one), known_parts(other)
    if any(a != b for a, b in zip(ours, theirs, strict=False)):
        return When.OTHER
    is_whole = len(ours) == len(theirs) == _PARTS
    return When.SAME if is_whole else When.POSSIBLE


def _birth(new: Facets, first: Facets) -> Likeness:
    """Same mother and day is a twin, a repetition or a second registration, never an automatic merge."""
    child, other = new.people["child"], first.people["child"]
    name, when = compare_names(child.name, other.name), compare_dates(new.on, first.on)
    same_child = compare_people(child, other)
    if same_child is Who.SAME:
        certain = name >= N.OTHER_MARKS and when is When.SAME
        return SameEvent() if certain else _duplicate("same_child_number")
    mother = compare_people(new.people.get("mother"), first.people.get("mother"))
    if mother is Who.SAME:
        return None if _are_told_apart(new, first, name) else _of_one_mother(child, other, name, when)
    if mother is Who.OTHER:
        is_slip = _is_number_mistyped(new.people["mother"], first.people["mother"])
        alike = is_slip and name >= N.OTHER_ORDER and when is not When.OTHER
        return _duplicate("same_child_other_mother_number") if alike else None
    if name is N.DIFFERENT or when is When.OTHER:
        return None
    if mother is Who.LIKELY:
        return _duplicate("like_child_like_mother")
    return _without_mother(new, first, name, when)


def _are_told_apart(new: Facets, first: Facets, name: N) -> bool:
    """Both entries say that several children were born, and which of them this one is."""
    orders = {new.order, first.order}
    return None not in orders and len(orders) > 1 and name < N.OTHER_ORDER


def _of_one_mother(child: Someone, other: Someone, name: N, when: When) -> Likeness:
    if when is When.OTHER:
        return _duplicate("same_mother_same_name_other_day") if name >= N.OTHER_ORDER else None
    if when is When.POSSIBLE:
        return _duplicate("same_mother_like_name") if name > N.DIFFERENT else None
    same_sex, one_number = child.sex == other.sex, compare_people(child, other) is not Who.OTHER
    if name is N.SAME and same_sex:
        return SameEvent() if one_number else _duplicate("same_child_other_number")
    if name >= N.OTHER_ORDER:
        return _duplicate("same_mother_same_day_like_name")
    return Suspected(QuestionKind.TWIN, "same_mother_same_day")


def _without_mother(new: Facets, first: Facets, name: N, when: When) -> Likeness:
    """The father speaks for the child; of a child without parents only where it was found."""
    father = compare_people(new.people.get("father"), first.people.get("father"))
    if father is Who.OTHER or name < N.OTHER_ORDER:
        return None
    if father >= Who.LIKELY:
        return _duplicate("like_child_like_father")
    is_certain_day = when is When.SAME and new.found_in == first.found_in
    return _duplicate("like_child_same_place") if is_certain_day else None


def _death(new: Facets, first: Facets) -> Likeness:
    one, other = new.people["deceased"], first.people["deceased"]
    name, when, who = (
        compare_names(one.name, other.name),
        compare_dates(new.on, first.on),
        compare_people(one, other),
    )
    if who is Who.SAME:
        certain = name >= N.OTHER_MARKS and when is When.SAME
        return SameEvent() if certain else _duplicate("same_person_number")
    if when is When.OTHER:
        return None
    if who is Who.LIKELY:
        known = compare_dates(one.birth_date, other.birth_date) is When.SAME
        return _duplicate("like_person") if known or name >= N.OTHER_ORDER else None
    is_slip = _is_number_mistyped(one, other) and when is When.SAME
    return _duplicate("same_person_other_number") if is_slip else None


def _marriage(new: Facets, first: Facets) -> Likeness:
    """The same two may marry again after a divorce: another day is a question."""
    pairs = [(new.people[role], first.people[role]) for role in ("husband", "wife")]
    both = [compare_people(one, other) for one, other in pairs]
    when = compare_dates(new.on, first.on)
    if min(both) is Who.SAME:
        return SameEvent() if when is When.SAME else _duplicate("same_couple_other_day")
    if min(both) is Who.LIKELY:
        surely = when is not When.OTHER or all(_has_same_birthday(*pair) for pair in pairs)
        return _duplicate("like_couple") if surely else None
    slips = all(
        who >= Who.LIKELY or _is_number_mistyped(*pair) for who, pair in zip(both, pairs, strict=True)
    )
    return _duplicate("same_couple_other_number") if slips and when is When.SAME else None


def _recognition(new: Facets, first: Facets) -> Likeness:
    both = [compare_people(new.people[role], first.people[role]) for role in ("parent", "child")]
    if min(both) is Who.SAME:
        return _duplicate("same_parent_and_child")
    return _duplicate("like_parent_and_child") if min(both) is Who.LIKELY else None


def _adoption(new: Facets, first: Facets) -> Likeness:
    """A child is adopted once, until the adoption ends (Law on adoption 2010, art. 8)."""
    child = compare_people(new.people["child"], first.people["child"])
    if child is Who.SAME:
        return _duplicate("same_adopted_child")
    roles = ("adoptive_father", "adoptive_mother")
    parents = [compare_people(new.people.get(role), first.people.get(role)) for role in roles]
    alike = child is Who.LIKELY and max(parents) >= Who.LIKELY and min(parents) > Who.OTHER
    return _duplicate("like_adopted_child") if alike else None


_RULES: Final[Mapping[str, Callable[[Facets, Facets], Likeness]]] = MappingProxyType(
    {
        "birth": _birth,
        "death": _death,
        "marriage": _marriage,
        "recognition": _recognition,
        "adoption": _adoption,
    }
)

_PARTS: Final = 3


def _duplicate(ground: str) -> Suspected:
    return Suspected(QuestionKind.DUPLICATE, ground)


def _is_number_mistyped(one: Someone, other: Someone) -> bool:
    """Two numbers, but everything else of the person is the same, to the day."""
    return compare_names(one.name, other.name) >= N.OTHER_ORDER and _has_same_birthday(one, other)


def _has_same_birthday(one: Someone, other: Someone) -> bool:
    return compare_dates(one.birth_date, other.birth_date) is When.SAME
