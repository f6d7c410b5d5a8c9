"""Rules of every party, and of the papers that anybody shows."""

from collections.abc import Iterator
from typing import Final

from gateway.receive.date_bounds import find_bounds
from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene
from mappings.canonical import IdentityPaper, Person

_DIGITS: Final = {
    "identity_card_9": 9,
    "citizen_id_card": 12,
    "identity_card_2024": 12,
    "identity_certificate": 12,
}
"""Papers whose number has a fixed length (CMND, CCCD, thẻ căn cước, giấy chứng nhận căn cước)."""


def ethnic_group(scene: Scene, role: str, person: Person) -> Iterator[Finding]:
    """A code of the official list."""
    code = person.ethnic_group_code
    if code is not None and scene.lists.find_ethnic_group(code, scene.registered_on) is None:
        yield Finding("ethnic_group_unknown", (role, "ethnic_group_code"), {"code": code})


def nationality(scene: Scene, role: str, person: Person) -> Iterator[Finding]:
    """A country's code."""
    yield from _country(scene, role, "nationality", person.nationality)


def other_nationality(scene: Scene, role: str, person: Person) -> Iterator[Finding]:
    """A country's code, and another one."""
    yield from _country(scene, role, "other_nationality", person.other_nationality)
    if person.other_nationality is not None and person.other_nationality == person.nationality:
        yield Finding("nationality_repeated", (role, "other_nationality"))


def born_before_registration(scene: Scene, role: str, person: Person) -> Iterator[Finding]:
    """Nobody is registered before he is born."""
    bounds = find_bounds(person.birth_date)
    if bounds is not None and bounds.earliest > scene.registered_on:
        yield Finding("born_after_registration", (role, "birth_date"))


def one_number_each(scene: Scene) -> Iterator[Finding]:
    """Two people of one event never share a personal ID."""
    holders: dict[str, str] = {}
    for role, person in scene.people():
        if person.personal_id is None:
            continue
        other = holders.setdefault(person.personal_id, role)
        if other != role:
            values = {"field": role, "other": other}
            yield Finding("personal_id_of_two_people", (role, "personal_id"), values)


def paper_number(_scene: Scene, path: Path, paper: IdentityPaper) -> Iterator[Finding]:
    """Where the length of the number is fixed."""
    digits = _DIGITS.get(paper.kind)
    if digits is not None and not (len(paper.number) == digits and paper.number.isdecimal()):
        yield Finding("paper_number_length", (*path, "number"), {"kind": paper.kind, "digits": digits})


def paper_issued(scene: Scene, path: Path, paper: IdentityPaper) -> Iterator[Finding]:
    """A paper shown at the registration is older than it."""
    if paper.issued_on is not None and paper.issued_on > scene.registered_on:
        yield Finding("paper_issued_after_registration", (*path, "issued_on"))


def _country(scene: Scene, role: str, field: str, code: str | None) -> Iterator[Finding]:
    if code is not None and scene.lists.find_country(code, scene.registered_on) is None:
        yield Finding("country_unknown", (role, field))
