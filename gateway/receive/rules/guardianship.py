"""Rules of guardianship and its supervision (Civil Code 2015, art. 46 to 63)."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from gateway.receive.date_bounds import birthday, find_bounds
from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene
from mappings.canonical import (
    GuardianshipChange,
    GuardianshipEnd,
    GuardianshipFacts,
    GuardianshipStart,
    GuardianshipSupervisionEnd,
    GuardianshipSupervisionStart,
    PartialDate,
    Person,
    Ward,
)

FULL_AGE_YEARS: Final = 18

Starts: TypeAlias = GuardianshipStart | GuardianshipChange
Ends: TypeAlias = GuardianshipEnd | GuardianshipChange | GuardianshipSupervisionEnd


def ward_needs_a_guardian(scene: Scene, event: Starts) -> Iterator[Finding]:
    """Under 18, or not able to act for himself."""
    yield from of_ward(scene, event.ward, event.guardianship)


def guardian_is_of_age(scene: Scene, event: Starts) -> Iterator[Finding]:
    """Full capacity begins at 18."""
    yield from of_age(scene, "guardian", event.guardian)


def supervisor_is_of_age(scene: Scene, event: GuardianshipSupervisionStart) -> Iterator[Finding]:
    """Full capacity begins at 18."""
    yield from of_age(scene, "supervisor", event.supervisor)


def guardianship_has_begun(scene: Scene, event: Starts) -> Iterator[Finding]:
    """Nothing is registered before it begins."""
    yield from begun(scene, ("guardianship", "starts_on"), event.guardianship.starts_on)


def supervision_has_begun(scene: Scene, event: GuardianshipSupervisionStart) -> Iterator[Finding]:
    """Nothing is registered before it begins."""
    yield from begun(scene, ("supervision", "starts_on"), event.supervision.starts_on)


def abroad_by_a_paper(_scene: Scene, event: GuardianshipStart) -> Iterator[Finding]:
    """A note of an act abroad names the act."""
    if event.registration.kind == "foreign_note" and event.foreign_act is None:
        yield Finding("foreign_act_missing", ("foreign_act",))


def has_ended(scene: Scene, event: Ends) -> Iterator[Finding]:
    """An end is registered after it came."""
    ended = find_bounds(event.ending.ended_on)
    if ended is not None and ended.earliest > scene.registered_on:
        yield Finding("ended_after_registration", ("ending", "ended_on"))


def ended_after_it_began(_scene: Scene, event: Ends) -> Iterator[Finding]:
    """As far as the entry that is ended tells."""
    ended, entry = find_bounds(event.ending.ended_on), event.amends.entry
    began = None if entry is None else find_bounds(entry.registered_on)
    if ended is not None and began is not None and ended.latest < began.earliest:
        yield Finding("ended_before_it_began", ("ending", "ended_on"))


def of_ward(scene: Scene, ward: Ward, facts: GuardianshipFacts) -> Iterator[Finding]:
    """A minor is under 18 on the day of registration."""
    born = find_bounds(ward.birth_date)
    if facts.ward_condition != "minor" or born is None:
        return
    if birthday(born.latest, FULL_AGE_YEARS) <= scene.registered_on:
        yield Finding("ward_of_age", ("ward", "birth_date"), {"years": FULL_AGE_YEARS})


def of_age(scene: Scene, role: str, person: Person) -> Iterator[Finding]:
    """As far as the date of birth tells."""
    born = find_bounds(person.birth_date)
    if born is not None and birthday(born.earliest, FULL_AGE_YEARS) > scene.registered_on:
        yield Finding("not_of_age", (role, "birth_date"), {"field": role, "years": FULL_AGE_YEARS})


def begun(scene: Scene, path: Path, starts_on: PartialDate) -> Iterator[Finding]:
    """Not later than the registration."""
    starts = find_bounds(starts_on)
    if starts is not None and starts.earliest > scene.registered_on:
        yield Finding("starts_after_registration", path)


START_RULES: Final = (ward_needs_a_guardian, guardian_is_of_age, guardianship_has_begun, abroad_by_a_paper)
END_RULES: Final = (has_ended, ended_after_it_began)
CHANGE_RULES: Final = (ward_needs_a_guardian, guardian_is_of_age, guardianship_has_begun, *END_RULES)
SUPERVISION_START_RULES: Final = (supervisor_is_of_age, supervision_has_begun)
