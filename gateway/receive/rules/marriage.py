"""Rules of marriages (Law on civil status, art. 17 and 18; Law on marriage and family 2014, art. 8)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from gateway.receive.date_bounds import Bounds, birthday, find_bounds
from gateway.receive.finding import Finding
from gateway.receive.rules.scene import Scene
from mappings.canonical import Marriage, PartialDate, Spouse

_FULL_YEARS_SINCE: Final = date(2015, 1, 1)
_HUSBAND_YEARS: Final = 20
_WIFE_YEARS: Final = 18


def husband_is_male(_scene: Scene, event: Marriage) -> Iterator[Finding]:
    """The book has a husband and a wife."""
    if event.husband.sex != "male":
        yield Finding("husband_not_male", ("husband", "sex"))


def wife_is_female(_scene: Scene, event: Marriage) -> Iterator[Finding]:
    """The book has a husband and a wife."""
    if event.wife.sex != "female":
        yield Finding("wife_not_female", ("wife", "sex"))


def husband_is_of_age(_scene: Scene, event: Marriage) -> Iterator[Finding]:
    """Twenty full years since 2015."""
    yield from _is_of_age("husband", event.husband.birth_date, event.established_on, _HUSBAND_YEARS)


def wife_is_of_age(_scene: Scene, event: Marriage) -> Iterator[Finding]:
    """Eighteen full years since 2015."""
    yield from _is_of_age("wife", event.wife.birth_date, event.established_on, _WIFE_YEARS)


def established_before_registration(scene: Scene, event: Marriage) -> Iterator[Finding]:
    """A marriage begins on the day of signing; a re-registered one on the earlier day."""
    established = find_bounds(event.established_on)
    if established is not None and established.earliest > scene.registered_on:
        yield Finding("established_after_registration", ("established_on",))


def husbands_number_fits(_scene: Scene, event: Marriage) -> Iterator[Finding]:
    """First marriage or a later one."""
    yield from _number_fits("husband", event.husband)


def wifes_number_fits(_scene: Scene, event: Marriage) -> Iterator[Finding]:
    """First marriage or a later one."""
    yield from _number_fits("wife", event.wife)


def _is_of_age(role: str, born_on: PartialDate, established_on: PartialDate, years: int) -> Iterator[Finding]:
    born, established = find_bounds(born_on), find_bounds(established_on)
    if born is None or established is None:
        return
    needed = _years_needed(established, years)
    if birthday(born.earliest, needed) > established.latest:
        yield Finding("below_marriage_age", (role, "birth_date"), {"field": role, "years": needed})


def _years_needed(established: Bounds, years: int) -> int:
    # Earlier laws let one marry from the year in which the age is reached: one full year less.
    return years if established.earliest >= _FULL_YEARS_SINCE else years - 1


def _number_fits(role: str, spouse: Spouse) -> Iterator[Finding]:
    if spouse.marriage_number is None or spouse.marital_status_before is None:
        return
    is_first = spouse.marriage_number == 1
    if is_first != (spouse.marital_status_before == "never_married"):
        yield Finding("marriage_number_does_not_fit", (role, "marriage_number"))


MARRIAGE_RULES: Final = (
    husband_is_male,
    wife_is_female,
    husband_is_of_age,
    wife_is_of_age,
    established_before_registration,
    husbands_number_fits,
    wifes_number_fits,
)
